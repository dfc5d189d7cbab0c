"""What the buyer decided to change in a regroupement: for the rule, and for the people who read the preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Ajustement, Campagne, Commande, LigneCommande
from groupement.commandes.rules.ajustements import Decision
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class Cible:
    """What a decision bears on: a lot, an article, an order, or the line of an order on an article."""

    lot: Lot | None = None
    article: Article | None = None
    commande: Commande | None = None

    @property
    def ids(self) -> dict[str, int | None]:
        """Its columns."""
        return {
            "lot_id": self.lot.id if self.lot else None,
            "article_id": self.article.id if self.article else None,
            "commande_id": self.commande.id if self.commande else None,
        }

    def est_celle_de(self, ajustement: Ajustement) -> bool:
        """Whether a decision bears on exactly this."""
        return all(getattr(ajustement, nom) == valeur for nom, valeur in self.ids.items())

    @property
    def nom(self) -> str:
        """What people call it."""
        if self.lot:
            return f"Lot {self.lot.numero}, {self.lot.intitule}"
        article = f"{self.article.designation} ({self.article.reference})" if self.article else ""
        if self.commande is None:
            return article
        corps = self.commande.collectivite.nom
        return f"{article}, pour {corps}" if article else f"{corps}, toute la commande"


def cible_de(ajustement: Ajustement) -> Cible:
    """What it bears on."""
    return Cible(ajustement.lot, ajustement.article, ajustement.commande)


def decisions_des(ajustements: Sequence[Ajustement]) -> list[Decision]:
    """The decisions, as the rule wants them. One on an order that is not committed any more is none."""
    return [
        Decision(
            *(a.id, a.genre, a.motif, a.lot.numero if a.lot else None, a.article_id),
            *(a.commande.collectivite_id if a.commande else None, a.unites),
            a.commande.collectivite.nom if a.commande else "",
        )
        for a in ajustements
        if a.commande is None or a.commande.etat is EtatCommande.VALIDEE
    ]


def ajustements_de(campagne_id: int) -> Sequence[Ajustement]:
    """The decisions in force with what they bear on, oldest first; one statement."""
    return db.session.scalars(
        select(Ajustement)
        .where(Ajustement.campagne_id == campagne_id, Ajustement.retire_le.is_(None))
        .order_by(Ajustement.id)
        .options(
            joinedload(Ajustement.lot),
            joinedload(Ajustement.article),
            joinedload(Ajustement.commande).joinedload(Commande.collectivite),
        )
        .execution_options(populate_existing=True)
    ).all()


def ajustement_tenu(campagne_id: int, ajustement_id: int) -> Ajustement:
    """A decision of this campagne, read afresh; 404 when it has none of that number."""
    ajustement: Ajustement = db.one_or_404(
        select(Ajustement)
        .where(Ajustement.id == ajustement_id, Ajustement.campagne_id == campagne_id)
        .execution_options(populate_existing=True)
    )
    return ajustement


def en_vigueur(campagne_id: int, cible: Cible) -> Ajustement | None:
    """The decision in force on exactly this, if any."""
    colonnes = {getattr(Ajustement, nom): valeur for nom, valeur in cible.ids.items()}
    return db.session.scalars(
        select(Ajustement).where(
            Ajustement.campagne_id == campagne_id,
            Ajustement.retire_le.is_(None),
            *(colonne.is_(None) if valeur is None else colonne == valeur for colonne, valeur in colonnes.items()),
        )
    ).one_or_none()


def cible_visible(campagne: Campagne, *, lot: int = 0, article: int = 0, commande: int = 0) -> Cible:
    """What the address names by ids, if it is of this campagne; 404 otherwise. One statement."""
    if lot:
        return Cible(lot=db.one_or_404(select(Lot).where(Lot.id == lot, Lot.marche_id == campagne.marche_id)))
    du_marche = select(Article).join(Article.lot).where(Article.id == article, Lot.marche_id == campagne.marche_id)
    if not commande:
        return Cible(article=db.one_or_404(du_marche))
    validee = (
        select(Commande)
        .where(Commande.id == commande, Commande.campagne_id == campagne.id, Commande.etat == EtatCommande.VALIDEE)
        .options(joinedload(Commande.collectivite))
    )
    if not article:
        return Cible(commande=db.one_or_404(validee))
    ligne: LigneCommande = db.one_or_404(
        select(LigneCommande)
        .join(LigneCommande.commande)
        .where(LigneCommande.commande_id == commande, LigneCommande.article_id == article)
        .where(Commande.campagne_id == campagne.id, Commande.etat == EtatCommande.VALIDEE)
        .options(
            joinedload(LigneCommande.article),
            contains_eager(LigneCommande.commande).joinedload(Commande.collectivite),
        )
    )
    return Cible(article=ligne.article, commande=ligne.commande)
