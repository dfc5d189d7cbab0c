"""Time: the two clock readers of the application, French public holidays, legal deadlines, dates in words.

Every rule receives its date; only routes and commands call `maintenant` and `aujourdhui`.
Datetimes are timezone-aware and stored in UTC; a date is a day in Paris.
Source of the deadlines: CCAG-FCS 2021, article 3.2.
"""

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from groupement.socle.nombres import entier_fr

PARIS = ZoneInfo("Europe/Paris")
MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
SAMEDI = 5


def maintenant() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return datetime.now(UTC)


def aujourdhui() -> date:
    """The present day in Paris."""
    return maintenant().astimezone(PARIS).date()


def jour_a_paris(instant: datetime) -> date:
    """The day it is in Paris at `instant`. Raises ValueError for a datetime without a timezone."""
    return _a_paris(instant).date()


@lru_cache(maxsize=64)
def jours_feries(annee: int) -> Mapping[date, str]:
    """Public holidays of metropolitan France in `annee`, each with its French name (read-only).

    Alsace-Moselle's own holidays are not among them.
    """
    jours = holidays.country_holidays("FR", years=annee, language="fr")
    return MappingProxyType({jour: nom.replace("'", "’") for jour, nom in sorted(jours.items())})


def est_ouvre(jour: date) -> bool:
    """Whether `jour` is neither a Saturday, nor a Sunday, nor a public holiday."""
    return jour.weekday() < SAMEDI and jour not in jours_feries(jour.year)


def prochain_jour_ouvre(jour: date) -> date:
    """`jour` itself when it is a working day, else the first working day after it."""
    while not est_ouvre(jour):
        jour += timedelta(days=1)
    return jour


def echeance_jours(depuis: date, jours: int) -> date:
    """Last day of a period of `jours` calendar days triggered on `depuis`; it ends at midnight of the day returned.

    The period starts at 0 h the day after `depuis`. A last day that is a Saturday, a Sunday or a public holiday is
    carried to the end of the next working day. Where that next day could be read as a Saturday (day « ouvrable »:
    2026-12-10 + 15 days falls on Friday 25 December), we go on to the Monday: 2026-12-28.
    Raises ValueError when `jours` is below one. Source: CCAG-FCS 2021, article 3.2.
    """
    if jours < 1:
        raise ValueError(f"délai impossible : {jours} jour(s)")
    return prochain_jour_ouvre(depuis + timedelta(days=jours))


def ajouter_mois(jour: date, mois: int) -> date:
    """The same day-number so many months later (or earlier), else the last day of that month."""
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee, numero = jour.year + annees, rang + 1
    return date(annee, numero, min(jour.day, calendar.monthrange(annee, numero)[1]))


def echeance_mois(depuis: date, mois: int) -> date:
    """Last day of a period of `mois` months triggered on `depuis`.

    It is the same day-number of the last month, or that month's last day when it has no such number; then carried
    to the next working day like `echeance_jours`. Raises ValueError when `mois` is below one.
    Source: CCAG-FCS 2021, article 3.2.
    """
    if mois < 1:
        raise ValueError(f"délai impossible : {mois} mois")
    return prochain_jour_ouvre(ajouter_mois(depuis, mois))


def date_fr(jour: date) -> str:
    """A day in words: « 22 novembre 2026 », « 1er mai 2026 ». A datetime is first read in Paris."""
    jour = jour_a_paris(jour) if isinstance(jour, datetime) else jour
    return f"{'1er' if jour.day == 1 else jour.day} {MOIS[jour.month - 1]} {jour.year}"


def date_heure_fr(instant: datetime) -> str:
    """An instant as read on a clock in Paris: « 22/11/2026 14 h 05 ». Raises ValueError without a timezone."""
    return _a_paris(instant).strftime("%d/%m/%Y %H h %M")


def heure_ou_jour(instant: datetime, le: datetime) -> str:
    """When something happened, as said at `le`: « à 14 h 05 » if that day, else « le 22/11/2026 à 14 h 05 »."""
    passe = _a_paris(instant)
    jour = "" if passe.date() == _a_paris(le).date() else f"le {passe:%d/%m/%Y} "
    return f"{jour}à {passe.hour}\u00a0h\u00a0{passe:%M}"


def temps_restant(fin: date, le: datetime) -> str:
    """What is left at `le` before `fin`: « 3 jours », « 1 jour », « dernier jour », « 5 heures », « terminé ».

    `fin` is a day, included to its midnight in Paris, or an aware datetime (the very instant).
    On the last day, the hours are counted (rounded up) once fewer than twelve are left.
    Raises ValueError for a datetime without a timezone.
    """
    borne = fin if isinstance(fin, datetime) else datetime.combine(fin + timedelta(days=1), time(), PARIS)
    dernier_jour = jour_a_paris(fin) if isinstance(fin, datetime) else fin
    secondes = (_a_paris(borne).astimezone(UTC) - _a_paris(le).astimezone(UTC)) // timedelta(seconds=1)
    jours = (dernier_jour - jour_a_paris(le)).days
    heures = -(-secondes // 3600)
    if secondes <= 0:
        return "terminé"
    if jours > 0:
        return "1 jour" if jours == 1 else f"{entier_fr(jours)} jours"
    if heures >= 12:
        return "dernier jour"
    return "moins d’une heure" if secondes < 3600 else "1 heure" if heures == 1 else f"{heures} heures"


def _a_paris(instant: datetime) -> datetime:
    """`instant` on the clock of Paris; refuses a datetime without a timezone."""
    if instant.tzinfo is None:
        raise ValueError(f"date et heure sans fuseau : {instant}")
    return instant.astimezone(PARIS)
