"""Re-billing runs, factures and avoirs to the members.

A facture and an avoir are frozen at issue (the database refuses to change or delete them, but for the state and the
amount paid); each carries the hash of the one before it in its series.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Campagne
from groupement.prestations.models import Prestation
from groupement.refacturation.states import EtatFacture, ModeTva
from groupement.socle.db import Base, DateHeure, Montant, PrixUnitaire, Taux, colonne_etat

PRESTATIONS = "Missions et SESAM"  # what a run without a campagne is called


class Refacturation(Base):
    """One re-billing run, with the sums that prove it: everything admitted of a campagne and not yet billed.

    Without a campagne, it bills the services (missions, SESAM contributions) not yet billed.
    """

    __tablename__ = "refacturation"
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int | None] = mapped_column(ForeignKey("campagne.id"), index=True)
    campagne: Mapped[Campagne | None] = relationship()
    le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))
    mode_tva: Mapped[ModeTva] = mapped_column(colonne_etat(ModeTva))
    preuves: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def intitule(self) -> str:
        """What it bills."""
        return self.campagne.intitule if self.campagne else PRESTATIONS


class Facture(Base):
    """What a body owes for a re-billing run. Frozen."""

    __tablename__ = "facture"
    __table_args__ = (
        Index(
            "uq_facture_par_collectivite",
            *("refacturation_id", "collectivite_id"),
            unique=True,
            sqlite_where=text("commande_id IS NULL"),
            postgresql_where=text("commande_id IS NULL"),
        ),
        Index(
            "uq_facture_par_commande",
            *("commande_id", "refacturation_id"),
            unique=True,
            sqlite_where=text("commande_id IS NOT NULL"),
            postgresql_where=text("commande_id IS NOT NULL"),
        ),
        CheckConstraint("total_ttc = total_ht + total_tva", name="ttc_est_ht_plus_tva"),
        CheckConstraint("paye_ttc >= 0 AND paye_ttc <= total_ttc", name="pas_plus_paye_que_du"),
        CheckConstraint("avoirs_ttc >= 0 AND avoirs_ttc <= total_ttc", name="avoirs_dans_le_total"),
        CheckConstraint(
            "trop_percu_ttc >= 0 AND rembourse_ttc >= 0 AND (rembourse_ttc = 0 "
            "OR total_ttc + rembourse_ttc <= paye_ttc + trop_percu_ttc + avoirs_ttc)",
            name="rembourse_dans_le_trop",
        ),
        Index("ix_facture_etat_echeance", "etat", "echeance_le"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(30), unique=True)
    refacturation_id: Mapped[int] = mapped_column(ForeignKey("refacturation.id"), index=True)
    refacturation: Mapped[Refacturation] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    commande_id: Mapped[int | None] = mapped_column(ForeignKey("commande.id"))  # an urgent order, billed by itself
    etat: Mapped[EtatFacture] = mapped_column(colonne_etat(EtatFacture), default=EtatFacture.EMISE)
    emise_le: Mapped[date]
    echeance_le: Mapped[date]
    total_ht: Mapped[Decimal] = mapped_column(Montant)
    total_tva: Mapped[Decimal] = mapped_column(Montant)
    total_ttc: Mapped[Decimal] = mapped_column(Montant)
    paye_ttc: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    avoirs_ttc: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    trop_percu_ttc: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))  # came by card, nothing was owed
    rembourse_ttc: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    fige: Mapped[dict[str, Any]] = mapped_column(JSON)  # parties, references, VAT by rate, legal texts as printed
    empreinte_precedente: Mapped[str] = mapped_column(String(64))
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    lignes: Mapped[list["LigneFacture"]] = relationship(back_populates="facture", order_by="LigneFacture.id")

    # One field of `fige`, read by the database: lists ask for it and leave the document where it is.
    objet: Mapped[str] = column_property(fige["objet"].as_string(), deferred=True)

    @property
    def intitule(self) -> str:
        """What it is for: the campagne, or the services as printed."""
        campagne = self.refacturation.campagne
        return campagne.intitule if campagne else self.objet

    @property
    def reste_du_ttc(self) -> Decimal:
        """What is still owed (€ TTC)."""
        return max(self.solde_ttc, Decimal("0.00"))

    @property
    def a_rembourser_ttc(self) -> Decimal:
        """What came in beyond what is owed, and was not given back (€ TTC)."""
        return max(-self.solde_ttc, Decimal("0.00"))

    @property
    def solde_ttc(self) -> Decimal:
        """Billed, less credited, less received, plus given back (€ TTC): below zero, it is owed to the body."""
        return self.total_ttc - self.avoirs_ttc - self.paye_ttc - self.trop_percu_ttc + self.rembourse_ttc


class LigneFacture(Base):
    """One line of a facture; `affectation_id` for goods, `part_de_port_id` for shipping, `prestation_id` for a service.

    Goods are counted in `unites`, whole; a service in `quantite`, hundredths of its unit, and `unites` is 0.
    """

    __tablename__ = "ligne_facture"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN affectation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN part_de_port_id IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN prestation_id IS NULL THEN 0 ELSE 1 END = 1",
            name="une_origine",
        ),
        CheckConstraint("(prestation_id IS NULL) = (quantite IS NULL)", name="quantite_d_une_prestation"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship(back_populates="lignes")
    affectation_id: Mapped[int | None] = mapped_column(ForeignKey("affectation.id"), index=True)
    part_de_port_id: Mapped[int | None] = mapped_column(ForeignKey("part_de_port.id"), index=True)
    prestation_id: Mapped[int | None] = mapped_column(ForeignKey("prestation.id"), index=True)
    prestation: Mapped[Prestation | None] = relationship()
    reference: Mapped[str] = mapped_column(String(50))
    designation: Mapped[str] = mapped_column(String(300))
    unite: Mapped[str] = mapped_column(String(20))
    unites: Mapped[int]
    quantite: Mapped[Decimal | None] = mapped_column(Taux)
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
    refaction_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)


class Avoir(Base):
    """The correction of a facture. Frozen; amounts are positive and are taken off what is owed."""

    __tablename__ = "avoir"
    __table_args__ = (
        CheckConstraint("total_ttc = total_ht + total_tva", name="ttc_est_ht_plus_tva"),
        CheckConstraint("total_ttc > 0", name="montant_positif"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(30), unique=True)
    facture_id: Mapped[int] = mapped_column(ForeignKey("facture.id"), index=True)
    facture: Mapped[Facture] = relationship()
    emis_le: Mapped[date]
    motif: Mapped[str] = mapped_column(Text)
    total_ht: Mapped[Decimal] = mapped_column(Montant)
    total_tva: Mapped[Decimal] = mapped_column(Montant)
    total_ttc: Mapped[Decimal] = mapped_column(Montant)
    fige: Mapped[dict[str, Any]] = mapped_column(JSON)  # as for a facture, with the lines credited
    empreinte_precedente: Mapped[str] = mapped_column(String(64))
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)


class LigneAvoir(Base):
    """What an avoir takes off a line of its facture; the same units may be billed again when `a_refacturer`.

    `refaction_ht`: by how much it changes the réfactions already taken off the affectation (a réfaction decided after
    the facture: positive; units to be billed again that carried one: negative).
    """

    __tablename__ = "ligne_avoir"
    __table_args__ = (CheckConstraint("unites >= 0 AND montant_ht >= 0", name="credit_positif"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    avoir_id: Mapped[int] = mapped_column(ForeignKey("avoir.id"), index=True)
    ligne_facture_id: Mapped[int] = mapped_column(ForeignKey("ligne_facture.id"), index=True)
    unites: Mapped[int]
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    refaction_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    a_refacturer: Mapped[bool]
