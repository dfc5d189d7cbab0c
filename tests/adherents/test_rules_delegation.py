"""How long a role may be lent: a table of cases, and what holds for any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.adherents.rules.delegation import (
    dernier_jour_possible,
    faute_de_la_fin,
    faute_du_debut,
    se_recouvrent,
)

LE = date(2026, 7, 1)
JOURS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("du", "dernier"),
    [
        (date(2026, 8, 3), date(2027, 8, 2)),
        (date(2027, 1, 1), date(2027, 12, 31)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_delegation_ends_the_eve_of_its_first_day_a_year_later_at_the_latest(du, dernier):
    assert dernier_jour_possible(du) == dernier


@pytest.mark.parametrize(
    ("du", "mot"),
    [
        (date(2026, 7, 1), None),
        (date(2026, 12, 24), None),
        (date(2027, 6, 30), None),
        (date(2026, 6, 30), "passé"),
        (date(2027, 7, 1), "un an à l’avance"),
    ],
)
def test_the_first_day_is_today_or_to_come(du, mot):
    faute = faute_du_debut(du, LE)
    assert faute is None if mot is None else mot in faute


@pytest.mark.parametrize(
    ("au", "fin_du_role", "mot"),
    [
        (date(2026, 7, 1), None, None),
        (date(2027, 6, 30), None, None),
        (date(2026, 6, 30), None, "précéder"),
        (date(2027, 7, 1), None, "30 juin 2027"),
        (date(2026, 9, 1), date(2026, 9, 1), None),
        (date(2026, 9, 2), date(2026, 9, 1), "1er septembre 2026"),
    ],
)
def test_the_last_day_is_within_the_year_and_within_the_role(au, fin_du_role, mot):
    faute = faute_de_la_fin(LE, au, fin_du_role)
    assert faute is None if mot is None else mot in faute


@given(du=JOURS, jours=st.integers(-400, 800))
def test_what_is_accepted_lasts_between_one_day_and_a_year(du, jours):
    acceptee = faute_de_la_fin(du, du + timedelta(days=jours), None) is None
    assert (dernier_jour_possible(du) - du).days in (364, 365)
    assert acceptee == (0 <= jours <= (dernier_jour_possible(du) - du).days)


@given(du=JOURS, au=JOURS, autre_du=JOURS, autre_au=JOURS)
def test_periods_overlap_exactly_when_a_day_is_in_both(du, au, autre_du, autre_au):
    du, au = sorted((du, au))
    autre_du, autre_au = sorted((autre_du, autre_au))
    commun = max(du, autre_du) <= min(au, autre_au)
    assert se_recouvrent(du, au, autre_du, autre_au) == commun == se_recouvrent(autre_du, autre_au, du, au)


def test_a_role_without_an_end_overlaps_whatever_ends_after_it_begins():
    assert se_recouvrent(LE, LE, date(2020, 1, 1), None)
    assert not se_recouvrent(LE, LE, date(2026, 7, 2), None)
