"""The terms of a window and the calendar of its mails, as the buyer meets them on the pages."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role, TypeCollectivite
from groupement.commandes.actions import automate
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import adherents_de
from groupement.commandes.states import AccesCampagne, EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import campagne, commande, membre


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """A marché of two lots and two bodies that may order on it."""
    marche = catalogue.marche(lots=2)
    modele = campagne(marche, etat=EtatCampagne.SOLDEE)
    corps = [
        membre(nom, de=modele, type=genre, courriel=f"{genre}@example.org")
        for nom, genre in (("Wissant", TypeCollectivite.COMMUNE), ("CCAS de Calais", TypeCollectivite.CCAS))
    ]
    boite = catalogue.article(marche.lots[0], unites_par_colis=25, paliers="25:2.00")
    db.session.commit()
    return SimpleNamespace(marche=marche, depot=modele.depot, commune=corps[0], ccas=corps[1], boite=boite)


@pytest.fixture
def acheteur(client_de: Any) -> Any:
    """The buyer, signed in."""
    personne = adherents.utilisateur("Amélie Caron", roles=[Role.ACHETEUR])
    db.session.commit()
    return client_de(personne)


def termes(monde: SimpleNamespace, **champs: Any) -> dict[str, Any]:
    """What the form sends."""
    jour = aujourdhui()
    return {
        **{"intitule": "Noël", "marche_id": monde.marche.id, "depot_id": monde.depot.id, "regle_reliquat": "rang"},
        **{"du": jour.isoformat(), "au": (jour + timedelta(days=20)).isoformat(), "s_ouvre_seule": "y"},
        "lots": [lot.id for lot in monde.marche.lots],
    } | champs


def creee() -> Campagne:
    """The campagne just prepared."""
    return db.session.scalars(select(Campagne).where(Campagne.intitule == "Noël")).one()


def test_a_campagne_is_prepared_for_a_list_of_bodies_and_a_lot_then_read_back_in_its_form(monde, acheteur):
    liste = {"acces": "liste", "sirens": f"{monde.ccas.siren} CCAS de Calais", "lots": monde.marche.lots[1].id}
    assert acheteur.post("/campagnes/nouvelle", data=termes(monde, **liste)).status_code == 303
    prete = creee()
    assert (prete.lots, prete.acces, prete.s_ouvre_seule) == ([2], AccesCampagne.LISTE, True)
    assert [c.nom for c in db.session.scalars(adherents_de(prete))] == ["CCAS de Calais"]
    formulaire = acheteur.get(f"/campagnes/{prete.id}/modification").text
    assert f"{monde.ccas.siren} CCAS de Calais" in formulaire and "par bon de commande" in formulaire
    page = acheteur.get(f"/campagnes/{prete.id}").text
    assert "Une liste de 1\u00a0collectivité" in page.replace(" collectivité", "\u00a0collectivité")
    assert "oui, le premier jour" in page
    assert acheteur.post(f"/campagnes/{prete.id}/modification", data=termes(monde, acces="tous")).status_code == 303
    db.session.refresh(prete)
    assert (prete.lots, prete.acces) == (None, AccesCampagne.TOUS)


def test_a_list_with_a_body_that_may_not_order_names_its_line(monde, acheteur):
    absente = membre("Audresselles")
    db.session.commit()
    liste = {"acces": "liste", "sirens": f"{monde.ccas.siren}\n\n{absente.siren}"}
    reponse = acheteur.post("/campagnes/nouvelle", data=termes(monde, **liste))
    assert reponse.status_code == 422
    assert f"Ligne 3, Audresselles ({absente.siren})" in reponse.text and "n’a pas adhéré" in reponse.text
    assert db.session.scalar(select(Campagne.id).where(Campagne.intitule == "Noël")) is None


def test_the_delivery_announced_changes_while_the_window_is_open_and_members_read_it(monde, acheteur, client_de):
    jour = aujourdhui()
    ouverte = campagne(monde.marche, du=jour, au=jour + timedelta(days=5))
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=monde.commune)
    db.session.commit()
    adresse = f"/campagnes/{ouverte.id}/livraison-annoncee"
    trop_tot = acheteur.post(adresse, data={"livraison_du": jour.isoformat()})
    assert trop_tot.status_code == 422 and "vient après le dernier jour" in trop_tot.text
    livraison = {"livraison_du": "2027-01-04", "livraison_au": "2027-01-29"}
    assert acheteur.post(adresse, data=livraison).status_code == 303
    assert "du 4 janvier 2027 au 29 janvier 2027" in acheteur.get(f"/campagnes/{ouverte.id}").text
    assert "du 4 janvier 2027 au 29 janvier 2027" in client_de(agent).get("/panier").text


def test_the_calendar_says_what_was_sent_and_what_is_to_come_and_a_kind_is_switched_off(monde, acheteur):
    jour = aujourdhui()
    ouverte = campagne(monde.marche, du=jour, au=jour + timedelta(days=20), etat=EtatCampagne.PREPAREE)
    automate.avancer_les_campagnes(maintenant())
    db.session.commit()
    racine = f"/campagnes/{ouverte.id}/courriels"
    page = acheteur.get(f"{racine}/").text
    assert "Rappel, 7 jours avant la fin" in page and "À venir" in page and "Clôture" in page
    assert acheteur.post(f"{racine}/j7/arret").status_code == 303
    assert "Coupé" in acheteur.get(f"{racine}/").text
    assert acheteur.post(f"{racine}/j7/reprise").status_code == 303
    db.session.refresh(ouverte)
    assert ouverte.annonces_coupees == []


def test_the_text_of_a_mail_is_read_before_it_leaves(monde, acheteur):
    jour = aujourdhui()
    ouverte = campagne(monde.marche, du=jour, au=jour + timedelta(days=20))
    commande(ouverte, monde.ccas, [(monde.boite, 25)], etat=EtatCommande.SOUMISE)
    db.session.commit()
    rappel = acheteur.get(f"/campagnes/{ouverte.id}/courriels/j7").text
    assert "2\u00a0personnes" in rappel and "commune@example.org" not in rappel.split("À")[0]
    assert "Madame, Monsieur," in rappel and "/panier?campagne=" in rappel
    cloture = acheteur.get(f"/campagnes/{ouverte.id}/courriels/cloture").text
    assert "n’a pas été validée à temps" in cloture
    assert "ne concernerait personne" in acheteur.get(f"/campagnes/{ouverte.id}/courriels/colis").text
    assert db.session.scalars(select(Courriel)).all() == []


def test_a_body_the_window_is_not_for_is_told_on_its_basket_and_not_pressed_on_its_home(monde, client_de):
    jour = aujourdhui()
    campagne(monde.marche, du=jour, au=jour + timedelta(days=5), acces=AccesCampagne.TYPES, types=["ccas"])
    agents = [
        client_de(adherents.utilisateur(nom, roles=[Role.AGENT], collectivite=corps))
        for nom, corps in (("Claire Delattre", monde.commune), ("Denis Leroy", monde.ccas))
    ]
    db.session.commit()
    commune, ccas = agents
    assert "ouverte à certains types de collectivités" in commune.get("/panier").text
    assert "Vous ne pouvez pas commander" not in commune.get("/").text
    assert "Préparez votre commande" in ccas.get("/").text


def test_each_page_costs_the_same_whatever_the_number_of_members(monde, acheteur, sql):
    jour = aujourdhui()
    ouverte = campagne(monde.marche, du=jour, au=jour + timedelta(days=20))
    db.session.commit()
    comptes = []
    for combien in (0, 40):
        for rang in range(combien):
            membre(f"Commune {rang}", de=ouverte, courriel=f"mairie{rang}@example.org")
        db.session.commit()
        assert db.session.scalar(select(Collectivite.id).limit(1))
        for adresse in ("", "/courriels/", "/courriels/j7", "/courriels/ouverture"):
            with sql() as envoyees:
                assert acheteur.get(f"/campagnes/{ouverte.id}{adresse}").status_code == 200
            comptes.append(len(envoyees))
    assert comptes[:4] == comptes[4:]
    assert max(comptes) <= 22, comptes
