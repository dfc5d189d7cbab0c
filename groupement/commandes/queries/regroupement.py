"""What a regroupement starts from: a fixed number of selects, whatever the number of members."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Lot, Titulaire
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import (
    Ajustement,
    BonDeCommande,
    Campagne,
    Commande,
    Desistement,
    LigneCommande,
)
from groupement.commandes.queries.ajustements import ajustements_de, decisions_des
from groupement.commandes.queries.lieux import lieux_de_livraison
from groupement.commandes.queries.offres import offres
from groupement.commandes.queries.titulaires import (
    LotsTenus,
    Retenus,
    desistements_de_la_campagne,
    motif_sans_prix,
    retenir,
    termes_de,
)
from groupement.commandes.rules.ajustements import Decision
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.states import SANS_EFFET, EtatCommande
from groupement.socle.db import db
from groupement.stock.queries import quantites_en_stock


@dataclass(frozen=True, slots=True)
class Entree:
    """Everything the rule needs, and what the action writes beside it."""

    lots: dict[int, Lot]  # by number
    titulaires: dict[int, Titulaire]  # by number of the lot: whom its bons go to
    articles: dict[int, Article]
    lots_a_regrouper: list[LotARegrouper]
    articles_a_regrouper: list[ArticleARegrouper]
    demandes: list[Demande]
    lieux: dict[int, str]  # names of the places in the order of their bons, where a lot wants one bon per place
    ajustements: Sequence[Ajustement] = ()  # what the buyer changes
    decisions: Sequence[Decision] = ()  # the same, to apply before combining
    desistements: Sequence[Desistement] = ()  # who declined this campagne

    @property
    def a_qui(self) -> list[tuple[int, int]]:
        """The supplier of each lot, by number."""
        return [(numero, titulaire.fournisseur_id) for numero, titulaire in self.titulaires.items()]


def lots_verrouilles(marche_id: int) -> Sequence[Lot]:
    """The lots of a marché, locked in id order: two regroupements cannot count the same ceiling."""
    return db.session.scalars(_lots(marche_id).with_for_update(of=Lot).execution_options(populate_existing=True)).all()


def _lots(marche_id: int) -> Select[Lot]:
    """The lots of a marché in id order, with their titulaires."""
    return (
        select(Lot)
        .where(Lot.marche_id == marche_id)
        .order_by(Lot.id)
        .options(selectinload(Lot.titulaires).joinedload(Titulaire.fournisseur))
    )


def lots_du_marche(marche_id: int) -> Sequence[Lot]:
    """The lots of a marché with their titulaires, to read only."""
    titulaires = joinedload(Lot.titulaires).joinedload(Titulaire.fournisseur)
    lots = select(Lot).where(Lot.marche_id == marche_id).order_by(Lot.id).options(titulaires)
    return db.session.scalars(lots).unique().all()


def engage_par_lot(marche_id: int) -> dict[int, Decimal]:
    """What the bons of each lot (by id) already engage, € HT; cancelled bons do not count."""
    lignes = db.session.execute(
        select(BonDeCommande.lot_id, func.sum(BonDeCommande.total_ht))
        .join(Lot, Lot.id == BonDeCommande.lot_id)
        .where(Lot.marche_id == marche_id, BonDeCommande.etat.not_in(SANS_EFFET))
        .group_by(BonDeCommande.lot_id)
    )
    return {lot_id: total for lot_id, total in lignes}


def lignes_validees(campagne_id: int) -> Iterable[Row[int, int, str, int, int, int, int | None]]:
    """The lines of the committed orders, first come first: (line, body, SIREN, article, units, extra, place).

    Read as they are asked for: a million of them are never in memory together.
    """
    return db.session.execute(
        select(
            LigneCommande.id,
            Commande.collectivite_id,
            Collectivite.siren,
            LigneCommande.article_id,
            LigneCommande.unites,
            LigneCommande.unites_acceptees_en_plus,
            Commande.point_de_livraison_id,
        )
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Collectivite, Collectivite.id == Commande.collectivite_id)
        .where(Commande.campagne_id == campagne_id, Commande.etat == EtatCommande.VALIDEE)
        .order_by(LigneCommande.rang, LigneCommande.id)
        .execution_options(yield_per=10_000)
    )


def _demandes(campagne_id: int) -> list[Demande]:
    """The demands in rank order, each with where it goes; a body has one order in a campagne."""
    demandes: list[Demande] = []
    sirens: dict[int, str] = {}  # one text a body, not one a line
    for rang, ligne in enumerate(lignes_validees(campagne_id), 1):
        ligne_id, corps, siren, article, unites, en_plus, point = ligne
        demande = (ligne_id, corps, sirens.setdefault(corps, siren), article, unites, en_plus, point or DEPOT, rang)
        demandes.append(Demande._make(demande))
    return demandes


def entree(campagne: Campagne, lots: Sequence[Lot], le: date) -> Entree:
    """Read everything the rule needs: prices of the day `le`, what is engaged, what lies at the depot, the lines."""
    demandes = _demandes(campagne.id)
    articles = _articles(lots)
    ajustements = ajustements_de(campagne.id)
    desistements = desistements_de_la_campagne(campagne.id)
    retenus = retenir(lots, le, desistements)
    lues = offres(LotsTenus(campagne, lots, retenus, le), campagne.marche)
    stock, engage = quantites_en_stock(campagne.depot_id), engage_par_lot(campagne.marche_id)
    return Entree(
        lots={lot.numero: lot for lot in lots},
        titulaires={lot.numero: retenus[lot.id] or lot.titulaires[0] for lot in lots},
        articles=articles,
        lots_a_regrouper=[
            _lot_a_regrouper(lot, retenus[lot.id], engage.get(lot.id, Decimal(0)), lues.deja[lot.id]) for lot in lots
        ],
        articles_a_regrouper=[
            _article_a_regrouper(
                article, lots, retenus, lues.prix.get(article.id, ()), stock.get(article.id, (0, Decimal(0)))
            )
            for article in articles.values()
        ],
        demandes=demandes,
        lieux=lieux_de_livraison(campagne) if any(lot.un_bon_par_lieu for lot in lots) else {},
        ajustements=ajustements,
        decisions=decisions_des(ajustements),
        desistements=desistements,
    )


def _articles(lots: Sequence[Lot]) -> dict[int, Article]:
    """The articles of these lots by id, in the order of the bons."""
    voulus = select(Article).where(Article.lot_id.in_([lot.id for lot in lots])).order_by(Article.lot_id, Article.id)
    return {article.id: article for article in db.session.scalars(voulus)}


def _lot_a_regrouper(
    lot: Lot, titulaire: Titulaire | None, engage_ht: Decimal, deja: Mapping[int, int]
) -> LotARegrouper:
    """The terms of a lot with its titulaire, as the rule wants them."""
    termes = termes_de(lot, titulaire)
    return LotARegrouper(
        lot=lot.numero,
        plafond_ht=lot.plafond_ht,
        deja_engage_ht=engage_ht,
        minimum_commande_ht=termes.minimum_commande_ht,
        franco_ht=termes.franco_ht,
        port_ht=termes.port_ht,
        unites_deja_achetees=deja,
        un_bon_par_lieu=lot.un_bon_par_lieu,
        palier_par_bon=lot.portee_palier is PorteePalier.BON,
    )


def _article_a_regrouper(
    article: Article, lots: Sequence[Lot], retenus: Retenus, paliers: tuple[Palier, ...], stock: tuple[int, Decimal]
) -> ArticleARegrouper:
    """An article with its tiers and its stock, as the rule wants them."""
    unites, valeur_ht = stock
    lot = next(lot for lot in lots if lot.id == article.lot_id)
    return ArticleARegrouper(
        article_id=article.id,
        reference=article.reference,
        lot=lot.numero,
        unites_par_colis=article.unites_par_colis,
        tva_pct=article.tva_pct,
        paliers=paliers,
        stock_disponible=max(unites, 0),
        cout_unitaire_ht=valeur_ht / unites if unites > 0 else Decimal(0),
        sans_prix="" if paliers else motif_sans_prix(retenus[lot.id]),
    )
