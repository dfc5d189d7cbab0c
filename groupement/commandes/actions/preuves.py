"""What a regroupement keeps of itself: both sides of each bon, the figures that were agreed to, what was decided."""

from typing import Any

from groupement.commandes.actions.ajustements import phrase_de
from groupement.commandes.models import Ajustement
from groupement.commandes.queries.ajustements import cible_de
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.bons import LigneRegroupee, Refus, ResultatRegroupement

FIGURES = (
    *("unites_demandees", "unites_du_stock", "colis", "unites_achetees", "unites_acceptees_en_plus"),
    *("surplus_au_depot", "prix_unitaire_ht", "montant_ht", "montant_depot_ht", "montant_stock_ht"),
)


def preuves(
    entree: Entree, resultat: ResultatRegroupement, ecartes: tuple[Refus, ...], empreinte: str
) -> dict[str, Any]:
    """As JSON, amounts as text. `empreinte`: the fingerprint of the figures."""
    return {
        "lots": [
            {champ: str(getattr(p, champ)) if champ.endswith("_ht") else getattr(p, champ) for champ in p.__slots__}
            for p in resultat.preuves
        ],
        "refus": [_refus(refus) for refus in resultat.refus],
        "empreinte": empreinte,
        "lignes": [_ligne(ligne) for bon in resultat.bons for ligne in bon.lignes],
        "ajustements": [_ajustement(ajustement) for ajustement in entree.ajustements],
        "ecartes": [_refus(refus) for refus in ecartes],
    }


def _refus(refus: Refus) -> dict[str, Any]:
    """What is not ordered, and why."""
    return {"lot": refus.lot, "lieu": refus.nom_du_lieu, "reference": refus.reference, "motif": refus.motif}


def _ligne(ligne: LigneRegroupee) -> dict[str, Any]:
    """An article as it was read before the bons left."""
    figures = {nom: getattr(ligne, nom) for nom in FIGURES}
    figures["unites_comptees"] = ligne.explication.unites_comptees if ligne.explication else 0
    figures["prix_de_base_ht"] = ligne.explication.prix_de_base_ht if ligne.explication else None
    textes = {nom: valeur if isinstance(valeur, int | None) else str(valeur) for nom, valeur in figures.items()}
    return {"lot": ligne.lot, "reference": ligne.reference, **textes}


def _ajustement(ajustement: Ajustement) -> dict[str, str]:
    """Who decided what, and why."""
    quoi = {"quoi": cible_de(ajustement).nom, "decision": phrase_de(ajustement)}
    return {**quoi, "par": ajustement.par, "le": ajustement.le.isoformat()}
