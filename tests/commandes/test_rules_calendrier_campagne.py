"""What the machine owes a window: by table, then whatever the moments at which it wakes up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules.calendrier_campagne import (
    COUPEE,
    PLUS_OUVERTE,
    ROUVERTE,
    AnnonceConnue,
    Horaire,
    a_venir,
    au_matin,
    envois_dus,
    matin,
    pas_du,
)
from groupement.commandes.states import EtatCampagne, GenreAnnonce
from groupement.socle.calendrier import PARIS, jour_a_paris

OUVERTURE, J7, J1, COLIS, REPORT, CLOTURE = (
    GenreAnnonce(genre) for genre in ("ouverture", "j7", "j1", "colis", "report", "cloture")
)
DU, AU = date(2026, 11, 2), date(2026, 12, 11)
DITE = AnnonceConnue(OUVERTURE, AU, matin(DU), 1, matin(DU))
OUVERTE = Horaire(EtatCampagne.OUVERTE, DU, AU, annonces=(DITE,))


def paris(jour: int, mois: int, heure: int = 12, minute: int = 0) -> datetime:
    """A moment of 2026 on the clock of Paris."""
    return datetime(2026, mois, jour, heure, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("etat", "moment", "seule", "verbe"),
    [
        ("preparee", paris(1, 11, 23, 59), True, None),
        ("preparee", paris(2, 11, 0, 0), True, "ouvrir"),
        ("preparee", datetime(2026, 11, 1, 23, 30, tzinfo=UTC), True, "ouvrir"),  # half past midnight in Paris
        ("preparee", paris(2, 11, 0, 0), False, None),
        ("preparee", paris(11, 12, 23, 59), True, "ouvrir"),
        ("preparee", paris(12, 12, 0, 0), True, None),  # too late: its buyer decides
        ("ouverte", paris(11, 12, 23, 59), True, None),
        ("ouverte", paris(12, 12, 0, 0), True, "finir"),
        ("ouverte", paris(31, 12), False, "finir"),
        ("close", paris(31, 12), True, None),
        ("annulee", paris(2, 11), True, None),
    ],
)
def test_a_window_opens_on_its_first_day_and_closes_after_its_last(etat, moment, seule, verbe):
    assert pas_du(Horaire(EtatCampagne(etat), DU, AU, s_ouvre_seule=seule), moment) == verbe


@pytest.mark.parametrize(
    ("moment", "attendus"),
    [
        (paris(4, 12, 7, 59), []),
        (paris(4, 12, 8, 0), [J7]),
        (paris(9, 12, 23, 0), [J7]),  # the machine was off: late, but before the last reminder
        (paris(10, 12, 7, 59), [J7]),
        (paris(10, 12, 8, 0), [J1, COLIS]),  # never J−7 after that
        (paris(11, 12, 23, 59), [J1, COLIS]),
        (paris(12, 12, 0, 0), []),
    ],
)
def test_a_reminder_leaves_in_its_morning_or_later_but_never_after_the_next(moment, attendus):
    assert [envoi.genre for envoi in envois_dus(OUVERTE, moment)] == attendus


def test_a_short_window_is_not_announced_and_reminded_of_on_one_day():
    courte = replace(OUVERTE, du=date(2026, 12, 4))
    assert [envoi.genre for envoi in envois_dus(courte, paris(4, 12, 9))] == []
    assert [ligne.motif != "" for ligne in a_venir(courte, paris(4, 12, 9)) if ligne.genre is J7] == [True]


def test_a_new_last_day_just_told_is_not_reminded_of_but_its_own_reminders_come():
    reporte = replace(OUVERTE, au=date(2026, 12, 18))
    dit = AnnonceConnue(REPORT, reporte.au, paris(11, 12, 10), 2, paris(11, 12, 10))
    faites = (DITE, AnnonceConnue(J7, AU, paris(4, 12, 8), 3, paris(4, 12, 8)), dit)
    reporte = replace(reporte, annonces=faites)
    assert envois_dus(reporte, paris(11, 12, 11)) == []
    assert [envoi.genre for envoi in envois_dus(reporte, paris(17, 12, 9))] == [J1, COLIS]


@pytest.mark.parametrize(
    ("genre", "etat", "coupees", "motif"),
    [
        (OUVERTURE, "ouverte", (), ""),
        (OUVERTURE, "close", (), PLUS_OUVERTE),
        (REPORT, "annulee", (), PLUS_OUVERTE),
        (CLOTURE, "close", (), ""),
        (CLOTURE, "regroupee", (), ""),
        (CLOTURE, "ouverte", (), ROUVERTE),
        (CLOTURE, "close", (CLOTURE,), COUPEE),
        (GenreAnnonce.ANNULATION, "annulee", (), ""),
    ],
)
def test_a_mail_that_waited_is_given_up_when_it_has_nothing_to_say_any_more(genre, etat, coupees, motif):
    attend = AnnonceConnue(genre, AU, paris(3, 11), 7)
    horaire = Horaire(EtatCampagne(etat), DU, AU, coupees=frozenset(coupees), annonces=(attend,))
    assert [(e.annonce_id, e.non_envoyee) for e in envois_dus(horaire, paris(3, 11))] == [(7, motif)]


def test_the_completion_phase_closes_after_its_own_last_day():
    phase = Horaire(EtatCampagne.EN_COMPLEMENT, DU, AU, complement_au=date(2026, 12, 15))
    assert pas_du(phase, paris(15, 12, 23, 59)) is None
    assert pas_du(phase, paris(16, 12, 0, 0)) == "finir"
    assert [(ligne.genre, ligne.prevue_le) for ligne in a_venir(phase, paris(13, 12))] == [(CLOTURE, paris(16, 12, 8))]


def test_a_kind_switched_off_does_not_leave():
    coupee = replace(OUVERTE, coupees=frozenset({J7}))
    assert envois_dus(coupee, paris(5, 12)) == []
    assert [ligne.coupee for ligne in a_venir(coupee, paris(5, 12)) if ligne.genre is J7] == [True]


def test_the_calendar_says_what_is_to_come_and_when():
    prete = Horaire(EtatCampagne.PREPAREE, DU, AU)
    prevues = [(ligne.genre, ligne.prevue_le) for ligne in a_venir(prete, paris(20, 10))]
    assert prevues == [
        (OUVERTURE, paris(2, 11, 8)),
        (J7, paris(4, 12, 8)),
        (J1, paris(10, 12, 8)),
        (COLIS, paris(10, 12, 8)),
        (CLOTURE, paris(12, 12, 8)),
    ]
    assert a_venir(replace(prete, etat=EtatCampagne.CLOSE), paris(20, 12)) == []


class Machine:
    """The machine, and what it did: the rules decide, this remembers, as the tables do."""

    def __init__(self, du: date, au: date) -> None:
        self.horaire = Horaire(EtatCampagne.PREPAREE, du, au)
        self.envoyees: list[tuple[GenreAnnonce, datetime]] = []
        self.pas: list[str] = []

    def _ajouter(self, annonce: AnnonceConnue) -> None:
        self.horaire = replace(self.horaire, annonces=(*self.horaire.annonces, annonce))

    def ronde(self, le: datetime) -> None:
        """One round."""
        verbe = pas_du(self.horaire, le)
        if verbe is not None:
            self.pas.append(verbe)
            etat, genre = {"ouvrir": ("ouverte", OUVERTURE), "finir": ("close", CLOTURE)}[verbe]
            self.horaire = replace(self.horaire, etat=EtatCampagne(etat))
            numero = len(self.horaire.annonces) + 1
            self._ajouter(AnnonceConnue(genre, self.horaire.au, au_matin(le), numero))
        for envoi in envois_dus(self.horaire, le):
            reglee = {"reglee_le": le, "non_envoyee": envoi.non_envoyee}
            if envoi.annonce_id:
                annonces = [replace(a, **reglee) if a.id == envoi.annonce_id else a for a in self.horaire.annonces]
                self.horaire = replace(self.horaire, annonces=tuple(annonces))
            else:
                self._ajouter(AnnonceConnue(envoi.genre, self.horaire.au, le, 99, **reglee))
            if not envoi.non_envoyee:
                self.envoyees.append((envoi.genre, le))


DEBUT = datetime(2026, 10, 25, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 60 * 24 * 60).map(lambda minutes: DEBUT + timedelta(minutes=minutes)), max_size=40)


@given(moments=MOMENTS, duree=st.integers(0, 40))
def test_whatever_the_rounds_nothing_is_missed_doubled_or_out_of_order(moments, duree):
    du, au = DU, DU + timedelta(days=duree)
    machine = Machine(du, au)
    rondes = sorted(moments)
    for moment in rondes:
        machine.ronde(moment)
        machine.ronde(moment)  # a second worker, the same instant
    dans_la_fenetre = [m for m in rondes if du <= jour_a_paris(m) <= au]
    apres = [m for m in rondes if jour_a_paris(m) > au]
    assert machine.pas == (["ouvrir"] if dans_la_fenetre else []) + (["finir"] if dans_la_fenetre and apres else [])
    genres = [genre for genre, _ in machine.envoyees]
    assert len(genres) == len(set(genres))
    ordre = [OUVERTURE, J7, J1, COLIS, CLOTURE]
    assert genres == sorted(genres, key=ordre.index)
    ouvertes = [m for m in dans_la_fenetre if m >= au_matin(dans_la_fenetre[0])]
    assert (OUVERTURE in genres) == bool(ouvertes)
    dite = jour_a_paris(ouvertes[0]) if ouvertes else None
    for genre, jours, fin in ((J7, 7, matin(au - timedelta(days=1))), (J1, 1, None)):
        prevu = au - timedelta(days=jours)
        eveils = [m for m in dans_la_fenetre if m >= matin(prevu) and (fin is None or m < fin)]
        assert (genre in genres) == bool(eveils and dite is not None and dite < prevu)
    fini = [m for m in apres if m >= matin(jour_a_paris(apres[0]))]
    assert (CLOTURE in genres) == bool(dans_la_fenetre and fini)
