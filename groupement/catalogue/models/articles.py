"""Articles of the BPU and their dated prices. A price is never edited: a revision writes new rows."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models.marches import Lot
from groupement.socle.db import Base, PrixUnitaire, Taux


class Article(Base):
    """A line of the BPU. Lengths in mm, weight in kg; prices live in PrixArticle."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("lot_id", "reference"),
        CheckConstraint("unites_par_colis >= 1", name="colis_d_au_moins_une_unite"),
        Index("ix_article_recherche", "recherche"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship()
    reference: Mapped[str] = mapped_column(String(50))
    designation: Mapped[str] = mapped_column(String(300))
    recherche: Mapped[str] = mapped_column(Text)  # reference + designation + famille, lower case, no accents
    famille: Mapped[str] = mapped_column(String(40), index=True)  # type_element of the BPU
    unite: Mapped[str] = mapped_column(String(20))
    unites_par_colis: Mapped[int]
    fractionnable: Mapped[bool] = mapped_column(default=False)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    dimensions: Mapped[str] = mapped_column(String(60), default="")
    dos_mm: Mapped[int | None]
    profondeur_mm: Mapped[int | None]
    hauteur_mm: Mapped[int | None]
    poids_g: Mapped[int | None]
    norme: Mapped[str] = mapped_column(String(200), default="")
    capacite_mm: Mapped[int | None]
    charge_kg_par_tablette: Mapped[int | None]
    nb_tablettes: Mapped[int | None]
    feuillets_max: Mapped[int | None]
    actif: Mapped[bool] = mapped_column(default=True)


class PrixArticle(Base):
    """The price of an article from a day on, until the next row of the same bordereau; validities cannot overlap.

    `fournisseur_id`: the titulaire whose own price it is; none for the prices of the lot (`Titulaire.prix_du_lot`).
    """

    __tablename__ = "prix_article"
    __table_args__ = (
        UniqueConstraint("article_id", "fournisseur_id", "du"),
        Index(
            "uq_prix_article_du_lot",  # no supplier equals no other: the constraint above does not hold these
            "article_id",
            "du",
            unique=True,
            sqlite_where=text("fournisseur_id IS NULL"),
            postgresql_where=text("fournisseur_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    fournisseur_id: Mapped[int | None] = mapped_column(ForeignKey("fournisseur.id"))
    du: Mapped[date]
    source: Mapped[str] = mapped_column(String(200), default="")
    paliers: Mapped[list["PalierPrix"]] = relationship(order_by="PalierPrix.a_partir_de")


class PalierPrix(Base):
    """A tier: unit price (€ HT) from a number of units on."""

    __tablename__ = "palier_prix"
    __table_args__ = (
        UniqueConstraint("prix_article_id", "a_partir_de"),
        CheckConstraint("a_partir_de >= 1", name="seuil_positif"),
        CheckConstraint("prix_unitaire_ht > 0", name="prix_positif"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    prix_article_id: Mapped[int] = mapped_column(ForeignKey("prix_article.id"), index=True)
    a_partir_de: Mapped[int]
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
