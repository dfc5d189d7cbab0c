"""A regroupement as the JSON document of the command line (docs/formats.md): the same keys, always in the same order.

Amounts are strings with a dot, counts are integers. `parts` holds what the bons give each body, so that parts and
depot sum to the bons in units and to the centime; what the depot's stock gave is apart, in `parts_du_stock`. Bodies
come by SIREN.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from groupement.commandes.rules.bons import BonRegroupe, LigneRegroupee, Origine, PartPort, Refus, ResultatRegroupement
from groupement.commandes.rules.parts import PartCollectivite, parts_par_collectivite
from groupement.socle.argent import en_euros


def en_json(
    campagne_id: int,
    resultat: ResultatRegroupement,
    *,
    reel: bool,
    fournisseurs: Mapping[int, str],
    numeros: Mapping[tuple[int, int | None], str],
    ecartes: Sequence[Refus] = (),
) -> dict[str, Any]:
    """The whole document. `fournisseurs` are by lot number, `numeros` by `BonRegroupe.cle`: none in a preview.

    A lot with one bon per place has as many entries in `bons`, the depot's last.
    `ecartes`: what the buyer leaves out, said among the refusals.
    """
    references = {ligne.article_id: ligne.reference for bon in resultat.bons for ligne in bon.lignes}
    document = {
        "campagne": campagne_id,
        "reel": reel,
        "bons": [_bon(bon, fournisseurs, numeros) for bon in resultat.bons],
        "parts": [_part(part, references) for part in parts_par_collectivite(resultat)],
        "depot": [
            *(_depot(ligne) for bon in resultat.bons for ligne in bon.lignes if ligne.surplus_au_depot),
            *(_port_du_depot(part) for part in resultat.ports if part.collectivite_id is None),
        ],
        "refus": [{"lot": r.lot, "reference": r.reference, "motif": r.motif} for r in (*resultat.refus, *ecartes)],
    }
    du_stock = parts_par_collectivite(resultat, origine=Origine.STOCK)
    if du_stock:
        document["parts_du_stock"] = [{"siren": p.siren, "lignes": _recu(p, references)} for p in du_stock]
    return document


def _bon(
    bon: BonRegroupe, fournisseurs: Mapping[int, str], numeros: Mapping[tuple[int, int | None], str]
) -> dict[str, Any]:
    """One bon and its lines."""
    return {
        "lot": bon.lot,
        "fournisseur": fournisseurs[bon.lot],
        "numero": numeros.get(bon.cle),
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


def _port_du_depot(part: PartPort) -> dict[str, Any]:
    """The shipping of a bon nobody but the depot is served by."""
    return {"reference": "", "unites": 0, "montant_ht": str(part.montant_ht)}


def _part(part: PartCollectivite, references: Mapping[int, str]) -> dict[str, Any]:
    """What a body gets and owes of the bons."""
    return {
        "siren": part.siren,
        "lignes": _recu(part, references),
        "port_ht": str(part.port_ht),
        "total_ht": str(part.total_ht),
    }


def _recu(part: PartCollectivite, references: Mapping[int, str]) -> list[dict[str, Any]]:
    """The lines of a body: one per article, in the order of the bons, wherever its units go."""
    unites, centimes = Counter[int](), Counter[int]()
    for a in part.affectations:
        unites[a.article_id] += a.unites
        centimes[a.article_id] += a.centimes
    return [
        {"reference": references[article], "unites": unites[article], "montant_ht": str(en_euros(centimes[article]))}
        for article in unites
    ]
