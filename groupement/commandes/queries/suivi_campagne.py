"""What the buyer watches in a campagne: orders by state, demand by article, amounts by lot, who orders, when.

A fixed number of statements, whatever the number of members.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, case, func, literal, select, union_all
from sqlalchemy.orm import aliased, contains_eager

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.bon_du_depot import unites_au_depot
from groupement.commandes.queries.campagnes import INACHEVEES, adherents_de
from groupement.commandes.queries.offres import offres
from groupement.commandes.queries.regroupement import engage_par_lot
from groupement.commandes.queries.titulaires import lots_tenus
from groupement.commandes.rules.plafond import UsagePlafond, usage_plafond
from groupement.commandes.rules.suivi import (
    BonsSuivis,
    DemandeArticle,
    SuiviArticle,
    SuiviLot,
    suivre_article,
    suivre_les_lots,
)
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db

ZERO = Decimal("0.00")
PASSEES = (EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)
GROUPES = {
    "validees": (EtatCommande.VALIDEE, *PASSEES),
    "soumises": (EtatCommande.SOUMISE,),
    "brouillons": (EtatCommande.BROUILLON,),
}
SANS_ENVOI = (EtatCommande.BROUILLON, EtatCommande.ANNULEE)
EPCI_MONTRES = 15


@dataclass(frozen=True, slots=True)
class Comptes:
    """The bodies that may order, and the orders of the campagne by state."""

    adherents: int
    brouillons: int
    soumises: int
    validees: int  # committed, bought or not yet

    @property
    def commandes(self) -> int:
        """Orders begun."""
        return self.brouillons + self.soumises + self.validees

    @property
    def inachevees(self) -> int:
        """Orders that would not be bought if the campagne closed now."""
        return self.brouillons + self.soumises

    @property
    def sans_commande(self) -> int:
        """Bodies that have not begun."""
        return max(self.adherents - self.commandes, 0)


@dataclass(frozen=True, slots=True)
class Lotissement:
    """A lot in the campagne: its summary, what earlier bons engage, what would be used with this campagne."""

    lot: Lot
    suivi: SuiviLot
    engage_ht: Decimal
    usage: UsagePlafond


@dataclass(frozen=True, slots=True)
class Suivi:
    """The campagne article by article and lot by lot."""

    articles: list[SuiviArticle]
    lots: list[Lotissement]

    @property
    def montant_valide_ht(self) -> Decimal:
        """Committed orders, all lots."""
        return sum((lot.suivi.montant_valide_ht for lot in self.lots), ZERO)

    @property
    def montant_ht(self) -> Decimal:
        """With the orders that await a commitment."""
        return sum((lot.suivi.montant_ht for lot in self.lots), ZERO)


def comptes(campagne: Campagne) -> Comptes:
    """How many may order, how many have, in which state. One statement."""

    def combien(*etats: EtatCommande) -> Any:
        return func.coalesce(func.sum(case((Commande.etat.in_(etats), 1), else_=0)), 0)

    peuvent = select(func.count()).select_from(adherents_de(campagne).order_by(None).subquery())
    ligne = db.session.execute(
        select(
            peuvent.scalar_subquery(),
            combien(EtatCommande.BROUILLON),
            combien(EtatCommande.SOUMISE),
            combien(EtatCommande.VALIDEE, *PASSEES),
        ).where(Commande.campagne_id == campagne.id)
    ).one()
    return Comptes(*map(int, ligne))


def suivi(campagne: Campagne, le: date) -> Suivi:
    """Every article asked for, and every lot with its ceiling.

    Four statements; one more when tiers run over the campagne or the marché, and when the bon of a place reaches its.
    """
    tenus = lots_tenus(campagne, le)
    lots, lues = sorted(tenus.lots, key=lambda lot: lot.numero), offres(tenus, campagne.marche, avant=True)
    par_lieu = tenus.paliers_par_lieu()
    bons = _bons_par_lieu(campagne.id, par_lieu) if par_lieu else {}
    articles = [
        suivre_article(
            DemandeArticle(
                *(ligne.id, ligne.numero, ligne.reference, ligne.designation, ligne.unites_par_colis),
                *(lues.prix.get(ligne.id, ()), int(ligne.validees), int(ligne.soumises), int(ligne.brouillons)),
                lues.deja_achetees(ligne.lot_id, ligne.id),
                tuple(bons.get(ligne.id, ())) if ligne.lot_id in par_lieu else None,
            )
        )
        for ligne in demande_par_article(campagne.id)
    ]
    engage, sommes = engage_par_lot(campagne.marche_id), suivre_les_lots(articles, [lot.numero for lot in lots])
    return Suivi(articles, [_lotissement(campagne, lot, sommes[lot.numero], engage.get(lot.id, ZERO)) for lot in lots])


def _lotissement(campagne: Campagne, lot: Lot, somme: SuiviLot, engage_ht: Decimal) -> Lotissement:
    """A lot with its ceiling; once the bons are issued, they are the amount, not the estimate."""
    estime = ZERO if campagne.etat in (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE) else somme.montant_ht
    return Lotissement(lot, somme, engage_ht, usage_plafond(lot.plafond_ht, engage_ht + estime))


def demande_par_article(campagne_id: int) -> Sequence[Any]:
    """What is asked of each article, by state of the orders, in the order of the lots. One statement.

    Each group of states is summed apart: half the time of one pass that sorts every line with its state.
    """
    demande = _sommes(campagne_id)
    validees, soumises, brouillons = (func.sum(demande.c[groupe]).label(groupe) for groupe in GROUPES)
    return db.session.execute(
        select(
            *(Article.id, Article.lot_id, Lot.numero, Article.reference, Article.designation),
            *(Article.unites_par_colis, validees, soumises, brouillons),
        )
        .join(demande, demande.c.article_id == Article.id)
        .join(Lot, Lot.id == Article.lot_id)
        .group_by(Article.id, Lot.id)
        .order_by(Lot.numero, Article.reference)
    ).all()


def _bons_par_lieu(campagne_id: int, lots: Collection[int]) -> dict[int, list[BonsSuivis]]:
    """What is asked on each bon of these lots (by id), by article id: at the places, then at the depot. One statement.

    Places that ask for as many pieces are read together.
    """
    validee = case((Commande.etat == EtatCommande.SOUMISE, 0), else_=1)
    lignes = (
        select(LigneCommande.article_id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Article, Article.id == LigneCommande.article_id)
        .where(Commande.campagne_id == campagne_id, Article.lot_id.in_(lots))
        .where(Commande.etat.in_((*GROUPES["validees"], *GROUPES["soumises"])))
    )
    lues = lignes.add_columns(
        validee.label("validee"),
        (LigneCommande.unites - unites_au_depot()).label("livrees"),
        unites_au_depot().label("retirees"),
    ).subquery()
    article, etat, livrees, retirees = lues.c.article_id, lues.c.validee, lues.c.livrees, lues.c.retirees
    aux_lieux = select(article, livrees * etat, livrees * (1 - etat), func.count()).where(livrees > 0)
    au_depot = select(article, func.sum(retirees * etat), func.sum(retirees * (1 - etat)), literal(1)).group_by(article)
    bons: dict[int, list[BonsSuivis]] = defaultdict(list)
    for article_id, *bon in db.session.execute(union_all(aux_lieux.group_by(article, etat, livrees), au_depot)):
        bons[article_id].append(BonsSuivis(*map(int, bon)))
    return bons


def _sommes(campagne_id: int) -> Subquery:
    """(article, units in committed, submitted and draft orders), a row for each article and group of states."""
    branches = []
    for groupe, etats in GROUPES.items():
        unites = (func.sum(LigneCommande.unites) if nom == groupe else literal(0) for nom in GROUPES)
        branches.append(
            select(LigneCommande.article_id, *(somme.label(nom) for somme, nom in zip(unites, GROUPES, strict=True)))
            .join(Commande, Commande.id == LigneCommande.commande_id)
            .where(Commande.campagne_id == campagne_id, Commande.etat.in_(etats))
            .group_by(LigneCommande.article_id)
        )
    return union_all(*branches).subquery()


def par_epci(campagne_id: int) -> list[tuple[str, int]]:
    """(EPCI, committed and submitted orders), the most active first, the small ones together. One statement."""
    epci = aliased(Collectivite)
    lignes = db.session.execute(
        select(epci.nom, func.count())
        .select_from(Commande)
        .join(Collectivite, Collectivite.id == Commande.collectivite_id)
        .outerjoin(epci, epci.siren == Collectivite.siren_epci)
        .where(
            Commande.campagne_id == campagne_id, Commande.etat.not_in((EtatCommande.BROUILLON, EtatCommande.ANNULEE))
        )
        .group_by(epci.nom)
        .order_by(func.count().desc(), epci.nom)
    )
    comptes = [(nom or "Sans EPCI connu", nombre) for nom, nombre in lignes]
    autres = sum(nombre for _, nombre in comptes[EPCI_MONTRES:])
    return comptes[:EPCI_MONTRES] + ([("Autres", autres)] if autres else [])


def par_jour(campagne_id: int) -> list[tuple[date, int]]:
    """(day of Paris, orders submitted that day), in order. One statement."""
    moments = db.session.scalars(
        select(Commande.soumise_le).where(
            Commande.campagne_id == campagne_id,
            Commande.soumise_le.is_not(None),
            Commande.etat.not_in(SANS_ENVOI),
        )
    )
    return sorted(Counter(jour_a_paris(moment) for moment in moments if moment).items())


def inachevees(campagne_id: int, combien: int = 50) -> Sequence[Commande]:
    """The first orders that closing would leave out: those that await a commitment, then the drafts, by body."""
    return db.session.scalars(
        select(Commande)
        .join(Commande.collectivite)
        .where(Commande.campagne_id == campagne_id, Commande.etat.in_(INACHEVEES))
        .options(contains_eager(Commande.collectivite))
        .order_by(Commande.etat.desc(), Collectivite.nom_recherche)
        .limit(combien)
    ).all()
