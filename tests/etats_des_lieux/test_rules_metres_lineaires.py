"""Linear metres: conversions that lose nothing, levels, boxes on a shelf, the invariant of a measured line."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.rangement import Niveaux, boites_par_tablette, niveaux_utilisables
from groupement.etats_des_lieux.rules.metres_lineaires import (
    Forme,
    Mesure,
    arrondi_entier,
    boites_pour,
    capacite_travee_mm,
    ecrire_ml,
    entier_superieur,
    ml_arrondis,
    ml_depuis_mm,
    mm_depuis_ml,
)

LONGUEURS = st.integers(min_value=0, max_value=10_000_000)


@pytest.mark.parametrize(
    ("metres", "mm"),
    [
        ("14.00", 14000),
        ("0", 0),
        ("1.2000", 1200),
        ("33.25", 33250),
        ("0.001", 1),
        ("-1.5", -1500),
        ("1E+3", 1_000_000),
    ],
)
def test_metres_become_whole_millimetres(metres, mm):
    assert mm_depuis_ml(Decimal(metres)) == mm


@pytest.mark.parametrize("metres", ["1.2345", "0.0001", "1E-999999", "1.00000000000000000000000000000000001"])
def test_a_length_finer_than_a_millimetre_is_refused(metres):
    with pytest.raises(ValueError, match="trois décimales"):
        mm_depuis_ml(Decimal(metres))


@pytest.mark.parametrize("metres", ["NaN", "Infinity", "-Infinity", "1000000.001", "1E+999999"])
def test_an_impossible_length_is_refused(metres):
    with pytest.raises(ValueError, match="longueur impossible"):
        mm_depuis_ml(Decimal(metres))


@pytest.mark.parametrize(
    ("mm", "texte"), [(50950, "50.95"), (69944, "69.944"), (24000, "24.00"), (0, "0.00"), (7, "0.007"), (-50, "-0.05")]
)
def test_metres_keep_two_decimals_and_a_third_only_when_needed(mm, texte):
    assert str(ml_depuis_mm(mm)) == texte


@pytest.mark.parametrize(
    ("exact", "texte"),
    [
        (Fraction(62950 * 10, 9), "69.944"),
        (Fraction(629500, 8), "78.688"),
        (Fraction(1, 2), "0.001"),
        (Fraction(1, 3), "0.00"),
    ],
)
def test_an_exact_length_is_shown_to_the_nearest_millimetre(exact, texte):
    assert str(ml_arrondis(exact)) == texte


def test_a_length_is_written_with_a_comma_and_its_unit():
    assert ecrire_ml(50950) == "50,95\u00a0ml"
    assert ecrire_ml(1234567) == "1\u00a0234,567\u00a0ml"


@given(LONGUEURS)
def test_metres_and_millimetres_are_the_same_length(mm):
    assert mm_depuis_ml(ml_depuis_mm(mm)) == mm


@pytest.mark.parametrize(
    ("numero", "mesures", "niveaux"),
    [
        ("N1", Niveaux(2200, 250, air_mm=50), 6),
        ("N2", Niveaux(2200, 330, air_mm=20), 5),
        ("N4", Niveaux(2000, 250, air_mm=50), 5),
        ("N6", Niveaux(2200, 250, air_mm=50, plafond_mm=2300), 5),
        ("cinq tablettes fournies", Niveaux(2200, 250, tablettes_fournies=5), 5),
        ("plafond trop bas", Niveaux(2200, 250, plafond_mm=600), 0),
        ("première tablette juste", Niveaux(2200, 250, plafond_mm=700), 1),
    ],
)
def test_levels_of_a_bay(numero, mesures, niveaux):
    assert niveaux_utilisables(mesures) == niveaux, numero


def test_a_level_without_height_is_refused():
    with pytest.raises(ValueError, match="hauteur de niveau"):
        niveaux_utilisables(Niveaux(2200, 0, air_mm=0, epaisseur_tablette_mm=0))


@given(st.integers(0, 3000), st.integers(1, 500), st.integers(1800, 4000))
def test_the_highest_box_stays_inside_the_bay_and_below_the_lights(hauteur, boite, plafond):
    niveaux = niveaux_utilisables(Niveaux(hauteur, boite, plafond_mm=plafond))
    if niveaux:
        tablette = 150 + (niveaux - 1) * (boite + 80)
        assert tablette <= 1800
        assert tablette + boite <= min(hauteur, plafond - 300)


@pytest.mark.parametrize(
    ("longueur", "boites"),
    [
        (970, {80: 12, 100: 9, 120: 8, 150: 6, 200: 4}),
        (1000, {80: 12, 100: 10, 120: 8, 150: 6, 200: 5}),
        (1200, {80: 15, 100: 12, 120: 10, 150: 8, 200: 6}),
        (1250, {80: 15, 100: 12, 120: 10, 150: 8, 200: 6}),
    ],
)
def test_boxes_that_really_stand_on_a_shelf(longueur, boites):
    assert {dos: boites_par_tablette(longueur, dos) for dos in boites} == boites


@pytest.mark.parametrize(("longueur", "boites"), [(33250, 333), (300, 3), (243500, 2435), (0, 0), (-5, 0), (1, 1)])
def test_boxes_needed_are_rounded_up_once_and_never_below_zero(longueur, boites):
    assert boites_pour(longueur, 100) == boites


@given(LONGUEURS, st.integers(1, 500))
def test_the_boxes_hold_everything_and_none_is_useless(longueur, dos):
    boites = boites_pour(longueur, dos)
    assert boites * dos >= longueur
    assert boites == 0 or (boites - 1) * dos < longueur


@pytest.mark.parametrize("dos", [0, -10])
def test_a_spine_must_be_positive(dos):
    with pytest.raises(ValueError, match="dos"):
        boites_pour(1000, dos)
    with pytest.raises(ValueError, match="dos"):
        boites_par_tablette(1000, dos)


@pytest.mark.parametrize(
    ("niveaux", "longueur", "faces", "mm"), [(6, 1000, 1, 6000), (6, 1200, 2, 14400), (0, 1000, 1, 0)]
)
def test_capacity_of_a_bay(niveaux, longueur, faces, mm):
    assert capacite_travee_mm(niveaux, longueur, faces) == mm


@pytest.mark.parametrize("arguments", [(-1, 1000, 1), (6, -1, 1), (6, 1000, 3)])
def test_an_impossible_bay_is_refused(arguments):
    with pytest.raises(ValueError, match="travée impossible"):
        capacite_travee_mm(*arguments)


def test_only_loose_forms_are_boxed_and_only_oversize_leaves_the_upright_shelf():
    assert [forme for forme in Forme if forme.se_met_en_boite] == [Forme.DOSSIERS, Forme.VRAC, Forme.CLASSEURS]
    assert [forme for forme in Forme if not forme.compte_en_metres_lineaires] == [Forme.GRAND_FORMAT]
    assert Forme.GRAND_FORMAT.libelle == "grand format"


def test_a_measure_whose_parts_do_not_make_the_whole_is_refused_with_both_figures():
    with pytest.raises(ValueError, match=r"14,00.ml mesurés.*font 13,90.ml"):
        Mesure("T", Forme.DOSSIERS, 14000, 1400, 0, 12500)


def test_a_negative_measure_is_refused():
    with pytest.raises(ValueError, match="négative"):
        Mesure("T", Forme.DOSSIERS, 0, -1000, 0, 1000)


@given(LONGUEURS, LONGUEURS, LONGUEURS)
def test_what_stays_is_what_is_temporary_and_definitive(eliminable, temporaire, definitif):
    mesure = Mesure("L", Forme.VRAC, eliminable + temporaire + definitif, eliminable, temporaire, definitif)
    assert mesure.net_mm == temporaire + definitif


@given(st.fractions())
def test_roundings_stay_within_half_a_unit_and_never_below_the_value(valeur):
    assert abs(arrondi_entier(valeur) - valeur) <= Fraction(1, 2)
    assert 0 <= entier_superieur(valeur) - valeur < 1


def test_halves_go_away_from_zero():
    assert [arrondi_entier(Fraction(demi, 2)) for demi in (1, 3, -1, -3)] == [1, 2, -1, -2]
