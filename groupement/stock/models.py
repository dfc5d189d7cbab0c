"""What lies at the depot: append-only movements; a quantity is their sum, a value their weighted average cost."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models import Article
from groupement.socle.db import Base, DateHeure, Montant


class Depot(Base):
    """A place where the Centre de gestion keeps stock and members collect orders."""

    __tablename__ = "depot"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str] = mapped_column(String(100), unique=True)
    adresse: Mapped[str] = mapped_column(String(300))
    code_postal: Mapped[str] = mapped_column(String(5))
    ville: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(100), default="")
    telephone: Mapped[str] = mapped_column(String(30), default="")
    horaires: Mapped[str] = mapped_column(String(200), default="")
    livre: Mapped[bool] = mapped_column(default=False, server_default=false())  # it takes urgent orders to the members


class ReserveDeStock(Base):
    """Units of an article a depot keeps for itself: they are not offered to urgent orders."""

    __tablename__ = "reserve_de_stock"
    __table_args__ = (
        UniqueConstraint("depot_id", "article_id"),
        CheckConstraint("unites > 0", name="unites_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    unites: Mapped[int]


class MouvementStock(Base):
    """Units in (+) or out (−), with their value (€ HT, same sign), the reason and the paper they rest on."""

    __tablename__ = "mouvement_stock"
    __table_args__ = (
        CheckConstraint("unites <> 0", name="unites_non_nulles"),
        Index("ix_mouvement_stock_depot_article", "depot_id", "article_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    depot: Mapped[Depot] = relationship()
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    article: Mapped[Article] = relationship()
    unites: Mapped[int]
    valeur_ht: Mapped[Decimal] = mapped_column(Montant)
    motif: Mapped[str] = mapped_column(String(200))
    piece: Mapped[str] = mapped_column(String(60), default="")
    par: Mapped[str] = mapped_column(String(200))
    le: Mapped[datetime] = mapped_column(DateHeure)
