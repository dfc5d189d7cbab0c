"""Write who gets which units, from which bon line or from stock, and at which share of the cost: bulk inserts."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon, PartDePort
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules import bons as regle
from groupement.commandes.rules.bons import Origine, ResultatRegroupement
from groupement.socle.db import PrixUnitaire, db
from groupement.socle.journal import Auteur
from groupement.stock.models import MouvementStock

ZERO = Decimal("0.00")
VIDES = {"unites_refusees": 0, "unites_facturees": 0, "montant_facture_ht": ZERO}


def affecter(campagne: Campagne, entree: Entree, resultat: ResultatRegroupement, bons: Sequence[BonDeCommande]) -> None:
    """One row per member's line and origin, then one per surplus of the depot, last in rank."""
    lignes = {ligne.article_id: ligne for bon in bons for ligne in bon.lignes}
    couts = {a.article_id: a.cout_unitaire_ht.quantize(PrixUnitaire.pas) for a in entree.articles_a_regrouper}
    valeurs = [
        {
            "campagne_id": campagne.id,
            "ligne_commande_id": a.ligne_id,
            "ligne_bon_id": lignes[a.article_id].id if a.origine is Origine.BON else None,
            "article_id": a.article_id,
            "collectivite_id": a.collectivite_id,
            "point_de_livraison_id": entree.points[a.ligne_id] if a.origine is Origine.BON else None,
            "rang": a.rang,
            "unites": a.unites,
            "unites_en_plus": a.unites_en_plus,
            "prix_unitaire_ht": lignes[a.article_id].prix_unitaire_ht
            if a.origine is Origine.BON
            else couts[a.article_id],
            "tva_pct": entree.articles[a.article_id].tva_pct,
            "montant_ht": a.montant_ht,
            # What comes from stock was admitted when it came in.
            "unites_admises": 0 if a.origine is Origine.BON else a.unites,
            **VIDES,
        }
        for a in resultat.affectations
    ]
    dernier = max((a.rang for a in resultat.affectations), default=0) + 1
    valeurs += [
        _surplus(campagne, ligne, lignes[ligne.article_id], dernier)
        for bon in resultat.bons
        for ligne in bon.lignes
        if ligne.surplus_au_depot
    ]
    db.session.execute(insert(Affectation.__table__), valeurs)


def _surplus(campagne: Campagne, ligne: regle.LigneRegroupee, ligne_bon: LigneBon, rang: int) -> dict[str, Any]:
    """The pieces beyond the demand: the depot's, at their true share of the cost."""
    return {
        "campagne_id": campagne.id,
        "ligne_commande_id": None,
        "ligne_bon_id": ligne_bon.id,
        "article_id": ligne.article_id,
        "collectivite_id": None,
        "point_de_livraison_id": None,
        "rang": rang,
        "unites": ligne.surplus_au_depot,
        "unites_en_plus": 0,
        "prix_unitaire_ht": ligne.prix_unitaire_ht,
        "tva_pct": ligne.tva_pct,
        "montant_ht": ligne.montant_depot_ht,
        "unites_admises": 0,
        **VIDES,
    }


def partager_le_port(entree: Entree, resultat: ResultatRegroupement, bons: Sequence[BonDeCommande]) -> None:
    """One row per body and bon that carries shipping."""
    par_lot = {bon.lot.numero: bon.id for bon in bons}
    taux = {lot.lot: lot.tva_port_pct for lot in entree.lots_a_regrouper}
    parts = [
        {
            "bon_id": par_lot[part.lot],
            "collectivite_id": part.collectivite_id,
            "montant_ht": part.montant_ht,
            "tva_pct": taux[part.lot],
            "montant_facture_ht": ZERO,
        }
        for part in resultat.ports
    ]
    if parts:
        db.session.execute(insert(PartDePort.__table__), parts)


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
