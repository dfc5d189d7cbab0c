"""What a bon said before it was revised or cancelled: figures, lines, who was to receive what. Never changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite
from groupement.commandes.models.bons import BonDeCommande
from groupement.socle.db import Base, DateHeure, Montant, PrixUnitaire, Taux


class VersionDeBon(Base):
    """A bon as it was until `close_le`: why it was then revised or cancelled (`motif`), what that changed.

    `changements`: a list of {genre, cle, quoi, avant, apres}, texts people read; empty for a cancellation.
    """

    __tablename__ = "version_de_bon"
    __table_args__ = (UniqueConstraint("bon_id", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"))
    bon: Mapped[BonDeCommande] = relationship()
    revision: Mapped[int]
    close_le: Mapped[datetime] = mapped_column(DateHeure)
    close_par: Mapped[str] = mapped_column(String(200))
    motif: Mapped[str] = mapped_column(String(500))
    changements: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    a_livrer_avant_le: Mapped[date]
    port_ht: Mapped[Decimal] = mapped_column(Montant)
    tva_port_pct: Mapped[Decimal | None] = mapped_column(Taux)
    total_ht: Mapped[Decimal] = mapped_column(Montant)
    total_tva: Mapped[Decimal] = mapped_column(Montant)
    total_ttc: Mapped[Decimal] = mapped_column(Montant)


class LigneDeVersion(Base):
    """An article of a bon as that version had it."""

    __tablename__ = "ligne_de_version"
    __table_args__ = (UniqueConstraint("version_id", "ligne_bon_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version_de_bon.id"))
    version: Mapped[VersionDeBon] = relationship()
    ligne_bon_id: Mapped[int] = mapped_column(ForeignKey("ligne_bon.id"))
    reference: Mapped[str] = mapped_column(String(50))
    designation: Mapped[str] = mapped_column(String(300))
    unite: Mapped[str] = mapped_column(String(20))
    unites_par_colis: Mapped[int]
    unites_demandees: Mapped[int]
    unites_du_stock: Mapped[int]
    colis: Mapped[int]
    unites: Mapped[int]
    unites_acceptees_en_plus: Mapped[int]
    surplus_au_depot: Mapped[int]
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    montant_ht: Mapped[Decimal] = mapped_column(Montant)


class PartDeVersion(Base):
    """What a body (null: the depot) had of an article in that version, where, for which order and how much."""

    __tablename__ = "part_de_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version_de_bon.id"), index=True)
    version: Mapped[VersionDeBon] = relationship()
    ligne_bon_id: Mapped[int] = mapped_column(ForeignKey("ligne_bon.id"))
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"))
    collectivite: Mapped[Collectivite | None] = relationship()
    point_de_livraison_id: Mapped[int | None] = mapped_column(ForeignKey("point_de_livraison.id"))
    commande_id: Mapped[int | None] = mapped_column(ForeignKey("commande.id"))
    unites: Mapped[int]
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
