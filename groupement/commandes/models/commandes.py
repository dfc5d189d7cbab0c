"""Ordering windows, members' orders, and the regroupement that combines them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.catalogue.models import Article, Marche
from groupement.commandes.states import (
    ETATS_DE_DEPANNAGE,
    AccesCampagne,
    EtatCampagne,
    EtatCommande,
    ModeDeRemise,
    NatureCampagne,
    RegleDeReliquat,
)
from groupement.socle.db import Base, DateHeure, Montant, PrixUnitaire, colonne_etat
from groupement.socle.fichiers import Fichier
from groupement.stock.models import Depot


class Campagne(Base):
    """An ordering window on a marché; `du` and `au` are days of Europe/Paris, inclusive.

    A campagne of nature `depannage` is no window: it holds the urgent orders of a marché and a calendar year.
    """

    __tablename__ = "campagne"
    __table_args__ = (
        CheckConstraint("au >= du", name="dates_dans_l_ordre"),
        CheckConstraint("complement_au > au", name="complement_apres"),
        CheckConstraint("livraison_au >= livraison_du", name="livraison_dans_l_ordre"),
        Index(
            "uq_campagne_depannages",
            "marche_id",
            "du",
            unique=True,
            sqlite_where=text("nature = 'depannage'"),
            postgresql_where=text("nature = 'depannage'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship()
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    depot: Mapped[Depot] = relationship()
    nature: Mapped[NatureCampagne] = mapped_column(
        colonne_etat(NatureCampagne), default=NatureCampagne.FENETRE, server_default=NatureCampagne.FENETRE.value
    )
    intitule: Mapped[str] = mapped_column(String(200))
    du: Mapped[date]
    au: Mapped[date]
    complement_au: Mapped[date | None]  # the last day of the completion phase that follows, if any
    etat: Mapped[EtatCampagne] = mapped_column(colonne_etat(EtatCampagne), default=EtatCampagne.PREPAREE, index=True)
    regle_reliquat: Mapped[RegleDeReliquat] = mapped_column(colonne_etat(RegleDeReliquat), default=RegleDeReliquat.RANG)
    close_le: Mapped[datetime | None] = mapped_column(DateHeure)
    # The numbers of the lots that can be ordered from; none: every lot of the marché.
    lots: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    acces: Mapped[AccesCampagne] = mapped_column(
        colonne_etat(AccesCampagne), default=AccesCampagne.TOUS, server_default=AccesCampagne.TOUS.value
    )
    types: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # kinds of bodies, by `acces`
    livraison_du: Mapped[date | None]  # the delivery period announced to the members
    livraison_au: Mapped[date | None]
    s_ouvre_seule: Mapped[bool] = mapped_column(default=True, server_default=false())
    annonces_coupees: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")


class Commande(Base):
    """One body's order within a campagne. `version` rises at every change: a stale page is told so."""

    __tablename__ = "commande"
    __table_args__ = (
        Index(
            "uq_commande_par_collectivite",
            "campagne_id",
            "collectivite_id",
            unique=True,
            sqlite_where=text("etat <> 'annulee' AND urgente = 0"),
            postgresql_where=text("etat <> 'annulee' AND NOT urgente"),
        ),
        # Few among many: what the depot has to prepare.
        Index("ix_commande_urgente", "etat", sqlite_where=text("urgente = 1"), postgresql_where=text("urgente")),
        CheckConstraint(
            "etat NOT IN ('validee', 'regroupee', 'servie', 'soldee') OR validee_le IS NOT NULL",
            name="validee_a_une_date",
        ),
        Index("ix_commande_campagne_etat", "campagne_id", "etat"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"))
    campagne: Mapped[Campagne] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    point_de_livraison_id: Mapped[int | None] = mapped_column(ForeignKey("point_de_livraison.id"))
    point_de_livraison: Mapped[PointDeLivraison | None] = relationship()
    mode: Mapped[ModeDeRemise] = mapped_column(colonne_etat(ModeDeRemise), default=ModeDeRemise.LIVRAISON)
    urgente: Mapped[bool] = mapped_column(default=False, server_default=false())  # served from the depot's stock
    etat: Mapped[EtatCommande] = mapped_column(colonne_etat(EtatCommande), default=EtatCommande.BROUILLON)
    engagement: Mapped[str] = mapped_column(String(50), default="")
    code_service: Mapped[str] = mapped_column(String(100), default="")
    soumise_le: Mapped[datetime | None] = mapped_column(DateHeure)
    soumise_par: Mapped[str] = mapped_column(String(200), default="")
    validee_le: Mapped[datetime | None] = mapped_column(DateHeure)
    validee_par: Mapped[str] = mapped_column(String(200), default="")
    renvoi_motif: Mapped[str] = mapped_column(String(500), default="")
    modifiee_le: Mapped[datetime] = mapped_column(DateHeure)
    modifiee_par: Mapped[str] = mapped_column(String(200), default="")
    # An order received on paper, entered by the Centre de gestion in the body's name.
    papier_recu_le: Mapped[date | None]
    papier_signe_par: Mapped[str] = mapped_column(String(200), default="")
    papier_id: Mapped[int | None] = mapped_column(ForeignKey("fichier.id"), index=True)
    papier: Mapped[Fichier | None] = relationship()
    version: Mapped[int] = mapped_column(default=1)
    total_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))  # frozen when validated, an estimate before
    lignes: Mapped[list["LigneCommande"]] = relationship(
        back_populates="commande", order_by="LigneCommande.id", cascade="all, delete-orphan"
    )

    def etat_lu(self, *, coordonnateur: bool = False) -> str:
        """The label of its state for a reader; the depot serves an urgent order, no supplier does."""
        if not self.urgente or self.etat not in ETATS_DE_DEPANNAGE:
            return self.etat.libelle(coordonnateur=coordonnateur)
        if self.etat is EtatCommande.REGROUPEE and self.mode is ModeDeRemise.LIVRAISON and not coordonnateur:
            return "Le dépôt vous la livre"
        return ETATS_DE_DEPANNAGE[self.etat][coordonnateur]


class LigneCommande(Base):
    """An article and a firm number of units, plus how many more the body would take to complete a pack.

    `rang` orders the lines of a campagne by the moment of their last rise: who asked first is served first.
    """

    __tablename__ = "ligne_commande"
    __table_args__ = (
        UniqueConstraint("commande_id", "article_id"),
        UniqueConstraint("id", "article_id"),  # what the key of an affectation points at
        Index("ix_ligne_commande_demande", "commande_id", "article_id", "unites"),  # summed without reading the rows
        CheckConstraint("unites > 0", name="unites_positives"),
        CheckConstraint("unites_acceptees_en_plus >= 0", name="acceptees_positives"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    commande_id: Mapped[int] = mapped_column(ForeignKey("commande.id"))
    commande: Mapped[Commande] = relationship(back_populates="lignes")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    article: Mapped[Article] = relationship()
    unites: Mapped[int]
    unites_acceptees_en_plus: Mapped[int] = mapped_column(default=0)
    rang: Mapped[datetime] = mapped_column(DateHeure)
    prix_unitaire_ht: Mapped[Decimal | None] = mapped_column(PrixUnitaire)  # what was announced on submission


class Regroupement(Base):
    """The combination of a campagne's orders, done once, with the sums that prove it."""

    __tablename__ = "regroupement"
    id: Mapped[int] = mapped_column(primary_key=True)
    campagne_id: Mapped[int] = mapped_column(ForeignKey("campagne.id"), unique=True)
    campagne: Mapped[Campagne] = relationship()
    le: Mapped[datetime] = mapped_column(DateHeure)
    par: Mapped[str] = mapped_column(String(200))
    depuis_le_stock: Mapped[bool]
    preuves: Mapped[dict[str, Any]] = mapped_column(JSON)
