"""How the prices of a lot are revised: its formula, and each revision done with the values it was computed from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.catalogue.models.marches import Lot
from groupement.socle.db import Base, DateHeure, PrixUnitaire, Taux


class FormuleRevision(Base):
    """The revision clause of a lot, as its CCAP (`source`) writes it. Shares and limits in percent."""

    __tablename__ = "formule_revision"
    __table_args__ = (
        CheckConstraint("part_fixe_pct >= 0 AND part_fixe_pct < 10000", name="part_fixe_plausible"),
        CheckConstraint("decimales BETWEEN 2 AND 4", name="decimales_plausibles"),
        CheckConstraint("mois_entre_revisions BETWEEN 1 AND 60", name="periodicite_plausible"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), unique=True)
    lot: Mapped[Lot] = relationship()
    source: Mapped[str] = mapped_column(String(200))  # « CCAP, article 7.2 », « avenant n° 2 »
    prix_du: Mapped[date]  # the day whose prices are the initial ones (P0)
    part_fixe_pct: Mapped[Decimal] = mapped_column(Taux)
    decimales: Mapped[int] = mapped_column(default=4)
    mois_entre_revisions: Mapped[int] = mapped_column(default=12)
    seuil_pct: Mapped[Decimal | None] = mapped_column(Taux)
    butoir_pct: Mapped[Decimal | None] = mapped_column(Taux)
    sauvegarde_pct: Mapped[Decimal | None] = mapped_column(Taux)
    version: Mapped[int] = mapped_column(default=1)
    indices: Mapped[list["IndiceFormule"]] = relationship(order_by="IndiceFormule.id", cascade="all, delete-orphan")


class IndiceFormule(Base):
    """An index of the formula: its share of the variable part, its value at the start and the month it was of."""

    __tablename__ = "indice_formule"
    __table_args__ = (
        UniqueConstraint("formule_id", "code"),
        CheckConstraint("poids_pct > 0 AND valeur_base > 0", name="valeurs_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    formule_id: Mapped[int] = mapped_column(ForeignKey("formule_revision.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    libelle: Mapped[str] = mapped_column(String(200))
    poids_pct: Mapped[Decimal] = mapped_column(Taux)
    valeur_base: Mapped[Decimal] = mapped_column(PrixUnitaire)  # an index has up to four decimals too
    mois_base: Mapped[date]  # first day of the month


class RevisionPrix(Base):
    """A revision done. Frozen: the formula of that day, the values typed with their source, the coefficient, why."""

    __tablename__ = "revision_prix"
    __table_args__ = (
        UniqueConstraint("lot_id", "du"),
        CheckConstraint("coefficient > 0 AND retenu > 0", name="coefficient_positif"),
        CheckConstraint("articles_revises >= 0", name="articles_comptes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship()
    du: Mapped[date]
    coefficient: Mapped[Decimal] = mapped_column(PrixUnitaire)  # rounded up to the thousandth
    retenu: Mapped[Decimal] = mapped_column(PrixUnitaire)  # after the trigger and the cap
    calcul: Mapped[dict[str, Any]] = mapped_column(JSON)
    articles_revises: Mapped[int]
    le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))
