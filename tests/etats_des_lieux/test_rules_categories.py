"""Categories: the frame of 1926, the shares proposed, the flag of unlikely lengths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.categories import (
    CATEGORIES,
    categorie,
    eliminable_propose_mm,
    fourchette_usuelle_ml,
    signaler_invraisemblance,
)
from groupement.etats_des_lieux.rules.metres_lineaires import Forme


def test_codes_and_labels_are_each_used_once():
    assert (
        len({connue.code for connue in CATEGORIES}) == len({connue.libelle for connue in CATEGORIES}) == len(CATEGORIES)
    )


def test_the_frame_of_1926_is_whole():
    lettres = {connue.code[-1] for connue in CATEGORIES if len(connue.code) <= 2}
    assert lettres >= set("ABCDEFGHIKLMNOPQRST") | {"V", "W"}


@pytest.mark.parametrize(
    ("code", "forme", "part"),
    [("D", Forme.REGISTRES, 0), ("e", Forme.REGISTRES, 0), ("L", Forme.DOSSIERS, 60), (" V ", Forme.VRAC, 70)],
)
def test_a_category_is_found_by_its_code(code, forme, part):
    assert (categorie(code).forme, categorie(code).eliminable_pct) == (forme, part)


def test_an_unknown_code_keeps_its_own_name():
    assert (categorie("M/O").libelle, categorie("M/O").eliminable_pct) == ("M/O", 0)


@pytest.mark.parametrize(
    ("code", "mesure_mm", "propose_mm"),
    [
        ("L", 22_000, 13_200),
        ("T", 14_000, 1_400),
        ("V", 9_000, 6_300),
        ("1K", 5_000, 2_500),
        ("2K", 6_000, 900),
        ("D", 99, 0),
    ],
)
def test_the_share_proposed_for_elimination(code, mesure_mm, propose_mm):
    assert eliminable_propose_mm(code, mesure_mm) == propose_mm


@given(st.sampled_from(CATEGORIES), st.integers(0, 10_000_000))
def test_never_more_is_proposed_than_was_measured(connue, mesure_mm):
    assert 0 <= eliminable_propose_mm(connue.code, mesure_mm) <= mesure_mm


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError, match="négative"):
        eliminable_propose_mm("L", -1)


@pytest.mark.parametrize(
    ("population", "bornes"),
    [(0, (15, 30)), (499, (15, 30)), (500, (25, 40)), (1_850, (40, 80)), (19_999, (500, 1_000)), (20_000, None)],
)
def test_the_usual_range_follows_the_population(population, bornes):
    assert fourchette_usuelle_ml(population) == bornes


@pytest.mark.parametrize("net_mm", [40_000, 50_950, 80_000])
def test_a_usual_length_is_not_flagged(net_mm):
    assert signaler_invraisemblance(1_850, net_mm) is None


@pytest.mark.parametrize(("net_mm", "mot"), [(39_999, "moins que d’habitude"), (80_001, "plus que d’habitude")])
def test_an_unusual_length_is_flagged_with_the_range(net_mm, mot):
    phrase = signaler_invraisemblance(1_850, net_mm)
    assert phrase is not None
    assert mot in phrase
    assert "40 à 80\u00a0ml" in phrase


def test_a_large_town_has_no_usual_range():
    assert signaler_invraisemblance(40_000, 1) is None
