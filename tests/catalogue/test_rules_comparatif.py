"""Articles side by side, what a tier saves, and norms in plain words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.comparatif import Compare, comparatif
from groupement.catalogue.rules.economies import economies
from groupement.catalogue.rules.normes import EXPLICATIONS, normes
from groupement.catalogue.rules.prix import Palier
from tests.fabriques.catalogue import paliers
from tests.fabriques.fiches import boite, travee

D = Decimal
DOS_10 = Compare(boite(1), paliers("25:1.74|250:1.61|1000:1.48"), "piece")
DOS_15 = Compare(boite(2, "BTE-CON-15", 150), paliers("25:2.12"), "piece")


def lignes(*articles):
    return {ligne.intitule: ligne for ligne in comparatif(articles)}


def test_two_boxes_differ_by_their_spine_and_their_price():
    tableau = lignes(DOS_10, DOS_15)
    assert tableau["Prix de base HT"].valeurs == ("1,74\u00a0€", "2,12\u00a0€")
    assert tableau["Meilleur prix HT"].valeurs == ("1,48\u00a0€ dès 1\u00a0000", "–")
    assert tableau["Prix HT par mètre de rayonnage rempli"].valeurs == ("17,40\u00a0€", "14,13\u00a0€")
    assert tableau["Largeur du dos"].valeurs == ("10\u00a0cm", "15\u00a0cm")
    assert {nom for nom, ligne in tableau.items() if not ligne.differe} >= {"Famille", "Normes", "Profondeur", "Lot"}


def test_what_nobody_has_is_left_out_and_what_one_lacks_is_a_dash():
    assert "Tablettes" not in lignes(DOS_10, DOS_15)
    tableau = lignes(DOS_10, Compare(travee(3), (), "piece"))
    assert tableau["Tablettes"].valeurs == ("–", "6")
    assert tableau["Prix de base HT"].valeurs == ("1,74\u00a0€", "à venir")


def test_no_norm_is_something_to_compare():
    assert lignes(DOS_10, Compare(boite(3, norme=""), (), "piece"))["Normes"].valeurs[1] == "aucune annoncée"


def test_one_article_never_differs_from_itself():
    assert not any(ligne.differe for ligne in comparatif([DOS_10]))


def test_each_tier_says_what_it_saves_in_percent_and_at_its_threshold():
    trois = economies(paliers("25:1.74|250:1.61|1000:1.48"))
    assert [(e.pourcent, e.au_seuil_ht) for e in trois] == [
        (D("0.00"), D("0.00")),
        (D("7.47"), D("32.50")),
        (D("14.94"), D("260.00")),
    ]
    assert economies(()) == ()


@given(st.lists(st.decimals(D("0.01"), D("500"), places=4), min_size=1, max_size=5, unique=True))
def test_a_cheaper_tier_never_saves_less(prix):
    tiers = [Palier(10**rang, valeur) for rang, valeur in enumerate(sorted(prix, reverse=True))]
    epargnes = economies(tiers)
    assert [e.pourcent for e in epargnes] == sorted(e.pourcent for e in epargnes)
    assert all(0 <= e.pourcent < 101 and e.au_seuil_ht >= 0 for e in epargnes)


def test_every_known_norm_is_explained_in_a_few_words_and_names_its_source():
    for norme in EXPLICATIONS.values():
        assert norme.en_bref and len(norme.en_bref) <= 60 and norme.explication.endswith(".") and norme.source
    assert normes("ISO 9706")[0].en_bref == "papier permanent, pour les documents définitifs"


@pytest.mark.parametrize(("texte", "codes"), [("", []), ("ISO 9706; maison", ["ISO 9706", "maison"]), (" ; ", [])])
def test_a_norm_nobody_explained_keeps_its_name(texte, codes):
    assert [norme.code for norme in normes(texte)] == codes
