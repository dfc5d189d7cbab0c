"""What was postponed comes back: in the body's next basket on the marché, once, put back or declined."""

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import Commande, LigneCommande, LigneEcartee
from groupement.commandes.queries.vue_panier import vue_panier
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAjustement
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.commandes.test_ajustements import Fenetre
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import campagne

REPORTER, ECARTER = GenreAjustement.REPORTER, GenreAjustement.ECARTER


class Suite(Fenetre):
    """The boxes of everybody were postponed, the folders of Bapaume left out; a new campagne is open on the marché."""

    def __init__(self):
        super().__init__()
        self.ajuster(REPORTER, motif="Plus de carton avant mars.", article=self.boite)
        self.ajuster(ECARTER, motif="Doublon.", article=self.chemise, commande=self.de_bapaume)
        self.regrouper()
        self.suivante = self.ouvrir(self.campagne.marche)
        self.agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=self.ayette)
        db.session.commit()

    def ouvrir(self, marche):
        jour = aujourdhui()
        return campagne(marche, intitule="Campagne de printemps", du=jour, au=jour, etat=EtatCampagne.OUVERTE)


@pytest.fixture
def suite(app):
    return Suite()


@pytest.fixture
def agent(suite, client_de):
    return client_de(suite.agent)


def panier(suite):
    """Units by article in the basket of Ayette."""
    lignes = db.session.execute(
        select(LigneCommande.article_id, LigneCommande.unites)
        .join(Commande)
        .where(Commande.campagne_id == suite.suivante.id, Commande.collectivite_id == suite.ayette.id)
    )
    return dict(tuple(ligne) for ligne in lignes)


def test_what_was_postponed_is_offered_and_put_back_once(suite, agent):
    page = agent.get(f"/panier?campagne={suite.suivante.id}")
    assert "Remettre dans mon panier" in page.text and "Plus de carton avant mars." in page.text
    assert "Reporté de «\u00a0Campagne d’automne 2026\u00a0»" in page.text
    suite_ = agent.post(f"/panier/{suite.suivante.id}/reports")
    page = agent.get(suite_.location)
    assert "1\u00a0article dans votre panier" in page.text and "Remettre dans mon panier" not in page.text
    assert panier(suite) == {suite.boite.id: 500}  # 480 asked, whole packs of 50
    agent.post(f"/panier/{suite.suivante.id}/reports")
    assert panier(suite) == {suite.boite.id: 500}
    (ligne,) = db.session.scalars(select(LigneEcartee).where(LigneEcartee.suite_le.is_not(None)))
    assert (ligne.reprise, ligne.collectivite_id) == (True, suite.ayette.id)
    assert "remettre un report" in set(db.session.scalars(select(Evenement.verbe)))


def test_what_is_declined_is_gone(suite, agent):
    reponse = agent.post(f"/panier/{suite.suivante.id}/reports/renoncement")
    page = agent.get(reponse.location)
    assert "Remettre dans mon panier" not in page.text and panier(suite) == {}
    page = agent.get(f"/commandes/{suite.d_ayette.id}")
    assert "Vous y avez renoncé" in page.text


def test_what_is_left_out_for_good_is_not_offered_but_said(suite, client_de):
    bapaume = client_de(adherents.utilisateur("Karine Roussel", roles=[Role.AGENT], collectivite=suite.bapaume))
    page = bapaume.get(f"/panier?campagne={suite.suivante.id}")
    assert suite.boite.designation in page.text and "Doublon." not in page.text
    db.session.expire_all()
    assert db.session.get_one(Commande, suite.de_bapaume.id).etat is EtatCommande.ANNULEE
    page = bapaume.get(f"/commandes/{suite.de_bapaume.id}")
    assert "Doublon." in page.text and "Reporté à la prochaine campagne" in page.text


def test_the_order_says_why_each_line_costs_what_it_costs(suite, agent):
    page = agent.get(f"/commandes/{suite.d_ayette.id}")
    assert "Plus de carton avant mars." in page.text and "proposé dans votre prochain panier" in page.text
    assert "20\u00a0unités demandées, toutes commandées." in page.text
    assert "Le groupement en achète 20\u00a0unités" in page.text


def test_another_marche_offers_nothing(suite):
    autre = suite.ouvrir(catalogue.marche(lots=1))
    db.session.commit()
    assert vue_panier(suite.ayette.id, aujourdhui(), autre.id).reports == []


def test_an_article_no_longer_sold_is_not_offered(suite):
    suite.boite.actif = False
    db.session.commit()
    assert list(vue_panier(suite.ayette.id, aujourdhui(), suite.suivante.id).reports) == []


def test_two_people_of_a_body_put_it_back_once(suite, client_de, en_meme_temps):
    second = client_de(adherents.utilisateur("Michel Roux", roles=[Role.VALIDEUR], collectivite=suite.ayette))
    premier = client_de(suite.agent)
    adresse = f"/panier/{suite.suivante.id}/reports"
    db.session.commit()
    reponses = en_meme_temps(lambda: premier.post(adresse), lambda: second.post(adresse))
    assert [reponse.status_code for reponse in reponses] == [303, 303]
    assert panier(suite) == {suite.boite.id: 500}
