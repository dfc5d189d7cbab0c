"""What can be bought: marchés, lots and their titulaires, articles of the BPU, dated prices.

Amounts in € HT. A price is never edited: a revision writes new rows from its start date on.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Convention, Utilisateur
from groupement.catalogue.states import PorteePalier
from groupement.socle.db import Base, Montant, PrixUnitaire, Taux, colonne_etat


class Fournisseur(Base):
    """A supplier."""

    __tablename__ = "fournisseur"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14), unique=True)
    courriel: Mapped[str] = mapped_column(String(255))
    telephone: Mapped[str] = mapped_column(String(30), default="")
    adresse: Mapped[str] = mapped_column(String(300))
    code_postal: Mapped[str] = mapped_column(String(5))
    ville: Mapped[str] = mapped_column(String(100))


class AccesFournisseur(Base):
    """A person who acts for a supplier (role fournisseur)."""

    __tablename__ = "acces_fournisseur"
    __table_args__ = (UniqueConstraint("utilisateur_id", "fournisseur_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    utilisateur: Mapped[Utilisateur] = relationship()
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"), index=True)
    fournisseur: Mapped[Fournisseur] = relationship()


class Marche(Base):
    """An accord-cadre à bons de commande."""

    __tablename__ = "marche"
    __table_args__ = (CheckConstraint("au >= du", name="dates_dans_l_ordre"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(30), unique=True)
    objet: Mapped[str] = mapped_column(String(500))
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    convention: Mapped[Convention] = relationship()
    consultation_le: Mapped[date]  # bodies that signed later may not order (R2162-6)
    notifie_le: Mapped[date]
    du: Mapped[date]
    au: Mapped[date]
    justification_duree: Mapped[str] = mapped_column(String(500), default="")  # beyond four years (L2125-1)
    lots: Mapped[list["Lot"]] = relationship(back_populates="marche", order_by="Lot.numero")


class Lot(Base):
    """A part of the marché, with the terms its bons obey."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("marche_id", "numero"),
        CheckConstraint("plafond_ht > 0", name="plafond_positif"),
        CheckConstraint("minimum_ht >= 0 AND minimum_commande_ht >= 0 AND port_ht >= 0", name="montants_positifs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship(back_populates="lots")
    numero: Mapped[int]
    intitule: Mapped[str] = mapped_column(String(200))
    plafond_ht: Mapped[Decimal] = mapped_column(Montant)
    minimum_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    delai_livraison_jours: Mapped[int] = mapped_column(default=30)
    verification_jours: Mapped[int] = mapped_column(default=15)  # CCAG-FCS 28.2, unless the CCAP says otherwise
    franco_ht: Mapped[Decimal | None] = mapped_column(Montant)  # from this amount on, no shipping; None: never
    port_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    minimum_commande_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    portee_palier: Mapped[PorteePalier] = mapped_column(colonne_etat(PorteePalier), default=PorteePalier.BON)
    titulaires: Mapped[list["Titulaire"]] = relationship(back_populates="lot", order_by="Titulaire.rang")

    @property
    def titulaire(self) -> Fournisseur:
        """The first supplier in rank: the one bons are sent to."""
        return self.titulaires[0].fournisseur


class Titulaire(Base):
    """A supplier holding a lot, at its rank."""

    __tablename__ = "titulaire"
    __table_args__ = (UniqueConstraint("lot_id", "rang"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship(back_populates="titulaires")
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"), index=True)
    fournisseur: Mapped[Fournisseur] = relationship()
    rang: Mapped[int] = mapped_column(default=1)


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
    """The price of an article from a day on, until the next row; validities cannot overlap."""

    __tablename__ = "prix_article"
    __table_args__ = (UniqueConstraint("article_id", "du"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
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
