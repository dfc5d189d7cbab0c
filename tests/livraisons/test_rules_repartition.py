"""Sharing a shortage over the members' lines."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.states import RegleDeReliquat
from groupement.livraisons.rules.repartition import LigneAttendue, fautes_de_la_modification, repartir_arrivage

D = Decimal
RANG, QUANTITE, VALEUR = RegleDeReliquat.RANG, RegleDeReliquat.QUANTITE, RegleDeReliquat.VALEUR


def lignes(*unites, montants=None):
    return [
        LigneAttendue(rang, nombre, D(montant))
        for rang, (nombre, montant) in enumerate(zip(unites, montants or ["0.00"] * len(unites), strict=True))
    ]


@pytest.mark.parametrize(
    ("regle", "attendues", "arrivees", "parts"),
    [
        (RANG, (50, 30, 20), 60, [50, 10, 0]),
        (RANG, (50, 30, 20), 0, [0, 0, 0]),
        (RANG, (50, 30, 20), 100, [50, 30, 20]),
        (QUANTITE, (50, 30, 20), 60, [30, 18, 12]),
        (QUANTITE, (10, 10, 10), 20, [7, 7, 6]),
        (QUANTITE, (100, 1), 50, [50, 0]),  # 49.50 and 0.50: the first listed takes the tie
        (VALEUR, (50, 30, 20), 60, [30, 18, 12]),  # nothing is worth anything: by quantity
    ],
)
def test_the_three_rules_on_one_shortage(regle, attendues, arrivees, parts):
    assert repartir_arrivage(lignes(*attendues), arrivees, regle) == parts


def test_by_value_the_dearer_line_gets_more_but_never_above_its_demand():
    attendues = lignes(10, 10, 10, montants=["80.00", "10.00", "10.00"])
    assert repartir_arrivage(attendues, 10, VALEUR) == [8, 1, 1]
    assert repartir_arrivage(attendues, 20, VALEUR) == [10, 5, 5]


@pytest.mark.parametrize("arrivees", [-1, 31])
def test_an_impossible_arrival_is_refused(arrivees):
    with pytest.raises(ValueError, match="arrivage impossible"):
        repartir_arrivage(lignes(10, 20), arrivees, RANG)


def test_nothing_expected_and_nothing_come_is_nothing():
    assert repartir_arrivage([], 0, QUANTITE) == []


@given(st.data(), st.sampled_from(RegleDeReliquat))
def test_everything_that_came_is_given_and_nobody_gets_more_than_expected(data, regle):
    couples = data.draw(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 50_000)), min_size=1, max_size=15))
    attendues = [LigneAttendue(i, unites, D(c).scaleb(-2)) for i, (unites, c) in enumerate(couples)]
    arrivees = data.draw(st.integers(0, sum(unites for unites, _ in couples)))
    parts = repartir_arrivage(attendues, arrivees, regle)
    assert sum(parts) == arrivees
    assert all(0 <= part <= ligne.unites for part, ligne in zip(parts, attendues, strict=True))
    if regle is RANG:  # somebody is short only if everyone after gets nothing
        courts = [i for i, part in enumerate(parts) if part < attendues[i].unites]
        assert all(part == 0 for part in parts[courts[0] + 1 :]) if courts else arrivees == sum(u for u, _ in couples)
    if regle is QUANTITE:
        total = sum(unites for unites, _ in couples) or 1
        assert all(abs(p * total - arrivees * u) < total for p, (u, _) in zip(parts, couples, strict=True))


def test_an_unchanged_share_needs_no_reason():
    assert fautes_de_la_modification(lignes(10, 10), [5, 5], [5, 5], "") == []


def test_a_change_with_its_reason_is_accepted():
    assert fautes_de_la_modification(lignes(10, 10), [5, 5], [8, 2], "Accord entre les deux mairies") == []


@pytest.mark.parametrize(
    ("modifiees", "motif", "fautes"),
    [
        ([8, 2], " ", ["Dites pourquoi vous changez la répartition calculée."]),
        ([8, 1], "x", ["Vous répartissez 9\u00a0unités, mais 10\u00a0unités sont arrivées."]),
        ([11, -1], "x", ["Indiquez pour chaque ligne un nombre d’unités, zéro au moins."]),
        ([10], "x", ["Indiquez pour chaque ligne un nombre d’unités, zéro au moins."]),
        ([11, 0], "x", 2),
    ],
)
def test_a_change_that_does_not_hold_is_explained(modifiees, motif, fautes):
    dites = fautes_de_la_modification(lignes(10, 10), [5, 5], modifiees, motif)
    assert len(dites) == fautes if isinstance(fautes, int) else dites == fautes
