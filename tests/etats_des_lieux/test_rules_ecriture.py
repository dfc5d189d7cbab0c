"""Sentences for people: figures a reader can type in a calculator."""

from fractions import Fraction

import pytest

from groupement.etats_des_lieux.rules.ecriture import ecrire_annees, enumeration, quotient


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (Fraction(2435, 10), "243,5"),
        (Fraction(8), "8"),
        (Fraction(45944, 6000), "environ\u00a07,66"),
        (Fraction(100), "100"),
        (Fraction(5000), "5\u00a0000"),
        (Fraction(1, 1000), "environ\u00a00"),
    ],
)
def test_a_quotient_says_when_it_is_not_exact(valeur, texte):
    assert quotient(valeur) == texte


@pytest.mark.parametrize(
    ("termes", "texte"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_an_enumeration_ends_with_et(termes, texte):
    assert enumeration(termes) == texte


@pytest.mark.parametrize(
    ("annees", "texte"), [([2021], "2021"), ([2021, 2022, 2023], "2021-2023"), ([2011, 2013], "2011, 2013")]
)
def test_consecutive_years_are_written_as_a_range(annees, texte):
    assert ecrire_annees(annees) == texte
