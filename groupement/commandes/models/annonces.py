"""Whom a window is for when it is not for everybody, and the mails that announce it: to write, or written."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.commandes.models.commandes import Campagne
from groupement.commandes.states import GenreAnnonce
from groupement.socle.db import Base, DateHeure, colonne_etat

_RAPPEL = text("genre IN ('j7', 'j1', 'colis')")


class CollectiviteAdmise(Base):
    """A body of the list of a campagne that only some may order in."""

    __tablename__ = "collectivite_admise"
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"), primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), primary_key=True, index=True)


class Annonce(Base):
    """A mail of the calendar of a campagne, to all it concerns: waiting for its moment, sent, or given up.

    `au`: the last day of the campagne as that mail says it. A reminder is written when it leaves, once for each last
    day; the others when what they announce is done, and they leave at the next round of the machine.
    """

    __tablename__ = "annonce"
    __table_args__ = (
        Index(
            "uq_annonce_rappel",
            "campagne_id",
            "genre",
            "au",
            unique=True,
            sqlite_where=_RAPPEL,
            postgresql_where=_RAPPEL,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"), index=True)
    campagne: Mapped[Campagne] = relationship()
    genre: Mapped[GenreAnnonce] = mapped_column(colonne_etat(GenreAnnonce))
    au: Mapped[date]
    prevue_le: Mapped[datetime] = mapped_column(DateHeure)
    motif: Mapped[str] = mapped_column(String(500), default="")  # what the buyer wrote, the former last day
    reglee_le: Mapped[datetime | None] = mapped_column(DateHeure)
    courriels: Mapped[int] = mapped_column(default=0)
    sans_adresse: Mapped[int] = mapped_column(default=0)  # bodies that nobody could be written for
    non_envoyee: Mapped[str] = mapped_column(String(200), default="")  # why it was given up
