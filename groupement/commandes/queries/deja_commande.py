"""What a body has already ordered of an article: the last orders that were sent, whatever the marché."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from groupement.catalogue.models import Article
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.commandes import ENGAGEES
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db

DERNIERES = 5


@dataclass(frozen=True, slots=True)
class DejaCommande:
    """One order: the campagne, the units, when the window opened, and where it stands."""

    commande_id: int
    campagne: str
    du: date
    unites: int
    etat: EtatCommande


def deja_commande(collectivite_id: int, reference: str) -> Sequence[DejaCommande]:
    """The last orders of a body for this reference, the latest first. One statement.

    By reference, as an order is taken up again: the same box has another row in each marché.
    """
    lignes = db.session.execute(
        select(Commande.id, Campagne.intitule, Campagne.du, LigneCommande.unites, Commande.etat)
        .join(LigneCommande, LigneCommande.commande_id == Commande.id)
        .join(Article, Article.id == LigneCommande.article_id)
        .join(Campagne, Campagne.id == Commande.campagne_id)
        .where(
            Commande.collectivite_id == collectivite_id,
            Article.reference == reference,
            Commande.etat.in_((EtatCommande.SOUMISE, *ENGAGEES)),
        )
        .order_by(Campagne.du.desc(), Commande.id.desc())
        .limit(DERNIERES)
    ).all()
    return [DejaCommande(numero, campagne, du, unites, etat) for numero, campagne, du, unites, etat in lignes]
