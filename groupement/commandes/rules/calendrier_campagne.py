"""What the machine owes a window at an instant: open it, close it, announce it, remind of its end.

Days are days of Europe/Paris: a window opens at 0 h of `du` and closes when `au` is over, at midnight. Mails that no
person asked for leave in the morning. A round may come late (the machine was off): what is past is then left out, so
that no reminder follows a later one, and nothing invites to a window that is closed. Deciding twice decides nothing
more: what was done is part of what is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from groupement.commandes.states import EtatCampagne, GenreAnnonce
from groupement.socle.calendrier import PARIS, jour_a_paris

MATIN = time(8)
RAPPELS = {GenreAnnonce.J7: 7, GenreAnnonce.J1: 1, GenreAnnonce.COLIS: 1}  # days before the last one
A_TOUS = (GenreAnnonce.OUVERTURE, GenreAnnonce.REPORT, GenreAnnonce.REOUVERTURE)  # they say the last day to everybody
_PAS_CLOSE = (EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT, EtatCampagne.ANNULEE)
PLUS_OUVERTE = "La campagne n’était plus ouverte."
ROUVERTE = "La campagne a été rouverte ou annulée avant."
PLUS_EN_COMPLEMENT = "La phase de complément était finie."
COUPEE = "Vous aviez coupé ce courriel."


@dataclass(frozen=True, slots=True)
class AnnonceConnue:
    """A mail of the calendar that is written down: `reglee_le` once it has left, or was given up with a reason."""

    genre: GenreAnnonce
    au: date
    prevue_le: datetime
    id: int = 0
    reglee_le: datetime | None = None
    non_envoyee: str = ""
    courriels: int = 0
    sans_adresse: int = 0


@dataclass(frozen=True, slots=True)
class Horaire:
    """What the calendar of a window is made from."""

    etat: EtatCampagne
    du: date
    au: date
    s_ouvre_seule: bool = True
    coupees: frozenset[GenreAnnonce] = frozenset()
    complement_au: date | None = None  # last day of the completion phase, if it has one
    annonces: tuple[AnnonceConnue, ...] = ()


@dataclass(frozen=True, slots=True)
class Envoi:
    """A mail whose moment has come: a line written down already (`annonce_id`), or a reminder (0).

    `non_envoyee`: why it does not leave after all; empty when it does.
    """

    genre: GenreAnnonce
    annonce_id: int = 0
    non_envoyee: str = ""


def matin(jour: date) -> datetime:
    """Eight in the morning of a day, in Paris."""
    return datetime.combine(jour, MATIN, PARIS)


def au_matin(instant: datetime) -> datetime:
    """`instant`, or eight in the morning of its day when that is later: nobody is woken at midnight."""
    return max(instant, matin(jour_a_paris(instant)))


def pas_du(horaire: Horaire, le: datetime) -> str | None:
    """The verb that the dates ask for at `le`, None when there is none.

    A window whose last day is over before anybody opened it stays as it is: its buyer decides.
    """
    jour = jour_a_paris(le)
    if horaire.etat is EtatCampagne.PREPAREE and horaire.s_ouvre_seule and horaire.du <= jour <= horaire.au:
        return "ouvrir"
    fin = horaire.complement_au if horaire.etat is EtatCampagne.EN_COMPLEMENT else horaire.au
    if horaire.etat in (EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT) and fin is not None and jour > fin:
        return "finir"
    return None


def envois_dus(horaire: Horaire, le: datetime) -> list[Envoi]:
    """The mails whose moment has come at `le`, in the order they are to be written."""
    attendues = [a for a in horaire.annonces if a.reglee_le is None and a.prevue_le <= le]
    envois = [Envoi(a.genre, a.id, _motif_d_abandon(horaire, a.genre)) for a in attendues]
    return envois + [Envoi(genre) for genre in RAPPELS if _rappel_est_du(horaire, genre, le)]


def _motif_d_abandon(horaire: Horaire, genre: GenreAnnonce) -> str:
    """Why a mail that waited has nothing to say any more; empty when it has."""
    if genre in horaire.coupees:
        return COUPEE
    if genre in A_TOUS and horaire.etat is not EtatCampagne.OUVERTE:
        return PLUS_OUVERTE
    if genre is GenreAnnonce.COMPLEMENT and horaire.etat is not EtatCampagne.EN_COMPLEMENT:
        return PLUS_EN_COMPLEMENT
    if genre is GenreAnnonce.CLOTURE and horaire.etat in _PAS_CLOSE:
        return ROUVERTE
    return ""


def _rappel_est_du(horaire: Horaire, genre: GenreAnnonce, le: datetime) -> bool:
    """A reminder leaves from its morning on, while the window is open, unless the next one's morning has come."""
    prevu = jour_du_rappel(horaire, genre, le)
    if prevu is None or genre in horaire.coupees or horaire.etat is not EtatCampagne.OUVERTE:
        return False
    trop_tard = matin(horaire.au - timedelta(days=1)) if genre is GenreAnnonce.J7 else None
    passe = jour_a_paris(le) > horaire.au or (trop_tard is not None and le >= trop_tard)
    return matin(prevu) <= le and not passe and not _est_faite(horaire, genre)


def _est_faite(horaire: Horaire, genre: GenreAnnonce) -> bool:
    """Whether this reminder of the present last day was written down already."""
    return any(a.genre is genre and a.au == horaire.au for a in horaire.annonces)


def jour_du_rappel(horaire: Horaire, genre: GenreAnnonce, le: datetime) -> date | None:
    """The day of a reminder; None when everybody is told of the last day that very day or later: once is enough."""
    prevu = horaire.au - timedelta(days=RAPPELS[genre])
    return prevu if prevu > _dite_le(horaire, le) else None


def _dite_le(horaire: Horaire, le: datetime) -> date:
    """The last day on which everybody is told when the window ends."""
    dites = (
        jour_a_paris(a.reglee_le or max(a.prevue_le, le))
        for a in horaire.annonces
        if a.genre in A_TOUS and not a.non_envoyee and (a.reglee_le is not None or a.genre not in horaire.coupees)
    )
    return max(horaire.du, *dites, horaire.du)


@dataclass(frozen=True, slots=True)
class AVenir:
    """A mail that has not left: when it will, or why it will not."""

    genre: GenreAnnonce
    prevue_le: datetime | None
    coupee: bool
    motif: str = ""


def a_venir(horaire: Horaire, le: datetime) -> list[AVenir]:
    """What is still to leave, as far as the dates of today say, in order; nothing once the window is closed."""
    if horaire.etat in (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE):
        return list(_prevues(horaire, le))
    return [_cloture_prevue(horaire)] if horaire.etat is EtatCampagne.EN_COMPLEMENT else []


def _prevues(horaire: Horaire, le: datetime) -> Iterator[AVenir]:
    """Opening, reminders, completion phase, closing."""
    if horaire.etat is EtatCampagne.PREPAREE:
        yield AVenir(GenreAnnonce.OUVERTURE, matin(horaire.du), GenreAnnonce.OUVERTURE in horaire.coupees)
    for genre in RAPPELS:
        if not _est_faite(horaire, genre):
            yield _rappel_prevu(horaire, genre, le)
    if horaire.complement_au is not None:
        debut = matin(horaire.au + timedelta(days=1))
        yield AVenir(GenreAnnonce.COMPLEMENT, debut, GenreAnnonce.COMPLEMENT in horaire.coupees)
    yield _cloture_prevue(horaire)


def _cloture_prevue(horaire: Horaire) -> AVenir:
    """The closing, the morning after the last day, or after that of the completion phase."""
    fin = (horaire.complement_au or horaire.au) + timedelta(days=1)
    return AVenir(GenreAnnonce.CLOTURE, matin(fin), GenreAnnonce.CLOTURE in horaire.coupees)


def _rappel_prevu(horaire: Horaire, genre: GenreAnnonce, le: datetime) -> AVenir:
    """A reminder to come, with why it will not leave when its day is past or too near the opening."""
    prevu, coupee = jour_du_rappel(horaire, genre, le), genre in horaire.coupees
    if prevu is None:
        return AVenir(genre, None, coupee, "Trop près du courriel qui annonce les dates à tout le monde.")
    passe = horaire.etat is EtatCampagne.OUVERTE and jour_a_paris(le) > prevu and not _rappel_est_du(horaire, genre, le)
    return AVenir(genre, matin(prevu), coupee, "Sa date est passée." if passe and not coupee else "")


def connues(annonces: Iterable[AnnonceConnue]) -> tuple[AnnonceConnue, ...]:
    """The mails written down, in the order of their moments."""
    return tuple(sorted(annonces, key=lambda annonce: (annonce.prevue_le, annonce.id)))
