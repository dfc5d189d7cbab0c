"""The bons sent to suppliers, and whose every unit and centime of them is."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, query_expression, relationship

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Fournisseur, Lot
from groupement.commandes.models.commandes import Campagne, LigneCommande
from groupement.commandes.states import EtatBonDeCommande
from groupement.socle.db import Base, DateHeure, Montant, PrixUnitaire, Taux, colonne_etat


class BonDeCommande(Base):
    """An order to one supplier for one lot, or for one place of it: numbered without gaps, frozen at issue.

    A revision changes it under the same number; what it said before is kept as a `VersionDeBon`.
    """

    __tablename__ = "bon_de_commande"
    __table_args__ = (
        CheckConstraint("total_ttc = total_ht + total_tva", name="ttc_est_ht_plus_tva"),
        CheckConstraint("total_ht >= port_ht", name="port_dans_le_total"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(30), unique=True)
    revision: Mapped[int] = mapped_column(default=0)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"), index=True)
    campagne: Mapped[Campagne] = relationship()
    remplace_id: Mapped[int | None] = mapped_column(ForeignKey("bon_de_commande.id"), index=True)  # cancelled for it
    remplace: Mapped["BonDeCommande | None"] = relationship(remote_side="BonDeCommande.id")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship()
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"), index=True)
    fournisseur: Mapped[Fournisseur] = relationship()
    lieu: Mapped[str] = mapped_column(String(300), default="")  # the only place it goes to; empty: its list of places
    etat: Mapped[EtatBonDeCommande] = mapped_column(colonne_etat(EtatBonDeCommande), default=EtatBonDeCommande.EMIS)
    emis_le: Mapped[datetime] = mapped_column(DateHeure)
    emis_par: Mapped[str] = mapped_column(String(200))
    a_livrer_avant_le: Mapped[date]
    accuse_le: Mapped[datetime | None] = mapped_column(DateHeure)
    # The supplier's signed link names the bon and this number: a new number ends the links sent before.
    lien_numero: Mapped[int] = mapped_column(default=1, server_default="1")
    lien_coupe_le: Mapped[datetime | None] = mapped_column(DateHeure)
    consulte_le: Mapped[datetime | None] = mapped_column(DateHeure)  # the supplier opened this revision, first time
    fournisseur_fige: Mapped[dict[str, str]] = mapped_column(JSON)  # name, SIRET, address as they were at issue
    port_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    total_ht: Mapped[Decimal] = mapped_column(Montant)  # port included
    total_tva: Mapped[Decimal] = mapped_column(Montant)
    total_ttc: Mapped[Decimal] = mapped_column(Montant)
    lignes: Mapped[list["LigneBon"]] = relationship(back_populates="bon", order_by="LigneBon.id")
    # Whether its supplier waits for an answer; only lists that ask for it know.
    attend_reponse: Mapped[bool | None] = query_expression()

    @property
    def recu_le(self) -> datetime | None:
        """When its supplier proved it had it, by opening or confirming it; None while nothing proves it."""
        return self.consulte_le or self.accuse_le

    @property
    def chiffre_le(self) -> datetime:
        """When its prices were taken: a bon that takes the place of another of the same supplier has its prices."""
        repris = self.remplace
        return repris.chiffre_le if repris and repris.fournisseur_id == self.fournisseur_id else self.emis_le


class LigneBon(Base):
    """One article of a bon: what was asked, what is bought, at which price; texts and prices as they were at issue."""

    __tablename__ = "ligne_bon"
    __table_args__ = (
        UniqueConstraint("bon_id", "article_id"),
        UniqueConstraint("id", "article_id"),  # what the key of an affectation points at
        CheckConstraint("unites = colis * unites_par_colis", name="colis_entiers"),
        CheckConstraint(
            "unites = unites_demandees - unites_du_stock + unites_acceptees_en_plus + surplus_au_depot",
            name="tout_a_une_destination",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"))
    bon: Mapped[BonDeCommande] = relationship(back_populates="lignes")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    article: Mapped[Article] = relationship()
    reference: Mapped[str] = mapped_column(String(50))
    designation: Mapped[str] = mapped_column(String(300))
    unite: Mapped[str] = mapped_column(String(20))
    unites_par_colis: Mapped[int]
    unites_demandees: Mapped[int]
    unites_du_stock: Mapped[int] = mapped_column(default=0)
    colis: Mapped[int]
    unites: Mapped[int]  # bought
    unites_acceptees_en_plus: Mapped[int]
    surplus_au_depot: Mapped[int]
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    montant_ht: Mapped[Decimal] = mapped_column(Montant)


class Affectation(Base):
    """Units of one article for one body (or the depot), from one bon line (or from stock), with their share of cost.

    `unites` = asked units served + extra units accepted. `collectivite_id` is null for the depot's surplus;
    `ligne_bon_id` is null for units taken from stock. One of the two lines is always there, and the keys to them hold
    the article too. Campagne and place are copies of what the order says, written once: keys of their own would
    check again what the order's keys check, for each of a million rows.
    """

    __tablename__ = "affectation"
    __table_args__ = (
        CheckConstraint("unites > 0 AND unites_en_plus >= 0 AND unites_en_plus <= unites", name="unites_coherentes"),
        CheckConstraint("(ligne_commande_id IS NULL) = (collectivite_id IS NULL)", name="membre_ou_depot"),
        CheckConstraint("unites_admises + unites_refusees <= unites", name="pas_plus_que_commande"),
        CheckConstraint("unites_facturees <= unites_admises", name="rien_facture_avant_admission"),
        CheckConstraint("ligne_commande_id IS NOT NULL OR ligne_bon_id IS NOT NULL", name="d_une_ligne"),
        ForeignKeyConstraint(["ligne_commande_id", "article_id"], ["ligne_commande.id", "ligne_commande.article_id"]),
        ForeignKeyConstraint(["ligne_bon_id", "article_id"], ["ligne_bon.id", "ligne_bon.article_id"]),
        Index("ix_affectation_ligne_commande", "ligne_commande_id"),
        Index(  # what can be billed, however many campagnes were billed before
            "ix_affectation_a_facturer",
            "collectivite_id",
            sqlite_where=text("unites_admises > unites_facturees"),
            postgresql_where=text("unites_admises > unites_facturees"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(index=True)
    ligne_commande_id: Mapped[int | None]
    ligne_commande: Mapped[LigneCommande | None] = relationship(
        primaryjoin=lambda: foreign(Affectation.ligne_commande_id) == LigneCommande.id
    )
    ligne_bon_id: Mapped[int | None] = mapped_column(index=True)
    ligne_bon: Mapped[LigneBon | None] = relationship(
        primaryjoin=lambda: foreign(Affectation.ligne_bon_id) == LigneBon.id
    )
    article_id: Mapped[int]
    article: Mapped[Article] = relationship(primaryjoin=lambda: foreign(Affectation.article_id) == Article.id)
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite | None] = relationship()
    point_de_livraison_id: Mapped[int | None]  # null: the depot
    rang: Mapped[int]  # 1, 2, … within the article, by dated rank; the depot comes last
    unites: Mapped[int]
    unites_en_plus: Mapped[int] = mapped_column(default=0)
    prix_unitaire_ht: Mapped[Decimal] = mapped_column(PrixUnitaire)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    # What became of the units, kept in step with the lines of livraisons and factures by their actions.
    unites_admises: Mapped[int] = mapped_column(default=0)
    unites_refusees: Mapped[int] = mapped_column(default=0)
    unites_facturees: Mapped[int] = mapped_column(default=0)
    montant_facture_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))


class PartDePort(Base):
    """A body's share of the shipping of a bon; the parts sum to the bon's port."""

    __tablename__ = "part_de_port"
    __table_args__ = (UniqueConstraint("bon_id", "collectivite_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bon_id: Mapped[int] = mapped_column(ForeignKey("bon_de_commande.id"))
    bon: Mapped[BonDeCommande] = relationship()
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)  # null: the depot
    montant_ht: Mapped[Decimal] = mapped_column(Montant)
    tva_pct: Mapped[Decimal] = mapped_column(Taux)
    montant_facture_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))


class AlertePlafond(Base):
    """A threshold of a ceiling a lot has passed and the buyers were told of: once, until the ceiling changes."""

    __tablename__ = "alerte_plafond"
    __table_args__ = (UniqueConstraint("lot_id", "seuil_pct", "plafond_ht"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    seuil_pct: Mapped[int]
    plafond_ht: Mapped[Decimal] = mapped_column(Montant)
    commande_ht: Mapped[Decimal] = mapped_column(Montant)  # the bons of the lot that day
    le: Mapped[datetime] = mapped_column(DateHeure)
