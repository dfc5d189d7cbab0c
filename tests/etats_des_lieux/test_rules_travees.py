"""Rows of bays: the best widths for a length, cut by what stands in the way."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.salle import Rectangle
from groupement.etats_des_lieux.rules.travees import Bande, Rangee, meilleures_largeurs, remplir

BANDE = Bande(Rectangle(0, 0, 5000, 350), vers_le_haut=True)


@pytest.mark.parametrize(
    ("longueur", "largeurs", "attendues"),
    [
        (4200, (1000, 1200), (1000,) * 4),
        (2800, (1000, 1200), (1200, 1200)),
        (6700, (1000, 1200), (1200, 1200, 1000, 1000, 1000, 1000)),
        (1059, (1000,), ()),
        (1060, (1000,), (1000,)),
        (20_000, (1000,), (1000,) * 9),
        (0, (1000,), ()),
        (-50, (1000,), ()),
    ],
)
def test_the_most_shelf_then_the_fewest_bays(longueur, largeurs, attendues):
    assert meilleures_largeurs(longueur, largeurs, 30) == attendues


@given(st.integers(0, 6000), st.sets(st.integers(600, 1500), min_size=1, max_size=3), st.integers(0, 60))
def test_no_other_choice_of_widths_does_better(longueur, largeurs, montant):
    trouvees = meilleures_largeurs(longueur, tuple(sorted(largeurs)), montant)
    assert not trouvees or sum(trouvees) + (len(trouvees) + 1) * montant <= longueur
    possibles = (choix for n in range(1, 5) for choix in combinations_with_replacement(sorted(largeurs), n))
    tiennent = [choix for choix in possibles if sum(choix) + (len(choix) + 1) * montant <= longueur]
    assert sum(trouvees) >= max((sum(choix) for choix in tiennent), default=0)


def test_a_row_is_cut_by_what_stands_in_the_way_and_packed_to_its_anchored_end():
    pilier = Rectangle(2200, 100, 2600, 200)
    debuts = [rangee.debut_mm for rangee in remplir(BANDE, (pilier,), (1000,), 30)]
    assert debuts == [0, 2600]
    ancree = Bande(BANDE.rectangle, vers_le_haut=True, ancree_a_la_fin=True)
    assert [rangee.debut_mm for rangee in remplir(ancree, (pilier,), (1000,), 30)] == [110, 2910]


def test_what_stands_beside_a_row_does_not_cut_it():
    assert len(remplir(BANDE, (Rectangle(2200, 350, 2600, 900),), (1000,), 30)) == 1


def test_overlapping_obstacles_cut_once():
    zones = (Rectangle(1500, 0, 3000, 350), Rectangle(2000, 0, 2500, 350))
    assert [rangee.debut_mm for rangee in remplir(BANDE, zones, (1000,), 30)] == [0, 3000]


def test_bays_taken_out_leave_rows_in_their_place():
    rangee = Rangee(BANDE, 0, (1000, 1200, 1000), 30)
    restes = rangee.garder([True, False, True])
    assert [(reste.debut_mm, reste.largeurs_mm) for reste in restes] == [(0, (1000,)), (2260, (1000,))]
    assert rangee.garder([True, True, True]) == [rangee]
    assert rangee.garder([False, False, False]) == []


def test_a_row_along_y_covers_the_floor_the_other_way():
    bande = Bande(Rectangle(100, 0, 450, 5000), vers_le_haut=True, le_long_de_x=False)
    (rangee,) = remplir(bande, (), (1000,), 30)
    assert rangee.rectangle == Rectangle(100, 0, 450, 4150)
    assert rangee.milieu_de(1) == 1560
