"""What a regroupement keeps of itself: both sides of each bon, the figures that were agreed to, what was decided."""

from collections.abc import Sequence
from typing import Any

from groupement.commandes.actions.ajustements import phrase_de
from groupement.commandes.models import Campagne
from groupement.commandes.queries.ajustements import ajustements_de, cible_de
from groupement.commandes.rules.ajustements import Decision
from groupement.commandes.rules.bons import LigneRegroupee, Refus, ResultatRegroupement

FIGURES = (
    *("unites_demandees", "unites_du_stock", "colis", "unites_achetees", "unites_acceptees_en_plus"),
    *("surplus_au_depot", "prix_unitaire_ht", "montant_ht", "montant_depot_ht", "montant_stock_ht"),
)


def preuves(
    campagne: Campagne,
    resultat: ResultatRegroupement,
    decisions: Sequence[Decision],
    ecartes: tuple[Refus, ...],
    vue: str,
) -> dict[str, Any]:
    """As JSON, amounts as text. `vue`: the fingerprint of the figures."""
    return {
        "lots": [
            {champ: str(getattr(p, champ)) if champ.endswith("_ht") else getattr(p, champ) for champ in p.__slots__}
            for p in resultat.preuves
        ],
        "refus": [_refus(refus) for refus in resultat.refus],
        "empreinte": vue,
        "lignes": [_ligne(ligne) for bon in resultat.bons for ligne in bon.lignes],
        "ajustements": _ajustements(campagne.id) if decisions else [],
        "ecartes": [_refus(refus) for refus in ecartes],
    }


def _refus(refus: Refus) -> dict[str, Any]:
    """What is not ordered, and why."""
    return {"lot": refus.lot, "reference": refus.reference, "motif": refus.motif}


def _ligne(ligne: LigneRegroupee) -> dict[str, Any]:
    """An article as it was read before the bons left."""
    figures = {nom: getattr(ligne, nom) for nom in FIGURES}
    textes = {nom: valeur if isinstance(valeur, int | None) else str(valeur) for nom, valeur in figures.items()}
    return {"lot": ligne.lot, "reference": ligne.reference, **textes}


def _ajustements(campagne_id: int) -> list[dict[str, str]]:
    """Who decided what, and why."""
    return [
        {"quoi": cible_de(a).nom, "decision": phrase_de(a), "par": a.par, "le": a.le.isoformat()}
        for a in ajustements_de(campagne_id)
    ]
