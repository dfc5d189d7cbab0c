"""Write who gets which units, from which bon line or from stock, and at which share of the cost: bulk inserts.

A campagne may hold a million of these rows: they are written in stored form (`socle.insertion`), amounts in centimes
as the rule computes them, prices and rates converted once an article.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon, PartDePort
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.bons import Origine, ResultatRegroupement
from groupement.socle.argent import en_centimes
from groupement.socle.db import PrixUnitaire, Taux, db
from groupement.socle.insertion import inserer
from groupement.socle.journal import Auteur
from groupement.stock.models import MouvementStock

COLONNES = (
    *("campagne_id", "ligne_commande_id", "ligne_bon_id", "article_id", "collectivite_id", "point_de_livraison_id"),
    *("rang", "unites", "unites_en_plus", "prix_unitaire_ht", "tva_pct", "montant_ht"),
    *("unites_admises", "unites_refusees", "unites_facturees", "montant_facture_ht"),
)
Cle = int | tuple[int, int]  # an article, or an article and a place
Prix = dict[int, tuple[int | None, int, int]]  # by article id: bon line, then unit price and rate in stored form


def affecter(campagne: Campagne, entree: Entree, resultat: ResultatRegroupement, bons: Sequence[BonDeCommande]) -> None:
    """One row per member's line and origin, then one per surplus of the depot, last in rank."""
    lignes = _lignes(resultat, bons)
    inserer(Affectation.__table__, COLONNES, _parts(campagne.id, entree, resultat, lignes))
    inserer(Affectation.__table__, COLONNES, _surplus(campagne.id, resultat, lignes))


def _lignes(resultat: ResultatRegroupement, bons: Sequence[BonDeCommande]) -> dict[Cle, LigneBon]:
    """The lines of the bons, by article, and by place too where the lot has one bon per place."""
    return {
        ligne.article_id if regroupe.lieu is None else (ligne.article_id, regroupe.lieu): ligne
        for regroupe, bon in zip(resultat.a_emettre, bons, strict=True)
        for ligne in bon.lignes
    }


def _parts(
    campagne_id: int, entree: Entree, resultat: ResultatRegroupement, lignes: dict[Cle, LigneBon]
) -> Iterator[tuple[Any, ...]]:
    """The members' rows. What comes from the stock was admitted when it came in."""
    achat = {cle: _du_bon(ligne) for cle, ligne in lignes.items()}
    stock = _du_stock(entree)
    bon = Origine.BON
    for ligne_id, corps, _, article, origine, rang, demandees, en_plus, centimes, lieu in resultat.affectations:
        unites = demandees + en_plus
        if origine is bon:
            ligne_bon_id, prix, taux = achat.get(article) or achat[article, lieu]
            yield (
                *(campagne_id, ligne_id, ligne_bon_id, article, corps, lieu or None, rang, unites, en_plus),
                *(prix, taux, centimes, 0, 0, 0, 0),
            )
        else:
            yield (
                *(campagne_id, ligne_id, None, article, corps, None, rang, unites, en_plus),
                *(stock[article][1], stock[article][2], centimes, unites, 0, 0, 0),
            )


def _du_bon(ligne: LigneBon) -> tuple[int, int, int]:
    """The bon line, its price and its rate."""
    return ligne.id, _entier(ligne.prix_unitaire_ht, PrixUnitaire.pas), _entier(ligne.tva_pct, Taux.pas)


def _du_stock(entree: Entree) -> Prix:
    """No bon line, the average cost of the stock, the rate."""
    return {
        article.article_id: (
            None,
            _entier(article.cout_unitaire_ht.quantize(PrixUnitaire.pas), PrixUnitaire.pas),
            _entier(article.tva_pct, Taux.pas),
        )
        for article in entree.articles_a_regrouper
    }


def _entier(valeur: Decimal, pas: Decimal) -> int:
    """A value as its column stores it: a whole number of `pas`."""
    return int(valeur / pas)


def _surplus(
    campagne_id: int, resultat: ResultatRegroupement, lignes: dict[Cle, LigneBon]
) -> Iterator[tuple[Any, ...]]:
    """The pieces beyond the demand: the depot's, at their true share of the cost."""
    dernier = max((a.rang for a in resultat.affectations), default=0) + 1
    for lieu, ligne in ((bon.lieu, ligne) for bon in resultat.bons for ligne in bon.lignes if ligne.surplus_au_depot):
        ligne_bon_id, prix, taux = _du_bon(lignes[ligne.article_id if lieu is None else (ligne.article_id, lieu)])
        yield (
            *(campagne_id, None, ligne_bon_id, ligne.article_id, None, None, dernier, ligne.surplus_au_depot, 0),
            *(prix, taux, en_centimes(ligne.montant_depot_ht), 0, 0, 0, 0),
        )


def partager_le_port(entree: Entree, resultat: ResultatRegroupement, bons: Sequence[BonDeCommande]) -> None:
    """One row per body and bon that carries shipping."""
    ids = {regroupe.cle: bon.id for regroupe, bon in zip(resultat.a_emettre, bons, strict=True)}
    taux = {lot.lot: _entier(lot.tva_port_pct, Taux.pas) for lot in entree.lots_a_regrouper}
    colonnes = ("bon_id", "collectivite_id", "montant_ht", "tva_pct", "montant_facture_ht")
    parts = ((ids[lot, lieu], corps, centimes, taux[lot], 0) for lot, corps, _, centimes, lieu in resultat.ports)
    inserer(PartDePort.__table__, colonnes, parts)


def sortir_du_stock(campagne: Campagne, resultat: ResultatRegroupement, par: Auteur, le: datetime) -> None:
    """Take what the depot serves out of its stock, at the cost charged to the members."""
    sorties = [
        {
            "depot_id": campagne.depot_id,
            "article_id": ligne.article_id,
            "unites": -ligne.unites_du_stock,
            "valeur_ht": -ligne.montant_stock_ht,
            "motif": f"Servi aux membres, {campagne.intitule}"[:200],
            "piece": f"campagne:{campagne.id}",
            "par": par.nom,
            "le": le,
        }
        for bon in resultat.bons
        for ligne in bon.lignes
        if ligne.unites_du_stock
    ]
    if sorties:
        db.session.execute(insert(MouvementStock.__table__), sorties)
