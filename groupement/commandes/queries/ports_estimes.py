"""The shipping a basket may have to bear, lot by lot: two statements, none when no lot of it has any."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot
from groupement.catalogue.queries import prix_a_la_date
from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.estimations import commandes_comptees
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.port_estime import PortEstime, part_du_port
from groupement.commandes.states import ModeDeRemise
from groupement.socle.argent import montant_ligne
from groupement.socle.db import db

ZERO = Decimal("0.00")


def ports_estimes(
    commande: Commande, lignes: Sequence[LigneCommande], estimation: Estimation, le: date
) -> list[PortEstime]:
    """The shipping of each lot of these lines that has some, if the campagne ended on the day."""
    des_lignes = {ligne.article.lot for ligne in lignes}
    lots = {lot.id: lot for lot in des_lignes if lot.port_ht}
    if not lots:
        return []
    miens: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        miens[ligne.article.lot_id] += estimation.lignes[ligne.article_id].montant_ht
    autres = _montants_du_groupement(commande, lignes, lots, le)
    return [
        _port(
            lot, miens[lot.id], *autres[lot.id], seule=lot.un_bon_par_lieu and commande.mode is ModeDeRemise.LIVRAISON
        )
        for lot in sorted(lots.values(), key=lambda lot: lot.numero)
    ]


def _port(lot: Lot, mien_ht: Decimal, marchandises_ht: Decimal, membres_ht: Decimal, *, seule: bool) -> PortEstime:
    """The shipping of one lot."""
    if seule:
        marchandises_ht = membres_ht = mien_ht
    montants = {"marchandises_ht": marchandises_ht, "mien_ht": mien_ht, "membres_ht": membres_ht}
    part = part_du_port(lot.port_ht, lot.franco_ht, **montants)
    return PortEstime(lot.numero, lot.intitule, lot.port_ht, lot.franco_ht, marchandises_ht, part, seule)


def _montants_du_groupement(
    commande: Commande, lignes: Sequence[LigneCommande], lots: Mapping[int, Lot], le: date
) -> dict[int, tuple[Decimal, Decimal]]:
    """(what the lot's bon would come to in whole packs, what the members' pieces make of it), by lot id."""
    unites: dict[int, int] = defaultdict(int)
    colis: dict[int, tuple[int, int]] = {}
    for article_id, lot_id, par_colis, demandees in db.session.execute(_demandes(commande, lots)):
        colis[article_id], unites[article_id] = (lot_id, par_colis), int(demandees)
    for ligne in lignes:
        if ligne.article.lot_id in lots:
            colis[ligne.article_id] = (ligne.article.lot_id, ligne.article.unites_par_colis)
            unites[ligne.article_id] += ligne.unites
    montants = dict.fromkeys(lots, (ZERO, ZERO))
    prix = prix_a_la_date(list(colis), le)
    for article_id, (lot_id, par_colis) in colis.items():
        if article_id in prix:
            achete, demande = _montants(unites[article_id], par_colis, prix[article_id])
            montants[lot_id] = (montants[lot_id][0] + achete, montants[lot_id][1] + demande)
    return montants


def _demandes(commande: Commande, lots: Mapping[int, Lot]) -> Any:
    """The pieces of each article of these lots that the other orders of the campagne ask for."""
    return (
        select(LigneCommande.article_id, Article.lot_id, Article.unites_par_colis, func.sum(LigneCommande.unites))
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Article, Article.id == LigneCommande.article_id)
        .where(Commande.campagne_id == commande.campagne_id, Commande.id != commande.id)
        .where(Commande.etat.in_(commandes_comptees(commande.campagne)), Article.lot_id.in_(lots))
        .group_by(LigneCommande.article_id, Article.lot_id, Article.unites_par_colis)
    )


def _montants(unites: int, par_colis: int, paliers: Sequence[Palier]) -> tuple[Decimal, Decimal]:
    """What is bought in whole packs, and what the pieces asked make of it (€ HT)."""
    achetees = colis_necessaires(unites, par_colis) * par_colis
    prix = palier_applicable(paliers, achetees).prix_unitaire_ht
    return montant_ligne(achetees, prix), montant_ligne(unites, prix)
