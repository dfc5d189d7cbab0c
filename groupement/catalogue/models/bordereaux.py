"""Loading a BPU in several steps: the file between its choice and its confirmation, and how a supplier writes his."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from groupement.catalogue.models.marches import Fournisseur, Marche
from groupement.catalogue.states import EtatImportBordereau
from groupement.socle.db import Base, DateHeure, colonne_etat
from groupement.socle.fichiers import Fichier


class ImportBordereau(Base):
    """A BPU being loaded: what was read of its file, how, and what the buyer decided. Forgotten at `expire_le`."""

    __tablename__ = "import_bordereau"
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship()
    fournisseur_id: Mapped[int | None] = mapped_column(ForeignKey("fournisseur.id"))  # None: the prices of the lots
    fournisseur: Mapped[Fournisseur | None] = relationship()
    fichier_id: Mapped[int] = mapped_column(ForeignKey("fichier.id"), index=True)
    fichier: Mapped[Fichier] = relationship()
    etat: Mapped[EtatImportBordereau] = mapped_column(
        colonne_etat(EtatImportBordereau), default=EtatImportBordereau.A_LIRE, index=True
    )
    du: Mapped[date]
    par: Mapped[str] = mapped_column(String(200))
    utilisateur_id: Mapped[int | None] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    depose_le: Mapped[datetime] = mapped_column(DateHeure)
    expire_le: Mapped[datetime] = mapped_column(DateHeure, index=True)
    pris_le: Mapped[datetime | None] = mapped_column(DateHeure)  # a worker has it
    rangees_lues: Mapped[int] = mapped_column(default=0)
    avancement_pct: Mapped[int] = mapped_column(default=0)
    tables: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # what was read, compressed JSON
    correspondance: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # None: still to be told
    choix: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what was confirmed
    bilan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(Text, default="")


class LectureBordereauRetenue(Base):
    """How a supplier's files of these titles read: proposed the next time."""

    __tablename__ = "lecture_bordereau_retenue"
    __table_args__ = (UniqueConstraint("fournisseur_id", "signature"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"))
    fournisseur: Mapped[Fournisseur] = relationship()
    signature: Mapped[str] = mapped_column(String(64))
    correspondance: Mapped[dict[str, Any]] = mapped_column(JSON)
    par: Mapped[str] = mapped_column(String(200))
    le: Mapped[datetime] = mapped_column(DateHeure)
