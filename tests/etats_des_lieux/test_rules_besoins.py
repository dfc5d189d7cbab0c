"""Needs: the vectors F1 to F4, the end-to-end example, and what must hold whatever is measured."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.besoins import calculer_besoins
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure
from groupement.etats_des_lieux.rules.quantites import annees_avant_saturation, quantites, travees_pour
from tests.etats_des_lieux.exemple import etat_des_lieux


def garde(longueur_mm, forme=Forme.DOSSIERS, **deja):
    """A measure with nothing to eliminate, all definitive."""
    return Mesure("W", forme, longueur_mm, 0, 0, longueur_mm, **deja)


def phrase(besoins, debut):
    (trouvee,) = [texte for texte in besoins.explications if texte.startswith(debut)]
    return trouvee.replace("\u00a0", " ").replace("\u202f", " ")


def test_f1_a_room_of_500_metres_lasts_eight_years():
    assert annees_avant_saturation(500_000, Decimal(1), 100_000, 50_000) == 8


def test_f2_the_reference_town_needs_eight_bays_and_is_quiet_for_eleven_years_and_a_half():
    besoins = calculer_besoins(etat_des_lieux(mesures=(garde(50_950),)))
    longueurs = (besoins.net_ml, besoins.horizon_ml, besoins.requis_ml, besoins.a_equiper_ml)
    assert [str(longueur) for longueur in longueurs] == ["50.95", "62.95", "69.944", "45.944"]
    assert (besoins.travees, str(besoins.annees_avant_saturation)) == (8, "11.5")


@pytest.mark.parametrize(
    ("a_equiper_mm", "travees"),
    [(48_000, 8), (48_001, 9), (Fraction(480_000_001, 10_000), 9), (1, 1), (0, 0), (-5_000, 0)],
)
def test_f3_bays_are_rounded_up_from_the_exact_length(a_equiper_mm, travees):
    assert travees_pour(a_equiper_mm, 6000) == travees


def test_f4_shelves_filled_less_need_more_bays():
    besoins = calculer_besoins(etat_des_lieux(mesures=(garde(50_950),), taux_remplissage=Decimal("0.8")))
    exact = quantites(etat_des_lieux(mesures=(garde(50_950),), taux_remplissage=Decimal("0.8"))).avec_eliminations
    assert (exact.requis_mm, exact.a_equiper_mm) == (Fraction("78687.5"), Fraction("54687.5"))
    assert (str(besoins.requis_ml), str(besoins.a_equiper_ml), besoins.travees) == ("78.688", "54.688", 10)


def test_the_town_of_the_example_end_to_end():
    besoins = calculer_besoins(etat_des_lieux())
    assert (str(besoins.net_ml), besoins.travees) == ("50.95", 8)
    assert (besoins.boites_definitif, besoins.boites_temporaire) == (244, 89)
    tranches = [volume.tranche for volume in besoins.volumes_a_relier]
    assert (tranches.count(200), tranches.count(100)) == (6, 4)
    assert (str(besoins.annees_avant_saturation), str(besoins.poids_kg)) == ("11.5", "3057.00")


def test_the_need_without_the_eliminations_is_given_beside():
    besoins = calculer_besoins(etat_des_lieux())
    assert str(besoins.net_sans_elimination_ml) == "80.20"
    assert str(besoins.a_equiper_sans_elimination_ml) == "78.444"
    assert besoins.travees_sans_elimination == 14
    assert "sans elles, il faudrait loger 80,20 ml, équiper 78,444 ml et acheter 14 travées" in phrase(
        besoins, "Les élim"
    )


def test_every_figure_explains_itself():
    besoins = calculer_besoins(etat_des_lieux())
    assert phrase(besoins, "Fonds") == (
        "Fonds à conserver : 80,20 ml mesurés − 29,25 ml proposés à l’élimination = 50,95 ml."
    )
    assert phrase(besoins, "Dans") == "Dans 10 ans : 50,95 ml + 10 × 1,20 ml de croissance nette par an = 62,95 ml."
    assert phrase(besoins, "Rayonnage") == (
        "Rayonnage nécessaire, rempli à 90 % : 62,95 ml ÷ 0,90 = 69,944 ml "
        "(arrondi au millimètre pour l’affichage, la suite garde la valeur exacte)."
    )
    assert phrase(besoins, "À équiper") == (
        "À équiper : 69,944 ml − 24,00 ml de rayonnage conservé (plein et vide) = 45,944 ml."
    )
    assert phrase(besoins, "Travées") == (
        "Travées : 45,944 ml ÷ 6,00 ml par travée = environ 7,66, à l’entier supérieur : 8 travées (48,00 ml)."
    )
    assert phrase(besoins, "Boîtes pour le définitif") == (
        "Boîtes pour le définitif : 31,35 ml de dossiers, vrac et classeurs − 7,00 ml déjà en boîtes = 24,35 ml, "
        "÷ 0,10 ml de dos = 243,5, à l’entier supérieur : 244 boîtes."
    )
    assert phrase(besoins, "Registres") == ("Registres : 7,70 ml, comptés dans le rayonnage mais jamais mis en boîtes.")
    assert phrase(besoins, "Saturation") == (
        "Saturation : (24,00 ml + 8 travées × 6,00 ml) × 0,90 − 50,95 ml = 13,85 ml libres, ÷ 1,20 ml par an "
        "= environ 11,5 ans."
    )
    assert phrase(besoins, "Poids").startswith("Poids : 50,95 ml × 60 kg par mètre = 3 057 kg")


def test_binding_volumes_are_explained_period_by_period():
    explications = calculer_besoins(etat_des_lieux()).explications
    assert sum(texte.startswith("Reliure, ") for texte in explications) == 10


def test_nothing_is_bought_when_the_shelving_kept_is_enough():
    besoins = calculer_besoins(etat_des_lieux(existant_mm=70_000))
    assert (str(besoins.a_equiper_ml), besoins.travees) == ("0.00", 0)
    assert "l’existant suffit" in phrase(besoins, "À équiper")
    assert phrase(besoins, "Travées") == "Travées : aucune à acheter."


def test_without_growth_the_shelves_never_fill_up():
    besoins = calculer_besoins(etat_des_lieux(croissance_mm_an=0))
    assert besoins.annees_avant_saturation is None
    assert "sans croissance" in phrase(besoins, "Saturation")


def test_shelves_too_short_are_full_at_once():
    assert annees_avant_saturation(1000, Decimal("0.9"), 5000, 100) == 0


def test_an_empty_audit_needs_nothing():
    besoins = calculer_besoins(etat_des_lieux(mesures=(), reliures=(), existant_mm=0, croissance_mm_an=0))
    assert (besoins.travees, besoins.boites_definitif, besoins.boites_temporaire) == (0, 0, 0)
    assert besoins.volumes_a_relier == ()
    assert not any(texte.startswith("Les éliminations") for texte in besoins.explications)


def test_registers_take_shelf_but_no_box():
    besoins = calculer_besoins(etat_des_lieux(mesures=(garde(5000, Forme.REGISTRES),)))
    assert (str(besoins.net_ml), besoins.boites_definitif) == ("5.00", 0)
    assert phrase(besoins, "Boîtes pour le définitif").endswith("aucune boîte à acheter.")


def test_oversize_takes_neither_upright_shelf_nor_box_and_is_announced():
    besoins = calculer_besoins(etat_des_lieux(mesures=(garde(5000), garde(1500, Forme.GRAND_FORMAT))))
    assert (str(besoins.net_ml), besoins.boites_definitif) == ("5.00", 50)
    assert "1,50 ml à conserver à plat" in phrase(besoins, "Grands formats")


def test_boxes_are_summed_over_the_lines_then_rounded_once():
    mesures = (garde(1050), garde(1050, Forme.VRAC), garde(1000, Forme.CLASSEURS))
    assert calculer_besoins(etat_des_lieux(mesures=mesures)).boites_definitif == 31


def test_boxes_already_there_beyond_the_need_are_never_given_back():
    mesures = (garde(1000, deja_boite_definitif_mm=1500),)
    assert calculer_besoins(etat_des_lieux(mesures=mesures)).boites_definitif == 0


def test_registers_said_to_be_boxed_are_not_deducted_and_it_is_said():
    mesures = (garde(1000), garde(800, Forme.REGISTRES, deja_boite_definitif_mm=800))
    besoins = calculer_besoins(etat_des_lieux(mesures=mesures))
    assert besoins.boites_definitif == 10
    assert "ne sont pas déduits" in phrase(besoins, "0,80")


@pytest.mark.parametrize(
    "champs",
    [
        {"population": -1},
        {"existant_mm": -1},
        {"croissance_mm_an": -1},
        {"horizon_ans": -1},
        {"travee_mm": 0},
        {"dos_mm": 0},
        {"feuillets_max": 0},
        {"kg_par_ml": 0},
        {"taux_remplissage": Decimal(0)},
        {"taux_remplissage": Decimal("1.01")},
    ],
)
def test_an_impossible_audit_is_refused(champs):
    with pytest.raises(ValueError, match="zéro|supérieur"):
        etat_des_lieux(**champs)


def test_a_bay_must_offer_something():
    with pytest.raises(ValueError, match="travée impossible"):
        travees_pour(1000, 0)


PARTIES = st.integers(0, 50_000)
MESURES = st.lists(
    st.builds(
        lambda forme, eliminable, temporaire, definitif, deja: Mesure(
            "W", forme, eliminable + temporaire + definitif, eliminable, temporaire, definitif, deja, deja
        ),
        st.sampled_from(Forme),
        PARTIES,
        PARTIES,
        PARTIES,
        st.integers(0, 20_000),
    ),
    max_size=8,
).map(tuple)
ETATS = st.builds(
    etat_des_lieux,
    mesures=MESURES,
    existant_mm=st.integers(0, 100_000),
    croissance_mm_an=st.integers(0, 5_000),
    horizon_ans=st.integers(0, 40),
    taux_remplissage=st.decimals("0.10", "1", places=2),
    travee_mm=st.integers(1, 20_000),
    dos_mm=st.integers(1, 200),
)


@given(ETATS)
def test_the_bays_bought_are_enough_and_none_is_useless(etat):
    calcul = quantites(etat).avec_eliminations
    assert calcul.capacite_mm * Fraction(etat.taux_remplissage) >= calcul.horizon_mm
    if calcul.travees:
        assert (calcul.capacite_mm - etat.travee_mm) * Fraction(etat.taux_remplissage) < calcul.horizon_mm


@given(ETATS)
def test_the_shelves_last_at_least_until_the_horizon(etat):
    duree = quantites(etat).avec_eliminations.annees_avant_saturation
    assert duree is None or duree >= etat.horizon_ans


@given(ETATS)
def test_refusing_the_eliminations_never_needs_less(etat):
    besoins = calculer_besoins(etat)
    assert besoins.net_sans_elimination_ml >= besoins.net_ml
    assert besoins.travees_sans_elimination >= besoins.travees


@given(ETATS)
def test_the_order_of_the_measures_changes_nothing(etat):
    renverse = replace(etat, mesures=tuple(reversed(etat.mesures)))
    assert calculer_besoins(renverse) == calculer_besoins(etat)


@given(ETATS)
def test_every_sentence_ends_and_hides_no_missing_value(etat):
    for texte in calculer_besoins(etat).explications:
        assert texte.endswith(".")
        assert "None" not in texte
