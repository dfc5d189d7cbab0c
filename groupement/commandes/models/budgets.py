"""What a body means to spend in a campagne."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite
from groupement.commandes.models.commandes import Campagne
from groupement.commandes.states import EffetDuBudget
from groupement.socle.db import Base, DateHeure, Montant, colonne_etat


class Budget(Base):
    """The limit a body gave itself for a campagne, in € TTC: what a town council votes."""

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("campagne_id", "collectivite_id"),
        CheckConstraint("montant_ttc > 0", name="budget_positif"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"))
    campagne: Mapped[Campagne] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    montant_ttc: Mapped[Decimal] = mapped_column(Montant)
    effet: Mapped[EffetDuBudget] = mapped_column(colonne_etat(EffetDuBudget), default=EffetDuBudget.PREVENIR)
    fixe_le: Mapped[datetime] = mapped_column(DateHeure)
    fixe_par: Mapped[str] = mapped_column(String(200))
