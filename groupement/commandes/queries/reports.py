"""What was postponed and waits for the body's answer; which lines of an order were not ordered, and why."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Campagne, LigneCommande, LigneEcartee
from groupement.socle.db import db


def reports_a_reprendre(collectivite_id: int, campagne: Campagne) -> Sequence[LigneEcartee]:
    """The lines of the body postponed from other campagnes of the marché, for articles still sold; one statement."""
    valeurs = {"collectivite_id": collectivite_id, "campagne_id": campagne.id, "marche_id": campagne.marche_id}
    return db.session.scalars(_reports(), valeurs).all()


@cache
def _reports() -> Select[LigneEcartee]:
    """The select of these lines, built once: it waits for a body, a campagne and its marché."""
    return (
        select(LigneEcartee)
        .join(LigneEcartee.ligne_commande)
        .join(LigneCommande.article)
        .join(Article.lot)
        .join(LigneEcartee.campagne)
        .where(
            LigneEcartee.collectivite_id == bindparam("collectivite_id"),
            LigneEcartee.reportee,
            LigneEcartee.suite_le.is_(None),
            LigneEcartee.campagne_id != bindparam("campagne_id"),
            Lot.marche_id == bindparam("marche_id"),
            Article.actif,
        )
        .order_by(LigneEcartee.id)
        .options(
            contains_eager(LigneEcartee.ligne_commande)
            .contains_eager(LigneCommande.article)
            .contains_eager(Article.lot),
            contains_eager(LigneEcartee.campagne),
        )
        .execution_options(populate_existing=True)
    )


def ecartees_de(commande_id: int) -> dict[int, LigneEcartee]:
    """The lines of an order that were not ordered, by line id; one statement."""
    lignes = db.session.scalars(
        select(LigneEcartee)
        .join(LigneEcartee.ligne_commande)
        .where(LigneCommande.commande_id == commande_id)
        .order_by(LigneEcartee.id)
    )
    return {ligne.ligne_commande_id: ligne for ligne in lignes}
