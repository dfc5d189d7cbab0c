"""A titulaire that declines: a campagne, one bon, or for good. Withdrawn, the row stays and says so."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models import Fournisseur, Lot
from groupement.commandes.models.bons import BonDeCommande
from groupement.commandes.models.commandes import Campagne
from groupement.socle.db import Base, DateHeure
from groupement.socle.fichiers import Fichier

EN_VIGUEUR = text("leve_le IS NULL")
POUR_DE_BON = text("leve_le IS NULL AND campagne_id IS NULL AND bon_id IS NULL")


class Desistement(Base):
    """A titulaire of a lot declined: why, since when, with its letter. Neither campagne nor bon: for good."""

    __tablename__ = "desistement"
    __table_args__ = (
        CheckConstraint("campagne_id IS NULL OR bon_id IS NULL", name="une_portee"),
        CheckConstraint("(leve_le IS NULL) = (leve_par = '')", name="leve_par_quelqu_un"),
        Index(
            "uq_desistement_de_la_campagne",
            *("lot_id", "fournisseur_id", "campagne_id"),
            unique=True,
            sqlite_where=EN_VIGUEUR,
            postgresql_where=EN_VIGUEUR,
        ),
        Index(
            "uq_desistement_pour_de_bon",
            *("lot_id", "fournisseur_id"),
            unique=True,
            sqlite_where=POUR_DE_BON,
            postgresql_where=POUR_DE_BON,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship()
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"))
    fournisseur: Mapped[Fournisseur] = relationship()
    campagne_id: Mapped[int | None] = mapped_column(ForeignKey("campagne.id"), index=True)
    campagne: Mapped[Campagne | None] = relationship()
    bon_id: Mapped[int | None] = mapped_column(ForeignKey("bon_de_commande.id"), unique=True)
    bon: Mapped[BonDeCommande | None] = relationship()
    du: Mapped[date]  # the day it said so; for good: the first day it takes no bon any more
    motif: Mapped[str] = mapped_column(String(500))
    lettre_id: Mapped[int | None] = mapped_column(ForeignKey("fichier.id"))
    lettre: Mapped[Fichier | None] = relationship()
    par: Mapped[str] = mapped_column(String(200))
    le: Mapped[datetime] = mapped_column(DateHeure)
    leve_le: Mapped[datetime | None] = mapped_column(DateHeure)
    leve_par: Mapped[str] = mapped_column(String(200), default="")
