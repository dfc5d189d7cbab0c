"""A regroupement as the JSON document of the command line (docs/formats.md): the same keys, always in the same order.

Amounts are strings with a dot, counts are integers. `parts` holds what the bons give each body, so that parts and
depot sum to the bons in units and to the centime; what the depot's stock gave is apart, in `parts_du_stock`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from groupement.commandes.rules.bons import Affectation, BonRegroupe, LigneRegroupee, Origine, ResultatRegroupement

ZERO = Decimal("0.00")


def en_json(
    campagne_id: int,
    resultat: ResultatRegroupement,
    *,
    reel: bool,
    fournisseurs: Mapping[int, str],
    numeros: Mapping[int, str],
) -> dict[str, Any]:
    """The whole document. `fournisseurs` and `numeros` are by lot number; no number in a preview."""
    references = {ligne.article_id: ligne.reference for bon in resultat.bons for ligne in bon.lignes}
    document = {
        "campagne": campagne_id,
        "reel": reel,
        "bons": [_bon(bon, fournisseurs, numeros) for bon in resultat.bons],
        "parts": _parts(resultat, references),
        "depot": [_depot(ligne) for bon in resultat.bons for ligne in bon.lignes if ligne.surplus_au_depot],
        "refus": [{"lot": r.lot, "reference": r.reference, "motif": r.motif} for r in resultat.refus],
    }
    du_stock = _par_siren((a for a in resultat.affectations if a.origine is Origine.STOCK), references)
    if du_stock:
        document["parts_du_stock"] = [{"siren": siren, "lignes": lignes} for siren, lignes in du_stock.items()]
    return document


def _bon(bon: BonRegroupe, fournisseurs: Mapping[int, str], numeros: Mapping[int, str]) -> dict[str, Any]:
    """One bon and its lines."""
    return {
        "lot": bon.lot,
        "fournisseur": fournisseurs[bon.lot],
        "numero": numeros.get(bon.lot),
        "lignes": [_ligne(ligne) for ligne in bon.lignes],
        "port_ht": str(bon.port_ht),
        "total_ht": str(bon.total_ht),
        "total_tva": str(bon.total_tva),
        "total_ttc": str(bon.total_ttc),
    }


def _ligne(ligne: LigneRegroupee) -> dict[str, Any]:
    """One article of a bon."""
    prix = ligne.prix_unitaire_ht
    return {
        "reference": ligne.reference,
        "unites_demandees": ligne.unites_demandees,
        "unites_du_stock": ligne.unites_du_stock,
        "colis": ligne.colis,
        "unites_achetees": ligne.unites_achetees,
        "unites_acceptees_en_plus": ligne.unites_acceptees_en_plus,
        "surplus_au_depot": ligne.surplus_au_depot,
        "prix_unitaire_ht": None if prix is None else f"{prix:.4f}",
        "montant_ht": str(ligne.montant_ht),
    }


def _depot(ligne: LigneRegroupee) -> dict[str, Any]:
    """The surplus of one article."""
    return {
        "reference": ligne.reference,
        "unites": ligne.surplus_au_depot,
        "montant_ht": str(ligne.montant_depot_ht),
    }


def _parts(resultat: ResultatRegroupement, references: Mapping[int, str]) -> list[dict[str, Any]]:
    """What each body gets from the bons, bodies by SIREN."""
    lignes = _par_siren((a for a in resultat.affectations if a.origine is Origine.BON), references)
    ports: dict[str, Decimal] = {}
    for part in resultat.ports:
        ports[part.siren] = ports.get(part.siren, ZERO) + part.montant_ht
    parts = []
    for siren, du_membre in sorted(lignes.items()):
        port = ports.get(siren, ZERO)
        total = sum((Decimal(ligne["montant_ht"]) for ligne in du_membre), port)
        parts.append({"siren": siren, "lignes": du_membre, "port_ht": str(port), "total_ht": str(total)})
    return parts


def _par_siren(affectations: Iterable[Affectation], references: Mapping[int, str]) -> dict[str, list[dict[str, Any]]]:
    """The lines of each body: one per article, in the order of the bons."""
    lignes: dict[str, list[dict[str, Any]]] = {}
    for a in affectations:
        ligne = {"reference": references[a.article_id], "unites": a.unites, "montant_ht": str(a.montant_ht)}
        lignes.setdefault(a.siren, []).append(ligne)
    return lignes
