"""Money received for the factures, given back, paid online. Append-only, but for a payment online that ends."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.refacturation.models.factures import Facture
from groupement.refacturation.states import EtatPaiementEnLigne, MoyenEncaissement
from groupement.socle.db import Base, DateHeure, Montant, colonne_etat


class Encaissement(Base):
    """Money received for a facture. Append-only."""

    __tablename__ = "encaissement"
    __table_args__ = (CheckConstraint("montant_ttc > 0", name="montant_positif"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship()
    moyen: Mapped[MoyenEncaissement] = mapped_column(colonne_etat(MoyenEncaissement))
    montant_ttc: Mapped[Decimal] = mapped_column(Montant)
    recu_le: Mapped[date]
    reference: Mapped[str] = mapped_column(String(100), default="")
    saisi_le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))


class Remboursement(Base):
    """Money given back to a body: what it paid beyond what a facture, less its avoirs, asks. Append-only."""

    __tablename__ = "remboursement"
    __table_args__ = (CheckConstraint("montant_ttc > 0", name="montant_positif"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship()
    montant_ttc: Mapped[Decimal] = mapped_column(Montant)
    rembourse_le: Mapped[date]
    reference: Mapped[str] = mapped_column(String(100))
    saisi_le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))


class PaiementEnLigne(Base):
    """An online payment: opened for an amount, paid or abandoned. `session_id` is the gateway's."""

    __tablename__ = "paiement_en_ligne"
    id: Mapped[int] = mapped_column(primary_key=True)
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship()
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    montant_ttc: Mapped[Decimal] = mapped_column(Montant)
    etat: Mapped[EtatPaiementEnLigne] = mapped_column(
        colonne_etat(EtatPaiementEnLigne), default=EtatPaiementEnLigne.OUVERT
    )
    ouvert_le: Mapped[datetime] = mapped_column(DateHeure)
    ouvert_par: Mapped[str] = mapped_column(String(200))
    # Money that came for a facture already settled: shown to the comptable, to be given back.
    trop_percu_ttc: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))


class EvenementPaiement(Base):
    """An event of the gateway already taken in: its id is unique, so a replay does nothing."""

    __tablename__ = "evenement_paiement"
    id: Mapped[int] = mapped_column(primary_key=True)
    evenement_id: Mapped[str] = mapped_column(String(255), unique=True)
    genre: Mapped[str] = mapped_column(String(100))
    recu_le: Mapped[datetime] = mapped_column(DateHeure)
    paiement_id: Mapped[int | None] = mapped_column(ForeignKey("paiement_en_ligne.id"), index=True)
    suite: Mapped[str] = mapped_column(String(300))  # what was done with it, in French
    a_verifier: Mapped[bool] = mapped_column(default=False)  # somebody must look at it at the gateway
