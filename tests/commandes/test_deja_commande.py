"""« Déjà commandé par vous », on the page of an article."""

import pytest

from groupement.adherents.states import Role
from groupement.commandes.queries.deja_commande import DERNIERES, deja_commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue, commandes


@pytest.fixture
def ayette(app):
    return adherents.collectivite("Ayette", avec_siret=True)


@pytest.fixture
def boite(app):
    return catalogue.article(catalogue.marche(lots=1).lots[0])


def commander(boite, corps, unites, intitule, etat=EtatCommande.VALIDEE, **dates):
    campagne = commandes.campagne(boite.lot.marche, intitule=intitule, etat=EtatCampagne.CLOSE, **dates)
    return commandes.commande(campagne, corps, [(boite, unites)], etat=etat)


def test_the_last_orders_of_the_body_are_listed_the_latest_first(boite, ayette):
    for rang in range(DERNIERES + 1):
        commander(boite, ayette, 25 * (rang + 1), f"Campagne {rang}")
    unites = [commande.unites for commande in deja_commande(ayette.id, boite.reference)]
    assert len(unites) == DERNIERES and unites == sorted(unites, reverse=True)


def test_a_basket_a_cancelled_order_and_another_body_s_do_not_count(boite, ayette):
    commander(boite, ayette, 25, "Au panier", EtatCommande.BROUILLON)
    commander(boite, ayette, 50, "Annulée", EtatCommande.ANNULEE)
    commander(boite, adherents.collectivite("Bapaume", avec_siret=True), 75, "Ailleurs")
    assert deja_commande(ayette.id, boite.reference) == []


def test_the_same_reference_of_an_older_marche_counts(boite, ayette):
    ancienne = catalogue.article(catalogue.marche(lots=1).lots[0], reference=boite.reference)
    commander(ancienne, ayette, 100, "L’an dernier")
    assert [commande.campagne for commande in deja_commande(ayette.id, boite.reference)] == ["L’an dernier"]


def test_the_page_of_the_article_shows_them_to_who_acts_for_the_body(boite, ayette, client_de, sql):
    commander(boite, ayette, 25, "Campagne d’automne")
    agent = client_de(adherents.utilisateur("Amélie Delattre", roles=[Role.AGENT], collectivite=ayette))
    acheteur = client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))
    adresse = f"/catalogue/articles/{boite.id}"
    db.session.commit()
    agent.get(adresse)
    with sql() as envoyees:
        texte = agent.get(adresse).text
    assert "Déjà commandé par vous" in texte and "Campagne d’automne" in texte and "25\u00a0unités" in texte
    assert len(envoyees) <= 12
    assert "Déjà commandé" not in acheteur.get(adresse).text
