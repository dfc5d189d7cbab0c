"""Services: voted rates, archivists' missions day by day, SESAM members, and what all this leaves to bill.

Amounts are € HT in whole centimes; quantities are hundredths (of a day, of an hour, of a year); lengths whole mm.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.prestations.states import EtatMission, EtatPrestation, NaturePrestation
from groupement.socle.db import Base, Montant, PrixUnitaire, Taux, colonne_etat


class TarifPrestation(Base):
    """A rate voted for a nature of service; never edited: the rate of a day is the latest `du` not after it.

    `population_a_partir_de` makes bands (a SESAM contribution by number of inhabitants); 0 when there is one rate.
    """

    __tablename__ = "tarif_prestation"
    __table_args__ = (
        UniqueConstraint("nature", "du", "population_a_partir_de"),
        CheckConstraint("prix_unitaire_ht > 0", name="prix_positif"),
        CheckConstraint("population_a_partir_de >= 0", name="tranche_positive"),
        CheckConstraint("tva_pct BETWEEN 0 AND 10000", name="tva_plausible"),
        CheckConstraint("deliberee_le <= du", name="votee_avant_de_valoir"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    nature: Mapped[NaturePrestation] = mapped_column(colonne_etat(NaturePrestation))
    du: Mapped[date]
    population_a_partir_de: Mapped[int] = mapped_column(default=0)
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)  # of a day, of an hour, of a year
    tva_pct: Mapped[Decimal] = mapped_column(Taux, default=Decimal(0))
    deliberation_numero: Mapped[str] = mapped_column(String(50))
    deliberee_le: Mapped[date]


class Mission(Base):
    """What an archivist comes to do in a body, agreed beforehand: object, planned time, at which nature of rate."""

    __tablename__ = "mission"
    __table_args__ = (
        CheckConstraint("nature IN ('mission_jour', 'mission_heure')", name="nature_de_mission"),
        CheckConstraint("au >= du", name="dates_dans_l_ordre"),
        CheckConstraint("quantite_prevue > 0", name="duree_positive"),
        CheckConstraint("etat <> 'terminee' OR terminee_le IS NOT NULL", name="terminee_a_une_date"),
        Index("ix_mission_etat_du", "etat", "du"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    archiviste_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    archiviste: Mapped[Utilisateur] = relationship()
    nature: Mapped[NaturePrestation] = mapped_column(colonne_etat(NaturePrestation))
    objet: Mapped[str] = mapped_column(String(200))
    du: Mapped[date]
    au: Mapped[date]
    quantite_prevue: Mapped[Decimal] = mapped_column(Taux)  # days or hours, as `nature` says
    etat: Mapped[EtatMission] = mapped_column(colonne_etat(EtatMission), default=EtatMission.PREVUE)
    terminee_le: Mapped[date | None]
    bilan: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    interventions: Mapped[list["Intervention"]] = relationship(back_populates="mission", order_by="Intervention.jour")


class Intervention(Base):
    """One day of a mission: time passed, metres sorted and metres set aside to be eliminated."""

    __tablename__ = "intervention"
    __table_args__ = (
        UniqueConstraint("mission_id", "jour"),
        CheckConstraint("quantite > 0", name="duree_positive"),
        CheckConstraint(
            "traites_mm >= 0 AND elimines_mm >= 0 AND elimines_mm <= traites_mm", name="elimine_parmi_traite"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"), index=True)
    mission: Mapped[Mission] = relationship(back_populates="interventions")
    jour: Mapped[date]
    quantite: Mapped[Decimal] = mapped_column(Taux)
    traites_mm: Mapped[int] = mapped_column(default=0)
    elimines_mm: Mapped[int] = mapped_column(default=0)
    travail: Mapped[str] = mapped_column(String(300))


class AdhesionSesam(Base):
    """A body that takes part in SESAM, from one year to another (still running when `jusqu_en` is empty)."""

    __tablename__ = "adhesion_sesam"
    __table_args__ = (
        UniqueConstraint("collectivite_id", "depuis"),
        CheckConstraint("jusqu_en IS NULL OR jusqu_en >= depuis", name="annees_dans_l_ordre"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    depuis: Mapped[int]  # a year
    jusqu_en: Mapped[int | None]
    deliberation_numero: Mapped[str] = mapped_column(String(50), default="")


class Prestation(Base):
    """A service to bill: the days of a mission at one rate, or the SESAM contribution of a year.

    Frozen but for its state and what avoirs took off it. Of a SESAM contribution, `part_cdg62_ht` + `part_cdg59_ht` =
    `montant_ht`.
    """

    __tablename__ = "prestation"
    __table_args__ = (
        CheckConstraint("(mission_id IS NULL) = (annee_sesam IS NOT NULL)", name="mission_ou_sesam"),
        CheckConstraint("part_cdg62_ht + part_cdg59_ht = montant_ht", name="parts_font_le_tout"),
        CheckConstraint("mission_id IS NULL OR part_cdg59_ht = 0", name="mission_au_cdg62"),
        CheckConstraint("montant_ht > 0 AND quantite > 0", name="montant_positif"),
        CheckConstraint("credite_ht >= 0 AND credite_ht <= montant_ht", name="credit_dans_le_montant"),
        CheckConstraint("etat = 'facturee' OR credite_ht = 0", name="credit_d_une_facturee"),
        Index(
            "uq_prestation_sesam",
            "annee_sesam",
            "collectivite_id",
            unique=True,
            sqlite_where=text("annee_sesam IS NOT NULL AND etat <> 'retiree'"),
            postgresql_where=text("annee_sesam IS NOT NULL AND etat <> 'retiree'"),
        ),
        Index("ix_prestation_etat", "etat"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("mission.id"), index=True)
    mission: Mapped[Mission | None] = relationship()
    annee_sesam: Mapped[int | None]
    tarif_id: Mapped[int] = mapped_column(ForeignKey("tarif_prestation.id"))
    tarif: Mapped[TarifPrestation] = relationship()
    etat: Mapped[EtatPrestation] = mapped_column(colonne_etat(EtatPrestation), default=EtatPrestation.A_FACTURER)
    designation: Mapped[str] = mapped_column(String(300))
    rendue_le: Mapped[date]  # last day of the service: a mission's end, 1 January of a contribution's year
    quantite: Mapped[Decimal] = mapped_column(Taux)
    unite: Mapped[str] = mapped_column(String(20))
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    part_cdg62_ht: Mapped[Decimal] = mapped_column(Montant)
    part_cdg59_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    # Taken off by avoirs for good: what goes back to A_FACTURER counts for nothing here. Of what is left
    # (montant_ht − credite_ht), CDG59 is owed arrondir(part_cdg59_ht × left ÷ montant_ht), CDG62 the rest.
    credite_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))


class ReversementSesam(Base):
    """Money paid over to CDG59 for the contributions of a year. Append-only."""

    __tablename__ = "reversement_sesam"
    __table_args__ = (CheckConstraint("montant_ht > 0", name="montant_positif"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    annee: Mapped[int] = mapped_column(index=True)
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    verse_le: Mapped[date]
    reference: Mapped[str] = mapped_column(String(100))
    par: Mapped[str] = mapped_column(String(200))
