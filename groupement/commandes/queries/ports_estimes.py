"""The shipping a basket may have to bear, lot by lot, at the terms of the titulaire its bons go to.

Three statements (demand, prices, what was sold before); two when tiers are reached by one bon, none without shipping.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.estimations import commandes_comptees
from groupement.commandes.queries.offres import offres
from groupement.commandes.queries.titulaires import LotsTenus, termes_de
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.port_estime import MontantsDuLot, PortEstime, montants_de_l_article, part_du_port
from groupement.commandes.states import ModeDeRemise
from groupement.socle.db import db

ZERO = Decimal("0.00")


def ports_estimes(
    commande: Commande, lignes: Sequence[LigneCommande], estimation: Estimation, tenus: LotsTenus
) -> list[PortEstime]:
    """The shipping of each lot of these lines that has some, by number, if the campagne ended on the day.

    `tenus`: the lots of these lines, with whom their bons go to.
    """
    avec_port = [lot for lot in tenus.lots if termes_de(lot, tenus.retenus[lot.id]).port_ht]
    if not avec_port:
        return []
    miens: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        miens[ligne.article.lot_id] += estimation.lignes[ligne.article_id].montant_ht
    tous = _montants_du_groupement(commande, lignes, replace(tenus, lots=avec_port))
    return [
        _port(lot, miens[lot.id], tous[lot.id], tenus, seule=lot.un_bon_par_lieu and _est_livree(commande))
        for lot in sorted(avec_port, key=lambda lot: lot.numero)
    ]


def _est_livree(commande: Commande) -> bool:
    """The order goes to its own place."""
    return commande.mode is ModeDeRemise.LIVRAISON


def _port(lot: Lot, mien_ht: Decimal, montants: MontantsDuLot, tenus: LotsTenus, *, seule: bool) -> PortEstime:
    """The shipping of one lot."""
    termes = termes_de(lot, tenus.retenus[lot.id])
    if seule:
        montants = MontantsDuLot(mien_ht, mien_ht)
    return PortEstime(
        *(lot.numero, lot.intitule, termes.port_ht, termes.franco_ht, montants.achetes_ht),
        part_ht=part_du_port(termes.port_ht, termes.franco_ht, montants, mien_ht=mien_ht),
        par_lieu=seule,
        repreneur=tenus.nom_du_repreneur(lot.id),
    )


def _montants_du_groupement(
    commande: Commande, lignes: Sequence[LigneCommande], tenus: LotsTenus
) -> dict[int, MontantsDuLot]:
    """What the bon of each lot (by id) would come to, and what the members' pieces make of it."""
    unites: dict[int, int] = defaultdict(int)
    colis: dict[int, tuple[int, int]] = {}
    lots = [lot.id for lot in tenus.lots]
    for article_id, lot_id, par_colis, demandees in db.session.execute(_demandes(commande, lots)):
        colis[article_id], unites[article_id] = (lot_id, par_colis), int(demandees)
    for ligne in lignes:
        if ligne.article.lot_id in lots:
            colis[ligne.article_id] = (ligne.article.lot_id, ligne.article.unites_par_colis)
            unites[ligne.article_id] += ligne.unites
    lues = offres(tenus, list(colis))
    montants = dict.fromkeys(lots, MontantsDuLot())
    for article_id, (lot_id, par_colis) in colis.items():
        prix, deja = lues.prix.get(article_id, ()), lues.deja_achetees(lot_id, article_id)
        montants[lot_id] += montants_de_l_article(prix, par_colis, unites[article_id], deja)
    return montants


def _demandes(commande: Commande, lots: Collection[int]) -> Any:
    """The pieces of each article of these lots that the other orders of the campagne ask for."""
    return (
        select(LigneCommande.article_id, Article.lot_id, Article.unites_par_colis, func.sum(LigneCommande.unites))
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Article, Article.id == LigneCommande.article_id)
        .where(Commande.campagne_id == commande.campagne_id, Commande.id != commande.id)
        .where(Commande.etat.in_(commandes_comptees(commande.campagne)), Article.lot_id.in_(lots))
        .group_by(LigneCommande.article_id, Article.lot_id, Article.unites_par_colis)
    )
