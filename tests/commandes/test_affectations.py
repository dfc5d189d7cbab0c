"""What an affectation repeats of its lines and of its order, and who keeps it true."""

from decimal import Decimal

import pytest
from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import IntegrityError

from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, BonDeCommande, Commande, LigneBon, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import MouvementStock
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre


@pytest.fixture
def regroupee(app):
    """A regroupement with everything in it: delivered, collected, served from stock, a surplus, two campagnes."""
    lot = catalogue.lot(plafond_ht=Decimal("100000.00"), franco_ht=None)
    boite = catalogue.article(lot, unites_par_colis=50, paliers=catalogue.paliers("50:0.58"))
    chemise = catalogue.article(lot, unites_par_colis=100, paliers=catalogue.paliers("100:0.10"))
    for intitule in ("La première", "La suivante"):
        window = campagne(lot.marche, etat=EtatCampagne.CLOSE, intitule=intitule)
        entree = {"depot_id": window.depot_id, "article_id": boite.id, "unites": 30, "valeur_ht": Decimal("15.00")}
        db.session.add(MouvementStock(**entree, motif="Surplus", par="Amélie", le=APRES))
        for unites in (20, 110):
            commande(window, membre(de=window), [(boite, unites), (chemise, 90)], etat=EtatCommande.VALIDEE)
        au_depot = {"mode": ModeDeRemise.DEPOT, "point_de_livraison_id": None}
        commande(window, membre(de=window), [(boite, 10)], etat=EtatCommande.VALIDEE, **au_depot)
        db.session.flush()
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES, depuis_le_stock=True)
    db.session.commit()


def test_body_campagne_and_article_are_those_of_the_order_and_of_the_bon(regroupee):
    de_commande = (
        select(func.count())
        .select_from(Affectation)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
    )
    autre_commande = or_(
        Affectation.campagne_id != Commande.campagne_id,
        Affectation.collectivite_id != Commande.collectivite_id,
        Affectation.article_id != LigneCommande.article_id,
        # What comes from the stock is collected where the stock is.
        Affectation.ligne_bon_id.is_not(None)
        & Affectation.point_de_livraison_id.is_distinct_from(Commande.point_de_livraison_id),
    )
    du_bon = (
        select(func.count())
        .select_from(Affectation)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
    )
    autre_bon = or_(Affectation.campagne_id != BonDeCommande.campagne_id, Affectation.article_id != LigneBon.article_id)
    assert db.session.scalar(de_commande) >= 10
    assert db.session.scalar(du_bon) >= 10
    assert db.session.scalar(de_commande.where(autre_commande)) == 0
    assert db.session.scalar(du_bon.where(autre_bon)) == 0


def test_an_affectation_of_another_article_than_its_lines_is_refused(regroupee):
    autre = catalogue.article(catalogue.lot())
    db.session.flush()
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE affectation SET article_id = :autre"), {"autre": autre.id})


@pytest.mark.parametrize("parent", ["campagne", "article", "point_de_livraison", "collectivite", "ligne_commande"])
def test_nothing_an_affectation_names_can_disappear(regroupee, parent):
    nommes = f"SELECT {parent}_id FROM affectation WHERE ligne_bon_id IS NOT NULL AND {parent}_id IS NOT NULL"
    assert db.session.scalar(text(f"SELECT count(*) FROM ({nommes}) AS nommes"))
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"DELETE FROM {parent} WHERE id IN ({nommes})"))


def test_an_affectation_of_no_line_is_refused(regroupee):
    with pytest.raises(IntegrityError, match="d_une_ligne"):
        db.session.execute(text("UPDATE affectation SET ligne_bon_id = NULL WHERE ligne_commande_id IS NULL"))
