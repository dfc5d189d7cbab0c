"""The value of stock: average cost, exact to the last centime, whatever goes in and out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.stock.rules.valeur import (
    CoutInconnu,
    Stock,
    StockInsuffisant,
    apres,
    cout_moyen,
    cumuler,
    valeur_de_sortie,
    valeur_du_mouvement,
)

D = Decimal


@pytest.mark.parametrize(
    ("unites", "valeur", "sortis", "attendu"),
    [
        (6, "3.24", 6, "3.24"),
        (6, "3.24", 2, "1.08"),
        (3, "1.00", 1, "0.33"),
        (3, "1.00", 2, "0.67"),
        (2, "0.01", 1, "0.01"),
        (7, "0.00", 3, "0.00"),
    ],
)
def test_a_way_out_takes_its_share_of_the_value(unites, valeur, sortis, attendu):
    assert valeur_de_sortie(Stock(unites, D(valeur)), sortis) == D(attendu)


def test_three_single_ways_out_empty_the_value_to_the_centime():
    stock, sorties = Stock(3, D("1.00")), []
    for _ in range(3):
        valeur = valeur_du_mouvement(stock, -1, None)
        sorties.append(valeur)
        stock = apres(stock, -1, valeur)
    assert sorties == [D("-0.33"), D("-0.34"), D("-0.33")]
    assert stock == Stock(0, D("0.00"))


@pytest.mark.parametrize(("unites", "valeur", "attendu"), [(25, "43.50", "1.74"), (3, "1.00", "0.33"), (0, "0", None)])
def test_the_average_cost_is_shown_to_the_centime(unites, valeur, attendu):
    assert cout_moyen(Stock(unites, D(valeur))) == (None if attendu is None else D(attendu))


def test_more_than_there_is_cannot_go_out():
    with pytest.raises(StockInsuffisant, match="Il reste 5.unités au dépôt.: impossible d’en sortir 6.unités."):
        valeur_de_sortie(Stock(5, D("10.00")), 6)


def test_a_piece_found_is_worth_the_average_of_the_others():
    assert valeur_du_mouvement(Stock(3, D("1.00")), 1, None) == D("0.33")


def test_a_piece_found_in_an_empty_stock_needs_a_cost():
    with pytest.raises(CoutInconnu):
        valeur_du_mouvement(Stock(), 1, None)
    assert valeur_du_mouvement(Stock(), 1, D("0.00")) == D("0.00")


@pytest.mark.parametrize(("unites", "valeur"), [(0, None), (0, D("1.00")), (5, D("-0.01"))])
def test_a_movement_of_nothing_or_of_a_negative_cost_is_refused(unites, valeur):
    with pytest.raises(ValueError, match="mouvement impossible"):
        valeur_du_mouvement(Stock(1, D("1.00")), unites, valeur)
    with pytest.raises(ValueError, match="sortie impossible"):
        valeur_de_sortie(Stock(1, D("1.00")), 0)


montants = st.integers(0, 10_000_000).map(lambda centimes: D(centimes) / 100)
entrees = st.tuples(st.integers(1, 5_000), montants)


@given(st.lists(st.one_of(entrees, st.integers(1, 6_000)), max_size=40))
def test_stock_never_goes_below_zero_and_nothing_left_is_worth_nothing(gestes):
    stock, passes = Stock(), []
    for geste in gestes:
        if isinstance(geste, tuple):
            unites, valeur = geste[0], valeur_du_mouvement(stock, *geste)
        elif geste <= stock.unites:
            unites, valeur = -geste, valeur_du_mouvement(stock, -geste, None)
        else:
            continue
        stock = apres(stock, unites, valeur)
        passes.append((unites, valeur))
        assert stock.unites >= 0 and stock.valeur_ht >= 0
        assert stock.unites or stock.valeur_ht == 0
    assert cumuler(passes)[-1:] == ([stock] if passes else [])


@given(st.integers(1, 10_000), montants, st.data())
def test_a_way_out_differs_from_its_exact_share_by_less_than_a_centime(unites, valeur, tirage):
    sortis = tirage.draw(st.integers(1, unites))
    exact = valeur * sortis / unites
    assert abs(valeur_de_sortie(Stock(unites, valeur), sortis) - exact) < D("0.01")
