"""Room plans: the reference rooms, what no plan may do, and which plan wins."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.implantation import Rang, Sens, implanter, niveaux_sous_plafond
from groupement.etats_des_lieux.rules.mobile import longueur_mobile_mm
from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Porte, Rectangle, Salle
from tests.etats_des_lieux.salles import (
    CABINET_OUEST,
    CABINET_SUD,
    COULOIR,
    PARAMETRES_R7,
    R1,
    R2,
    R4,
    R5,
    R6,
    R7,
    W1,
    W2,
)


@pytest.mark.parametrize(
    ("numero", "salle", "w1", "w2"),
    [
        ("R1", R1, "96", "96"),
        ("R2", R2, "24", "26.4"),
        ("R4", R4, "216", "230.4"),
        ("R6", R6, "138", "140.4"),
        ("cabinet, porte au sud", CABINET_SUD, "6", "7.2"),
        ("cabinet, porte à l’ouest", CABINET_OUEST, "6", "7.2"),
        ("couloir", COULOIR, "0", "0"),
    ],
)
def test_metres_of_the_reference_rooms(numero, salle, w1, w2):
    trouves = [implanter(salle, parametres).metres_lineaires for parametres in (W1, W2)]
    assert trouves == [Decimal(w1), Decimal(w2)], numero


def test_r1_is_three_rows_at_the_places_worked_out_by_hand():
    plan = implanter(R1, W1)
    assert plan.rangs == (
        Rang(Rectangle(950, 100, 5100, 450), 1, (1000,) * 4),
        Rang(Rectangle(950, 1550, 5100, 2250), 2, (1000,) * 4),
        Rang(Rectangle(950, 3350, 5100, 3700), 1, (1000,) * 4),
    )
    assert (plan.travees, plan.departs, plan.suivants, plan.allee_mm) == (16, 4, 12, 900)


@pytest.mark.parametrize(("parametres", "avec_porte", "sans_porte"), [(W1, "66", "72"), (W2, "79.2", "86.4")])
def test_r1b_rows_along_y_lose_a_bay_to_the_door(parametres, avec_porte, sans_porte):
    assert implanter(R1, parametres, sens=Sens.Y).metres_lineaires == Decimal(avec_porte)
    assert implanter(replace(R1, portes=()), parametres, sens=Sens.Y).metres_lineaires == Decimal(sans_porte)
    assert implanter(R1, parametres, sens=Sens.Y).travees_perdues == 1


def test_r4_keeps_its_shortest_bays_last():
    assert implanter(R4, W2).rangs[0].largeurs_mm == (1200, 1200, 1000, 1000, 1000, 1000)


@pytest.mark.parametrize(("parametres", "moins", "plus"), [(W1, "168", "216"), (W2, "182.4", "230.4")])
def test_r5_a_pillar_that_closes_an_aisle_costs_bays_but_not_the_whole_aisle(parametres, moins, plus):
    assert Decimal(moins) < implanter(R5, parametres).metres_lineaires < Decimal(plus)


def test_r6_rows_stand_at_a_right_angle_to_the_windows_with_the_main_aisle_along_them():
    plan = implanter(R6, W1)
    assert plan.allee_principale == Rectangle(0, 3300, 6400, 4200)
    assert [rang.faces for rang in plan.rangs] == [1, 2, 2, 2, 1]
    assert plan.travees_perdues == 1


def test_r7_reproduces_the_official_ratio():
    plan = implanter(R7, PARAMETRES_R7)
    assert plan.metres_lineaires == 1152
    assert sum(rang.faces for rang in plan.rangs) == 24


def test_r9_mobile_shelving_holds_a_quarter_more_than_fixed_rows():
    assert longueur_mobile_mm(R1, W1) == 120_000
    assert longueur_mobile_mm(Salle(1600, 3000), W1) == 0


@pytest.mark.parametrize(
    ("plafond", "niveaux"), [(None, 6), (2500, 6), (2350, 6), (2349, 5), (2300, 5), (2000, 4), (500, 0)]
)
def test_a_low_ceiling_takes_levels(plafond, niveaux):
    assert niveaux_sous_plafond(replace(R1, plafond_mm=plafond), W1) == niveaux


def test_no_level_no_shelf():
    assert implanter(replace(R1, plafond_mm=500), W1).metres_lineaires == 0


def test_a_corridor_takes_a_row_only_when_a_narrower_aisle_is_asked():
    assert implanter(COULOIR, replace(W1, allee_mm=700)).metres_lineaires > 0


def test_a_need_below_the_most_gets_the_fewest_rows_that_hold_it():
    plan = implanter(R1, W1, besoin_mm=40_000)
    assert (plan.metres_lineaires, plan.departs, plan.travees) == (42, 2, 7)
    assert plan.allee_mm is not None
    assert plan.allee_mm > 1100


def test_a_need_nobody_can_hold_gets_the_most():
    assert implanter(R1, W1, besoin_mm=500_000) == implanter(R1, W1)


def test_a_room_whose_door_is_walled_up_holds_nothing():
    murette = Rectangle(100, 1400, 200, 2400)
    assert implanter(replace(R1, obstacles=(murette,)), W1).rangs == ()


def test_a_narrow_room_cannot_be_walked():
    assert implanter(Salle(690, 5000, portes=(Porte(Mur.SUD, 0, 690),)), W1).rangs == ()


def test_a_wall_without_shelf_far_enough_pushes_the_first_aisle():
    plan = implanter(replace(R1, murs_sans_rayonnage=((Mur.SUD, 1500),)), W1)
    assert all(rang.rectangle.y0 >= 1500 for rang in plan.rangs)


@st.composite
def salles(draw):
    x, y = draw(st.integers(1000, 9000)), draw(st.integers(1000, 9000))
    portes = []
    for mur in draw(st.lists(st.sampled_from(Mur), min_size=1, max_size=2)):
        longueur = x if mur in {Mur.NORD, Mur.SUD} else y
        decalage = draw(st.integers(0, longueur - 800))
        portes.append(Porte(mur, decalage, 800, draw(st.booleans())))
    obstacles = []
    for _ in range(draw(st.integers(0, 2))):
        x0, y0 = draw(st.integers(0, x - 200)), draw(st.integers(0, y - 200))
        obstacles.append(Rectangle(x0, y0, min(x, x0 + draw(st.integers(100, 900))), min(y, y0 + 400)))
    murs = draw(st.dictionaries(st.sampled_from(Mur), st.integers(0, 1500), max_size=2))
    return Salle(x, y, None, tuple(portes), tuple(obstacles), tuple(murs.items()))


PARAMETRES = st.builds(
    Parametres,
    allee_mm=st.integers(700, 1100),
    recul_mm=st.integers(0, 200),
    profondeur_mm=st.sampled_from([300, 350, 400]),
    largeurs_mm=st.sampled_from([(1000,), (1000, 1200), (970, 1250)]),
)


def test_a_row_across_stays_out_of_the_distance_to_keep_from_the_wall_it_faces():
    porte = Porte(Mur.NORD, 0, 800, vers_interieur=False)
    salle = Salle(1860, 1000, None, (porte,), (), ((Mur.NORD, 701),))
    assert implanter(salle, Parametres(allee_mm=700, recul_mm=0, profondeur_mm=300, largeurs_mm=(1000,))).rangs == ()


@settings(max_examples=60, deadline=None)
@given(salles(), PARAMETRES)
def test_no_bay_stands_in_a_wall_a_door_an_obstacle_or_another_bay(salle, parametres):
    plan = implanter(salle, parametres)
    cadres = [rang.rectangle for rang in plan.rangs]
    for rang, cadre in enumerate(cadres):
        assert cadre.x0 >= salle.recul_mm(Mur.OUEST, parametres)
        assert cadre.x1 <= salle.x_mm - salle.recul_mm(Mur.EST, parametres)
        assert cadre.y0 >= salle.recul_mm(Mur.SUD, parametres)
        assert cadre.y1 <= salle.y_mm - salle.recul_mm(Mur.NORD, parametres)
        assert not any(zone.chevauche(cadre) for zone in salle.zones_interdites[0])
        assert not any(autre.chevauche(cadre) for autre in cadres[:rang])


@settings(max_examples=60, deadline=None)
@given(salles(), PARAMETRES)
def test_a_row_measures_its_bays_and_uprights_and_at_most_ten_metres(salle, parametres):
    for rang in implanter(salle, parametres).rangs:
        cadre = rang.rectangle
        longueur = sum(rang.largeurs_mm) + (len(rang.largeurs_mm) + 1) * parametres.montant_mm
        cotes = {(cadre.x1 - cadre.x0, cadre.y1 - cadre.y0), (cadre.y1 - cadre.y0, cadre.x1 - cadre.x0)}
        assert (longueur, rang.faces * parametres.profondeur_mm) in cotes
        assert longueur <= 10_000


@settings(max_examples=40, deadline=None)
@given(salles(), PARAMETRES)
def test_a_room_and_its_mirror_over_the_diagonal_hold_the_same(salle, parametres):
    assert implanter(salle, parametres).longueur_mm == implanter(salle.transposee, parametres).longueur_mm


@settings(max_examples=40, deadline=None)
@given(salles(), PARAMETRES, st.integers(0, 400_000))
def test_a_need_is_held_whenever_the_room_can(salle, parametres, besoin_mm):
    le_plus = implanter(salle, parametres)
    plan = implanter(salle, parametres, besoin_mm)
    assert plan.longueur_mm >= min(besoin_mm, le_plus.longueur_mm)
    assert plan.travees <= le_plus.travees or plan.longueur_mm >= besoin_mm
