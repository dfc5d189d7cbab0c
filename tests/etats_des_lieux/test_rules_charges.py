"""Loads and warnings: the figures an engineer is asked about, and a sentence for whatever needs a look."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from groupement.etats_des_lieux.rules.charges import avertissements, charges, ml_par_m2
from groupement.etats_des_lieux.rules.implantation import implanter
from groupement.etats_des_lieux.rules.salle import Mur, Porte, Salle
from tests.etats_des_lieux.salles import COULOIR, PARAMETRES_R7, R1, R4, R5, R6, R7, W1, W2


def phrases(plan, besoin_mm=None):
    return [phrase.replace("\u00a0", " ").replace("\u202f", " ") for phrase in avertissements(plan, besoin_mm)]


def contient(plan, morceau, besoin_mm=None):
    return any(morceau in phrase for phrase in phrases(plan, besoin_mm))


def test_the_three_loads_of_the_reference_room():
    portees = charges(implanter(R1, W1))
    assert portees.tablette_kg == 60
    assert round(portees.emprise_kg_m2) == 1029
    assert round(portees.moyenne_kg_m2) == 291
    assert portees.moyenne_kg_m2 == Fraction(5760 * 1_000_000, 5200 * 3800)


def test_the_density_of_a_room():
    assert ml_par_m2(implanter(R1, W1)) == Decimal("4.86")
    assert ml_par_m2(implanter(R7, PARAMETRES_R7)) == Decimal("5.76")


def test_an_empty_plan_weighs_nothing_and_says_what_else_to_do():
    plan = implanter(COULOIR, W1)
    portees = charges(plan)
    assert (portees.tablette_kg, portees.emprise_kg_m2, portees.moyenne_kg_m2, ml_par_m2(plan)) == (0, 0, 0, 0)
    assert phrases(plan) == [
        "Aucun rayonnage ne tient dans cette salle avec une allée de 800 mm : prévoyez des armoires, "
        "ou une autre salle."
    ]


def test_an_unknown_floor_asks_for_an_engineer_with_the_figures():
    assert phrases(implanter(R1, W1)) == [
        "La charge admissible du plancher n’est pas connue : environ 1 029 kg/m² sous les travées et "
        "environ 291 kg/m² en moyenne. Note de calcul par un bureau d’études requise."
    ]


@pytest.mark.parametrize(("admise", "alerte"), [(250, True), (1028, True), (1029, False), (1300, False)])
def test_a_floor_is_compared_with_the_bays_and_the_mean(admise, alerte):
    plan = implanter(replace(R1, charge_admissible_kg_m2=admise), W1)
    assert bool(phrases(plan)) == alerte


@pytest.mark.parametrize(
    ("salle", "parametres", "morceau"),
    [
        (replace(R1, portes=()), W1, "l’accès aux travées n’a pas été vérifié"),
        (R5, W1, "4 travées de moins que dans la salle vide"),
        (R6, W1, "La porte du mur S (900 mm) n’ouvre pas sur l’allée principale"),
        (R1, replace(W1, allee_mm=750), "Allées de 750 mm, moins que les 800 mm conseillés : le passage est serré"),
        (R1, replace(W1, allee_mm=650), "un chariot ne passe pas"),
        (R1, replace(W1, kg_par_ml=120), "prévoyez des tablettes renforcées"),
        (replace(R1, plafond_mm=2300), W1, "Plafond à 2 300 mm, sous les 2 500 mm conseillés"),
        (replace(R1, plafond_mm=2300), W1, "1 niveau de moins par travée"),
        (Salle(20_001, 10_000), W1, "Salle de plus de 200 m²"),
    ],
)
def test_what_needs_a_look_is_said(salle, parametres, morceau):
    assert contient(implanter(salle, parametres), morceau)


def test_a_ceiling_a_little_low_takes_no_level():
    assert contient(implanter(replace(R1, plafond_mm=2400), W1), "pour que l’air circule.")


def test_a_need_the_room_cannot_hold_is_said_with_what_is_missing():
    assert contient(implanter(R1, W1, 100_000), "il manque 4,00 ml sur les 100,00 ml demandés", 100_000)
    assert not contient(implanter(R1, W1, 90_000), "il manque", 90_000)


@pytest.mark.parametrize("mur", list(Mur))
def test_a_door_on_the_main_aisle_is_not_reported(mur):
    longueur = {Mur.NORD: 8000, Mur.SUD: 8000}.get(mur, 5000)
    salle = replace(R4, portes=(Porte(mur, longueur // 2 - 450, 900),))
    plan = implanter(salle, W2)
    allee = plan.allee_principale
    assert allee is not None
    contre = {
        Mur.NORD: allee.y1 == 5000 and allee.x0 <= 4000 <= allee.x1,
        Mur.SUD: allee.y0 == 0 and allee.x0 <= 4000 <= allee.x1,
        Mur.OUEST: allee.x0 == 0,
        Mur.EST: allee.x1 == 8000,
    }
    assert contient(plan, "n’ouvre pas sur l’allée principale") != contre[mur]
