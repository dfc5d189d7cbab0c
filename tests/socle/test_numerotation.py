"""Numbers without gaps, whoever asks at the same moment."""

import pytest
from sqlalchemy import select

from groupement.socle.db import db
from groupement.socle.numerotation import Compteur, numero, reserver


def test_numbers_follow_each_other_by_series_and_year(app):
    assert list(reserver("BC", 2026, 3)) == [1, 2, 3]
    assert list(reserver("BC", 2026, 1)) == [4]
    assert list(reserver("F", 2026, 1)) == [1]
    assert list(reserver("BC", 2027, 2)) == [1, 2]


def test_a_rollback_gives_the_numbers_back(app):
    reserver("BC", 2026, 2)
    db.session.commit()
    reserver("BC", 2026, 5)
    db.session.rollback()
    assert list(reserver("BC", 2026, 1)) == [3]


@pytest.mark.parametrize("deja", [0, 7])
def test_two_at_the_same_moment_never_get_the_same_number(app, en_meme_temps, deja):
    if deja:
        reserver("BC", 2026, deja)
        db.session.commit()

    def prendre():
        rangs = list(reserver("BC", 2026, 2))
        db.session.commit()
        return rangs

    pris = sorted(rang for rangs in en_meme_temps(prendre, prendre) for rang in rangs)
    assert pris == list(range(deja + 1, deja + 5))
    assert db.session.scalars(select(Compteur.dernier)).one() == deja + 4


def test_a_number_is_written_with_its_year():
    assert numero("BC", 2026, 12) == "BC-2026-00012"
