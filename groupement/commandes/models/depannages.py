"""What an urgent order says besides its lines: why it cannot wait, its hand-over, and what was not handed over."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.commandes.models.commandes import Commande, LigneCommande
from groupement.commandes.states import MotifDEcart
from groupement.socle.db import Base, Montant, colonne_etat


class Depannage(Base):
    """The urgent side of an order (`Commande.urgente`): its reason, the day its units were handed over, and to whom."""

    __tablename__ = "depannage"
    __table_args__ = (
        CheckConstraint("(remis_le IS NULL) = (remis_a IS NULL)", name="remise_entiere"),
        CheckConstraint("motif <> ''", name="urgence_motivee"),
    )
    commande_id: Mapped[int] = mapped_column(ForeignKey("commande.id"), primary_key=True)
    commande: Mapped[Commande] = relationship()
    motif: Mapped[str] = mapped_column(String(300))
    remis_le: Mapped[date | None]
    remis_a: Mapped[str | None] = mapped_column(String(200))  # who came, or received it


class EcartDeRemise(Base):
    """Units of a line that the depot did not hand over, why, and what they went back to the stock for (€ HT).

    A line handed over whole has none. The body pays the share of the line less `montant_ht`.
    """

    __tablename__ = "ecart_de_remise"
    __table_args__ = (
        CheckConstraint("unites > 0", name="unites_positives"),
        CheckConstraint("montant_ht >= 0", name="montant_positif"),
    )
    ligne_commande_id: Mapped[int] = mapped_column(ForeignKey("ligne_commande.id"), primary_key=True)
    ligne_commande: Mapped[LigneCommande] = relationship()
    unites: Mapped[int]
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    motif: Mapped[MotifDEcart] = mapped_column(colonne_etat(MotifDEcart))
    precision: Mapped[str] = mapped_column(String(200), default="")
