"""The clocks of a delivery (CCAG-FCS 2021)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.livraisons.rules.delais import (
    DELAIS,
    Horloge,
    admission_tacite_le,
    echeance,
    echeance_verification,
    est_echu,
    phrase_verification,
)

JOURS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("livree_le", "fin"),
    [
        (date(2026, 10, 27), date(2026, 11, 12)),
        (date(2026, 10, 30), date(2026, 11, 16)),
        (date(2026, 12, 10), date(2026, 12, 28)),
    ],
)
def test_fifteen_days_to_check_a_delivery(livree_le, fin):
    assert echeance_verification(livree_le) == fin


@pytest.mark.parametrize(
    ("horloge", "jours"),
    [
        (Horloge.VERIFICATION, 15),
        (Horloge.ACCORD_AJOURNEMENT, 10),
        (Horloge.NOUVELLE_PRESENTATION, 15),
        (Horloge.CHOIX_APRES_AJOURNEMENT, 15),
        (Horloge.OBSERVATIONS_REFACTION, 15),
        (Horloge.NOUVELLE_DECISION, 15),
        (Horloge.ENLEVEMENT, 30),
    ],
)
def test_every_clock_has_its_length_and_says_what_silence_means(horloge, jours):
    assert DELAIS[horloge].jours == jours
    assert DELAIS[horloge].silence.endswith(".")
    assert echeance(horloge, date(2026, 9, 1)) >= date(2026, 9, 1) + timedelta(days=jours)


def test_every_clock_is_in_the_table():
    assert set(DELAIS) == set(Horloge)


def test_the_contract_may_derogate():
    assert echeance_verification(date(2026, 11, 23), jours=8) == date(2026, 12, 1)
    with pytest.raises(ValueError, match="délai impossible"):
        echeance_verification(date(2026, 11, 23), jours=0)


def test_the_last_day_is_still_in_time():
    fin = date(2026, 11, 12)
    assert not est_echu(fin, fin)
    assert est_echu(fin, date(2026, 11, 13))


def test_silence_admits_only_after_the_last_day():
    livree_le = date(2026, 10, 27)
    assert admission_tacite_le(livree_le, date(2026, 11, 12)) is None
    assert admission_tacite_le(livree_le, date(2026, 11, 13)) == date(2026, 11, 12)


@given(JOURS, st.integers(0, 60), st.integers(1, 40))
def test_once_tacitly_admitted_always_admitted_on_the_same_day(livree_le, apres, jours):
    le = livree_le + timedelta(days=apres)
    admise = admission_tacite_le(livree_le, le, jours)
    assert (admise is not None) == (le > echeance_verification(livree_le, jours))
    assert admise is None or admission_tacite_le(livree_le, le + timedelta(days=30), jours) == admise


def test_the_page_says_until_when_and_what_happens_then():
    livree_le = date(2026, 10, 27)
    assert phrase_verification(livree_le, date(2026, 11, 12)) == (
        "À vérifier avant la fin du 12 novembre 2026\u00a0; sans décision, la livraison sera réputée admise."
    )
    assert phrase_verification(livree_le, date(2026, 11, 13)) == (
        "Vérification terminée le 12 novembre 2026\u00a0: sans décision, la livraison est réputée admise."
    )
