"""Passkeys: what a person's telephone or computer keeps to prove who they are. Only the public half is here."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models.personnes import Utilisateur
from groupement.socle.db import Base, DateHeure


class CleDAcces(Base):
    """One passkey of one person; it opens the door alone, or after the password."""

    __tablename__ = "cle_d_acces"
    __table_args__ = (UniqueConstraint("utilisateur_id", "nom"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"))
    utilisateur: Mapped[Utilisateur] = relationship()
    nom: Mapped[str] = mapped_column(String(60))
    identifiant: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    cle_publique: Mapped[bytes] = mapped_column(LargeBinary)
    compteur: Mapped[int] = mapped_column(BigInteger, default=0)  # signatures made, for the keys that count
    transports: Mapped[list[str]] = mapped_column(JSON, default=list)
    creee_le: Mapped[datetime] = mapped_column(DateHeure)
    utilisee_le: Mapped[datetime | None] = mapped_column(DateHeure)
