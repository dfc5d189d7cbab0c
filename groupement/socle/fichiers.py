"""Files people send (photos, signed papers): bytes in the database, so that a backup and a rollback hold them too."""

import hashlib
from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from groupement.socle.db import Base, DateHeure, db


class Fichier(Base):
    """One file and, for a picture, its thumbnail. Never changed once written."""

    __tablename__ = "fichier"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str] = mapped_column(String(200))
    type_mime: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    taille: Mapped[int]
    depose_le: Mapped[datetime] = mapped_column(DateHeure)
    octets: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    miniature: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


def deposer(nom: str, type_mime: str, octets: bytes, *, le: datetime, miniature: bytes | None = None) -> Fichier:
    """Keep a file; the caller commits."""
    fichier = Fichier(
        nom=nom[:200],
        type_mime=type_mime,
        sha256=hashlib.sha256(octets).hexdigest(),
        taille=len(octets),
        depose_le=le,
        octets=octets,
        miniature=miniature,
    )
    db.session.add(fichier)
    db.session.flush()
    return fichier
