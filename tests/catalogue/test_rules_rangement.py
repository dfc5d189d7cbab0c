"""Boxes on shelves: how they stand, how many, and what that weighs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.rangement import Boite, Tablettes, poids_de, ranger

DOS_10 = Boite(330, 250, 100)
TRAVEE = Tablettes(1000, 350, 6, charge_kg=100, hauteur_mm=2200)


def resume(rangement):
    return (rangement.pose, rangement.par_tablette, rangement.niveaux, rangement.boites, rangement.poids_kg)


@pytest.mark.parametrize(
    ("boite", "tablettes", "attendu"),
    [
        (DOS_10, TRAVEE, ("sur chant", 10, 6, 60, 60)),
        (DOS_10, Tablettes(1000, 300, 5, 100, 2200), ("debout", 10, 5, 50, 60)),
        (Boite(340, 260, 100), Tablettes(1000, 300, 5, 100, 2200), ("debout", 10, 4, 40, 60)),
        (Boite(330, 250, 150), TRAVEE, ("sur chant", 6, 6, 36, 54)),
        (DOS_10, Tablettes(1200, 350, 6, 120, 2200), ("sur chant", 12, 6, 72, 72)),
        (DOS_10, Tablettes(1000, 350, 6, 100, 2200, faces=2), ("sur chant", 10, 6, 120, 60)),
        (DOS_10, Tablettes(1000, 350, 6, 100, 2200, faces=2, travees=3), ("sur chant", 10, 6, 360, 60)),
        (DOS_10, Tablettes(1000, 350, 5, 100, 2000), ("sur chant", 10, 5, 50, 60)),
        (DOS_10, Tablettes(1000, 350, 8, 150, 2200), ("sur chant", 10, 6, 60, 60)),
        (DOS_10, Tablettes(1000, 350, 1, 100), ("sur chant", 10, 1, 10, 60)),
        (DOS_10, Tablettes(970, 350, 6, 100, 2200), ("sur chant", 9, 6, 54, 54)),
    ],
)
def test_boxes_stand_as_the_archivists_tables_say(boite, tablettes, attendu):
    assert resume(ranger(boite, tablettes)) == attendu


@pytest.mark.parametrize(
    ("boite", "tablettes"),
    [
        (DOS_10, Tablettes(1000, 200, 6, 100, 2200)),
        (DOS_10, Tablettes(90, 350, 6, 100, 2200)),
        (DOS_10, Tablettes(1000, 350, 6, 100, 300)),
        (DOS_10, Tablettes(1000, 350, 6, 5, 2200)),
    ],
)
def test_a_box_that_is_too_deep_too_wide_too_high_or_too_heavy_does_not_stand(boite, tablettes):
    assert ranger(boite, tablettes) is None


def test_the_load_limits_the_boxes_when_it_is_reached_before_the_length():
    rangement = ranger(DOS_10, Tablettes(1000, 350, 6, 30, 2200))
    assert (rangement.par_tablette, rangement.poids_kg, rangement.par_poids) == (5, 30, True)
    assert not ranger(DOS_10, TRAVEE).par_poids


@given(
    st.builds(Boite, st.integers(50, 600), st.integers(50, 600), st.integers(20, 300)),
    st.builds(Tablettes, st.integers(0, 2000), st.integers(100, 800), st.integers(1, 12), st.integers(1, 300),
              st.integers(200, 3000), st.integers(1, 2), st.integers(1, 4)),
)  # fmt: skip
def test_what_stands_fits_in_depth_in_length_and_in_load(boite, tablettes):
    rangement = ranger(boite, tablettes)
    if rangement is None:
        return
    assert 0 <= rangement.perdu_mm == tablettes.profondeur_mm - rangement.profondeur_boite_mm
    assert 1 <= rangement.par_tablette * boite.dos_mm <= tablettes.longueur_utile_mm
    assert rangement.poids_kg <= tablettes.charge_kg
    assert 1 <= rangement.niveaux <= tablettes.par_face
    assert rangement.boites == rangement.par_tablette * rangement.niveaux * tablettes.faces * tablettes.travees


@pytest.mark.parametrize(("longueur", "poids"), [(1000, 60), (100, 6), (10, 1), (0, 0), (1200, 72)])
def test_a_metre_of_full_boxes_weighs_sixty_kilograms(longueur, poids):
    assert poids_de(longueur) == poids
