"""Factures deposited on Chorus Pro or in the finance software, and the deposits that do not count."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.refacturation.models.factures import Facture
from groupement.refacturation.states import Destination
from groupement.socle.db import Base, DateHeure, Montant, colonne_etat
from groupement.socle.fichiers import Fichier


class Transmission(Base):
    """Factures deposited together, on Chorus Pro or in the finance software, under one reference. Append-only.

    `fichier`: the bordereau of what was deposited, as it was that day; `sha256` is of its bytes.
    """

    __tablename__ = "transmission"
    __table_args__ = (CheckConstraint("factures > 0", name="quelque_chose"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    destination: Mapped[Destination] = mapped_column(colonne_etat(Destination))
    deposee_le: Mapped[date]
    reference: Mapped[str] = mapped_column(String(100))
    factures: Mapped[int]
    total_ttc: Mapped[Decimal] = mapped_column(Montant)
    fichier_id: Mapped[int] = mapped_column(ForeignKey("fichier.id"), unique=True)
    fichier: Mapped[Fichier] = relationship()
    sha256: Mapped[str] = mapped_column(String(64))
    saisie_le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))


class FactureTransmise(Base):
    """One facture of a deposit. Append-only."""

    __tablename__ = "facture_transmise"
    __table_args__ = (UniqueConstraint("transmission_id", "facture_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id"))
    transmission: Mapped[Transmission] = relationship()
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship()


class ErreurDeTransmission(Base):
    """A deposit of a facture that does not count: refused over there, wrong reference, never sent. Append-only."""

    __tablename__ = "erreur_de_transmission"
    id: Mapped[int] = mapped_column(primary_key=True)
    ligne_id: Mapped[int] = mapped_column(ForeignKey("facture_transmise.id"), unique=True)
    ligne: Mapped[FactureTransmise] = relationship()
    motif: Mapped[str] = mapped_column(Text)
    le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))
