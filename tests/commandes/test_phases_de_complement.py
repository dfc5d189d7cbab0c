"""The phase itself: how it begins and ends, by hand or by the calendar, and the pages of the buyer."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import render_template
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.actions.automate import avancer
from groupement.commandes.actions.campagnes import annuler, clore, rouvrir
from groupement.commandes.actions.lettres_de_campagne import lettres_de
from groupement.commandes.actions.phase_de_complement import RIEN_NE_MANQUE, completer, finir, prolonger
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import histoire_de
from groupement.commandes.queries.complement import manques_a_la_cloture
from groupement.commandes.rules.dates_du_complement import (
    fin_proposee,
    motif_de_refus_de_la_phase,
    phase_apres_report,
)
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAnnonce
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques.complements import AU, COMPLEMENT_AU, PENDANT, corps, peupler, phase

MARCHE_AU = date(2029, 12, 31)


@pytest.mark.parametrize(
    ("fin", "motif"),
    [
        (None, None),
        (date(2026, 12, 12), None),
        (MARCHE_AU, None),
        (AU, "vient après le dernier jour"),
        (date(2026, 12, 1), "vient après le dernier jour"),
        (date(2030, 1, 1), "Le marché finit le 31 décembre 2029"),
    ],
)
def test_the_phase_ends_after_the_campagne_and_within_the_marche(fin: date | None, motif: str | None) -> None:
    refus = motif_de_refus_de_la_phase(AU, fin, MARCHE_AU)
    assert refus is None if motif is None else motif in (refus or "")


@pytest.mark.parametrize(
    ("fin", "nouvel_au", "marche_au", "attendue"),
    [
        (None, date(2026, 12, 18), MARCHE_AU, None),
        (date(2026, 12, 18), date(2026, 12, 18), MARCHE_AU, date(2026, 12, 25)),  # it lasts its seven days
        (date(2026, 12, 18), date(2026, 12, 4), MARCHE_AU, date(2026, 12, 11)),
        (date(2026, 12, 18), date(2026, 12, 18), date(2026, 12, 20), date(2026, 12, 20)),
        (date(2026, 12, 18), date(2026, 12, 20), date(2026, 12, 20), None),  # no day left
    ],
)
def test_a_postponed_campagne_keeps_the_length_of_its_phase(
    fin: date | None, nouvel_au: date, marche_au: date, attendue: date | None
) -> None:
    assert phase_apres_report(AU, fin, nouvel_au, marche_au) == attendue


def test_the_day_foreseen_is_offered_else_a_week() -> None:
    jour = date(2026, 12, 12)
    assert fin_proposee(AU, COMPLEMENT_AU, jour, MARCHE_AU) == COMPLEMENT_AU
    assert fin_proposee(AU, None, jour, MARCHE_AU) == date(2026, 12, 19)
    assert fin_proposee(AU, COMPLEMENT_AU, date(2026, 12, 20), MARCHE_AU) == date(2026, 12, 27)
    assert fin_proposee(AU, None, jour, date(2026, 12, 15)) == date(2026, 12, 15)


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """An open campagne that is to be completed, with what misses."""
    return phase(etat=EtatCampagne.OUVERTE)


def dernier(campagne: Campagne) -> tuple[str, str]:
    """(verb, words) of the last line of the journal on the campagne."""
    fait = histoire_de("campagne", campagne.id)[0]
    return fait.verbe, fait.resume


def remplir(monde: SimpleNamespace) -> None:
    """Nothing is missing any more."""
    for commande in (monde.wissant.commande, monde.audresselles.commande):
        for ligne in commande.lignes:
            ligne.unites = 50
    db.session.commit()


def test_at_the_end_of_the_window_the_phase_begins_by_itself(monde: SimpleNamespace) -> None:
    campagne = finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    assert campagne.etat is EtatCampagne.EN_COMPLEMENT and campagne.close_le is None
    assert dernier(campagne) == ("completer", "jusqu’au 18 décembre 2026, 2\u00a0articles à compléter")


def test_when_nothing_is_missing_it_closes_at_once_and_the_journal_says_why(monde: SimpleNamespace) -> None:
    remplir(monde)
    campagne = finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    assert campagne.etat is EtatCampagne.CLOSE and campagne.close_le == PENDANT
    assert dernier(campagne) == ("clore", RIEN_NE_MANQUE)


@pytest.mark.parametrize("fin", [None, COMPLEMENT_AU])
def test_without_a_phase_or_after_it_the_window_simply_closes(monde: SimpleNamespace, fin: date | None) -> None:
    monde.campagne.complement_au = fin
    campagne = finir(monde.campagne.id, par=AUTOMATE, le=PENDANT + timedelta(days=10))
    assert campagne.etat is EtatCampagne.CLOSE and dernier(campagne) == ("clore", "")


def test_the_phase_closes_after_its_last_day(monde: SimpleNamespace) -> None:
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    assert finir(monde.campagne.id, par=AUTOMATE, le=PENDANT + timedelta(days=5)).etat is EtatCampagne.CLOSE


def test_the_buyer_begins_it_by_hand_even_where_none_was_foreseen(monde: SimpleNamespace) -> None:
    monde.campagne.complement_au = None
    campagne = completer(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)
    assert (campagne.etat, campagne.complement_au) == (EtatCampagne.EN_COMPLEMENT, COMPLEMENT_AU)
    with pytest.raises(TransitionInterdite, match="Impossible de completer"):
        completer(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)


def test_a_phase_with_nothing_to_fill_or_on_a_day_that_is_past_is_refused(monde: SimpleNamespace) -> None:
    with pytest.raises(RegleRefusee, match="est passé"):
        completer(monde.campagne.id, date(2026, 12, 13), par=AUTOMATE, le=PENDANT)
    with pytest.raises(RegleRefusee, match="vient après le dernier jour"):
        completer(monde.campagne.id, AU, par=AUTOMATE, le=PENDANT - timedelta(days=7))
    remplir(monde)
    with pytest.raises(RegleRefusee, match="Il ne manque rien"):
        completer(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)
    assert monde.campagne.etat is EtatCampagne.OUVERTE


def test_its_last_day_moves_while_it_runs(monde: SimpleNamespace) -> None:
    with pytest.raises(TransitionInterdite):
        prolonger(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    campagne = prolonger(monde.campagne.id, date(2026, 12, 21), par=AUTOMATE, le=PENDANT)
    assert campagne.complement_au == date(2026, 12, 21)
    assert dernier(campagne)[1] == "phase de complément\u00a0: 18 décembre 2026 → 21 décembre 2026"


def test_a_campagne_being_completed_closes_reopens_or_is_given_up(monde: SimpleNamespace) -> None:
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    campagne = rouvrir(monde.campagne.id, "Les grèves de la poste", par=AUTOMATE, le=PENDANT)
    assert (campagne.etat, campagne.au) == (EtatCampagne.OUVERTE, PENDANT.date())
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    assert clore(monde.campagne.id, par=AUTOMATE, le=PENDANT).etat is EtatCampagne.CLOSE
    rouvrir(monde.campagne.id, "Encore", par=AUTOMATE, le=PENDANT)
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    assert annuler(monde.campagne.id, "Le fournisseur a fermé", par=AUTOMATE, le=PENDANT).etat is EtatCampagne.ANNULEE


def test_a_campagne_reopened_past_its_phase_gets_one_as_long_after_its_new_end(monde: SimpleNamespace) -> None:
    finir(monde.campagne.id, par=AUTOMATE, le=PENDANT)
    clore(monde.campagne.id, par=AUTOMATE, le=PENDANT + timedelta(days=5))
    campagne = rouvrir(monde.campagne.id, "Un oubli", par=AUTOMATE, le=PENDANT + timedelta(days=5))
    db.session.flush()
    assert campagne.complement_au == campagne.au + timedelta(days=7)


@pytest.fixture
def guichet(app: Any, client_de: Any) -> SimpleNamespace:
    """The same with the days of today, and the buyer signed in."""
    jour = aujourdhui()
    guichet = phase(
        etat=EtatCampagne.OUVERTE, du=jour - timedelta(days=30), au=jour - timedelta(days=1), complement_au=None
    )
    guichet.client = client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    guichet.base, guichet.jour = f"/campagnes/{guichet.campagne.id}", jour
    return guichet


def lu(reponse: Any) -> str:
    """The page with plain spaces."""
    return str(reponse.text).replace("\u00a0", " ")


def test_the_buyer_reads_what_is_missing_begins_the_phase_and_ends_it(guichet: SimpleNamespace) -> None:
    page = lu(guichet.client.get(f"{guichet.base}/complement"))
    assert "manque 12" in page and "4,80 € HT au dépôt sinon" in page and "0,54 € dès 500" in page
    page = lu(guichet.client.get(f"{guichet.base}/complement/ouverture"))
    fin = guichet.jour + timedelta(days=7)
    assert "2 articles à compléter" in page and fin.isoformat() in page or fin.strftime("%d/%m/%Y") in page
    ouverture = {"complement_au": fin.strftime("%d/%m/%Y")}
    reponse = guichet.client.post(f"{guichet.base}/complement/ouverture", data=ouverture)
    assert (reponse.status_code, reponse.location) == (303, f"{guichet.base}/complement")
    assert "Personne n’a rien ajouté pour l’instant." in lu(guichet.client.get(reponse.location))
    page = lu(guichet.client.get(guichet.base))
    assert "Phase de complément" in page and "Clore la campagne" in page
    assert guichet.client.post(f"{guichet.base}/complement/ouverture", data=ouverture).status_code == 409
    report = {"complement_au": (fin + timedelta(days=1)).strftime("%d/%m/%Y")}
    assert guichet.client.post(f"{guichet.base}/complement/report", data=report).status_code == 303
    assert "La phase de complément n’est pas finie" in lu(guichet.client.get(f"{guichet.base}/cloture"))
    assert guichet.client.post(f"{guichet.base}/cloture").status_code == 303
    assert guichet.client.post(f"{guichet.base}/complement/report", data=report).status_code == 409


def test_a_day_that_cannot_be_is_refused_by_the_field(guichet: SimpleNamespace) -> None:
    for jour, motif in (("01/01/2026", "est passé"), ("01/01/2031", "Le marché finit"), ("demain", "")):
        reponse = guichet.client.post(f"{guichet.base}/complement/ouverture", data={"complement_au": jour})
        assert reponse.status_code == 422 and motif in lu(reponse)


def test_the_list_is_taken_away_as_a_file(guichet: SimpleNamespace) -> None:
    fichier = guichet.client.get(f"{guichet.base}/complement?format=csv")
    assert fichier.status_code == 200 and "CHE-50" in fichier.get_data(as_text=True)


def test_only_the_buyer_begins_it_and_members_see_nothing_of_these_pages(
    guichet: SimpleNamespace, client_de: Any
) -> None:
    comptable = client_de(adherents.utilisateur("Paul Lefebvre", roles=[Role.COMPTABLE]))
    assert comptable.get(f"{guichet.base}/complement").status_code == 200
    assert comptable.post(f"{guichet.base}/complement/ouverture").status_code == 403
    membre = client_de(guichet.wissant.valideur)
    assert membre.get(f"{guichet.base}/complement").status_code == 403


def test_those_whose_order_misses_something_are_told_and_nobody_else(monde: SimpleNamespace) -> None:
    corps(monde, "Tardinghen", [(monde.etiquette, 1)])
    corps(monde, "Escalles", [(monde.chemise, 50)], etat=EtatCommande.SOUMISE)
    campagne = completer(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)
    lettres = lettres_de(campagne, GenreAnnonce.COMPLEMENT, PENDANT)
    assert [adresse for adresse, _, _ in lettres.lettres] == [
        *("agent@audresselles.example.org", "valideur@audresselles.example.org"),
        *("agent@wissant.example.org", "valideur@wissant.example.org"),
    ]
    texte = render_template(f"courriels/{lettres.gabarit}.txt", **lettres.lettres[2][2]).replace("\u00a0", " ")
    assert "18 dans votre commande. Il manque 12 chemises pour compléter un colis de 50." in texte
    assert "dont 16,00 € pour vos 400 boîtes." in texte and f"/complement?campagne={campagne.id}" in texte


@pytest.mark.parametrize("membres", [10, 1300])
def test_telling_them_costs_the_same_for_ten_and_for_1300_bodies(
    monde: SimpleNamespace, sql: Any, membres: int
) -> None:
    peupler(monde, membres)
    campagne = completer(monde.campagne.id, COMPLEMENT_AU, par=AUTOMATE, le=PENDANT)
    db.session.commit()
    with sql() as envoyees:
        lettres = lettres_de(campagne, GenreAnnonce.COMPLEMENT, PENDANT).lettres
    assert len(lettres) == membres + 4
    assert len(envoyees) <= 10, envoyees
    with sql() as envoyees:
        manques_a_la_cloture(campagne, PENDANT.date())
    assert len(envoyees) == 3, envoyees  # lots, prices, demand


def test_the_machine_begins_the_phase_tells_those_concerned_in_the_morning_and_closes_after_it(
    monde: SimpleNamespace,
) -> None:
    minuit = datetime(2026, 12, 11, 23, 5, tzinfo=UTC)  # five past midnight in Paris, the 12th
    assert avancer(monde.campagne.id, minuit)
    assert monde.campagne.etat is EtatCampagne.EN_COMPLEMENT
    assert not avancer(monde.campagne.id, minuit)
    assert avancer(monde.campagne.id, datetime(2026, 12, 12, 7, 5, tzinfo=UTC))
    sujets = db.session.scalars(select(Courriel.sujet)).all()
    assert sujets == ["Campagne d’automne 2026\u00a0: des colis à compléter jusqu’au 18 décembre 2026"] * 4
    assert not avancer(monde.campagne.id, datetime(2026, 12, 18, 22, 55, tzinfo=UTC))
    assert avancer(monde.campagne.id, datetime(2026, 12, 18, 23, 5, tzinfo=UTC))
    assert monde.campagne.etat is EtatCampagne.CLOSE
