"""What an urgent order says besides its lines: why it cannot wait, and its hand-over."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.commandes.models.commandes import Commande
from groupement.socle.db import Base


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
