"""Time: holidays, deadlines of CCAG-FCS 3.2, French dates, what is left."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.socle import calendrier
from groupement.socle.calendrier import (
    aujourdhui,
    date_fr,
    date_heure_fr,
    echeance_jours,
    echeance_mois,
    est_ouvre,
    jour_a_paris,
    jours_feries,
    maintenant,
    temps_restant,
)

JOURS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_jours_feries_2026_are_the_eleven_of_the_labour_code():
    assert set(jours_feries(2026)) == {
        *(date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25)),
        *(date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25)),
    }
    assert jours_feries(2026)[date(2026, 1, 1)] == "Jour de l’an"


def test_jours_feries_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        jours_feries(2026)[date(2026, 12, 26)] = "Saint-Étienne"


@pytest.mark.parametrize(
    ("depuis", "jours", "fin"),
    [
        (date(2026, 10, 27), 15, date(2026, 11, 12)),  # 11 November is a holiday
        (date(2026, 10, 28), 15, date(2026, 11, 12)),
        (date(2026, 10, 30), 15, date(2026, 11, 16)),  # a Saturday, carried to Monday
        (date(2026, 12, 10), 15, date(2026, 12, 28)),  # Friday 25, then not Saturday 26
        (date(2026, 11, 20), 15, date(2026, 12, 7)),
        (date(2026, 3, 26), 10, date(2026, 4, 7)),  # Sunday, then Easter Monday
        (date(2026, 12, 17), 15, date(2027, 1, 4)),  # New Year's Day, then the weekend
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
    ],
)
def test_echeance_jours_counts_calendar_days_and_goes_on_to_a_working_day(depuis, jours, fin):
    assert echeance_jours(depuis, jours) == fin


@pytest.mark.parametrize(
    ("depuis", "mois", "fin"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2027, 1, 31), 13, date(2028, 2, 29)),
        (date(2026, 9, 22), 3, date(2026, 12, 22)),
        (date(2026, 10, 15), 2, date(2026, 12, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 5), 12, date(2027, 12, 6)),
    ],
)
def test_echeance_mois_keeps_the_day_number_or_takes_the_last_of_the_month(depuis, mois, fin):
    assert echeance_mois(depuis, mois) == fin


@pytest.mark.parametrize("echeance", [echeance_jours, echeance_mois])
@pytest.mark.parametrize("duree", [0, -1])
def test_a_period_lasts_at_least_one(echeance, duree):
    with pytest.raises(ValueError, match="délai impossible"):
        echeance(date(2026, 11, 22), duree)


@given(JOURS, st.integers(1, 400))
def test_a_deadline_is_a_working_day_never_early_and_never_more_than_five_days_late(depuis, jours):
    fin = echeance_jours(depuis, jours)
    assert est_ouvre(fin)
    assert timedelta(0) <= fin - (depuis + timedelta(days=jours)) <= timedelta(days=5)


@given(JOURS, st.integers(1, 48))
def test_one_day_more_never_ends_earlier(depuis, duree):
    assert echeance_jours(depuis, duree + 1) >= echeance_jours(depuis, duree)
    assert echeance_mois(depuis, duree + 1) > echeance_mois(depuis, duree)


def test_maintenant_is_aware_and_in_utc():
    avant = datetime.now(UTC)
    instant = maintenant()
    assert instant.utcoffset() == timedelta(0)
    assert avant <= instant <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("instant", "jour"),
    [
        (utc(2026, 11, 22, 22, 59), date(2026, 11, 22)),
        (utc(2026, 11, 22, 23, 0), date(2026, 11, 23)),  # winter: one hour ahead of UTC
        (utc(2026, 7, 14, 22, 0), date(2026, 7, 15)),  # summer: two hours
    ],
)
def test_aujourdhui_is_the_day_in_paris(monkeypatch, instant, jour):
    monkeypatch.setattr(calendrier, "maintenant", lambda: instant)
    assert aujourdhui() == jour
    assert jour_a_paris(instant) == jour


@pytest.mark.parametrize(
    ("jour", "ecrit"),
    [
        (date(2026, 11, 22), "22 novembre 2026"),
        (date(2026, 5, 1), "1er mai 2026"),
        (date(2026, 8, 9), "9 août 2026"),
        (utc(2026, 12, 31, 23, 30), "1er janvier 2027"),
    ],
)
def test_date_fr_reads_as_people_write(jour, ecrit):
    assert date_fr(jour) == ecrit


@pytest.mark.parametrize(
    ("instant", "ecrit"),
    [
        (utc(2026, 11, 22, 13, 5), "22/11/2026 14 h 05"),
        (utc(2026, 7, 1, 22, 30), "02/07/2026 00 h 30"),
        (datetime(2026, 11, 22, 14, 5, tzinfo=timezone(timedelta(hours=1))), "22/11/2026 14 h 05"),
    ],
)
def test_date_heure_fr_is_the_clock_of_paris(instant, ecrit):
    assert date_heure_fr(instant) == ecrit


@pytest.mark.parametrize(
    ("fin", "le", "reste"),
    [
        (date(2026, 11, 25), utc(2026, 11, 22, 9), "3 jours"),
        (date(2026, 11, 23), utc(2026, 11, 22, 22, 30), "1 jour"),
        (date(2026, 11, 23), utc(2026, 11, 22, 23, 30), "dernier jour"),
        (date(2026, 11, 22), utc(2026, 11, 22, 8), "dernier jour"),
        (date(2026, 11, 22), utc(2026, 11, 22, 18, 0), "5 heures"),
        (date(2026, 11, 22), utc(2026, 11, 22, 18, 1), "5 heures"),
        (date(2026, 11, 22), utc(2026, 11, 22, 22, 0), "1 heure"),
        (date(2026, 11, 22), utc(2026, 11, 22, 22, 1), "moins d’une heure"),
        (date(2026, 11, 22), utc(2026, 11, 22, 23, 0), "terminé"),
        (date(2026, 10, 25), utc(2026, 10, 24, 23, 0), "dernier jour"),  # the 25-hour day
        (date(2026, 10, 25), utc(2026, 10, 25, 20, 0), "3 heures"),
        (utc(2026, 11, 22, 12), utc(2026, 11, 22, 9, 30), "3 heures"),
        (utc(2026, 11, 24, 12), utc(2026, 11, 22, 9), "2 jours"),
        (date(2030, 1, 1), utc(2026, 1, 1), "1\u00a0461 jours"),
    ],
)
def test_temps_restant_says_what_is_left(fin, le, reste):
    assert temps_restant(fin, le) == reste


@pytest.mark.parametrize(
    "lecture", [date_fr, date_heure_fr, jour_a_paris, lambda nu: temps_restant(date(2026, 1, 1), nu)]
)
def test_a_datetime_without_timezone_is_refused(lecture):
    with pytest.raises(ValueError, match="sans fuseau"):
        lecture(datetime(2026, 11, 22, 9))  # noqa: DTZ001 - the very fault under test
