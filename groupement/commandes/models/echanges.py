"""What a supplier answers to a bon: another date it proposes, observations it makes; and the buyer's replies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.commandes.models.bons import BonDeCommande
from groupement.commandes.states import EtatObservation, EtatProposition
from groupement.socle.db import Base, DateHeure, colonne_etat


class PropositionDeDate(Base):
    """Another delivery date a supplier asks for, why, and since when it knows (CCAG-FCS 13.3). One waits at a time."""

    __tablename__ = "proposition_de_date"
    __table_args__ = (
        CheckConstraint("(etat = 'proposee') = (repondue_le IS NULL)", name="repondue_a_une_date"),
        CheckConstraint("date_proposee > a_livrer_avant_le", name="plus_tard_que_le_delai"),
        Index(
            "uq_proposition_de_date_en_attente",
            "bon_id",
            unique=True,
            sqlite_where=text("etat = 'proposee'"),
            postgresql_where=text("etat = 'proposee'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"), index=True)
    bon: Mapped[BonDeCommande] = relationship()
    etat: Mapped[EtatProposition] = mapped_column(colonne_etat(EtatProposition), default=EtatProposition.PROPOSEE)
    a_livrer_avant_le: Mapped[date]  # the deadline of the bon when it was asked
    date_proposee: Mapped[date]
    cause_le: Mapped[date]
    motif: Mapped[str] = mapped_column(Text)
    proposee_le: Mapped[datetime] = mapped_column(DateHeure)
    proposee_par: Mapped[str] = mapped_column(String(200))
    a_repondre_avant_le: Mapped[date]
    repondue_le: Mapped[datetime | None] = mapped_column(DateHeure)
    repondue_par: Mapped[str] = mapped_column(String(200), default="")
    reponse: Mapped[str] = mapped_column(Text, default="")


class ObservationDeFournisseur(Base):
    """What a supplier remarks on a bon it received (CCAG-FCS 3.7.2), and what the buyer replies."""

    __tablename__ = "observation_de_fournisseur"
    __table_args__ = (CheckConstraint("(etat = 'recue') = (repondue_le IS NULL)", name="repondue_a_une_date"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"), index=True)
    bon: Mapped[BonDeCommande] = relationship()
    etat: Mapped[EtatObservation] = mapped_column(colonne_etat(EtatObservation), default=EtatObservation.RECUE)
    revision: Mapped[int]  # the one it speaks of
    texte: Mapped[str] = mapped_column(Text)
    faite_le: Mapped[datetime] = mapped_column(DateHeure)
    faite_par: Mapped[str] = mapped_column(String(200))
    repondue_le: Mapped[datetime | None] = mapped_column(DateHeure)
    repondue_par: Mapped[str] = mapped_column(String(200), default="")
    reponse: Mapped[str] = mapped_column(Text, default="")
