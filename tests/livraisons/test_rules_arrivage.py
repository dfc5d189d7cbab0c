"""The day a delivery may have come, and who gets what of a short one."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.states import RegleDeReliquat
from groupement.livraisons.rules.arrivage import fautes_de_la_date, refus_par_ligne, unites_par_ligne
from groupement.livraisons.rules.delais import etapes_verification
from groupement.livraisons.rules.repartition import LigneAttendue

EMIS, LE = date(2026, 12, 14), date(2026, 12, 16)


def lignes(*unites):
    return [LigneAttendue(rang, n, Decimal(n)) for rang, n in enumerate(unites)]


@pytest.mark.parametrize("jour", [date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 16)])
def test_a_delivery_comes_between_its_bon_and_today(jour):
    assert fautes_de_la_date(jour, EMIS, LE) == []


@pytest.mark.parametrize(("jour", "mot"), [(date(2026, 12, 13), "14 décembre"), (date(2026, 12, 17), "à venir")])
def test_no_delivery_comes_before_its_bon_nor_tomorrow(jour, mot):
    assert mot in fautes_de_la_date(jour, EMIS, LE)[0]


@pytest.mark.parametrize("regle", list(RegleDeReliquat))
def test_the_depot_takes_only_what_the_members_leave(regle):
    assert unites_par_ligne(lignes(10, 10), lignes(30), 20, regle) == [10, 10, 0]
    assert unites_par_ligne(lignes(10, 10), lignes(30), 25, regle) == [10, 10, 5]


def test_refusals_are_laid_where_pieces_lack():
    assert refus_par_ligne(lignes(10, 10, 10), [10, 5, 0], 8) == [0, 5, 3]


@given(
    st.lists(st.integers(1, 60), max_size=12),
    st.lists(st.integers(1, 60), max_size=2),
    st.sampled_from(list(RegleDeReliquat)),
    st.data(),
)
def test_every_line_adds_up_and_nothing_is_lost(membres, depot, regle, tirage):
    """For each line: good + refused ≤ expected; in all: what came."""
    total = sum(membres) + sum(depot)
    bonnes = tirage.draw(st.integers(0, total))
    refusees = tirage.draw(st.integers(0, total - bonnes))
    attendues = lignes(*membres, *depot)
    parts = unites_par_ligne(lignes(*membres), lignes(*depot), bonnes, regle)
    refus = refus_par_ligne(attendues, parts, refusees)
    assert (sum(parts), sum(refus)) == (bonnes, refusees)
    assert all(0 <= p and 0 <= r and p + r <= ligne.unites for p, r, ligne in zip(parts, refus, attendues, strict=True))
    if any(parts[len(membres) :]):
        assert parts[: len(membres)] == membres


@pytest.mark.parametrize(
    ("livree_le", "dernier", "raison"),
    [
        (date(2026, 12, 15), "30 décembre 2026", ""),
        (date(2026, 10, 30), "16 novembre 2026", "samedi"),
        (date(2026, 10, 31), "16 novembre 2026", "dimanche"),
        (date(2026, 12, 10), "28 décembre 2026", "férié"),
    ],
)
def test_the_last_day_to_check_explains_itself(livree_le, dernier, raison):
    etapes = etapes_verification(livree_le)
    assert dernier in etapes[-1]
    assert (len(etapes) == 3) == bool(raison)
    assert raison in etapes[-1]
