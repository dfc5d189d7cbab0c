"""What the columns of the BPU mean: families, norms, dimensions, units, terms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.catalogue.rules.conditionnement import est_en_colis_entiers
from groupement.catalogue.rules.dimensions import (
    Mesures,
    dimensions_lisibles,
    en_centimetres,
    en_kilogrammes,
    mesures,
)
from groupement.catalogue.rules.familles import FAMILLES, TYPES_DE_DESSIN, choix_de_familles, famille
from groupement.catalogue.rules.normes import normes
from groupement.catalogue.rules.termes import (
    TermesLot,
    TermesMarche,
    dernier_jour_permis,
    faute_de_date_d_effet,
    fautes_du_lot,
    fautes_du_marche,
)
from groupement.catalogue.rules.unites import exemple_de_quantite, l_unite, phrase_de_vente, unite_lisible

D = Decimal
BPU = (Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "bpu.csv").read_bytes()
LIGNES = lire_bordereau(BPU, (1, 2, 3)).lignes


@pytest.mark.parametrize(
    ("genre", "cotes", "capacite", "attendu"),
    [
        ("boite", (330, 250, 100), 100, Mesures(100, 330, 250)),
        ("boite", (440, 320, 100), None, Mesures(None, 320, 100)),
        ("depart", (1060, 350, 2200), 6000, Mesures(None, 350, 2200)),
        ("chemise", (320, 240), None, Mesures()),
        ("boite", (), 100, Mesures()),
    ],
)
def test_measures_follow_the_conventions_of_the_column(genre, cotes, capacite, attendu):
    assert mesures(genre, cotes, capacite) == attendu


def test_the_spine_of_every_standing_box_of_the_bpu_is_its_linear_capacity():
    debout = [ligne for ligne in LIGNES if ligne.type_element == "boite" and ligne.capacite_mm is not None]
    assert len(debout) == 12
    assert all(mesures("boite", b.mesures_mm, b.capacite_mm).dos_mm == b.capacite_mm for b in debout)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [("330x250x100", "330 × 250 × 100\u00a0mm"), ("sur mesure", "sur mesure"), ("", ""), ("32", "32\u00a0mm")],
)
def test_dimensions_are_written_for_people(texte, attendu):
    assert dimensions_lisibles(texte) == attendu


def test_lengths_and_weights_are_written_for_people():
    assert (en_centimetres(100), en_centimetres(95)) == ("10\u00a0cm", "9,5\u00a0cm")
    assert (en_kilogrammes(260), en_kilogrammes(29000)) == ("0,26\u00a0kg", "29\u00a0kg")


def test_every_family_of_the_bpu_has_a_name_a_drawing_and_a_use():
    for cle in {ligne.type_element for ligne in LIGNES}:
        connue = famille(cle)
        assert connue.cle in FAMILLES and connue.usage and connue.dessin in TYPES_DE_DESSIN


def test_a_family_nobody_knows_keeps_its_name():
    assert famille("presse_papier").libelle == "Presse papier"
    assert famille("autre").libelle == famille("").libelle == "Autres articles"


def test_families_are_offered_in_the_order_of_the_catalogue():
    assert [cle for cle, _ in choix_de_familles(["zzz", "reliure", "boite", "reliure"])] == ["boite", "reliure", "zzz"]


def test_every_norm_of_the_bpu_is_explained():
    for ligne in LIGNES:
        assert all(norme.explication for norme in normes(ligne.norme)), ligne.norme


def test_norms_are_split_and_an_unknown_one_is_kept():
    assert [norme.code for norme in normes("ISO 16245-A; ISO 9706")] == ["ISO 16245-A", "ISO 9706"]
    assert normes("NF 123")[0].explication == ""
    assert normes("") == ()


def test_every_unit_of_the_bpu_has_its_article():
    assert all(l_unite(ligne.unite) != "l’unité" for ligne in LIGNES)


@pytest.mark.parametrize(
    ("par_colis", "unite", "fractionnable", "attendu"),
    [
        (50, "piece", False, "vendu par colis de 50"),
        (1, "rouleau", False, "vendu au rouleau"),
        (1, "kit", False, "vendu à l’unité"),
        (25, "piece", True, "acheté par colis de 25, commandez le nombre qu’il vous faut"),
    ],
)
def test_how_an_article_is_sold_in_a_few_words(par_colis, unite, fractionnable, attendu):
    assert phrase_de_vente(par_colis, unite, fractionnable=fractionnable) == attendu


def test_a_unit_nobody_knows_is_left_as_it_is():
    assert (unite_lisible("kit"), l_unite("kit"), unite_lisible("travee")) == ("kit", "l’unité", "travée")


@given(st.integers(2, 10_000))
def test_the_example_of_the_pack_rule_never_fills_its_packs(par_colis):
    exemple = exemple_de_quantite(par_colis)
    assert exemple > par_colis and not est_en_colis_entiers(exemple, par_colis)


def test_a_pack_of_one_has_no_example():
    with pytest.raises(ValueError, match="toute quantité"):
        exemple_de_quantite(1)


MARCHE = TermesMarche("M", "Objet", 1, date(2025, 9, 1), date(2025, 12, 15), date(2026, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("changes", "champs"),
    [
        ({}, set()),
        ({"notifie_le": date(2025, 8, 31)}, {"notifie_le"}),
        ({"du": date(2025, 12, 14)}, {"du"} | {"justification_duree"}),
        ({"au": date(2025, 12, 31)}, {"au"}),
        ({"au": date(2030, 1, 1)}, {"justification_duree"}),
        ({"au": date(2030, 1, 1), "justification_duree": "Amortissement des rayonnages"}, set()),
    ],
)
def test_the_dates_of_a_marche_follow_each_other_within_four_years(changes, champs):
    assert set(fautes_du_marche(replace(MARCHE, **changes))) == champs


@pytest.mark.parametrize(
    ("du", "attendu"),
    [
        (date(2026, 1, 1), date(2029, 12, 31)),
        (date(2026, 3, 15), date(2030, 3, 14)),
        (date(2024, 2, 29), date(2028, 2, 28)),
        (date(2096, 2, 29), date(2100, 2, 28)),
    ],
)
def test_four_years_end_the_day_before_their_anniversary(du, attendu):
    assert dernier_jour_permis(du) == attendu


LOT = TermesLot("Boîtes", 1, D("200000.00"))


@pytest.mark.parametrize(
    ("changes", "champs"),
    [
        ({}, set()),
        ({"plafond_ht": D("0.00")}, {"plafond_ht"}),
        ({"minimum_ht": D("200000.01")}, {"minimum_ht"}),
        ({"minimum_ht": D("-1")}, {"minimum_ht"}),
        ({"franco_ht": D("500")}, {"port_ht"}),
        ({"franco_ht": D("500"), "port_ht": D("25")}, set()),
        ({"franco_ht": D("-1"), "port_ht": D("25")}, {"franco_ht"}),
        ({"port_ht": D("-1"), "minimum_commande_ht": D("-1")}, {"port_ht", "minimum_commande_ht"}),
        ({"delai_livraison_jours": 0}, {"delai_livraison_jours"}),
        ({"suivants": (2, 3)}, set()),
        ({"suivants": (2, 2)}, {"fournisseur"}),
        ({"suivants": (1,)}, {"fournisseur"}),
    ],
)
def test_the_terms_of_a_lot_are_possible(changes, champs):
    assert set(fautes_du_lot(replace(LOT, **changes))) == champs


def test_prices_start_within_the_marche():
    assert faute_de_date_d_effet(date(2026, 1, 1), MARCHE.du, MARCHE.au) == {}
    assert "01/01/2026" in faute_de_date_d_effet(date(2025, 12, 31), MARCHE.du, MARCHE.au)["du"]
