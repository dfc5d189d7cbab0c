"""The ceiling of a lot: how near, and when it refuses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules.plafond import NiveauPlafond, motif_depassement, usage_plafond

D = Decimal
CENTIMES = st.integers(0, 10**9).map(lambda centimes: D(centimes).scaleb(-2))


@pytest.mark.parametrize(
    ("engage", "pct", "niveau"),
    [
        ("0.00", "0.0", NiveauPlafond.NORMAL),
        ("6999.99", "69.9", NiveauPlafond.NORMAL),
        ("7000.00", "70.0", NiveauPlafond.ATTENTION),
        ("8000.00", "80.0", NiveauPlafond.ALERTE),
        ("9000.00", "90.0", NiveauPlafond.CRITIQUE),
        ("9999.99", "99.9", NiveauPlafond.CRITIQUE),
        ("10000.00", "100.0", NiveauPlafond.ATTEINT),
        ("12000.00", "120.0", NiveauPlafond.ATTEINT),
    ],
)
def test_the_level_follows_the_share_used(engage, pct, niveau):
    usage = usage_plafond(D(10000), D(engage))
    assert (usage.pct, usage.niveau) == (D(pct), niveau)
    assert usage.reste_ht == max(D(10000) - D(engage), 0)


def test_a_lot_without_a_ceiling_is_refused():
    with pytest.raises(ValueError, match="plafond impossible"):
        usage_plafond(D(0), D(0))


def test_a_bon_that_reaches_the_ceiling_exactly_is_allowed():
    assert motif_depassement(D("1000.00"), D("600.00"), D("400.00")) is None


def test_one_centime_above_is_refused_with_the_figures():
    assert motif_depassement(D("1000.00"), D("600.00"), D("400.01")) == (
        "Plafond du lot dépassé de 0,01\u00a0€ HT\u00a0: 600,00\u00a0€ déjà commandés + 400,01\u00a0€ à commander "
        "= 1\u00a0000,01\u00a0€, pour un plafond de 1\u00a0000,00\u00a0€."
    )


@given(CENTIMES, CENTIMES, CENTIMES)
def test_the_refusal_is_the_sum_above_the_ceiling_and_nothing_else(plafond, deja, nouveau):
    assert (motif_depassement(plafond, deja, nouveau) is not None) == (deja + nouveau > plafond)
