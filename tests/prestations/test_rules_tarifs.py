"""Which rate holds on a day: the latest grid voted, then the highest band not above the population."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.prestations.rules.tarifs import (
    GrilleRefusee,
    SansTarif,
    Tarif,
    controler_la_grille,
    grille_du,
    quantite_en_mots,
    tarif_du,
)
from groupement.prestations.states import NaturePrestation

D = Decimal
JOUR, SESAM = NaturePrestation.MISSION_JOUR, NaturePrestation.SESAM


def tarif(rang, nature=JOUR, du=date(2025, 1, 1), population=0, prix="300.00"):
    return Tarif(rang, nature, du, population, D(prix), D("0.00"))


VOTES = (
    tarif(1, prix="300.00"),
    tarif(2, du=date(2026, 7, 1), prix="320.00"),
    tarif(3, SESAM, population=0, prix="60.00"),
    tarif(4, SESAM, population=500, prix="110.00"),
    tarif(5, SESAM, population=2000, prix="220.00"),
    tarif(6, SESAM, du=date(2026, 1, 1), population=1000, prix="150.00"),
)


@pytest.mark.parametrize(
    ("nature", "le", "population", "attendu"),
    [
        (JOUR, date(2025, 1, 1), 0, 1),
        (JOUR, date(2026, 6, 30), 9999, 1),
        (JOUR, date(2026, 7, 1), 0, 2),
        (SESAM, date(2025, 1, 1), 499, 3),
        (SESAM, date(2025, 1, 1), 500, 4),
        (SESAM, date(2025, 12, 31), 1_000_000, 5),
        (SESAM, date(2026, 1, 1), 1000, 6),  # a new grid replaces the whole of the old one
        (SESAM, date(2026, 1, 1), 50_000, 6),
    ],
)
def test_the_rate_is_that_of_the_latest_grid_and_the_highest_band(nature, le, population, attendu):
    assert tarif_du(VOTES, nature, le, population).id == attendu


@pytest.mark.parametrize(
    ("nature", "le", "population", "phrase"),
    [
        (JOUR, date(2024, 12, 31), 0, "à la journée.*n’est voté au 31 décembre 2024.*demandez au comptable"),
        (NaturePrestation.MISSION_HEURE, date(2026, 1, 1), 0, "à l’heure"),
        (SESAM, date(2026, 1, 1), 999, "pour 999.habitants.*commence à 1.000"),
    ],
)
def test_without_a_rate_a_sentence_says_what_to_do(nature, le, population, phrase):
    with pytest.raises(SansTarif, match=phrase):
        tarif_du(VOTES, nature, le, population)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5000)), unique=True, max_size=12),
    st.integers(-5, 405),
    st.integers(0, 6000),
)
def test_the_rate_found_is_the_best_one_by_definition(votes, jour, population):
    debut = date(2025, 1, 1)
    tarifs = [tarif(rang, du=debut + timedelta(days=d), population=p) for rang, (d, p) in enumerate(votes)]
    le = debut + timedelta(days=jour)
    grille = grille_du(tarifs, JOUR, le)
    assert len({une.du for une in grille}) <= 1 and all(une.du <= le for une in grille)
    possibles = [une.population_a_partir_de for une in grille if une.population_a_partir_de <= population]
    if not possibles:
        with pytest.raises(SansTarif):
            tarif_du(tarifs, JOUR, le, population)
        return
    trouve = tarif_du(tarifs, JOUR, le, population)
    assert trouve.population_a_partir_de == max(possibles)
    assert not [une for une in tarifs if trouve.du < une.du <= le]


@pytest.mark.parametrize(
    ("du", "deliberee_le", "populations", "champ", "phrase"),
    [
        (date(2026, 1, 1), date(2026, 1, 2), [0], "du", "avant d’être voté.*2 janvier 2026 ou après"),
        (date(2025, 1, 1), date(2024, 12, 1), [0], "du", "déjà voté au 1er janvier 2025.*une autre date"),
        (date(2026, 1, 1), date(2025, 12, 1), [], "tranches", "au moins un prix"),
        (date(2026, 1, 1), date(2025, 12, 1), [0, 500, 500], "tranches", "même nombre d’habitants"),
    ],
)
def test_a_grid_that_could_not_hold_is_refused_beside_its_field(du, deliberee_le, populations, champ, phrase):
    with pytest.raises(GrilleRefusee, match=phrase) as refus:
        controler_la_grille(SESAM, du, deliberee_le, populations, [date(2025, 1, 1)])
    assert refus.value.champ == champ


def test_a_grid_voted_the_day_it_starts_holds():
    controler_la_grille(SESAM, date(2026, 1, 1), date(2026, 1, 1), [0, 500], [date(2025, 1, 1)])


@pytest.mark.parametrize(
    ("quantite", "mots"), [("0.50", "0,5\u00a0jour"), ("1.99", "1,99\u00a0jour"), ("2.00", "2\u00a0jours")]
)
def test_the_plural_starts_at_two(quantite, mots):
    assert quantite_en_mots(D(quantite), "jour") == mots
