"""Numbers as French readers write them."""

from decimal import Decimal

import pytest

from groupement.socle.nombres import accorde, decimal_fr, entier_fr, euros_fr

D = Decimal


@pytest.mark.parametrize(
    ("nombre", "ecrit"), [(0, "0"), (999, "999"), (1000, "1\u00a0000"), (-1234567, "-1\u00a0234\u00a0567")]
)
def test_entier_fr_parts_the_thousands(nombre, ecrit):
    assert entier_fr(nombre) == ecrit


@pytest.mark.parametrize(
    ("nombre", "decimales", "ecrit"),
    [
        (D("1234.50"), 0, "1\u00a0234,5"),
        (D("12.00"), 0, "12"),
        (D("12"), 2, "12,00"),
        (D("0.1180"), 2, "0,118"),
        (D("1E+3"), 0, "1\u00a0000"),
        (D("20.00"), 1, "20,0"),
    ],
)
def test_decimal_fr_uses_a_comma_and_drops_idle_zeros(nombre, decimales, ecrit):
    assert decimal_fr(nombre, decimales) == ecrit


def test_euros_fr_shows_centimes_and_keeps_the_digits_of_a_unit_price():
    assert euros_fr(D("1449")) == "1\u00a0449,00\u00a0€"
    assert euros_fr(D("0.118")) == "0,118\u00a0€"


@pytest.mark.parametrize(
    ("nombre", "ecrit"),
    [(0, "0\u00a0boîte"), (1, "1\u00a0boîte"), (2, "2\u00a0boîtes"), (1000, "1\u00a0000\u00a0boîtes")],
)
def test_accorde_takes_the_plural_from_two(nombre, ecrit):
    assert accorde(nombre, "boîte") == ecrit


def test_accorde_takes_an_odd_plural():
    assert accorde(3, "colis", "colis") == "3\u00a0colis"
