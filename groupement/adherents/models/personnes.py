"""The people acting for the bodies, for the Centre de gestion and for the others, and their roles."""

from datetime import date, datetime

from flask_security import AsaList, UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from groupement.adherents.models.corps import Collectivite
from groupement.adherents.rules.recherche import normaliser
from groupement.adherents.states import Role
from groupement.socle.db import Base, DateHeure, colonne_etat


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
    totp_compteur: Mapped[int | None] = mapped_column(BigInteger)  # half-minute of the last code used
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    echecs_de_connexion: Mapped[int] = mapped_column(default=0)
    verrouille_jusqu_au: Mapped[datetime | None] = mapped_column(DateHeure)
    proconnect_sub: Mapped[str | None] = mapped_column(String(255), unique=True)  # who they are for ProConnect
    poignee_de_cle: Mapped[str | None] = mapped_column(String(64), unique=True)  # who they are for their passkeys
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
    """One role of one person, for one body (agent, valideur) or for the Centre de gestion and the others.

    A delegated one names the habilitation it comes from and holds no longer than it (`queries.en_cours`).
    """

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
            sqlite_where=text("deleguee_par_id IS NULL"),
            postgresql_where=text("deleguee_par_id IS NULL"),
        ),
        CheckConstraint("deleguee_par_id IS NULL OR (au IS NOT NULL AND motif <> '')", name="delegation_bornee"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    utilisateur: Mapped[Utilisateur] = relationship(back_populates="habilitations")
    role: Mapped[Role] = mapped_column(colonne_etat(Role))
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite | None] = relationship()
    du: Mapped[date]
    au: Mapped[date | None]
    deleguee_par_id: Mapped[int | None] = mapped_column(ForeignKey("habilitation.id"), index=True)
    origine: Mapped["Habilitation | None"] = relationship(remote_side=[id])  # whose role it is
    motif: Mapped[str] = mapped_column(String(300), default="")

    @property
    def intitule(self) -> str:
        """The role and its body, as a person reads them."""
        pour = self.collectivite.nom if self.collectivite else ""
        return f"{self.role.libelle()}, {pour}" if pour else self.role.libelle()
