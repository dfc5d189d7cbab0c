"""The member bodies, where they take delivery, and their membership of the convention."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.states import EtatAdhesion, TypeCollectivite
from groupement.socle.db import Base, colonne_etat
from groupement.socle.fichiers import Fichier


class Collectivite(Base):
    """A public body of Pas-de-Calais. The SIRET is asked, never guessed from the SIREN."""

    __tablename__ = "collectivite"
    __table_args__ = (CheckConstraint("siret IS NULL OR substr(siret, 1, 9) = siren", name="siret_du_siren"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(String(9), unique=True)
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)
    type: Mapped[TypeCollectivite] = mapped_column(colonne_etat(TypeCollectivite))
    nom: Mapped[str] = mapped_column(String(200))
    nom_recherche: Mapped[str] = mapped_column(String(200), index=True)  # lower case, no accents
    code_insee: Mapped[str | None] = mapped_column(String(5))
    code_postal: Mapped[str | None] = mapped_column(String(5))
    population: Mapped[int | None]
    siren_epci: Mapped[str | None] = mapped_column(String(9), index=True)
    adresse: Mapped[str] = mapped_column(String(300), default="")
    ville: Mapped[str] = mapped_column(String(100), default="")
    courriel: Mapped[str] = mapped_column(String(255), default="")
    chorus_service_requis: Mapped[bool] = mapped_column(default=False)
    chorus_engagement_requis: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)  # of what the form of the identity holds


class ServiceChorus(Base):
    """A service of a body in Chorus Pro: its code goes on the invoices. Set aside rather than deleted."""

    __tablename__ = "service_chorus"
    __table_args__ = (UniqueConstraint("collectivite_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    code: Mapped[str] = mapped_column(String(100))
    nom: Mapped[str] = mapped_column(String(200))
    actif: Mapped[bool] = mapped_column(default=True)


class PointDeLivraison(Base):
    """Where a body receives its boxes, and what the driver must know."""

    __tablename__ = "point_de_livraison"
    __table_args__ = (UniqueConstraint("collectivite_id", "libelle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    libelle: Mapped[str] = mapped_column(String(100))
    adresse: Mapped[str] = mapped_column(String(300))
    code_postal: Mapped[str] = mapped_column(String(5))
    ville: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(100), default="")
    telephone: Mapped[str] = mapped_column(String(30), default="")
    horaires: Mapped[str] = mapped_column(String(200), default="")
    escalier: Mapped[bool] = mapped_column(default=False)
    quai: Mapped[bool] = mapped_column(default=False)
    hayon: Mapped[bool] = mapped_column(default=False)  # a tail-lift is needed
    consignes: Mapped[str] = mapped_column(Text, default="")
    actif: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Convention(Base):
    """A version of the convention constitutive of the groupement.

    `lots`: those it foresees, [{"numero": 1, "intitule": "Boîtes"}, …], numbered as in the marché; empty: not said.
    """

    __tablename__ = "convention"
    id: Mapped[int] = mapped_column(primary_key=True)
    intitule: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(20), unique=True)
    adoptee_le: Mapped[date]
    cloture_le: Mapped[date | None]  # the last day a signature is taken; none: adhesions stay open
    lots: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    texte_id: Mapped[int | None] = mapped_column(ForeignKey("fichier.id"))
    texte: Mapped[Fichier | None] = relationship()


class Adhesion(Base):
    """A body's membership; only one that signed before the consultation may order on its marché (R2162-6)."""

    __tablename__ = "adhesion"
    __table_args__ = (
        UniqueConstraint("convention_id", "collectivite_id"),
        CheckConstraint("etat <> 'signee' OR signee_le IS NOT NULL", name="signee_a_une_date"),
        CheckConstraint(
            "signee_le IS NULL OR deliberee_le IS NULL OR signee_le >= deliberee_le", name="dates_dans_l_ordre"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    convention: Mapped[Convention] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    etat: Mapped[EtatAdhesion] = mapped_column(colonne_etat(EtatAdhesion), default=EtatAdhesion.DEMANDEE)
    deliberation_numero: Mapped[str] = mapped_column(String(50), default="")
    deliberee_le: Mapped[date | None]
    signee_le: Mapped[date | None]
    deliberation_id: Mapped[int | None] = mapped_column(ForeignKey("fichier.id"))
    deliberation: Mapped[Fichier | None] = relationship()
    lots: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # the numbers joined; none: every lot
    retiree_le: Mapped[date | None]  # the day a withdrawal took effect
    retrait_motif: Mapped[str] = mapped_column(String(300), default="")
