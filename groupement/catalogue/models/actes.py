"""What happens to a marché once signed: avenants and their effects, papers, essential data. Amounts in € HT."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models.marches import Lot, Marche
from groupement.catalogue.states import FondementAvenant, NatureDocument, VisibiliteDocument
from groupement.socle.db import Base, DateHeure, Montant, Taux, colonne_etat
from groupement.socle.fichiers import Fichier


class Avenant(Base):
    """A dated act that changes a marché. Never edited: an error is put right by another."""

    __tablename__ = "avenant"
    __table_args__ = (
        UniqueConstraint("marche_id", "rang"),
        CheckConstraint("(fin_avant IS NULL) = (fin_apres IS NULL)", name="duree_entiere"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship()
    rang: Mapped[int]  # 1, 2, … in the order they were entered
    numero: Mapped[str] = mapped_column(String(30))
    objet: Mapped[str] = mapped_column(String(300))
    fondement: Mapped[FondementAvenant] = mapped_column(colonne_etat(FondementAvenant))
    motif: Mapped[str] = mapped_column(String(500), default="")
    notifie_le: Mapped[date]
    fin_avant: Mapped[date | None]
    fin_apres: Mapped[date | None]
    publie_le: Mapped[date | None]  # essential data: the only column that may still change
    enregistre_le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))
    effets: Mapped[list["EffetAvenant"]] = relationship(back_populates="avenant", order_by="EffetAvenant.lot_id")


class EffetAvenant(Base):
    """What an avenant changes in one lot: its ceiling, its titulaires, or both. Never edited."""

    __tablename__ = "effet_avenant"
    __table_args__ = (
        UniqueConstraint("avenant_id", "lot_id"),
        CheckConstraint("plafond_avant_ht > 0 AND plafond_apres_ht > 0", name="plafonds_positifs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    avenant_id: Mapped[int] = mapped_column(ForeignKey("avenant.id"), index=True)
    avenant: Mapped[Avenant] = relationship(back_populates="effets")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship()
    plafond_avant_ht: Mapped[Decimal] = mapped_column(Montant)
    plafond_apres_ht: Mapped[Decimal] = mapped_column(Montant)
    # [{rang, nom, siret, groupement, cotraitants: [{nom, siret}]}], null when they do not change
    titulaires_avant: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    titulaires_apres: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class DocumentMarche(Base):
    """A paper of the contract: of the marché, or of one of its lots. Taken off the list, it stays in the archives."""

    __tablename__ = "document_marche"
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship()
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    nature: Mapped[NatureDocument] = mapped_column(colonne_etat(NatureDocument))
    intitule: Mapped[str] = mapped_column(String(200))
    signe_le: Mapped[date | None]
    visibilite: Mapped[VisibiliteDocument] = mapped_column(colonne_etat(VisibiliteDocument))
    fichier_id: Mapped[int] = mapped_column(ForeignKey("fichier.id"))
    fichier: Mapped[Fichier] = relationship()
    depose_par: Mapped[str] = mapped_column(String(200))
    retire_le: Mapped[datetime | None] = mapped_column(DateHeure)


class DonneesEssentielles(Base):
    """What the open data of a lot (DECP) asks and nothing else in the application knows."""

    __tablename__ = "donnees_essentielles"
    __table_args__ = (
        CheckConstraint("offres_recues IS NULL OR offres_recues >= 1", name="au_moins_une_offre"),
        CheckConstraint("taux_avance_pct BETWEEN 0 AND 10000", name="avance_plausible"),
    )
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    lot: Mapped[Lot] = relationship()
    identifiant: Mapped[str] = mapped_column(String(16), default="")
    code_cpv: Mapped[str] = mapped_column(String(10), default="")
    procedure: Mapped[str] = mapped_column(String(80), default="")
    ccag: Mapped[str] = mapped_column(String(80), default="")
    offres_recues: Mapped[int | None]
    type_prix: Mapped[str] = mapped_column(String(40), default="")
    innovant: Mapped[bool] = mapped_column(default=False)
    sous_traitance: Mapped[bool] = mapped_column(default=False)
    avance: Mapped[bool] = mapped_column(default=False)
    taux_avance_pct: Mapped[Decimal] = mapped_column(Taux, default=Decimal(0))
    lieu_code: Mapped[str] = mapped_column(String(10), default="")
    lieu_type: Mapped[str] = mapped_column(String(30), default="")
    considerations_sociales: Mapped[list[str]] = mapped_column(JSON, default=list)
    considerations_environnementales: Mapped[list[str]] = mapped_column(JSON, default=list)
    publiee_le: Mapped[date | None]  # from then on nothing above changes: modifications are appended
