"""The pages of urgent orders, from the sheet to the hand-over: what each person sees, does, and is refused."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import Affectation, Campagne, Commande, Depannage
from groupement.commandes.states import EtatCampagne, EtatCommande, NatureCampagne
from groupement.refacturation.models import Facture
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.stock.queries import stock_de
from tests.fabriques import adherents, catalogue, depannages
from tests.fabriques import commandes as fenetres
from tests.fabriques.depannages import MOTIF
from tests.fabriques.en_nombre import articles_semblables, commandes_semblables


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """Ten boxes at the depot that serves the year; a body with its two people, the buyer, the comptable."""
    le = maintenant()
    jour = le.date()
    dates = {"du": jour - timedelta(days=300), "au": jour + timedelta(days=600)}
    consultee = {"consultation_le": jour - timedelta(days=400), "notifie_le": jour - timedelta(days=320)}
    lot = catalogue.lot(catalogue.marche(**dates, **consultee))
    depot = catalogue.depot("Dépôt de Bruay-la-Buissière")
    annee = depannages.annee_ouverte(lot, depot, le=le)
    mairie = fenetres.membre("Wissant", de=annee)
    monde = SimpleNamespace(
        le=le, jour=jour, lot=lot, depot=depot, annee=annee, mairie=mairie,
        boite=catalogue.article(lot, reference="BTE-STD-10", designation="Boîte d’archives 10 cm"),
    )  # fmt: skip
    depannages.stocker(annee, monde.boite, 10, "10.01", le=le)
    for nom, role in (("agent", Role.AGENT), ("valideur", Role.VALIDEUR)):
        personne = adherents.utilisateur(f"{nom} de Wissant", roles=[role], collectivite=mairie)
        setattr(monde, nom, client_de(personne))
    for nom in ("acheteur", "comptable"):
        setattr(monde, nom, client_de(adherents.utilisateur(nom, roles=[Role(nom)])))
    db.session.commit()
    return monde


def demander(monde: SimpleNamespace, unites: Any = "3", **champs: Any) -> Any:
    """Send the sheet."""
    saisie = {"lignes-0-article_id": monde.boite.id, "lignes-0-unites": unites, "motif": MOTIF, "lieu": "depot"}
    return monde.agent.post(f"/depannage/{monde.annee.id}/demandes", data=saisie | champs)


def derniere() -> Commande:
    """The last order."""
    return db.session.scalars(select(Commande).order_by(Commande.id.desc()).limit(1)).one()


def engager(monde: SimpleNamespace, commande: Commande, **champs: Any) -> Any:
    """Commit what the page shows."""
    page = monde.valideur.get(f"/depannage/{commande.id}/validation").text
    caches = dict(re.findall(r'name="(version|vu)" type="hidden" value="([^"]*)"', page))
    return monde.valideur.post(f"/depannage/{commande.id}/validation", data=caches | {"engagement": "E-7"} | champs)


def test_the_sheet_shows_what_the_depot_holds_and_its_cost(monde):
    texte = monde.agent.get("/depannage").text
    assert "Boîte d’archives 10 cm" in texte and "1,001\u00a0€" in texte and "coûté en moyenne" in texte


def test_from_the_sheet_to_the_facture(monde):
    assert demander(monde).status_code == 303
    commande = derniere()
    assert (
        commande.etat is EtatCommande.SOUMISE
        and "attend son valideur" in monde.agent.get(f"/depannage/{commande.id}").text
    )
    assert "Un dépannage attend votre validation" in monde.valideur.get("/").text
    assert engager(monde, commande).status_code == 303
    db.session.expire_all()
    assert commande.etat is EtatCommande.REGROUPEE and commande.engagement == "E-7"
    assert stock_de(monde.depot.id, monde.boite.id).unites == 7
    assert "À retirer au dépôt" in monde.agent.get("/commandes").text
    assert "1 dépannage à remettre" in monde.acheteur.get("/").text
    assert "Wissant" in monde.acheteur.get("/depannages/").text
    assert "E-7" in monde.agent.get(f"/depannage/{commande.id}/fiche").text
    remise = {"remis_a": "Sylvie Carlier", "version": commande.version}
    assert monde.acheteur.post(f"/depannages/{commande.id}/remise", data=remise).status_code == 303
    facturer = f"/refacturation/campagnes/{monde.annee.id}"
    assert "une par dépannage remis" in monde.comptable.get(facturer).text
    assert monde.comptable.post(f"{facturer}/factures", data={"attendu_ht": "3.00"}).status_code == 303
    facture = db.session.scalars(select(Facture)).one()
    assert (facture.commande_id, facture.fige["engagement"], str(facture.total_ht)) == (commande.id, "E-7", "3.00")
    assert "Facturée" in monde.agent.get(f"/depannage/{commande.id}").text


def test_whoever_may_commit_is_taken_there(monde, client_de):
    deux = adherents.utilisateur("Maire", roles=[Role.AGENT, Role.VALIDEUR], collectivite=monde.mairie)
    monde.agent = client_de(deux)
    assert demander(monde).headers["Location"].endswith("/validation")


@pytest.mark.parametrize(
    ("unites", "champs", "attendu"),
    [
        ("11", {}, "Il en reste 10\u00a0disponibles au dépôt"),
        ("beaucoup", {}, "nombre entier"),
        ("", {}, "Indiquez une quantité"),
        ("0", {}, "Indiquez une quantité"),
        ("3", {"motif": ""}, "Dites en une ligne"),
    ],
)
def test_what_is_wrong_is_said_beside_the_line_and_nothing_is_written(monde, unites, champs, attendu):
    reponse = demander(monde, unites, **champs)
    assert reponse.status_code == 422 and attendu in reponse.text
    assert db.session.scalars(select(Commande)).all() == []


def test_an_article_gone_from_the_depot_is_said(monde):
    reponse = demander(monde, "3", **{"lignes-0-article_id": catalogue.article(monde.lot).id})
    assert reponse.status_code == 422 and "n’est plus au dépôt" in reponse.text


def test_a_cost_that_rose_is_read_again_before_it_is_committed(monde):
    demander(monde)
    commande = derniere()
    depannages.stocker(monde.annee, monde.boite, 10, "60.00", le=monde.le)
    reponse = engager(monde, commande, vu="3.00")
    assert reponse.status_code == 409 and "a changé pendant que vous lisiez" in reponse.text
    assert engager(monde, commande).status_code == 303


def test_a_total_nobody_read_commits_nothing(monde):
    demander(monde)
    assert engager(monde, derniere(), vu="").status_code == 409
    assert db.session.scalars(select(Affectation)).all() == []


def test_sent_back_corrected_sent_again(monde):
    demander(monde)
    commande = derniere()
    renvoi = {"motif": "Deux suffisent", "version": commande.version}
    assert monde.valideur.post(f"/depannage/{commande.id}/renvoi", data=renvoi).status_code == 303
    page = monde.agent.get(f"/depannage/{commande.id}/modification").text
    assert "Deux suffisent" in page and MOTIF in page and 'value="3"' in page
    db.session.expire_all()
    saisie = {"lignes-0-article_id": monde.boite.id, "lignes-0-unites": "2", "motif": MOTIF, "lieu": "depot"}
    url = f"/depannage/{commande.id}/modification"
    assert monde.agent.post(url, data=saisie | {"version": 0}).status_code == 409
    assert monde.agent.post(url, data=saisie | {"version": commande.version}).status_code == 303
    db.session.expire_all()
    assert [ligne.unites for ligne in commande.lignes] == [2]


def test_taken_back_by_its_agent_then_given_up(monde):
    demander(monde)
    commande = derniere()
    reprise = monde.agent.post(f"/depannage/{commande.id}/reprise", data={"version": commande.version})
    assert reprise.headers["Location"].endswith("/modification")
    db.session.expire_all()
    monde.agent.post(f"/depannage/{commande.id}/annulation", data={"version": commande.version})
    db.session.expire_all()
    assert commande.etat is EtatCommande.ANNULEE


def test_the_buyer_gives_one_up_with_a_reason_and_the_boxes_come_back(monde):
    demander(monde)
    commande = derniere()
    engager(monde, commande)
    url = f"/depannages/{commande.id}/annulation"
    assert monde.acheteur.post(url, data={"motif_abandon": ""}).status_code == 422
    assert monde.acheteur.post(f"/depannages/{commande.id}/remise", data={"remis_a": ""}).status_code == 422
    assert monde.acheteur.post(url, data={"motif_abandon": "Boîtes humides"}).status_code == 303
    assert stock_de(monde.depot.id, monde.boite.id).unites == 10
    assert "Boîtes humides" in monde.agent.get(f"/depannage/{commande.id}").text


def test_while_a_window_is_open_the_page_sends_there(monde):
    fenetres.campagne(monde.lot.marche, intitule="Campagne d’automne", du=monde.jour, au=monde.jour + timedelta(days=5))
    texte = monde.agent.get("/depannage").text
    assert "Commandez dans la campagne «\u00a0Campagne d’automne\u00a0»" in texte
    assert demander(monde).status_code == 422


def test_without_an_open_year_the_page_says_so(monde):
    monde.acheteur.post(f"/depannages/{monde.annee.id}/cloture")
    assert "Le dépannage n’est pas ouvert" in monde.agent.get("/depannage").text
    assert demander(monde).status_code == 404


def test_the_basket_the_home_and_the_catalogue_lead_there(monde):
    for page in ("/panier", "/", f"/catalogue/articles/{monde.boite.id}"):
        assert "/depannage" in monde.agent.get(page).text, page


def test_the_buyer_opens_the_year_with_one_button(monde):
    autre = catalogue.lot(catalogue.marche(du=monde.jour, au=monde.jour + timedelta(days=100))).marche
    assert f"Ouvrir les dépannages {monde.jour.year}" in monde.acheteur.get("/depannages/").text
    ouvrir = {"marche": autre.id, "depot": monde.depot.id}
    assert monde.acheteur.post("/depannages/ouvertures", data=ouvrir).status_code == 303
    assert monde.acheteur.post("/depannages/ouvertures", data=ouvrir).status_code == 409
    assert monde.acheteur.post("/depannages/ouvertures", data=ouvrir | {"depot": "x"}).status_code == 404
    annees = db.session.scalars(select(Campagne).where(Campagne.nature == NatureCampagne.DEPANNAGE)).all()
    assert [a.marche_id for a in annees if a.etat is EtatCampagne.OUVERTE] == [monde.lot.marche_id, autre.id]


def test_the_list_filters_and_leaves_as_a_file(monde):
    demander(monde)
    engager(monde, derniere())
    demander(monde, "1")
    assert "1\u00a0dépannage" in monde.acheteur.get("/depannages/").text
    assert "2\u00a0dépannages" in monde.acheteur.get("/depannages/?etat=toutes").text
    assert "Aucun dépannage ici" in monde.acheteur.get("/depannages/?etat=annulees").text
    assert "Rien à remettre" not in monde.acheteur.get("/depannages/?q=wissant").text
    lignes = monde.acheteur.get("/depannages/?etat=toutes&format=csv").text
    assert MOTIF in lignes and "Wissant" in lignes


def test_the_pages_of_windows_do_not_know_the_year(monde):
    assert "Dépannages" not in monde.acheteur.get("/campagnes/?format=csv").text
    for page in ("", "/commandes", "/cloture", "/regroupement"):
        assert monde.acheteur.get(f"/campagnes/{monde.annee.id}{page}").status_code == 404
    assert monde.agent.post(f"/panier/{monde.annee.id}/lignes", data={"article": monde.boite.id}).status_code == 404


def test_the_page_of_an_order_leads_to_that_of_the_urgent_one(monde):
    demander(monde)
    for page in ("", "/pdf", "/lignes.csv", "/validation"):
        client = monde.valideur if page == "/validation" else monde.agent
        reponse = client.get(f"/commandes/{derniere().id}{page}")
        assert reponse.status_code == 302 and f"/depannage/{derniere().id}" in reponse.headers["Location"]


def test_an_order_of_a_window_has_no_page_here(monde):
    fenetre = fenetres.campagne(monde.lot.marche)
    ordinaire = fenetres.commande(fenetre, monde.mairie, [(monde.boite, 50)])
    db.session.commit()
    assert monde.agent.get(f"/depannage/{ordinaire.id}").status_code == 404


def test_another_body_sees_nothing_of_it(monde, client_de):
    demander(monde)
    voisine = adherents.utilisateur(
        "Karine", roles=[Role.AGENT], collectivite=fenetres.membre("Hesdin", de=monde.annee)
    )
    client = client_de(voisine)
    for page in ("", "/fiche", "/modification"):
        assert client.get(f"/depannage/{derniere().id}{page}").status_code == 404


def test_the_reserve_is_set_on_the_page_of_the_article(monde):
    page = f"/stock/{monde.depot.id}/articles/{monde.boite.id}"
    assert monde.acheteur.post(f"{page}/reserve", data={"unites": "-1"}).status_code == 422
    assert monde.acheteur.post(f"{page}/reserve", data={"unites": "4"}).status_code == 303
    assert "pas de dépannage dessus" in monde.acheteur.get(page).text
    assert "Il en reste 6\u00a0disponibles" in demander(monde, "7").text


def test_a_depot_that_delivers_offers_the_places_of_the_body(monde):
    lieu = {"nom": monde.depot.nom, "adresse": "1 rue du Stade", "code_postal": "62700", "ville": "Bruay", "livre": "y"}
    monde.acheteur.post(f"/stock/depots/{monde.depot.id}/modification", data=lieu)
    texte = monde.agent.get("/depannage").text
    assert "Livraison à Mairie" in texte
    point = re.search(r'name="lieu" type="radio" value="(\d+)"', texte)
    assert demander(monde, lieu=point.group(1)).status_code == 303
    engager(monde, derniere())
    db.session.expire_all()
    assert "Le dépôt vous la livre" in monde.agent.get("/commandes").text
    assert derniere().point_de_livraison_id == int(point.group(1))


def test_pages_cost_the_same_whatever_the_number_of_articles_and_of_orders(monde, sql):
    demander(monde)
    commande, comptes = derniere(), []
    article = catalogue.article(monde.lot, paliers=None)
    depannages.stocker(monde.annee, article, 3, "3.00", le=monde.le)
    depannages.demande(monde.annee, monde.mairie, {article: 1}, le=monde.le)
    autre = derniere()
    pages = (
        (monde.agent, "/depannage"),
        (monde.agent, f"/depannage/{commande.id}"),
        (monde.acheteur, "/depannages/?etat=toutes"),
    )
    for combien in (10, 1300):
        articles_semblables(article, combien, depuis=combien)
        commandes_semblables(autre, combien, depuis=combien)
        db.session.commit()
        mesure = []
        for client, page in pages:
            client.get(page)
            with sql() as envoyees:
                assert client.get(page).status_code == 200
            mesure.append(len(envoyees))
        comptes.append(mesure)
    assert comptes[0] == comptes[1] and max(comptes[0]) <= 12, comptes


def test_what_is_asked_is_written_once(monde):
    demander(monde)
    assert [d.motif for d in db.session.scalars(select(Depannage))] == [MOTIF]
