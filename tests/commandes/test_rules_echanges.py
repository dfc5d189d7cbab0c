"""The clocks of a supplier: observations, another date, the buyer's answer; and who a signed link speaks for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.clauses import Clause, Derogation, Derogations
from groupement.commandes.rules.echanges import (
    DateDemandee,
    Delais,
    delais,
    fautes_de_la_demande,
    fin_des_observations,
    motif_de_forclusion,
    motif_sans_prolongation,
    phrase_de_la_reponse,
    phrase_des_observations,
    reponse_attendue_le,
)
from groupement.commandes.rules.liens import APRES_LA_FIN, AuteurDuLien, motif_du_lien_mort
from groupement.socle.calendrier import est_ouvre

CCAG = Delais()
JOURS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("recu_le", "fin"),
    [
        (date(2026, 10, 27), date(2026, 11, 12)),  # the fifteenth day is 11 November
        (date(2026, 10, 28), date(2026, 11, 12)),
        (date(2026, 10, 30), date(2026, 11, 16)),  # a Saturday
        (date(2026, 12, 10), date(2026, 12, 28)),  # 25 December, then a week-end
        (date(2026, 11, 23), date(2026, 12, 8)),
    ],
)
def test_observations_may_be_made_to_the_end_of_the_last_day(recu_le, fin):
    assert fin_des_observations(recu_le, CCAG) == fin == reponse_attendue_le(recu_le, CCAG)
    assert motif_de_forclusion(recu_le, fin, CCAG) == ""
    assert "3.7.2" in motif_de_forclusion(recu_le, fin + timedelta(days=1), CCAG)


def test_a_bon_nobody_proved_received_starts_no_clock():
    assert motif_de_forclusion(None, date(2099, 1, 1), CCAG) == ""
    assert "à partir du jour où il ouvre" in phrase_des_observations(None, date(2026, 11, 1), CCAG)


def test_the_contract_may_change_each_clock():
    deroge: Derogations = {
        Clause.OBSERVATIONS_BON: Derogation(8, "4.2"),
        Clause.REPONSE_PROLONGATION: Derogation(5, "9"),
    }
    assert delais(deroge) == Delais(observations=8, demande=15, reponse=5)
    assert delais({}) == CCAG
    assert fin_des_observations(date(2026, 11, 23), delais(deroge)) == date(2026, 12, 1)


@given(JOURS, st.integers(1, 60), st.integers(0, 120))
def test_one_is_foreclosed_after_the_last_day_and_never_before_the_days_have_run(recu_le, jours, plus):
    delai, le = Delais(observations=jours), recu_le + timedelta(days=plus)
    fin = fin_des_observations(recu_le, delai)
    assert est_ouvre(fin) and fin >= recu_le + timedelta(days=jours)
    assert bool(motif_de_forclusion(recu_le, le, delai)) == (le > fin)
    assert phrase_des_observations(recu_le, le, delai).endswith(".")


BON = date(2026, 12, 14)  # the deadline of the bon


def demande(proposee=date(2026, 12, 28), cause=date(2026, 11, 20)):
    """Another date, asked for want of cardboard."""
    return DateDemandee(proposee, cause, "Rupture de carton")


@pytest.mark.parametrize(
    ("demandee", "le", "champs"),
    [
        (demande(), date(2026, 12, 1), set()),
        (demande(), date(2026, 12, 7), set()),  # 20 November + 15 days: Saturday 5 December, so Monday 7
        (demande(), date(2026, 12, 8), {"cause_le"}),
        (demande(cause=date(2026, 12, 2)), date(2026, 12, 1), {"cause_le"}),  # not known yet
        (demande(cause=date(2026, 12, 1)), date(2026, 12, 1), set()),
        (demande(cause=date(2026, 12, 14)), BON, set()),  # the last day
        (demande(cause=date(2026, 12, 14)), BON + timedelta(days=1), {""}),  # the deadline has expired
        (demande(BON), date(2026, 12, 1), {"date_proposee"}),
        (demande(date(2026, 12, 1)), date(2026, 12, 1), {"date_proposee"}),
        (demande(date(2106, 12, 28)), date(2026, 12, 1), {"date_proposee"}),
        (demande(BON, date(2026, 1, 1)), date(2026, 12, 1), {"date_proposee", "cause_le"}),
    ],
)
def test_another_date_is_asked_in_time_for_a_day_after_the_deadline(demandee, le, champs):
    fautes = fautes_de_la_demande(demandee, BON, le, CCAG)
    assert set(fautes) == champs
    assert all(faute.endswith(".") for faute in fautes.values())


@given(JOURS, st.integers(-40, 40), st.integers(-30, 400), st.integers(-40, 40), st.integers(1, 60))
def test_nothing_is_asked_after_the_deadline_and_what_may_be_asked_is_in_every_clock(bon, le, proposee, cause, jours):
    jour = bon + timedelta(days=le)
    demandee = DateDemandee(bon + timedelta(days=proposee), jour + timedelta(days=cause), "Panne")
    fautes = fautes_de_la_demande(demandee, bon, jour, Delais(demande=jours))
    if le > 0:
        assert list(fautes) == [""] and motif_sans_prolongation(bon, jour) == fautes[""]
    elif not fautes:
        assert demandee.date_proposee > bon >= jour >= demandee.cause_le
        assert (jour - demandee.cause_le).days <= jours + 5  # at most a long week-end is added
    else:
        assert "" not in fautes and motif_sans_prolongation(bon, jour) == ""


def test_the_buyer_reads_until_when_to_answer():
    assert "avant la fin du 8 décembre 2026" in phrase_de_la_reponse(date(2026, 12, 8), date(2026, 12, 8), CCAG)
    assert "était attendue" in phrase_de_la_reponse(date(2026, 12, 8), date(2026, 12, 9), CCAG)


@pytest.mark.parametrize(
    ("numero", "valable", "coupe", "clos", "mot"),
    [
        (1, 1, None, None, ""),
        (1, 2, None, None, "plus récent"),
        (3, 2, None, None, "plus récent"),
        (2, 2, date(2026, 11, 20), None, "fermé le 20 novembre 2026"),
        (1, 1, None, date(2026, 11, 1), ""),  # the bon is delivered, the link still opens a month
        (1, 1, None, date(2026, 10, 1), "terminé depuis le 1er octobre 2026"),
    ],
)
def test_a_link_dies_when_it_is_renewed_closed_or_long_over(numero, valable, coupe, clos, mot):
    motif = motif_du_lien_mort(numero, valable, coupe, clos, date(2026, 11, 22))
    assert mot in motif and bool(motif) == bool(mot)


def test_a_link_opens_a_month_after_the_end_to_the_day():
    fin = date(2026, 10, 1)
    assert motif_du_lien_mort(1, 1, None, fin, fin + APRES_LA_FIN) == ""
    assert motif_du_lien_mort(1, 1, None, fin, fin + APRES_LA_FIN + timedelta(days=1))


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_author_of_a_link_fits_the_journal_and_says_it_came_by_a_link(fournisseur, tape):
    auteur = AuteurDuLien(fournisseur, tape)
    assert len(auteur.nom) <= 200 and "(lien signé" in auteur.nom
    assert auteur.utilisateur_id is None


def test_the_name_typed_is_in_the_journal():
    assert AuteurDuLien("Cartonnages de la Lys", "Paul Martin").nom == "Cartonnages de la Lys (lien signé, Paul Martin)"
    assert AuteurDuLien("Cartonnages de la Lys").nom == "Cartonnages de la Lys (lien signé)"
