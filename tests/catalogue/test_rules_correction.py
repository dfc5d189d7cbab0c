"""The word somebody meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.correction import fautes_admises, mot_le_plus_proche, reference_la_plus_proche

CONNUS = {"rayonnage": 26, "boite": 21, "botte": 1, "reliure": 14, "chemise": 4, "dos": 9, "permanent": 20}


@pytest.mark.parametrize(
    ("mot", "compris"),
    [
        ("reyonnage", "rayonnage"),
        ("rayonage", "rayonnage"),
        ("bolte", "boite"),
        ("boiet", "boite"),
        ("chmeise", "chemise"),
        ("dso", None),
        ("chaussure", None),
        ("a4b5", None),
        ("reluire", "reliure"),
    ],
)
def test_the_nearest_word_then_the_most_frequent(mot, compris):
    assert mot_le_plus_proche(mot, CONNUS) == compris


@pytest.mark.parametrize(("longueur", "fautes"), [(3, 0), (4, 1), (6, 1), (7, 2), (20, 2)])
def test_long_words_may_hold_more_mistakes(longueur, fautes):
    assert fautes_admises(longueur) == fautes


@pytest.mark.parametrize(
    ("serree", "reference"),
    [("btecom10", "btecon10"), ("btecon1", "btecon10"), ("xyz999", None), ("boite", None), ("b10", None)],
)
def test_a_reference_forgives_one_sign(serree, reference):
    assert reference_la_plus_proche(serree, ["btecon10", "relA4200"]) == reference


@given(st.sampled_from(sorted(CONNUS)), st.integers(0, 30))
def test_a_letter_dropped_from_a_long_word_finds_it_again(mot, place):
    if len(mot) >= 7:
        coupe = place % len(mot)
        assert mot_le_plus_proche(mot[:coupe] + mot[coupe + 1 :], CONNUS) == mot
