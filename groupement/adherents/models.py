"""Who: the member bodies, where they take delivery, their membership, and the people acting for them."""

from datetime import date, datetime

from flask_security import AsaList, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from groupement.adherents.rules.recherche import normaliser
from groupement.adherents.states import EtatAdhesion, Role, TypeCollectivite
from groupement.socle.db import Base, DateHeure, colonne_etat


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


class Convention(Base):
    """A version of the convention constitutive of the groupement."""

    __tablename__ = "convention"
    id: Mapped[int] = mapped_column(primary_key=True)
    intitule: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(20), unique=True)
    adoptee_le: Mapped[date]


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


class Utilisateur(Base, UserMixin):
    """A person. Column names in English are those Flask-Security asks for."""

    __tablename__ = "utilisateur"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str] = mapped_column(String(200))
    nom_recherche: Mapped[str] = mapped_column(String(200), default="")  # follows `nom`
    email: Mapped[str] = mapped_column(String(255), unique=True)
    telephone: Mapped[str] = mapped_column(String(30), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateHeure)
    last_login_at: Mapped[datetime | None] = mapped_column(DateHeure)
    current_login_at: Mapped[datetime | None] = mapped_column(DateHeure)
    last_login_ip: Mapped[str | None] = mapped_column(String(64))
    current_login_ip: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    echecs_de_connexion: Mapped[int] = mapped_column(default=0)
    verrouille_jusqu_au: Mapped[datetime | None] = mapped_column(DateHeure)
    habilitations: Mapped[list["Habilitation"]] = relationship(back_populates="utilisateur")

    @validates("nom")
    def _suivre_le_nom(self, champ: str, nom: str) -> str:
        """People are sorted and searched without their accents."""
        self.nom_recherche = normaliser(nom)
        return nom

    @property
    def utilisateur_id(self) -> int:
        """The account an act of the journal is attributed to."""
        return self.id

    @property
    def roles(self) -> list[str]:
        """Flask-Security's flat roles: unused, rights come from the habilitations."""
        return []


class Habilitation(Base):
    """One role of one person, for one body (agent, valideur) or for the Centre de gestion and the others."""

    __tablename__ = "habilitation"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('agent', 'valideur')) = (collectivite_id IS NOT NULL)", name="collectivite_selon_le_role"
        ),
        Index(
            "uq_habilitation_collectivite",
            "utilisateur_id",
            "role",
            "collectivite_id",
            unique=True,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    utilisateur: Mapped[Utilisateur] = relationship(back_populates="habilitations")
    role: Mapped[Role] = mapped_column(colonne_etat(Role))
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite | None] = relationship()
    du: Mapped[date]
    au: Mapped[date | None]
