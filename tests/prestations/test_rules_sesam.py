"""SESAM: 35 and 65 % that always make the whole, the contribution of a year, the account with CDG59."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.prestations.rules.sesam import (
    Reversement,
    contribution,
    controler_le_reversement,
    controler_les_annees,
    partager,
)
from groupement.prestations.rules.tarifs import SansTarif, Tarif
from groupement.prestations.states import NaturePrestation
from groupement.socle.etats import RegleRefusee

D = Decimal
SESAM = NaturePrestation.SESAM


@pytest.mark.parametrize(
    ("montant", "cdg62", "cdg59"),
    [
        ("100.00", "35.00", "65.00"),
        ("0.01", "0.00", "0.01"),
        ("0.02", "0.01", "0.01"),  # 0.7 and 1.3 centimes: the larger remainder is ours
        ("0.10", "0.04", "0.06"),  # 3.5 and 6.5: the first listed is served first
        ("110.37", "38.63", "71.74"),  # 38.6295 and 71.7405
    ],
)
def test_shares_are_thirty_five_and_sixty_five_per_cent(montant, cdg62, cdg59):
    assert partager(D(montant)) == (D(cdg62), D(cdg59))


@given(st.integers(0, 100_000_000))
def test_shares_make_the_whole_and_are_never_a_centime_off(centimes):
    montant = D(centimes) / 100
    cdg62, cdg59 = partager(montant)
    assert cdg62 + cdg59 == montant
    assert abs(cdg62 - montant * 35 / 100) < D("0.01") and abs(cdg59 - montant * 65 / 100) < D("0.01")


def tarifs():
    def tranche(rang, an, population, prix):
        return Tarif(rang, SESAM, date(an, 1, 1), population, D(prix), D("0.00"))

    return (tranche(1, 2025, 0, "60.00"), tranche(2, 2025, 1000, "150.0050"), tranche(3, 2026, 0, "66.00"))


@pytest.mark.parametrize(
    ("annee", "population", "montant"), [(2025, 999, "60.00"), (2025, 1000, "150.01"), (2026, 1000, "66.00")]
)
def test_a_contribution_is_that_of_its_year_and_band(annee, population, montant):
    due = contribution(tarifs(), SESAM, annee, population)
    assert due.montant_ht == D(montant) == due.part_cdg62_ht + due.part_cdg59_ht


def test_a_body_without_population_or_year_without_rate_cannot_be_called():
    with pytest.raises(SansTarif, match="ne donne pas sa population"):
        contribution(tarifs(), SESAM, 2025, None)
    with pytest.raises(SansTarif, match="1er janvier 2024"):
        contribution(tarifs(), SESAM, 2024, 500)


@pytest.mark.parametrize(
    ("montant", "facture", "verse", "phrase"),
    [
        ("0.00", "65.00", "0.00", "plus de zéro"),
        ("-5.00", "65.00", "0.00", "plus de zéro"),
        ("65.01", "65.00", "0.00", "Il reste 65,00.€"),
        ("35.01", "65.00", "30.00", "30,00.€ déjà versés"),
        ("1.00", "65.00", "65.00", "Rien n’est à reverser"),
        ("1.00", "30.00", "65.00", "Rien n’est à reverser"),  # an avoir came after the payment
    ],
)
def test_nothing_is_paid_over_that_is_not_owed(montant, facture, verse, phrase):
    with pytest.raises(RegleRefusee, match=phrase):
        controler_le_reversement(D(montant), Reversement(D(facture), D(verse)))


def test_all_that_is_owed_may_be_paid_over_at_once():
    controler_le_reversement(D("65.00"), Reversement(D("65.00"), D("0.00")))


@pytest.mark.parametrize(
    ("depuis", "jusqu_en", "autres", "accepte"),
    [
        (2026, None, [], True),
        (2026, 2026, [(2024, 2025), (2027, None)], True),
        (2026, None, [(2024, 2025), (2027, None)], False),
        (2025, 2026, [(2024, 2025)], False),
        (2023, 2023, [(2024, None)], True),
        (2030, None, [(2024, None)], False),
        (2026, 2025, [], False),
    ],
)
def test_memberships_of_a_body_share_no_year(depuis, jusqu_en, autres, accepte):
    if accepte:
        controler_les_annees(depuis, jusqu_en, autres)
        return
    with pytest.raises(RegleRefusee):
        controler_les_annees(depuis, jusqu_en, autres)
