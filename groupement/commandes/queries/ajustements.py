"""What the buyer decided to change in a regroupement: for the rule, and for the people who read the preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Ajustement, Commande, LigneCommande
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

    @property
    def nom(self) -> str:
        """What people call it."""
        if self.lot:
            return f"Lot {self.lot.numero}, {self.lot.intitule}"
        article = f"{self.article.designation} ({self.article.reference})" if self.article else ""
        if self.commande is None:
            return article
        corps = self.commande.collectivite.nom
        return f"{article}, commande de {corps}" if article else f"Commande de {corps}"


def cible_de(ajustement: Ajustement) -> Cible:
    """What it bears on."""
    return Cible(ajustement.lot, ajustement.article, ajustement.commande)


def decisions_de(campagne_id: int) -> list[Decision]:
    """The decisions in force, as the rule wants them, oldest first; one statement.

    One on an order that is not committed any more is none.
    """
    lignes = db.session.execute(
        select(Ajustement, Lot.numero, Commande.collectivite_id, Collectivite.nom, Commande.etat)
        .outerjoin(Lot, Lot.id == Ajustement.lot_id)
        .outerjoin(Commande, Commande.id == Ajustement.commande_id)
        .outerjoin(Collectivite, Collectivite.id == Commande.collectivite_id)
        .where(Ajustement.campagne_id == campagne_id, Ajustement.retire_le.is_(None))
        .order_by(Ajustement.id)
    )
    return [
        Decision(a.id, a.genre, a.motif, lot, a.article_id, corps, a.unites, qui or "")
        for a, lot, corps, qui, etat in lignes
        if a.commande_id is None or etat is EtatCommande.VALIDEE
    ]


def ajustements_de(campagne_id: int) -> Sequence[Ajustement]:
    """The decisions in force with what they bear on, oldest first."""
    return db.session.scalars(_avec_cibles().where(Ajustement.campagne_id == campagne_id)).all()


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


def cible_visible(
    campagne_id: int, marche_id: int, *, lot: int | None = None, article: int | None = None, commande: int | None = None
) -> Cible:
    """What the address names, if it is of this campagne; 404 otherwise. `lot`, `article`, `commande` are ids."""
    du_marche = select(Article).join(Article.lot).where(Lot.marche_id == marche_id)
    validee = select(Commande).where(Commande.campagne_id == campagne_id, Commande.etat == EtatCommande.VALIDEE)
    cible = Cible(
        lot=db.one_or_404(select(Lot).where(Lot.id == lot, Lot.marche_id == marche_id)) if lot else None,
        article=db.one_or_404(du_marche.where(Article.id == article)) if article and not lot else None,
        commande=db.one_or_404(validee.where(Commande.id == commande).options(joinedload(Commande.collectivite)))
        if commande and not lot
        else None,
    )
    if cible.article and cible.commande:
        ligne = select(LigneCommande.id).where(
            LigneCommande.commande_id == cible.commande.id, LigneCommande.article_id == cible.article.id
        )
        db.one_or_404(ligne)
    if not any(cible.ids.values()):
        db.one_or_404(select(Lot.id).where(Lot.id == 0))
    return cible


def _avec_cibles() -> Select[Ajustement]:
    """Decisions in force with their lot, article, order and body."""
    return (
        select(Ajustement)
        .where(Ajustement.retire_le.is_(None))
        .order_by(Ajustement.id)
        .options(
            joinedload(Ajustement.lot),
            joinedload(Ajustement.article),
            joinedload(Ajustement.commande).joinedload(Commande.collectivite),
        )
    )
