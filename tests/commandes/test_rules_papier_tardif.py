"""Which paper still enters once a window is over, and what is said of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules.papier_tardif import (
    MOTIF_MINIMUM,
    SAISISSABLES,
    PapierTardif,
    est_apres_la_fin,
    motif_de_ne_pas_saisir,
    motif_ecrit,
    phrase_du_rang,
    refus_de_la_date,
    refus_du_papier,
)
from groupement.commandes.states import EtatCampagne, RegleDeReliquat

AU = date(2026, 12, 11)
VEILLE, LENDEMAIN = AU - timedelta(days=1), AU + timedelta(days=1)
SAISI_LE = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
POSTE = "Posté le 9 décembre, cachet de la poste"


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (EtatCampagne.PREPAREE, "n’est pas encore ouverte"),
        (EtatCampagne.OUVERTE, None),
        (EtatCampagne.EN_COMPLEMENT, None),
        (EtatCampagne.CLOSE, None),
        (EtatCampagne.REGROUPEE, "les bons sont partis"),
        (EtatCampagne.SOLDEE, "terminée"),
        (EtatCampagne.ANNULEE, "annulée"),
    ],
)
def test_a_paper_enters_until_the_regroupement(etat: EtatCampagne, phrase: str | None) -> None:
    motif = motif_de_ne_pas_saisir(etat)
    assert (motif is None) == (phrase is None) == (etat in SAISISSABLES)
    assert phrase is None or phrase in str(motif)


@pytest.mark.parametrize(
    ("etat", "le", "tardive"),
    [
        (EtatCampagne.OUVERTE, VEILLE, False),
        (EtatCampagne.OUVERTE, AU, False),
        (EtatCampagne.OUVERTE, LENDEMAIN, True),  # not closed yet, but nobody orders any more
        (EtatCampagne.EN_COMPLEMENT, LENDEMAIN, True),
        (EtatCampagne.CLOSE, LENDEMAIN, True),
        (EtatCampagne.CLOSE, VEILLE, True),  # closed by the buyer before its last day
    ],
)
def test_an_entry_is_late_once_members_cannot_order(etat: EtatCampagne, le: date, tardive: bool) -> None:
    assert est_apres_la_fin(etat, AU, le) is tardive


@pytest.mark.parametrize(
    ("recu_le", "motif", "entre"),
    [
        (VEILLE, "", True),
        (AU, "", True),
        (LENDEMAIN, "", False),
        (LENDEMAIN, "x" * (MOTIF_MINIMUM - 1), False),
        (LENDEMAIN, " " * 40, False),
        (LENDEMAIN, "a\n" + " " * 20 + "b", False),  # white space is no reason
        (LENDEMAIN, "x" * MOTIF_MINIMUM, True),
        (LENDEMAIN, POSTE, True),
    ],
)
def test_a_paper_that_arrived_after_the_last_day_needs_a_reason(recu_le: date, motif: str, entre: bool) -> None:
    refus = refus_du_papier(recu_le, AU, motif)
    assert (refus is None) is entre
    assert entre or ("11 décembre 2026" in str(refus) and "10 caractères" in str(refus))


def test_what_is_said_of_it_gives_every_day_and_the_reason() -> None:
    a_temps = PapierTardif(AU, "Jean Leroy, maire", AU, "", SAISI_LE, "Nadia Caron")
    assert a_temps.phrase() == (
        "Bon signé par Jean Leroy, maire, arrivé à temps, le 11 décembre 2026\u00a0; saisi après la clôture par "
        "Nadia Caron, le 14/12/2026 10 h 00."
    )
    apres = PapierTardif(LENDEMAIN, "Jean Leroy, maire", AU, POSTE, SAISI_LE, "Nadia Caron", remplace=True)
    assert "arrivé après le dernier jour (11 décembre 2026), le 12 décembre 2026" in apres.phrase()
    assert f"Accepté parce que\u00a0: «\u00a0{POSTE}\u00a0». Il remplace un panier" in apres.phrase()


@pytest.mark.parametrize(
    ("regle", "suite"),
    [
        (RegleDeReliquat.RANG, "s’il manque des articles, les commandes déjà là passent avant elle."),
        (RegleDeReliquat.QUANTITE, "ils sont partagés au prorata des quantités commandées."),
        (RegleDeReliquat.VALEUR, "ils sont partagés au prorata des montants commandés."),
    ],
)
def test_its_rank_is_said_as_its_campagne_uses_it(regle: RegleDeReliquat, suite: str) -> None:
    phrase = phrase_du_rang(regle)
    assert phrase.startswith("Elle prend rang au moment de sa saisie") and phrase.endswith(suite)


@given(st.dates(), st.text(max_size=120), st.dates(), st.text(max_size=300), st.booleans())
def test_the_journal_gives_back_what_it_was_given(
    recu_le: date, signe_par: str, fin: date, motif: str, remplace: bool
) -> None:
    papier = PapierTardif(recu_le, signe_par, fin, motif_ecrit(motif), SAISI_LE, "Nadia Caron", remplace=remplace)
    assert PapierTardif.lu(papier.details(), SAISI_LE, "Nadia Caron") == papier


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-400, 0))
def test_nothing_is_ever_asked_of_a_paper_that_came_in_time(au: date, ecart: int) -> None:
    assert refus_du_papier(au + timedelta(days=ecart), au, "") is None


@pytest.mark.parametrize(
    ("recu_le", "phrase"),
    [
        (date(2026, 12, 15), "dans l’avenir"),
        (date(2026, 12, 14), None),
        (date(2026, 10, 12), None),
        (date(2026, 8, 13), None),  # sixty days before the opening: a body that wrote early
        (date(2026, 8, 12), "n’a ouvert que le 12 octobre 2026"),
        (date(2025, 12, 10), "Vérifiez l’année"),
    ],
)
def test_a_day_the_paper_cannot_have_come_is_refused(recu_le: date, phrase: str | None) -> None:
    refus = refus_de_la_date(recu_le, date(2026, 10, 12), date(2026, 12, 14))
    assert refus is None if phrase is None else phrase in str(refus)
