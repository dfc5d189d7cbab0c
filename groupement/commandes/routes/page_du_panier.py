"""What every route of the basket draws: the page, its right column, who changed it meanwhile."""

from datetime import date
from typing import Any

from flask import g, render_template, request

from groupement.adherents.states import Role
from groupement.commandes.forms.commandes import DEPOT, EnvoiForm
from groupement.commandes.queries.budgets import usage_du_budget
from groupement.commandes.queries.vue_panier import VuePanier, vue_panier
from groupement.commandes.rules.fractions import ecart, se_partage, total_des_ecarts
from groupement.commandes.rules.phrases_du_prix import (
    nom_du_prix,
    phrase_du_gain_suivant,
    phrase_du_palier_suivant,
    phrases_de_la_ligne,
)
from groupement.commandes.rules.quantites import phrase_du_surplus
from groupement.socle.calendrier import aujourdhui, heure_ou_jour, maintenant, temps_restant
from groupement.socle.nombres import accorde

PHRASES = {
    regle.__name__: regle
    for regle in (
        *(phrases_de_la_ligne, phrase_du_palier_suivant, phrase_du_gain_suivant, phrase_du_surplus),
        *(nom_du_prix, se_partage, ecart, total_des_ecarts, heure_ou_jour),
    )
}


def vue_du_panier(campagne_id: int | None, le: date | None = None) -> VuePanier:
    """The basket as it stands."""
    return vue_panier(g.contexte.collectivite_id, le or aujourdhui(), campagne_id)


def contexte_de_page(vue: VuePanier, lieu: str | None = None) -> dict[str, Any]:
    """What the basket's templates show."""
    choix = [(str(p.id), f"{p.libelle}\u00a0: {p.adresse}, {p.code_postal} {p.ville}") for p in vue.points]
    envoi, restant, budget = None, "", None
    if vue.fenetre is not None:
        depot = vue.fenetre.campagne.depot
        choix.append((DEPOT, f"Je viens chercher au dépôt\u00a0: {depot.nom}, {depot.adresse}, {depot.ville}"))
        envoi = EnvoiForm(choix, formdata=None, lieu=vue.lieu_choisi if lieu is None else lieu)
        restant = temps_restant(vue.fenetre.campagne.au, maintenant())
        budget = usage_du_budget(vue.fenetre.campagne.id, g.contexte.collectivite_id, vue.estimation.total_ttc)
    return {
        "vue": vue,
        "envoi": envoi,
        "restant": restant,
        "budget": budget,
        "valide_soi_meme": g.contexte.a_role(Role.VALIDEUR),
        "le": maintenant(),
        "version_vue": vue.commande.version if vue.commande else 0,
        **PHRASES,
    }


def page(vue: VuePanier, statut: int = 200, *, lieu: str | None = None, **erreurs: Any) -> Any:
    """The basket page."""
    return render_template("commandes/panier.html", **contexte_de_page(vue, lieu) | erreurs), statut


def fragment(gabarit: str, vue: VuePanier, statut: int = 200, *, lieu: str | None = None, **valeurs: Any) -> Any:
    """A part of it, for htmx."""
    return render_template(f"commandes/{gabarit}.html", **contexte_de_page(vue, lieu) | valeurs), statut


def htmx() -> bool:
    """The request waits for a fragment, not for a page."""
    return request.headers.get("HX-Request") == "true"


def phrase_du_remplissage(posees: list[str]) -> str:
    """What went in the basket."""
    if not posees:
        return "Votre panier contient déjà tout cela."
    return f"{accorde(len(posees), 'article')} dans votre panier\u00a0: {', '.join(posees)}. Relisez les quantités."
