"""Hand-overs of urgent orders, read: what is set aside for the body, and what was not handed over."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Label, func, select

from groupement.catalogue.models import Article
from groupement.commandes.models import Affectation, Commande, EcartDeRemise, LigneCommande
from groupement.commandes.rules.remises import LigneARemettre
from groupement.socle.db import db

ZERO = Decimal("0.00")


def lignes_a_remettre(commande_id: int) -> list[LigneARemettre]:
    """What left the stock for an urgent order, in the order of its lines. One statement."""
    lignes = db.session.execute(
        select(
            *(LigneCommande.id, LigneCommande.article_id, Article.reference, Article.designation),
            *(Affectation.unites, Affectation.montant_ht, Affectation.tva_pct),
        )
        .join(Affectation, Affectation.ligne_commande_id == LigneCommande.id)
        .join(Article, Article.id == LigneCommande.article_id)
        .where(LigneCommande.commande_id == commande_id)
        .order_by(LigneCommande.id)
    )
    return [LigneARemettre(*ligne) for ligne in lignes]


def ecarts_de_remise(commande_id: int) -> dict[int, EcartDeRemise]:
    """What was not handed over of an urgent order, by line id. One statement."""
    ecarts = db.session.scalars(
        select(EcartDeRemise)
        .join(LigneCommande, LigneCommande.id == EcartDeRemise.ligne_commande_id)
        .where(LigneCommande.commande_id == commande_id)
    )
    return {ecart.ligne_commande_id: ecart for ecart in ecarts}


def ecarts_des_commandes() -> tuple[Label[Any], Label[Any]]:
    """Columns for a select of orders: `non_remises`, units, and `rendu_ht`, what they went back for; 0 when none."""
    siens = (
        select()
        .join_from(EcartDeRemise, LigneCommande, LigneCommande.id == EcartDeRemise.ligne_commande_id)
        .where(LigneCommande.commande_id == Commande.id)
    )
    unites = siens.with_only_columns(func.sum(EcartDeRemise.unites)).correlate(Commande).scalar_subquery()
    rendu = siens.with_only_columns(func.sum(EcartDeRemise.montant_ht)).correlate(Commande).scalar_subquery()
    return func.coalesce(unites, 0).label("non_remises"), func.coalesce(rendu, ZERO).label("rendu_ht")
