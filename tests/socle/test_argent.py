"""Money: rounding, line amounts, shares that lose no centime."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.socle.argent import (
    arrondir,
    bases_par_taux,
    en_centimes,
    en_euros,
    montant_ligne,
    repartir,
    repartir_entier,
    tva_par_taux,
)

D = Decimal
POIDS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("brut", "arrondi"),
    [("1.005", "1.01"), ("1.004999", "1.00"), ("-1.005", "-1.01"), ("0", "0.00"), ("0.333", "0.33"), ("2.675", "2.68")],
)
def test_arrondir_takes_halves_away_from_zero(brut, arrondi):
    assert arrondir(D(brut)) == D(arrondi)
    assert arrondir(D(brut)).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("unites", "prix", "montant"),
    [
        (225, "1.74", "391.50"),
        (250, "0.118", "29.50"),
        (3, "0.3335", "1.00"),
        (1, "0.005", "0.01"),
        (0, "9.99", "0.00"),
    ],
)
def test_montant_ligne_rounds_once(unites, prix, montant):
    assert montant_ligne(unites, D(prix)) == D(montant)


@pytest.mark.parametrize(
    ("montant", "poids", "parts"),
    [
        ("2.00", [333, 333, 333], ["0.67", "0.67", "0.66"]),
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.01", [1, 1], ["0.01", "0.00"]),
        ("0.02", [1, 2, 3], ["0.00", "0.01", "0.01"]),
        ("-33.34", [0, 7, 2], ["0.00", "-25.93", "-7.41"]),
        ("0.00", [5, 0], ["0.00", "0.00"]),
    ],
)
def test_repartir_serves_the_largest_remainders_then_the_first_listed(montant, poids, parts):
    assert repartir(D(montant), poids) == [D(part) for part in parts]


@given(st.integers(-10_000_000, 10_000_000), POIDS)
def test_repartir_loses_no_centime_and_stays_within_one_of_the_exact_share(centimes, poids):
    parts = repartir_entier(centimes, poids)
    assert sum(parts) == centimes
    assert all(abs(part * sum(poids) - centimes * p) < sum(poids) for part, p in zip(parts, poids, strict=True))
    assert repartir(en_euros(centimes), poids) == [en_euros(part) for part in parts]


@given(st.integers(0, 10_000_000), POIDS)
def test_an_avoir_mirrors_its_facture_part_by_part(centimes, poids):
    assert repartir_entier(-centimes, poids) == [-part for part in repartir_entier(centimes, poids)]


@given(st.integers(0, 1_000_000), st.integers(1, 1000), st.integers(2, 30))
def test_equal_weights_favour_the_first_listed(centimes, poids, nombre):
    parts = repartir_entier(centimes, [poids] * nombre)
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


@pytest.mark.parametrize("poids", [[], [0], [0, 0], [3, -1], [-1]])
def test_repartir_refuses_weights_that_share_nothing(poids):
    with pytest.raises(ValueError, match="sans poids positif"):
        repartir(D("1.00"), poids)


def test_repartir_refuses_an_amount_below_the_centime():
    with pytest.raises(ValueError, match="non arrondi"):
        repartir(D("1.005"), [1])


@given(st.integers(-(10**12), 10**12))
def test_centimes_and_euros_are_the_same_thing_written_twice(centimes):
    assert en_centimes(en_euros(centimes)) == centimes


@pytest.mark.parametrize(
    ("lignes", "tva"),
    [
        ([("3.33", 20), ("3.33", 20), ("3.33", 20)], {20: "2.00"}),  # per line it would be 2.01
        ([("100.00", 20), ("10.00", "5.5"), ("0.10", 20)], {20: "20.02", "5.5": "0.55"}),
        ([("-3.33", 20)], {20: "-0.67"}),
        ([("9.99", 0)], {0: "0.00"}),
        ([], {}),
    ],
)
def test_vat_is_rounded_once_per_rate_on_the_summed_base(lignes, tva):
    paires = [(D(montant), D(taux)) for montant, taux in lignes]
    assert tva_par_taux(paires) == {D(taux): D(montant) for taux, montant in tva.items()}


def test_the_same_rate_written_twice_makes_one_base():
    assert bases_par_taux([(D("1.00"), D("20")), (D("2.00"), D("20.00"))]) == {D(20): D("3.00")}
