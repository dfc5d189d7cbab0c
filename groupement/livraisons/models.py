"""What arrives: deliveries by place, what was delivered, refused or missing, and what was decided.

Units are pieces. One line per affectation of the place, so that nobody loses who asked what.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.commandes.models import Affectation, BonDeCommande
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.socle.db import Base, DateHeure, Montant, colonne_etat
from groupement.socle.fichiers import Fichier


class EnvoiAnnonce(Base):
    """What a supplier says it sends: the day, the carrier, the packages; its lines say to which place how many."""

    __tablename__ = "envoi_annonce"
    __table_args__ = (CheckConstraint("colis IS NULL OR colis > 0", name="colis_positifs"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"), index=True)
    bon: Mapped[BonDeCommande] = relationship()
    pour: Mapped[date]
    transporteur: Mapped[str] = mapped_column(String(100), default="")
    colis: Mapped[int | None]
    bordereau: Mapped[str] = mapped_column(String(60), default="")
    annonce_le: Mapped[datetime] = mapped_column(DateHeure)
    annonce_par: Mapped[str] = mapped_column(String(200))


class LigneEnvoi(Base):
    """Units of one article announced at one place; only ever marked as replaced by a later announcement.

    When something is left to come, what was announced for later follows to the delivery that completes this one.
    """

    __tablename__ = "ligne_envoi"
    __table_args__ = (
        UniqueConstraint("envoi_id", "livraison_id", "ligne_bon_id"),
        CheckConstraint("unites > 0", name="unites_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    envoi_id: Mapped[int] = mapped_column(ForeignKey("envoi_annonce.id"))
    livraison_id: Mapped[int] = mapped_column(ForeignKey("livraison.id"), index=True)
    ligne_bon_id: Mapped[int] = mapped_column(ForeignKey("ligne_bon.id"))
    unites: Mapped[int]
    remplacee_par_id: Mapped[int | None] = mapped_column(ForeignKey("envoi_annonce.id"))  # what it said does not hold


class Livraison(Base):
    """One bon at one place: a member's delivery place, or the depot (no point, no body)."""

    __tablename__ = "livraison"
    __table_args__ = (
        Index("ix_livraison_etat", "etat"),
        # Each affectation of a bon finds the delivery of its place, among hundreds.
        Index("ix_livraison_bon_lieu", "bon_id", "point_de_livraison_id"),
        CheckConstraint("etat = 'annoncee' OR livree_le IS NOT NULL", name="livree_a_une_date"),
        CheckConstraint("(point_de_livraison_id IS NULL) = (collectivite_id IS NULL)", name="membre_ou_depot"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"))
    bon: Mapped[BonDeCommande] = relationship()
    reliquat_de_id: Mapped[int | None] = mapped_column(ForeignKey("livraison.id"))  # what an earlier one left to come
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite | None] = relationship()
    point_de_livraison_id: Mapped[int | None] = mapped_column(ForeignKey("point_de_livraison.id"))
    point_de_livraison: Mapped[PointDeLivraison | None] = relationship()
    etat: Mapped[EtatLivraison] = mapped_column(colonne_etat(EtatLivraison), default=EtatLivraison.ANNONCEE)
    attendue_le: Mapped[date]
    annoncee_pour: Mapped[date | None]  # the first day announced that holds; `attendue_le` stays the deadline
    bordereau: Mapped[str] = mapped_column(String(60), default="")  # the supplier's slip number
    livree_le: Mapped[date | None]
    receptionnee_par: Mapped[str] = mapped_column(String(200), default="")
    observations: Mapped[str] = mapped_column(Text, default="")
    a_verifier_avant_le: Mapped[date | None]
    decidee_le: Mapped[datetime | None] = mapped_column(DateHeure)
    version: Mapped[int] = mapped_column(default=1)
    lignes: Mapped[list["LigneLivraison"]] = relationship(
        back_populates="livraison", order_by="LigneLivraison.affectation_id"
    )
    decisions: Mapped[list["Decision"]] = relationship(back_populates="livraison", order_by="Decision.id")


class LigneLivraison(Base):
    """Expected = delivered + missing; delivered = accepted at the door + refused. Admission is the decision's."""

    __tablename__ = "ligne_livraison"
    __table_args__ = (
        UniqueConstraint("livraison_id", "affectation_id"),
        CheckConstraint("unites_attendues > 0", name="attendues_positives"),
        CheckConstraint(
            "unites_livrees >= 0 AND unites_refusees >= 0 AND unites_refusees <= unites_livrees",
            name="refus_parmi_livre",
        ),
        CheckConstraint("unites_livrees <= unites_attendues", name="pas_plus_qu_attendu"),
        CheckConstraint("unites_refusees = 0 OR motif IS NOT NULL", name="refus_motive"),
        CheckConstraint("unites_admises <= unites_livrees", name="admis_parmi_livre"),
        CheckConstraint("(retiree_le IS NULL) = (retiree_par IS NULL)", name="retrait_entier"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    livraison_id: Mapped[int] = mapped_column(ForeignKey("livraison.id"))
    livraison: Mapped[Livraison] = relationship(back_populates="lignes")
    affectation_id: Mapped[int] = mapped_column(ForeignKey("affectation.id"), index=True)
    affectation: Mapped[Affectation] = relationship()
    unites_attendues: Mapped[int]
    unites_livrees: Mapped[int] = mapped_column(default=0)
    unites_refusees: Mapped[int] = mapped_column(default=0)
    motif: Mapped[MotifDeRefus | None] = mapped_column(colonne_etat(MotifDeRefus))
    commentaire: Mapped[str] = mapped_column(String(500), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("fichier.id"))
    photo: Mapped[Fichier | None] = relationship()
    unites_admises: Mapped[int] = mapped_column(default=0)
    refaction_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))  # what the decision takes off, € HT
    # At the depot only: the day the body fetched its units, and who came.
    retiree_le: Mapped[date | None]
    retiree_par: Mapped[str | None] = mapped_column(String(200))


class Decision(Base):
    """What the buyer decided about a delivery, with its reason. Append-only."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    livraison_id: Mapped[int] = mapped_column(ForeignKey("livraison.id"), index=True)
    livraison: Mapped[Livraison] = relationship(back_populates="decisions")
    verbe: Mapped[str] = mapped_column(String(40))
    motif: Mapped[str] = mapped_column(Text, default="")
    refaction_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    par: Mapped[str] = mapped_column(String(200))
    le: Mapped[datetime] = mapped_column(DateHeure)
