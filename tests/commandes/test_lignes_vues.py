"""Two people on one line: nobody writes over what he has not seen, and each is told who, when and how much."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules.lignes_vues import (
    Main,
    Quantites,
    a_change,
    phrase_de_changement,
    phrase_de_retrait,
)
from groupement.socle.calendrier import heure_ou_jour
from tests.fabriques.commandes import LE

MARIE = Main("Marie Dupont", LE)
DOUZE, QUINZE, VINGT = Quantites(12), Quantites(15), Quantites(20)


@pytest.mark.parametrize(
    ("vue", "actuelle", "voulue", "conflit"),
    [
        (DOUZE, DOUZE, QUINZE, False),
        (DOUZE, VINGT, QUINZE, True),
        (DOUZE, QUINZE, QUINZE, False),  # both wanted the same
        (None, VINGT, QUINZE, False),  # the page showed nothing of it
        (DOUZE, Quantites(12, 5), QUINZE, True),  # the extra units count
        (DOUZE, VINGT, None, True),  # to be taken out
        (DOUZE, DOUZE, None, False),
    ],
)
def test_a_line_is_not_written_over_unless_it_was_seen(
    vue: Quantites | None, actuelle: Quantites, voulue: Quantites | None, conflit: bool
) -> None:
    assert a_change(vue, actuelle, voulue) is conflit


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_whoever_saw_the_present_quantity_is_never_refused(vue: int, actuelle: int, voulue: int) -> None:
    conflit = a_change(Quantites(vue), Quantites(actuelle), Quantites(voulue))
    assert conflit == (actuelle not in (vue, voulue))


def test_the_sentence_says_who_when_and_every_quantity() -> None:
    phrase = phrase_de_changement(MARIE, DOUZE, VINGT, QUINZE, LE + timedelta(minutes=5)).replace("\u00a0", " ")
    assert phrase == "Marie Dupont a mis 20 à 10 h 30 ; vous aviez 12 sous les yeux et demandiez 15."
    assert "retiriez l’article" in phrase_de_changement(MARIE, DOUZE, VINGT, None, LE)
    assert "20 (jusqu’à 5 de plus)" in phrase_de_changement(MARIE, DOUZE, Quantites(20, 5), QUINZE, LE)
    retrait = phrase_de_retrait(Main("", LE), "BTE-10", QUINZE, LE + timedelta(days=1)).replace("\u00a0", " ")
    assert retrait == "Une autre personne a retiré BTE-10 du panier le 24/11/2026 à 10 h 30 ; vous demandiez 15."


@pytest.mark.parametrize(
    ("apres", "dit"), [(timedelta(hours=3), "à 10 h 30"), (timedelta(hours=20), "le 24/11/2026 à 10 h 30")]
)
def test_an_hour_is_enough_for_what_happened_that_day(apres: Any, dit: str) -> None:
    assert heure_ou_jour(LE, LE + apres).replace("\u00a0", " ") == dit
