"""From needs to order lines: the end-to-end totals, the choice of each article, advice that is never an act."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.articles import proposer_articles
from groupement.etats_des_lieux.rules.besoins import calculer_besoins
from groupement.etats_des_lieux.rules.choix_boites import choisir_boite, orientation
from groupement.etats_des_lieux.rules.choix_rayonnages import DOUBLE_FACE, choisir_rayonnage, rangs_proposes
from groupement.etats_des_lieux.rules.choix_reliures import choisir_reliure
from groupement.etats_des_lieux.rules.lignes_proposees import article_nomme, ligne_au_plus_juste
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure
from groupement.etats_des_lieux.rules.reliures import AnneeARelier, Volume
from tests.etats_des_lieux.bpu import BPU, article, boite, sans
from tests.etats_des_lieux.exemple import etat_des_lieux


def proposition(articles=BPU, rangs=None, **changements):
    etat = etat_des_lieux(**changements)
    return proposer_articles(etat, calculer_besoins(etat), articles, rangs)


def lignes(proposee):
    return [(ligne.reference, ligne.unites, str(ligne.montant_ht)) for ligne in proposee.lignes]


def lisible(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def nomme(reference):
    trouve = article_nomme(BPU, reference)
    assert trouve is not None
    return trouve


def test_the_town_of_the_example_to_the_centime():
    proposee = proposition(rangs=2)
    assert lignes(proposee) == [
        ("BTE-STD-10", 100, "58.00"),
        ("BTE-CON-10", 250, "402.50"),
        ("RF-100-35-220-D", 2, "372.00"),
        ("RF-100-35-220-S", 6, "852.00"),
        ("POS-TRA", 8, "224.00"),
        ("LIV-RAY", 1, "145.00"),
        ("REL-A4-200", 6, "297.00"),
        ("REL-A4-100", 4, "176.00"),
        ("RES-ENL", 1, "42.00"),
    ]
    totaux = (proposee.total_ht, proposee.total_tva, proposee.total_ttc)
    assert [str(total) for total in totaux] == ["2568.50", "513.70", "3082.20"]
    assert proposee.manques == ()


def test_without_a_room_plan_rows_hold_six_bays_at_most():
    assert [rangs_proposes(travees) for travees in (0, 1, 6, 7, 8, 12, 13)] == [0, 1, 1, 2, 2, 2, 3]
    assert lignes(proposition()) == lignes(proposition(rangs=2))


def test_every_line_says_why():
    motifs = {ligne.reference: lisible(ligne.motif) for ligne in proposition(rangs=2).lignes}
    assert motifs["BTE-STD-10"] == (
        "89 boîtes de 100 mm de dos pour les documents à garder un temps seulement : kraft ordinaire, "
        "la moins chère du marché, à ranger sur chant. 2 colis de 50 : 100."
    )
    assert motifs["BTE-CON-10"] == (
        "244 boîtes de 100 mm de dos pour les documents à garder définitivement : de conservation (ISO 16245, type A), "
        "la moins chère du marché, à ranger sur chant. 10 colis de 25 : 250."
    )
    assert motifs["RF-100-35-220-S"] == "8 travées de 6,00 ml en 2 rangs : 2 départs, un par rang, et 6 suivants."
    assert motifs["REL-A4-200"] == "6 volumes de 135 feuillets au plus : Délibérations (5) et Arrêtés (1)."


def test_a_double_faced_run_that_costs_less_is_advice_only():
    depart = next(ligne for ligne in proposition(rangs=2).lignes if ligne.reference == "RF-100-35-220-D")
    assert lisible(depart.suggestion) == (
        "En double face (RD-100-70-220-D), 4 travées de 12,00 ml coûteraient 1 136,00 € au lieu de 1 224,00 €, "
        "hors pose : possible si la salle laisse une allée de chaque côté."
    )


def test_nothing_is_said_of_double_faces_when_they_cost_more():
    seule = next(ligne for ligne in proposition(existant_mm=64_000).lignes if ligne.reference == "RF-100-35-220-D")
    assert (seule.unites, seule.suggestion) == (1, "")


@pytest.mark.parametrize(
    ("besoin", "unites", "montant", "conseil"),
    [
        (205, 225, "391.50", ""),
        (230, 250, "402.50", ""),
        (900, 900, "1449.00", ""),
        (901, 925, "1489.25", "En commander 1 000 coûterait 1 480,00 € au lieu de 1 489,25 € pour 925, soit 9,25 €"),
    ],
)
def test_a_higher_tier_that_costs_less_is_advice_only(besoin, unites, montant, conseil):
    ligne = ligne_au_plus_juste(nomme("BTE-CON-10"), besoin, "Pour voir.")
    assert (ligne.unites, str(ligne.montant_ht)) == (unites, montant)
    assert lisible(ligne.suggestion).startswith(conseil)
    assert bool(ligne.suggestion) == bool(conseil)


def test_definitive_series_never_get_a_plain_box():
    assert choisir_boite(sans("BTE-CON-10", "BTE-PLN-10"), 100, 10, definitif=True) is None


def test_temporary_documents_get_a_permanent_box_when_there_is_no_plain_one():
    assert choisir_boite(sans("BTE-STD-10"), 100, 10, definitif=False) == nomme("BTE-CON-10")


def test_a_plain_box_comes_first_for_temporary_documents_even_when_dearer():
    chere = boite("BTE-STD-10", 50, "50:9.00", 100)
    assert choisir_boite((chere, nomme("BTE-CON-10")), 100, 10, definitif=False) == chere


def test_the_cheapest_box_of_the_grade_is_chosen_and_flat_ones_never():
    assert choisir_boite(BPU, 100, 10, definitif=True) == nomme("BTE-CON-10")


@pytest.mark.parametrize(
    ("profondeur_mm", "pose"), [(350, "sur chant"), (330, "sur chant"), (300, "debout"), (249, None), (None, "")]
)
def test_the_depth_of_the_shelf_says_how_a_box_stands(profondeur_mm, pose):
    assert orientation(nomme("BTE-CON-10"), profondeur_mm) == pose


def test_boxes_that_overhang_the_shelf_are_not_proposed():
    assert choisir_boite(BPU, 100, 10, definitif=True, profondeur_mm=240) is None


@pytest.mark.parametrize(
    ("dos_mm", "phrase"),
    [(200, "pleine, chacune pèserait 10 kg, plus que les 8 kg"), (120, "aucune boîte du marché ne convient")],
)
def test_a_spine_that_cannot_be_served_is_said(dos_mm, phrase):
    proposee = proposition(dos_mm=dos_mm)
    assert [phrase in lisible(manque) for manque in proposee.manques] == [True, True]
    assert not any(ligne.reference.startswith("BTE") for ligne in proposee.lignes)


def test_shelving_keeps_the_length_the_audit_counted_with_and_takes_the_cheapest():
    rang = choisir_rayonnage(BPU, 5000, 8, 2)
    assert rang is not None
    assert (rang.depart.reference, rang.suivant.reference) == ("RF-100-30-220-D", "RF-100-30-220-S")


def test_a_starter_and_its_add_ons_are_of_one_model():
    assert choisir_rayonnage(sans("RF-100-35-220-S", "RF-100-40-220-D"), 6000, 8, 2) is None


def test_one_bay_is_one_starter():
    rang = choisir_rayonnage(BPU, 6000, 1, 3)
    assert rang is not None
    assert (rang.departs, rang.suivants, str(rang.cout_ht)) == (1, 0, "186.00")


def test_tiers_nearly_make_single_faces_as_cheap_as_a_double_row():
    seuls = choisir_rayonnage(BPU, 6000, 16, 4)
    simples, doubles = choisir_rayonnage(BPU, 6000, 8, 2), choisir_rayonnage(BPU, 12_000, 4, 1, DOUBLE_FACE)
    assert seuls is not None
    assert simples is not None
    assert doubles is not None
    assert (str(seuls.cout_ht), str(simples.cout_ht + doubles.cout_ht)) == ("2362.80", "2360.00")


def test_a_bay_length_the_contract_has_not_is_said_with_those_it_has():
    proposee = proposition(travee_mm=6500)
    assert not any(ligne.reference.startswith("RF") for ligne in proposee.lignes)
    assert lisible(proposee.manques[0]) == (
        "8 travées de 6,50 ml : aucun rayonnage du marché n’a cette longueur. "
        "Choisissez dans l’état des lieux une travée de 5,00 ml, 6,00 ml ou 7,20 ml."
    )


def test_an_empty_contract_proposes_nothing_and_says_each_thing_missing():
    proposee = proposition(articles=())
    assert proposee.lignes == ()
    assert len(proposee.manques) == 2 + 1 + 10
    assert (proposee.total_ht, proposee.total_ttc) == (0, 0)
    assert "Demandez un devis" in proposee.manques[2]


def test_a_service_the_contract_has_not_is_said():
    proposee = proposition(articles=sans("POS-TRA", "RES-ENL"))
    assert [manque.split(" n’est")[0] for manque in proposee.manques] == [
        "La prestation POS-TRA",
        "La prestation RES-ENL",
    ]


def test_nothing_is_proposed_when_nothing_is_needed():
    proposee = proposition(mesures=(), reliures=(), existant_mm=20_000)
    assert (proposee.lignes, proposee.manques) == ((), ())


def test_a_town_with_enough_shelves_still_gets_its_boxes():
    assert [reference for reference, _, _ in lignes(proposition(existant_mm=80_000, reliures=()))] == [
        "BTE-STD-10",
        "BTE-CON-10",
    ]


@pytest.mark.parametrize(
    ("serie", "feuillets", "reference"),
    [
        ("deliberations", 100, "REL-A4-100"),
        ("deliberations", 101, "REL-A4-200"),
        ("deliberations", 300, "REL-A4-300"),
        ("etat_civil", 40, "REL-EC-100"),
    ],
)
def test_a_volume_gets_the_binding_of_its_band(serie, feuillets, reference):
    assert choisir_reliure(BPU, Volume(serie, (2021,), feuillets)) == nomme(reference)


def test_a_volume_too_thick_for_every_binding_is_said():
    proposee = proposition(reliures=(AnneeARelier("deliberations", 2022, seances=(350,)),))
    assert lisible(proposee.manques[0]) == (
        "Délibérations 2022, 350 feuillets : aucune reliure du marché ne convient. Demandez un devis au relieur."
    )
    assert not any(ligne.reference == "RES-ENL" for ligne in proposee.lignes)


def test_civil_status_leaves_only_with_the_prosecutor():
    proposee = proposition(reliures=(AnneeARelier("etat_civil", 2024, 40),))
    reliure = next(ligne for ligne in proposee.lignes if ligne.reference == "REL-EC-100")
    assert "accord du procureur" in reliure.motif


def test_vat_is_rounded_once_per_rate():
    reduit = article("LIV-RAY", "service", 1, "1:145.00", tva_pct=Decimal("5.50"))
    proposee = proposition(articles=(*sans("LIV-RAY"), reduit))
    assert str(proposee.total_tva) == "492.68"  # 20 % of 2 423.50, 5.5 % of 145.00


ETATS = st.builds(
    lambda definitif, temporaire, existant, annees: {
        "mesures": (Mesure("L", Forme.DOSSIERS, definitif + temporaire, 0, temporaire, definitif),),
        "existant_mm": existant,
        "reliures": tuple(AnneeARelier("arretes", 2000 + rang, feuillets) for rang, feuillets in enumerate(annees)),
    },
    st.integers(0, 200_000),
    st.integers(0, 200_000),
    st.integers(0, 200_000),
    st.lists(st.integers(0, 900), max_size=5),
)


@given(ETATS, st.none() | st.integers(0, 20))
def test_what_is_proposed_covers_the_need_in_whole_packs(changements, rangs):
    besoins = calculer_besoins(etat_des_lieux(**changements))
    proposee = proposition(rangs=rangs, **changements)
    unites = {ligne.reference: ligne.unites for ligne in proposee.lignes}
    assert proposee.manques == ()
    assert 0 <= unites.get("BTE-STD-10", 0) - besoins.boites_temporaire < 50
    assert 0 <= unites.get("BTE-CON-10", 0) - besoins.boites_definitif < 25
    assert unites.get("RF-100-35-220-D", 0) + unites.get("RF-100-35-220-S", 0) == besoins.travees
    assert sum(unites.get(f"REL-A4-{tranche}", 0) for tranche in (100, 200, 300)) == len(besoins.volumes_a_relier)
    assert all(ligne.unites % nomme(ligne.reference).unites_par_colis == 0 for ligne in proposee.lignes)
