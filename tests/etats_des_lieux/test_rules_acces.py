"""Walking to the bays: a passage as wide as the square lets it through, one millimetre less does not."""

from dataclasses import replace

import pytest

from groupement.etats_des_lieux.rules.acces import travees_accessibles
from groupement.etats_des_lieux.rules.salle import Mur, Porte, Rectangle, Salle
from groupement.etats_des_lieux.rules.travees import Bande, Rangee

SALLE = Salle(6000, 1700, portes=(Porte(Mur.OUEST, 500, 800),))
RANGEE = Rangee(Bande(Rectangle(1000, 1350, 6000, 1700), vers_le_haut=False), 1000, (1000,) * 4, 30)


def acces(salle, rangee=RANGEE):
    return travees_accessibles(salle, [rangee])[0]


def test_every_bay_of_a_free_aisle_can_be_reached():
    assert acces(SALLE) == [True] * 4


def test_without_a_door_nothing_can_be_said():
    assert acces(replace(SALLE, portes=())) == [True] * 4


@pytest.mark.parametrize(("passage", "atteintes"), [(700, [True] * 4), (699, [True, False, False, False])])
def test_a_passage_lets_through_what_is_not_wider(passage, atteintes):
    # the obstacle stands against the south wall before the second bay, and leaves `passage` in front of the shelves
    obstacle = Rectangle(2200, 0, 2900, 1350 - passage)
    assert acces(replace(SALLE, obstacles=(obstacle,))) == atteintes


def test_a_bay_right_behind_a_pillar_cannot_be_faced_but_those_beyond_can():
    pilier = Rectangle(2400, 1200, 2700, 1300)
    assert acces(replace(SALLE, obstacles=(pilier,))) == [True, False, True, True]


@pytest.mark.parametrize("mur", list(Mur))
def test_a_door_opens_on_the_room_whatever_its_wall(mur):
    salle = Salle(4000, 4000, portes=(Porte(mur, 100, 800),))
    rangee = Rangee(Bande(Rectangle(1400, 1800, 2500, 2150), vers_le_haut=True), 1400, (1000,), 30)
    assert acces(salle, rangee) == [True]


def test_any_door_is_enough():
    mur_plein = Rectangle(3000, 0, 3100, 1350)
    coupee = replace(SALLE, obstacles=(mur_plein,))
    assert acces(coupee) == [True, True, False, False]
    assert acces(replace(coupee, portes=(*SALLE.portes, Porte(Mur.EST, 300, 800)))) == [True] * 4


def test_a_bay_against_the_wall_it_faces_cannot_be_reached():
    rangee = Rangee(Bande(Rectangle(1000, 0, 3000, 350), vers_le_haut=False), 1000, (1000,), 30)
    assert acces(SALLE, rangee) == [False]


def test_a_room_narrower_than_the_square_cannot_be_entered():
    assert acces(replace(SALLE, y_mm=699)) == [False] * 4
