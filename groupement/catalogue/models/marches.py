"""The marchés: their periods, their lots with the terms bons obey, the suppliers that hold them. Amounts in € HT."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models import Convention, Utilisateur
from groupement.catalogue.rules.cascade import Rang, TermesDeLivraison, TermesPropres, retenu, termes_applicables
from groupement.catalogue.rules.clauses import Clause, Derogation, en_derogations, jours
from groupement.catalogue.states import EtatReconduction, ModeReconduction, PorteePalier, TypeGroupement
from groupement.socle.db import Base, Montant, colonne_etat


class Fournisseur(Base):
    """A supplier."""

    __tablename__ = "fournisseur"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14), unique=True)
    courriel: Mapped[str] = mapped_column(String(255))
    telephone: Mapped[str] = mapped_column(String(30), default="")
    adresse: Mapped[str] = mapped_column(String(300))
    code_postal: Mapped[str] = mapped_column(String(5))
    ville: Mapped[str] = mapped_column(String(100))


class AccesFournisseur(Base):
    """A person who acts for a supplier (role fournisseur)."""

    __tablename__ = "acces_fournisseur"
    __table_args__ = (UniqueConstraint("utilisateur_id", "fournisseur_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    utilisateur: Mapped[Utilisateur] = relationship()
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"), index=True)
    fournisseur: Mapped[Fournisseur] = relationship()


def _au(contexte: Any) -> Any:
    """A marché is born with its last day as its first end."""
    return contexte.get_current_parameters()["au"]


class Marche(Base):
    """An accord-cadre à bons de commande."""

    __tablename__ = "marche"
    __table_args__ = (
        CheckConstraint("au >= du", name="dates_dans_l_ordre"),
        CheckConstraint("fin_initiale >= du", name="fin_initiale_dans_l_ordre"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(30), unique=True)
    objet: Mapped[str] = mapped_column(String(500))
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    convention: Mapped[Convention] = relationship()
    consultation_le: Mapped[date]  # bodies that signed later may not order (R2162-6)
    notifie_le: Mapped[date]
    du: Mapped[date]
    au: Mapped[date]  # the last day decided so far: reconductions and avenants move it
    fin_initiale: Mapped[date] = mapped_column(default=_au)
    justification_duree: Mapped[str] = mapped_column(String(500), default="")  # beyond four years (L2125-1)
    lots: Mapped[list["Lot"]] = relationship(back_populates="marche", order_by="Lot.numero")
    reconductions: Mapped[list["Reconduction"]] = relationship(
        back_populates="marche", order_by="Reconduction.rang", cascade="all, delete-orphan"
    )


class Reconduction(Base):
    """A period the contract lets add after the first, and what was decided of it, when and by whom."""

    __tablename__ = "reconduction"
    __table_args__ = (
        UniqueConstraint("marche_id", "rang"),
        CheckConstraint("rang >= 1 AND mois >= 1 AND preavis_mois >= 0", name="duree_positive"),
        CheckConstraint("(etat = 'prevue') = (decidee_le IS NULL)", name="decidee_a_une_date"),
        CheckConstraint("(etat = 'reconduite') = (au IS NOT NULL)", name="reconduite_a_une_fin"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship(back_populates="reconductions")
    rang: Mapped[int]
    mois: Mapped[int]
    mode: Mapped[ModeReconduction] = mapped_column(colonne_etat(ModeReconduction))
    preavis_mois: Mapped[int]  # the titulaire must know that long before the period in course ends
    etat: Mapped[EtatReconduction] = mapped_column(colonne_etat(EtatReconduction), default=EtatReconduction.PREVUE)
    au: Mapped[date | None]  # last day of the period, once decided
    decidee_le: Mapped[date | None]
    decidee_par: Mapped[str] = mapped_column(String(200), default="")
    motif: Mapped[str] = mapped_column(String(500), default="")


class Lot(Base):
    """A part of the marché, with the terms its bons obey."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("marche_id", "numero"),
        CheckConstraint("plafond_ht > 0", name="plafond_positif"),
        CheckConstraint("minimum_ht >= 0 AND minimum_commande_ht >= 0 AND port_ht >= 0", name="montants_positifs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    marche_id: Mapped[int] = mapped_column(ForeignKey("marche.id"), index=True)
    marche: Mapped[Marche] = relationship(back_populates="lots")
    numero: Mapped[int]
    intitule: Mapped[str] = mapped_column(String(200))
    plafond_ht: Mapped[Decimal] = mapped_column(Montant)
    minimum_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    delai_livraison_jours: Mapped[int] = mapped_column(default=30)
    derogations_saisies: Mapped[dict[str, dict[str, str]]] = mapped_column("derogations", JSON, default=dict)
    franco_ht: Mapped[Decimal | None] = mapped_column(Montant)  # from this amount on, no shipping; None: never
    port_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    minimum_commande_ht: Mapped[Decimal] = mapped_column(Montant, default=Decimal(0))
    portee_palier: Mapped[PorteePalier] = mapped_column(colonne_etat(PorteePalier), default=PorteePalier.BON)
    un_bon_par_lieu: Mapped[bool] = mapped_column(default=False)  # the supplier wants one bon per delivery place
    titulaires: Mapped[list["Titulaire"]] = relationship(back_populates="lot", order_by="Titulaire.rang")

    @property
    def titulaire(self) -> Fournisseur:
        """The first supplier in rank: the one bons go to unless it declines."""
        return self.titulaires[0].fournisseur

    def titulaire_le(self, le: date, declines: Collection[int] = ()) -> "Titulaire | None":
        """Whom a bon of the day `le` goes to: the first in rank that has not declined; `declines`: suppliers by id."""
        rangs = [Rang(titulaire.rang, titulaire.fournisseur_id, titulaire.retire_du) for titulaire in self.titulaires]
        choisi = retenu(rangs, le, declines)
        return next((t for t in self.titulaires if choisi and t.rang == choisi.rang), None)

    @property
    def derogations(self) -> Mapping[Clause, Derogation]:
        """Where the CCAP of this lot departs from the CCAG."""
        return en_derogations(self.derogations_saisies)

    @property
    def verification_jours(self) -> int:
        """Days to check a delivery (CCAG-FCS 28.2, unless the CCAP says otherwise)."""
        return jours(self.derogations, Clause.VERIFICATION)


def _est_premier(contexte: Any) -> Any:
    """The first of a lot is born with the prices of the lot; the others have their own."""
    return contexte.get_current_parameters().get("rang", 1) == 1


class Titulaire(Base):
    """A supplier holding a lot, at its rank: the first that has not declined takes the bons (cascade).

    `prix_du_lot`: its prices are those no supplier is named for. Terms left empty are the lot's.
    """

    __tablename__ = "titulaire"
    __table_args__ = (
        UniqueConstraint("lot_id", "rang"),
        CheckConstraint("delai_livraison_jours >= 1 AND minimum_commande_ht >= 0", name="delai_et_minimum_positifs"),
        CheckConstraint("port_ht >= 0 AND franco_ht >= 0", name="port_positif"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    lot: Mapped[Lot] = relationship(back_populates="titulaires")
    fournisseur_id: Mapped[int] = mapped_column(ForeignKey("fournisseur.id"), index=True)
    fournisseur: Mapped[Fournisseur] = relationship()
    rang: Mapped[int] = mapped_column(default=1)
    prix_du_lot: Mapped[bool] = mapped_column(default=_est_premier)
    retire_du: Mapped[date | None]  # it declined for good: from that day on it takes no bon of this lot
    delai_livraison_jours: Mapped[int | None]
    franco_ht: Mapped[Decimal | None] = mapped_column(Montant)
    port_ht: Mapped[Decimal | None] = mapped_column(Montant)
    minimum_commande_ht: Mapped[Decimal | None] = mapped_column(Montant)
    groupement: Mapped[TypeGroupement] = mapped_column(colonne_etat(TypeGroupement), default=TypeGroupement.SEUL)
    cotraitants: Mapped[list["Cotraitant"]] = relationship(order_by="Cotraitant.id", cascade="all, delete-orphan")

    @property
    def bordereau(self) -> int:
        """Whose prices are its own: 0 for those of the lot, else the supplier's number (`PrixArticle`)."""
        return 0 if self.prix_du_lot else self.fournisseur_id

    @property
    def termes(self) -> TermesDeLivraison:
        """Its delivery terms: its own where it has some, else the lot's."""
        propres = TermesPropres(self.delai_livraison_jours, self.franco_ht, self.port_ht, self.minimum_commande_ht)
        lot = self.lot
        du_lot = TermesDeLivraison(lot.delai_livraison_jours, lot.franco_ht, lot.port_ht, lot.minimum_commande_ht)
        return termes_applicables(propres, du_lot)


class Cotraitant(Base):
    """An operator that answered with a titulaire, which speaks for it (mandataire)."""

    __tablename__ = "cotraitant"
    __table_args__ = (UniqueConstraint("titulaire_id", "siret"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    titulaire_id: Mapped[int] = mapped_column(ForeignKey("titulaire.id"), index=True)
    nom: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14))
