"""What revised prices would change for the orders under way: asked so far, at the prices of now and of then."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select

from groupement.catalogue.rules.prix import palier_applicable
from groupement.catalogue.rules.revision import PrixRevise
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.argent import montant_ligne
from groupement.socle.db import db

EN_COURS = (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE, EtatCampagne.CLOSE)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Effet:
    """A campagne not yet combined: its orders with a revised article, and what they would cost (€ HT)."""

    campagne: Campagne
    commandes: int
    avant_ht: Decimal
    apres_ht: Decimal

    @property
    def ecart_ht(self) -> Decimal:
        """What the revision adds, or takes off when negative."""
        return self.apres_ht - self.avant_ht


def effets_de_la_revision(prix: Mapping[int, PrixRevise]) -> list[Effet]:
    """For each campagne under way. Two statements, whatever the number of orders and articles.

    Articles are valued together, at the tier the whole campagne reaches so far.
    """
    changes = {article_id: revise for article_id, revise in prix.items() if revise.change and revise.actuels}
    if not changes:
        return []
    avant: dict[int, Decimal] = {}
    apres: dict[int, Decimal] = {}
    for campagne_id, article_id, unites in db.session.execute(_demande(_perimetre(changes))):
        revise, combien = changes[article_id], int(unites)
        for montants, paliers in ((avant, revise.actuels), (apres, revise.nouveaux)):
            prix_unitaire = palier_applicable(paliers, combien).prix_unitaire_ht
            montants[campagne_id] = montants.get(campagne_id, ZERO) + montant_ligne(combien, prix_unitaire)
    comptes = db.session.execute(_comptes(_perimetre(changes)))
    return [Effet(campagne, int(combien), avant[campagne.id], apres[campagne.id]) for campagne, combien in comptes]


def _perimetre(articles: Collection[int]) -> ColumnElement[bool]:
    """Lines of these articles, in orders of campagnes under way that still hold."""
    return (
        (LigneCommande.commande_id == Commande.id)
        & (Commande.etat != EtatCommande.ANNULEE)
        & ~Commande.urgente  # what the depot serves has its own cost
        & LigneCommande.article_id.in_(list(articles))
        & Commande.campagne_id.in_(select(Campagne.id).where(Campagne.etat.in_(EN_COURS)))
    )


def _demande(perimetre: ColumnElement[bool]) -> Select[int, int, int]:
    """(campagne, article, units asked)."""
    return (
        select(Commande.campagne_id, LigneCommande.article_id, func.sum(LigneCommande.unites))
        .where(perimetre)
        .group_by(Commande.campagne_id, LigneCommande.article_id)
    )


def _comptes(perimetre: ColumnElement[bool]) -> Select[Campagne, int]:
    """(campagne, how many orders), the first to open first."""
    return (
        select(Campagne, func.count(func.distinct(Commande.id)))
        .join(Commande, Commande.campagne_id == Campagne.id)
        .join(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(perimetre)
        .group_by(Campagne.id)
        .order_by(Campagne.du, Campagne.id)
    )
