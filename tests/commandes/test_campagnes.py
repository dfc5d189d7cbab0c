"""A campagne from its preparation to its regroupement, as the buyer leads it, and two buyers at the same moment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions import campagnes as actions
from groupement.commandes.actions import regroupement
from groupement.commandes.actions.relances import Public, relancer
from groupement.commandes.models import BonDeCommande, Campagne, Regroupement
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

PAR = {"par": AUTOMATE, "le": LE}


@pytest.fixture
def boite(app):
    """A box of a lot without terms, on an open campagne."""
    return catalogue.article(catalogue.lot(), unites_par_colis=50, paliers="50:0.58|500:0.54")


def verbes(objet):
    """What the journal says was done."""
    lignes = select(Evenement.verbe).where(Evenement.objet_id == objet.id, Evenement.objet == "campagne")
    return list(db.session.scalars(lignes.order_by(Evenement.id)))


def test_a_campagne_is_prepared_changed_opened_and_postponed(boite):
    marche, depot = boite.lot.marche, catalogue.depot()
    creee = actions.preparer(marche, depot, intitule="Automne", du=date(2026, 11, 2), au=date(2026, 12, 11), **PAR)
    actions.modifier(creee, marche, depot, intitule="Hiver", du=date(2026, 11, 2), au=date(2026, 12, 18), **PAR)
    actions.ouvrir(creee.id, **PAR)
    actions.reporter(creee.id, date(2026, 12, 23), **PAR)
    assert (creee.intitule, creee.au, creee.etat) == ("Hiver", date(2026, 12, 23), EtatCampagne.OUVERTE)
    assert verbes(creee) == ["preparer", "modifier", "ouvrir", "reporter"]


@pytest.mark.parametrize(
    ("du", "au", "phrase"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "finir le 2 novembre 2026 ou après"),
        (date(2025, 11, 2), date(2026, 11, 1), "choisissez des dates du 1er janvier 2026"),
        (date(2029, 12, 2), date(2030, 1, 5), "au 31 décembre 2029"),
    ],
)
def test_impossible_dates_say_which_are_possible(boite, du, au, phrase):
    with pytest.raises(RegleRefusee, match=phrase):
        actions.preparer(boite.lot.marche, catalogue.depot(), intitule="Automne", du=du, au=au, **PAR)


def test_an_open_campagne_no_longer_changes(boite):
    ouverte = campagne(boite.lot.marche)
    with pytest.raises(TransitionInterdite, match="plus en préparation"):
        actions.modifier(ouverte, ouverte.marche, ouverte.depot, intitule="x", du=ouverte.du, au=ouverte.au, **PAR)


def test_opening_again_after_the_last_day_keeps_it_open_until_tonight(boite):
    close = campagne(boite.lot.marche, etat=EtatCampagne.CLOSE)
    actions.rouvrir(close.id, "Trois communes oubliées", par=AUTOMATE, le=APRES)
    assert (close.etat, close.au, close.close_le) == (EtatCampagne.OUVERTE, APRES.date(), None)


def test_two_buyers_closing_at_once_one_wins_and_the_other_is_told(boite, client_de, en_meme_temps):
    ouverte = campagne(boite.lot.marche)
    amelie, bruno = (adherents.utilisateur(nom, roles=[Role.ACHETEUR]) for nom in ("Amélie Caron", "Bruno Leroy"))
    clients = [client_de(personne) for personne in (amelie, bruno)]
    adresse = f"/campagnes/{ouverte.id}/cloture"
    reponses = en_meme_temps(*(lambda c=c: c.post(adresse) for c in clients))
    assert sorted(r.status_code for r in reponses) == [303, 409]
    perdante = next(r for r in reponses if r.status_code == 409).text
    assert "Impossible de clore" in perdante and ("Amélie Caron" in perdante or "Bruno Leroy" in perdante)
    assert verbes(ouverte) == ["clore"]


def test_two_buyers_regrouping_at_once_issue_the_bons_once(boite, en_meme_temps):
    close = campagne(boite.lot.marche, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 100)], etat=EtatCommande.VALIDEE)
    numero = close.id

    def regrouper():
        try:
            regroupement.regrouper(numero, par=AUTOMATE, le=APRES)
            db.session.commit()
        finally:
            db.session.remove()
        return "fait"

    reponses = en_meme_temps(regrouper, regrouper)
    assert sorted(type(r) for r in reponses if r != "fait") == [TransitionInterdite]
    assert "Impossible de regrouper" in str(next(r for r in reponses if r != "fait"))
    comptes = [db.session.scalar(select(func.count()).select_from(m)) for m in (BonDeCommande, Regroupement)]
    assert comptes == [1, 1]
    assert db.session.get(Campagne, numero).etat is EtatCampagne.REGROUPEE


def test_a_run_on_other_figures_than_those_agreed_to_writes_nothing(boite):
    close = campagne(boite.lot.marche, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 100)], etat=EtatCommande.VALIDEE)
    vu = regroupement.previsualiser(close, le=APRES.date()).empreinte
    catalogue.prix(boite, "50:0.60", du=date(2026, 12, 1))
    db.session.commit()
    with pytest.raises(regroupement.ApercuPerime, match="aucun bon n’est parti"):
        regroupement.regrouper(close.id, par=AUTOMATE, le=APRES, empreinte=vu)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 0
    neuf = regroupement.previsualiser(close, le=APRES.date()).empreinte
    assert regroupement.regrouper(close.id, par=AUTOMATE, le=APRES, empreinte=neuf)[1]


def test_a_lot_below_its_minimum_is_left_out_only_when_ticked(boite):
    petit = catalogue.article(
        catalogue.lot(boite.lot.marche, minimum_commande_ht=Decimal(5000)), unites_par_colis=10, paliers="1:2.00"
    )
    close = campagne(boite.lot.marche, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 100), (petit, 10)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    with pytest.raises(regroupement.AccordManquant, match="Cochez ce que vous laissez de côté\u00a0: le lot 2"):
        regroupement.regrouper(close.id, par=AUTOMATE, le=APRES, ecartes=[])
    db.session.rollback()
    _, bons, _ = regroupement.regrouper(close.id, par=AUTOMATE, le=APRES, ecartes=["lot-2"])
    assert [bon.lot.numero for bon in bons] == [1]


def test_a_reminder_writes_once_to_each_person_with_all_their_bodies(boite):
    ouverte = campagne(boite.lot.marche)
    trois = [membre(nom, de=ouverte) for nom in ("Azincourt", "Blangy", "Créquy")]
    agente = adherents.utilisateur("Claire Petit", roles=[Role.AGENT], collectivite=trois[0])
    adherents.habiliter(agente, Role.VALIDEUR, trois[0])
    adherents.habiliter(agente, Role.AGENT, trois[1])
    trois[2].courriel = "mairie@crequy.example.org"
    membre("Sans adresse", de=ouverte)
    commande(ouverte, membre("A commandé", de=ouverte), [(boite, 50)])
    relance = relancer(ouverte, Public.SANS_COMMANDE, **PAR)
    assert (relance.courriels, relance.sans_adresse) == (2, 1)
    ecrits = {c.destinataire: c.corps for c in db.session.scalars(select(Courriel))}
    assert set(ecrits) == {agente.email, "mairie@crequy.example.org"}
    assert ecrits[agente.email].count("Azincourt") == 1 and "Blangy" in ecrits[agente.email]
    assert "vendredi 11 décembre 2026" in ecrits[agente.email]


def test_nobody_is_reminded_twice_the_same_day(boite):
    ouverte = campagne(boite.lot.marche)
    relancer(ouverte, Public.SANS_COMMANDE, **PAR)
    with pytest.raises(RegleRefusee, match="déjà relancés aujourd’hui"):
        relancer(ouverte, Public.SANS_COMMANDE, **PAR)
    relancer(ouverte, Public.INACHEVEES, **PAR)
    relancer(ouverte, Public.SANS_COMMANDE, par=AUTOMATE, le=LE + timedelta(days=1))


def test_a_closed_campagne_reminds_nobody(boite):
    with pytest.raises(TransitionInterdite, match="campagne ouverte"):
        relancer(campagne(boite.lot.marche, etat=EtatCampagne.CLOSE), Public.INACHEVEES, **PAR)
