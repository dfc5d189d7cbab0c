"""What the buyer changes in a regroupement, with a reason, and the lines that are not ordered in the end."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models.commandes import Campagne, Commande, LigneCommande
from groupement.commandes.states import GenreAjustement
from groupement.socle.db import Base, DateHeure, colonne_etat

EN_VIGUEUR = "retire_le IS NULL"


def _une_seule(nom: str, *colonnes: str, ou: str) -> Index:
    """One decision in force a target: the second buyer is told of the first."""
    condition = text(f"{EN_VIGUEUR} AND {ou}")
    colonnes_ = ("campagne_id", *colonnes)
    return Index(nom, *colonnes_, unique=True, sqlite_where=condition, postgresql_where=condition)


class Ajustement(Base):
    """A decision of the buyer on a lot, an article, a body's order, or one line of it (order and article).

    A line is named by its order and article: it may be deleted while the campagne is open again. Never edited: a
    decision is withdrawn and another taken. `unites`: pieces more, or the quantity that counts for a tier to reach.
    """

    __tablename__ = "ajustement"
    __table_args__ = (
        CheckConstraint(
            "(lot_id IS NOT NULL AND article_id IS NULL AND commande_id IS NULL) "
            "OR (lot_id IS NULL AND (article_id IS NOT NULL OR commande_id IS NOT NULL))",
            name="une_cible",
        ),
        CheckConstraint(
            "(genre IN ('ecarter', 'reporter') AND unites = 0) "
            "OR (genre IN ('viser', 'ajouter') AND unites > 0 AND article_id IS NOT NULL AND commande_id IS NULL)",
            name="en_plus_d_un_article",
        ),
        CheckConstraint("motif <> ''", name="a_un_motif"),
        CheckConstraint("(retire_le IS NULL) = (retire_par = '')", name="retire_par_quelqu_un"),
        _une_seule("uq_ajustement_lot", "lot_id", ou="lot_id IS NOT NULL"),
        _une_seule("uq_ajustement_article", "article_id", ou="article_id IS NOT NULL AND commande_id IS NULL"),
        _une_seule("uq_ajustement_commande", "commande_id", ou="commande_id IS NOT NULL AND article_id IS NULL"),
        _une_seule(
            *("uq_ajustement_ligne", "commande_id", "article_id"),
            ou="commande_id IS NOT NULL AND article_id IS NOT NULL",
        ),
        Index("ix_ajustement_campagne_id", "campagne_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"))
    campagne: Mapped[Campagne] = relationship()
    genre: Mapped[GenreAjustement] = mapped_column(colonne_etat(GenreAjustement))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    lot: Mapped[Lot | None] = relationship()
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    article: Mapped[Article | None] = relationship()
    commande_id: Mapped[int | None] = mapped_column(ForeignKey("commande.id"))
    commande: Mapped[Commande | None] = relationship()
    unites: Mapped[int] = mapped_column(default=0)
    motif: Mapped[str] = mapped_column(String(500))
    par: Mapped[str] = mapped_column(String(200))
    le: Mapped[datetime] = mapped_column(DateHeure)
    retire_par: Mapped[str] = mapped_column(String(200), default="")
    retire_le: Mapped[datetime | None] = mapped_column(DateHeure)


class LigneEcartee(Base):
    """A line of an order that was not ordered, and why: the buyer's decision, or a rule (`ajustement_id` is null).

    `unites`: how many of its pieces were not, when some were. A postponed one is offered again in the body's next
    basket on the marché, until it is put back or declined.
    """

    __tablename__ = "ligne_ecartee"
    __table_args__ = (
        UniqueConstraint("ligne_commande_id"),
        CheckConstraint("motif <> ''", name="a_un_motif"),
        CheckConstraint("(suite_le IS NULL) = (reprise IS NULL)", name="suite_datee"),
        CheckConstraint("unites IS NULL OR unites > 0", name="unites_positives"),
        Index(
            "ix_ligne_ecartee_a_reprendre",
            "collectivite_id",
            sqlite_where=text("reportee AND suite_le IS NULL"),
            postgresql_where=text("reportee AND suite_le IS NULL"),
        ),
        Index("ix_ligne_ecartee_campagne_id", "campagne_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"))
    campagne: Mapped[Campagne] = relationship()
    ligne_commande_id: Mapped[int] = mapped_column(ForeignKey("ligne_commande.id"))
    ligne_commande: Mapped[LigneCommande] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"))
    ajustement_id: Mapped[int | None] = mapped_column(ForeignKey("ajustement.id"))
    reportee: Mapped[bool]
    unites: Mapped[int | None]  # pieces not ordered of a line served in part; null: none of it was
    motif: Mapped[str] = mapped_column(String(500))
    reprise: Mapped[bool | None]  # put back in a basket, or declined; null: not answered
    suite_le: Mapped[datetime | None] = mapped_column(DateHeure)
