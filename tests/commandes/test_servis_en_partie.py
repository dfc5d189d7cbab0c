"""One bon per place, the depot's below its minimum: who loses its last pieces knows how many, why, and what to do."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue.models import Article, Lot
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Commande, LigneEcartee
from groupement.commandes.rules.bons import Affectation, CodeRefus, Origine, Refus
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande
from groupement.commandes.rules.ecarts import ecarts_de_regle
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.outils import pages

D = Decimal
BOITE = ArticleARegrouper(7, "REL-A4", 1, 10, D(20), ())


def refus(**champs: Any) -> Refus:
    """A lot below its minimum, or what is said otherwise."""
    valeurs: dict[str, Any] = {"lot": 1, "article_id": None, "reference": None, "code": CodeRefus.MINIMUM}
    return Refus(**(valeurs | {"motif": "Trop petit."} | champs))


def demande(ligne: int, unites: int, lieu: int) -> Demande:
    """A line of ten-piece boxes."""
    return Demande(ligne, ligne, "200000008", 7, unites, 0, lieu, ligne)


def servie(ligne: int, unites: int, lieu: int, en_plus: int = 0) -> Affectation:
    """Pieces for that line."""
    return Affectation(ligne, ligne, "200000008", 7, Origine.BON, 1, unites, en_plus, 100, lieu)


@pytest.mark.parametrize(
    ("demandee", "affectations", "les_refus", "attendu"),
    [
        (demande(1, 15, 4), [servie(1, 10, 4)], [refus(lieu=DEPOT)], (10, 5, "dépôt, qui ne part pas. Trop petit.")),
        (demande(1, 15, 4), [servie(1, 10, 4), servie(1, 5, DEPOT)], [refus(lieu=9)], None),
        (demande(1, 10, 4), [servie(1, 10, 4, 2)], [refus(lieu=DEPOT)], None),
        (demande(1, 9, 4), [servie(1, 8, 4, 2)], [refus(lieu=DEPOT)], (8, 1, "(1\u00a0unité)")),  # extras are no demand
        (demande(1, 5, 4), [], [refus(lieu=DEPOT)], (0, 5, "colis entiers, de 10")),
        (demande(1, 5, DEPOT), [], [refus(lieu=DEPOT)], (0, 5, "Trop petit.")),
        (demande(1, 5, 4), [], [refus(lieu=4, motif="Votre bon."), refus(lieu=DEPOT)], (0, 5, "Votre bon.")),
        (demande(1, 5, 4), [], [refus(article_id=7, motif="Sans prix."), refus()], (0, 5, "Sans prix.")),
        (demande(1, 5, 4), [], [refus()], (0, 5, "Trop petit.")),
        (demande(1, 5, 4), [], [], None),
    ],
)
def test_a_line_knows_how_much_of_it_is_not_ordered_and_why(demandee, affectations, les_refus, attendu) -> None:
    ecarts = list(ecarts_de_regle([BOITE], [demandee], affectations, les_refus))
    if attendu is None:
        assert ecarts == []
    else:
        (ecart,) = ecarts
        assert (ecart.servies, ecart.manquantes) == attendu[:2]
        assert ecart.motif.endswith(attendu[2]) or attendu[2] in ecart.motif


@pytest.fixture
def reliures(app: Flask) -> SimpleNamespace:
    """One bon per place, a minimum the depot does not reach: 25 asked at Audresselles, 30 at Wissant."""
    lot = catalogue.lot(plafond_ht=D("1000000.00"), franco_ht=None, minimum_commande_ht=D("101.00"))
    lot.un_bon_par_lieu = True
    article = catalogue.article(lot, reference="REL-A4", unites_par_colis=10, paliers=catalogue.paliers("1:10.00"))
    fenetre = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    monde = SimpleNamespace(lot=lot, article=article, campagne=fenetre)
    for nom, unites in (("Audresselles", 25), ("Wissant", 30)):
        corps = membre(nom, de=fenetre)
        corps.courriel = f"mairie@{nom.lower()}.test"
        commande(fenetre, corps, [(article, unites)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    return monde


def regrouper(monde: SimpleNamespace) -> None:
    """Issue the bons."""
    regroupement.regrouper(monde.campagne.id, par=AUTOMATE, le=APRES)
    db.session.commit()


def lettres() -> dict[str, Courriel]:
    """The mails about what is not ordered, by address."""
    ecrits = db.session.scalars(select(Courriel).where(Courriel.destinataire.like("mairie@%.test")))
    return {lettre.destinataire: lettre for lettre in ecrits}


def test_who_loses_its_last_pieces_is_told_and_nobody_else(reliures: SimpleNamespace) -> None:
    regrouper(reliures)
    (ligne,) = db.session.scalars(select(LigneEcartee)).all()
    assert (ligne.unites, ligne.reportee, ligne.ajustement_id) == (5, False, None)
    recues = lettres()
    assert set(recues) == {"mairie@audresselles.test"}
    lettre = recues["mairie@audresselles.test"]
    assert lettre.sujet.startswith("Commandé en partie seulement\u00a0: ")
    assert "25\u00a0demandées, 20\u00a0commandées, 5\u00a0pas commandées" in lettre.corps
    assert "bon du dépôt, qui ne part pas" in lettre.corps and "Il manque 1,00" in lettre.corps
    assert "remettez-le dans votre prochain panier" in lettre.corps and "Laissé de côté" not in lettre.corps


def test_the_order_says_the_same_as_the_mail(reliures: SimpleNamespace, client_de) -> None:
    regrouper(reliures)
    (ligne,) = db.session.scalars(select(LigneEcartee)).all()
    passee = db.session.get_one(Commande, ligne.ligne_commande.commande_id)
    assert passee.etat is EtatCommande.REGROUPEE
    agent = client_de(adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=passee.collectivite))
    page = agent.get(f"/commandes/{passee.id}").text
    assert "En partie seulement" in page and "5\u00a0unités ne sont pas commandées" in page
    assert "bon du dépôt, qui ne part pas" in page and "prochain panier" in page
    assert "Pas commandé</strong>" not in page and not pages.fautes(page)


def test_telling_them_costs_the_same_for_10_and_for_1300_bodies(reliures: SimpleNamespace, sql) -> None:
    regrouper(reliures)  # the first bon of a year opens its counter
    # 150 packs and a piece each: the pieces of all of them make 13 000 €, and every place reaches 15 000 €.
    reliures.lot.minimum_commande_ht, reliures.lot.plafond_ht = D("15000.00"), D("99999999.00")
    comptes = []
    for combien in (10, 1300):
        reliures.campagne = campagne(reliures.lot.marche, etat=EtatCampagne.CLOSE)
        for _ in range(combien):
            corps = membre(de=reliures.campagne)
            commande(reliures.campagne, corps, [(reliures.article, 1501)], etat=EtatCommande.VALIDEE)
        db.session.commit()
        campagne_id = reliures.campagne.id
        db.session.expunge_all()
        with sql() as envoyees:
            regroupement.regrouper(campagne_id, par=AUTOMATE, le=APRES)
        comptes.append(len(envoyees))
        db.session.commit()
        en_partie = select(func.count()).where(LigneEcartee.campagne_id == campagne_id, LigneEcartee.unites == 1)
        assert db.session.scalar(en_partie) == combien
        reliures.lot = db.session.get_one(Lot, reliures.lot.id)
        reliures.article = db.session.get_one(Article, reliures.article.id)
    assert comptes[0] == comptes[1], comptes
