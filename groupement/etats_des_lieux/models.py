"""How much shelf: audits of a body's rooms, measures in mm of documents, and the needs they give.

Lengths are whole millimetres. `eliminable` is proposed until the visa of the Archives départementales is recorded.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.catalogue.models import Article
from groupement.etats_des_lieux.states import EtatEtatDesLieux, Forme
from groupement.socle.db import Base, DateHeure, Taux, colonne_etat


class EtatDesLieux(Base):
    """One visit: its rooms, measures, growth and settings."""

    __tablename__ = "etat_des_lieux"
    __table_args__ = (
        CheckConstraint("horizon_ans BETWEEN 0 AND 50", name="horizon_plausible"),
        CheckConstraint("(visa_numero = '') = (visa_le IS NULL)", name="visa_complet"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    archiviste_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"))
    archiviste: Mapped[Utilisateur] = relationship()
    etat: Mapped[EtatEtatDesLieux] = mapped_column(colonne_etat(EtatEtatDesLieux), default=EtatEtatDesLieux.PLANIFIE)
    visite_le: Mapped[date]
    population: Mapped[int]
    horizon_ans: Mapped[int] = mapped_column(default=10)
    remplissage_pct: Mapped[Decimal] = mapped_column(Taux, default=Decimal(90))
    croissance_mm_an: Mapped[int] = mapped_column(default=0)
    travee_mm: Mapped[int] = mapped_column(default=6000)  # useful length of one bay, all levels
    dos_mm: Mapped[int] = mapped_column(default=100)
    feuillets_max: Mapped[int] = mapped_column(default=200)
    visa_numero: Mapped[str] = mapped_column(String(50), default="")
    visa_le: Mapped[date | None]
    observations: Mapped[str] = mapped_column(Text, default="")
    transmis_le: Mapped[datetime | None] = mapped_column(DateHeure)
    version: Mapped[int] = mapped_column(default=1)
    locaux: Mapped[list["Local"]] = relationship(
        back_populates="etat_des_lieux", order_by="Local.id", cascade="all, delete-orphan"
    )
    mesures: Mapped[list["Mesure"]] = relationship(
        back_populates="etat_des_lieux", order_by="Mesure.id", cascade="all, delete-orphan"
    )
    reliures: Mapped[list["RegistreARelier"]] = relationship(
        back_populates="etat_des_lieux", order_by="RegistreARelier.id", cascade="all, delete-orphan"
    )
    besoins: Mapped[list["Besoin"]] = relationship(
        back_populates="etat_des_lieux", order_by="Besoin.id", cascade="all, delete-orphan"
    )


class Local(Base):
    """A room, X × Y × H in mm."""

    __tablename__ = "local"
    __table_args__ = (
        UniqueConstraint("etat_des_lieux_id", "nom"),
        CheckConstraint("x_mm > 0 AND y_mm > 0", name="dimensions_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    etat_des_lieux_id: Mapped[int] = mapped_column(ForeignKey("etat_des_lieux.id"), index=True)
    etat_des_lieux: Mapped[EtatDesLieux] = relationship(back_populates="locaux")
    nom: Mapped[str] = mapped_column(String(100))
    niveau: Mapped[str] = mapped_column(String(40), default="")
    x_mm: Mapped[int]
    y_mm: Mapped[int]
    hauteur_mm: Mapped[int | None]
    ferme_a_cle: Mapped[bool] = mapped_column(default=False)
    risques: Mapped[str] = mapped_column(String(300), default="")
    charge_admissible_kg_m2: Mapped[int | None]
    observations: Mapped[str] = mapped_column(Text, default="")
    rayonnages: Mapped[list["Rayonnage"]] = relationship(
        back_populates="local", order_by="Rayonnage.id", cascade="all, delete-orphan"
    )


class Rayonnage(Base):
    """Shelving already there: bays × levels × useful length of a shelf."""

    __tablename__ = "rayonnage"
    __table_args__ = (
        CheckConstraint("travees > 0 AND niveaux > 0 AND longueur_utile_mm > 0", name="mesures_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    local_id: Mapped[int] = mapped_column(ForeignKey("local.id"), index=True)
    local: Mapped[Local] = relationship(back_populates="rayonnages")
    travees: Mapped[int]
    niveaux: Mapped[int]
    longueur_utile_mm: Mapped[int]
    a_garder: Mapped[bool] = mapped_column(default=True)

    @property
    def longueur_totale_mm(self) -> int:
        """Useful length of all its shelves (mm)."""
        return self.travees * self.niveaux * self.longueur_utile_mm


class Mesure(Base):
    """Documents of one category, in mm of shelf: measured = eliminable + temporary + definitive."""

    __tablename__ = "mesure"
    __table_args__ = (
        CheckConstraint("mesure_mm = eliminable_mm + temporaire_mm + definitif_mm", name="la_somme_fait_le_mesure"),
        CheckConstraint("eliminable_mm >= 0 AND temporaire_mm >= 0 AND definitif_mm >= 0", name="mesures_positives"),
        CheckConstraint(
            "deja_boite_temporaire_mm BETWEEN 0 AND temporaire_mm"
            " AND deja_boite_definitif_mm BETWEEN 0 AND definitif_mm",
            name="boite_parmi_le_mesure",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    etat_des_lieux_id: Mapped[int] = mapped_column(ForeignKey("etat_des_lieux.id"), index=True)
    etat_des_lieux: Mapped[EtatDesLieux] = relationship(back_populates="mesures")
    local_id: Mapped[int | None] = mapped_column(ForeignKey("local.id"), index=True)
    local: Mapped[Local | None] = relationship()
    categorie: Mapped[str] = mapped_column(String(8))
    intitule: Mapped[str] = mapped_column(String(200), default="")
    forme: Mapped[Forme] = mapped_column(colonne_etat(Forme))
    mesure_mm: Mapped[int]
    eliminable_mm: Mapped[int] = mapped_column(default=0)
    temporaire_mm: Mapped[int] = mapped_column(default=0)
    definitif_mm: Mapped[int] = mapped_column(default=0)
    deja_boite_definitif_mm: Mapped[int] = mapped_column(default=0)
    deja_boite_temporaire_mm: Mapped[int] = mapped_column(default=0)


class RegistreARelier(Base):
    """One unbound year of a series: sheets, or the sheets of each session in order."""

    __tablename__ = "registre_a_relier"
    __table_args__ = (
        UniqueConstraint("etat_des_lieux_id", "serie", "annee"),
        CheckConstraint("feuillets > 0", name="feuillets_positifs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    etat_des_lieux_id: Mapped[int] = mapped_column(ForeignKey("etat_des_lieux.id"), index=True)
    etat_des_lieux: Mapped[EtatDesLieux] = relationship(back_populates="reliures")
    serie: Mapped[str] = mapped_column(String(60))
    annee: Mapped[int]
    feuillets: Mapped[int]  # the sum of the sessions when they are known
    seances: Mapped[list[int] | None] = mapped_column(JSON)


class Besoin(Base):
    """What the audit says should be ordered, with its reason; sent to the body, it pre-fills its basket."""

    __tablename__ = "besoin"
    __table_args__ = (
        UniqueConstraint("etat_des_lieux_id", "article_id"),
        CheckConstraint("unites > 0", name="unites_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    etat_des_lieux_id: Mapped[int] = mapped_column(ForeignKey("etat_des_lieux.id"), index=True)
    etat_des_lieux: Mapped[EtatDesLieux] = relationship(back_populates="besoins")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    article: Mapped[Article] = relationship()
    unites: Mapped[int]  # rounded up to whole packs
    unites_necessaires: Mapped[int]  # before rounding
    raison: Mapped[str] = mapped_column(String(500))
