"""Two bodies at once on the last boxes; a regroupement that serves itself from the same stock: nobody oversells."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from groupement.commandes.actions import depannages as annees
from groupement.commandes.actions.commandes_urgentes import QuantitesRefusees
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.actions.remises import remettre_en_stock
from groupement.commandes.models import Affectation, Campagne, Commande
from groupement.commandes.queries.depannages import depannage_visible
from groupement.commandes.rules.remises import Remis
from groupement.commandes.states import EtatCampagne, EtatCommande, MotifDEcart, NatureCampagne
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import MouvementStock
from groupement.stock.queries import stock_de
from groupement.stock.rules.valeur import Stock
from tests.fabriques import catalogue, depannages
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

D = Decimal


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Seven boxes worth 9,99 € at the depot that serves the year."""
    lot = catalogue.lot(franco_ht=None, plafond_ht=D("100000.00"))
    annee = depannages.annee_ouverte(lot)
    boite = catalogue.article(lot, unites_par_colis=10, paliers=catalogue.paliers("10:1.20"))
    depannages.stocker(annee, boite, 7, "9.99")
    db.session.commit()
    return SimpleNamespace(lot=lot, annee=annee, boite=boite)


def validant(commande_id: int) -> Any:
    """What a valideur's click does, in a session of its own."""

    def valider() -> str:
        depannages.valider(commande_id)
        db.session.commit()
        return "servie"

    return valider


def test_two_bodies_on_the_last_boxes(monde, session, en_meme_temps):
    demandes = [
        depannages.demande(monde.annee, membre(nom, de=monde.annee), {monde.boite: 4}).id
        for nom in ("Wissant", "Hesdin")
    ]
    reponses = en_meme_temps(*(validant(numero) for numero in demandes))
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["QuantitesRefusees", "str"], reponses
    refus = next(reponse for reponse in reponses if isinstance(reponse, QuantitesRefusees))
    assert "Il en reste 3\u00a0disponibles" in str(refus)
    assert stock_de(monde.annee.depot_id, monde.boite.id).unites == 3
    assert session.scalar(select(func.sum(Affectation.unites))) == 4
    etats = sorted(session.scalars(select(Commande.etat)))
    assert etats == [EtatCommande.REGROUPEE, EtatCommande.SOUMISE]


def test_eight_clicks_at_once_share_out_the_boxes_to_the_centime(monde, session, en_meme_temps):
    noms = ("Ardres", "Audruicq", "Calais", "Desvres", "Étaples", "Guînes", "Hesdin", "Wissant")
    demandes = [depannages.demande(monde.annee, membre(nom, de=monde.annee), {monde.boite: 1}).id for nom in noms]
    reponses = en_meme_temps(*(validant(numero) for numero in demandes))
    servies = [reponse for reponse in reponses if reponse == "servie"]
    sommes = session.execute(select(func.sum(Affectation.unites), func.sum(Affectation.montant_ht))).one()
    stock = stock_de(monde.annee.depot_id, monde.boite.id)
    assert all(isinstance(reponse, RegleRefusee) for reponse in reponses if reponse != "servie"), reponses
    assert len(servies) == sommes[0] and stock.unites == 7 - sommes[0] >= 0
    assert sommes[1] + stock.valeur_ht == D("9.99")


def test_the_same_order_committed_twice_at_once_is_served_once(monde, session, en_meme_temps):
    numero = depannages.demande(monde.annee, membre("Wissant", de=monde.annee), {monde.boite: 2}).id
    reponses = en_meme_temps(validant(numero), validant(numero))
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["TransitionInterdite", "str"], reponses
    assert stock_de(monde.annee.depot_id, monde.boite.id).unites == 5


def remettant(commande_id: int, combien: int) -> Any:
    """What a buyer's click does on a hand-over in part, in a session of its own."""

    def remettre() -> str:
        commande = db.session.get_one(Commande, commande_id)
        article = commande.lignes[0].article
        depannages.remise(commande, {article: Remis(combien, MotifDEcart.PAS_PRIS)})
        db.session.commit()
        return f"remis {combien}"

    return remettre


def annulant(commande_id: int) -> Any:
    """What another buyer's click does, who gives it up."""

    def annuler() -> str:
        commande, _ = depannage_visible(commande_id, depannages.Tout(), verrou=True)
        remettre_en_stock(commande, "La mairie renonce", par=AUTOMATE, le=LE)
        db.session.commit()
        return "annulée"

    return annuler


def test_handed_over_twice_at_once_it_is_handed_over_once(monde, session, en_meme_temps):
    numero = depannages.engage(monde.annee, membre("Wissant", de=monde.annee), {monde.boite: 5}).id
    db.session.commit()
    reponses = en_meme_temps(remettant(numero, 4), remettant(numero, 3))
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["TransitionInterdite", "str"], reponses
    assert "déjà été remis à Sylvie Carlier" in str(next(r for r in reponses if isinstance(r, RegleRefusee)))
    admises, refusees = session.execute(select(Affectation.unites_admises, Affectation.unites_refusees)).one()
    assert admises in (3, 4) and admises + refusees == 5
    assert stock_de(monde.annee.depot_id, monde.boite.id).unites == 2 + refusees


def test_handed_over_in_part_and_given_up_at_once_one_of_the_two_is_told(monde, session, en_meme_temps):
    numero = depannages.engage(monde.annee, membre("Wissant", de=monde.annee), {monde.boite: 5}).id
    db.session.commit()
    reponses = en_meme_temps(remettant(numero, 4), annulant(numero))
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["TransitionInterdite", "str"], reponses
    refus = str(next(reponse for reponse in reponses if isinstance(reponse, RegleRefusee)))
    assert "annulé par" in refus or "ne peut plus être annulée" in refus, refus
    stock = stock_de(monde.annee.depot_id, monde.boite.id)
    assert stock.unites == (3 if "remis 4" in reponses else 7)


def test_handed_over_in_part_while_another_body_takes_the_last_boxes(monde, session, en_meme_temps):
    remise = depannages.engage(monde.annee, membre("Wissant", de=monde.annee), {monde.boite: 5}).id
    autre = depannages.demande(monde.annee, membre("Hesdin", de=monde.annee), {monde.boite: 2}).id
    db.session.commit()
    reponses = en_meme_temps(remettant(remise, 4), validant(autre))
    assert "remis 4" in reponses and all(r == "servie" or isinstance(r, RegleRefusee) for r in reponses[1:]), reponses
    mouvements = select(func.sum(MouvementStock.unites), func.sum(MouvementStock.valeur_ht))
    unites, valeur = session.execute(mouvements).one()
    assert unites == (1 if reponses[1] == "servie" else 3) and valeur > 0


def test_a_regroupement_from_the_same_stock_takes_no_box_twice(monde, session, en_meme_temps):
    fenetre = campagne(monde.lot.marche, etat=EtatCampagne.CLOSE, depot=monde.annee.depot)
    commande(fenetre, membre("Calais", de=fenetre), [(monde.boite, 5)], etat=EtatCommande.VALIDEE)
    numero = depannages.demande(monde.annee, membre("Wissant", de=monde.annee), {monde.boite: 6}).id
    fenetre_id = fenetre.id

    def combiner() -> str:
        regrouper(fenetre_id, par=AUTOMATE, le=APRES, depuis_le_stock=True)
        db.session.commit()
        return "combinée"

    reponses = en_meme_temps(combiner, validant(numero))
    assert reponses[0] == "combinée" and (reponses[1] == "servie" or isinstance(reponses[1], QuantitesRefusees)), (
        reponses
    )
    stock = stock_de(monde.annee.depot_id, monde.boite.id)
    sorties = session.scalar(select(func.sum(MouvementStock.unites)).where(MouvementStock.unites < 0))
    assert stock.unites == 7 + sorties >= 0 and stock != Stock(7, D("9.99"))


def test_two_buyers_open_the_year_once(app, session, en_meme_temps):
    marche, depot = catalogue.marche(lots=1), catalogue.depot()
    numeros = (marche.id, depot.id)

    def ouvrir() -> str:
        annees.ouvrir(
            db.session.get(type(marche), numeros[0]), db.session.get(type(depot), numeros[1]), par=AUTOMATE, le=LE
        )
        db.session.commit()
        return "ouverte"

    reponses = en_meme_temps(ouvrir, ouvrir)
    assert sorted(str(type(reponse).__name__) for reponse in reponses) == ["TransitionInterdite", "str"], reponses
    assert isinstance(next(r for r in reponses if r != "ouverte"), TransitionInterdite)
    combien = select(func.count()).select_from(Campagne).where(Campagne.nature == NatureCampagne.DEPANNAGE)
    assert session.scalar(combien) == 1
