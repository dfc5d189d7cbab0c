"""The completion phase for a body: what is missing, what it may add, what that commits; the agent proposes it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.catalogue.models import Article
from groupement.commandes.actions import complements as actions
from groupement.commandes.actions.budgets import BudgetDepasse
from groupement.commandes.actions.propositions_de_complement import proposer
from groupement.commandes.forms.complements import AjoutForm, UnitesForm
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.budgets import usage_du_budget
from groupement.commandes.queries.commandes import commande_visible, lignes_affichees, personnes_de
from groupement.commandes.queries.paniers import article_de
from groupement.commandes.queries.titulaires import LotsTenus
from groupement.commandes.queries.vue_complement import (
    Carte,
    carte_de,
    effet_de_l_ajout,
    lots_d_un_ajout,
    vue_complement,
)
from groupement.commandes.rules import phrases_du_complement as phrases
from groupement.commandes.rules.ajouts import PLUS_RIEN
from groupement.commandes.rules.quantites import Refus
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import euros_fr
from groupement.socle.web import ConflitDeVersion, numero_demande

bp = Blueprint("complements", __name__)


@bp.get("/complement")
@role_requis(*ROLES_COLLECTIVITE)
def show() -> Any:
    """The articles that miss something, those of the body's order first."""
    vue = vue_complement(g.contexte.collectivite_id, aujourdhui(), numero_demande("campagne"))
    champs = {carte.article.id: _champ(carte) for carte in vue.cartes if carte.conseil}
    return _page("complement", vue=vue, champs=champs)


@bp.get("/commandes/<int:commande_id>/complements/<int:article_id>")
@role_requis(*ROLES_COLLECTIVITE)
def new(commande_id: int, article_id: int) -> Any:
    """What an addition costs and does, read before anything is committed."""
    commande, article = _ouvrir(commande_id, article_id)
    lignes = lignes_affichees(commande_id)
    try:
        actions.exiger_completable(commande, article, lignes, maintenant())
    except RegleRefusee as refus:
        flash(str(refus), "info")
        return redirect(url_for("commandes.show", commande_id=commande_id))
    voulues = UnitesForm(request.args).nombre if request.args.get("unites") else None
    return _ajout(commande, article, lignes, voulues)


@bp.post("/commandes/<int:commande_id>/complements/<int:article_id>")
@role_requis(Role.VALIDEUR)
def create(commande_id: int, article_id: int) -> Any:
    """Add, and commit the money."""
    commande, article = _ouvrir(commande_id, article_id, verrou=True)
    form = AjoutForm()
    vue = actions.PageVue(form.version_vue, form.fermes_vues)
    try:
        fait = actions.ajouter(commande, article, form.nombre, vue, par=g.contexte, le=maintenant())
    except (actions.AjoutRefuse, BudgetDepasse, ConflitDeVersion) as refus:
        return _refuse(commande_id, article_id, form.nombre, refus)
    db.session.commit()
    return _ajoute(commande, article, fait)


@bp.post("/commandes/<int:commande_id>/complements/<int:article_id>/proposition")
@role_requis(Role.AGENT)
def create_proposition(commande_id: int, article_id: int) -> Any:
    """Write to the valideurs of the body."""
    commande, article = _ouvrir(commande_id, article_id, verrou=True)
    nombre = UnitesForm().nombre
    try:
        valideurs = proposer(commande, article, nombre, par=g.contexte, le=maintenant())
    except actions.AjoutRefuse as refus:
        return _refuse(commande_id, article_id, nombre, refus)
    db.session.commit()
    noms = " et ".join(valideur.nom for valideur in valideurs)
    flash(f"Proposé à {noms}, par courriel. Rien n’est engagé tant que la proposition n’est pas acceptée.", "succes")
    return redirect(url_for(".show", campagne=commande.campagne_id), 303)


def _ouvrir(commande_id: int, article_id: int, *, verrou: bool = False) -> tuple[Commande, Article]:
    """The order, if it may be seen, and an article of its marché; 404 otherwise."""
    commande = commande_visible(commande_id, g.contexte, verrou=verrou)
    return commande, article_de(commande.campagne, article_id)


def _champ(carte: Carte) -> UnitesForm:
    """The field of a card, with the number that does most good; its own id among those of the page."""
    form = UnitesForm(formdata=None, unites=carte.conseil)
    form.unites.id = f"unites-{carte.article.id}"
    return form


def _ajout(
    commande: Commande,
    article: Article,
    lignes: Sequence[LigneCommande],
    voulues: int | None,
    refuse: RegleRefusee | None = None,
) -> Any:
    """The page of one addition: its effect when it may be made, else why not and the numbers that may.

    `voulues`: None for the number that does most good. `refuse`: what the attempt met, as things stood then.
    """
    tenus = lots_d_un_ajout(commande, article, lignes, aujourdhui())
    carte = carte_de(commande, article, lignes, tenus.le, tenus)
    if carte is None:
        return _plus_rien(commande)
    nombre = carte.conseil if voulues is None else voulues
    refus, conflit = carte.refus(nombre), isinstance(refuse, ConflitDeVersion)
    if refuse is not None and refus is None and not conflit:
        refus = Refus(str(refuse), getattr(refuse, "propositions", ()))
    valeurs = {"commande": commande, "carte": carte, "voulues": nombre, "refus": refus, "champ": _champ(carte)}
    valeurs["conflit"] = str(refuse) if conflit else ""
    valeurs |= _effet(commande, carte, lignes, nombre, tenus) if refus is None else {"effet": None}
    return _page("complement_ajout", **valeurs), 409 if conflit else 422 if refus else 200


def _effet(
    commande: Commande, carte: Carte, lignes: Sequence[LigneCommande], nombre: int, tenus: LotsTenus
) -> dict[str, Any]:
    """What the addition changes, what it takes of the budget, who may commit it, and the form that does."""
    effet = effet_de_l_ajout(commande, carte.article, lignes, nombre, tenus)
    est_valideur = g.contexte.a_role(Role.VALIDEUR)
    return {
        "effet": effet,
        "budget": usage_du_budget(commande.campagne_id, commande.collectivite_id, effet.apres.total_ttc),
        "valideurs": [] if est_valideur else personnes_de(commande.collectivite_id, [Role.VALIDEUR], tenus.le),
        "form": AjoutForm(formdata=None, version=commande.version, fermes=carte.manque.demande.fermes, unites=nombre),
    }


def _refuse(commande_id: int, article_id: int, nombre: int, refus: RegleRefusee) -> Any:
    """The page again as things stand now, with the reason."""
    db.session.rollback()
    commande, article = _ouvrir(commande_id, article_id)
    return _ajout(commande, article, lignes_affichees(commande_id), nombre, refus)


def _plus_rien(commande: Commande) -> Any:
    """Others filled the pack: back to what is still missing."""
    flash(PLUS_RIEN, "info")
    return redirect(url_for(".show", campagne=commande.campagne_id), 303)


def _ajoute(commande: Commande, article: Article, fait: actions.Complement) -> Any:
    """Say what was added and what the order has become."""
    engagement = f", sous l’engagement {commande.engagement}" if commande.engagement else ""
    flash(
        f"{article.designation}\u00a0: {fait.unites} de plus. Votre commande passe de {euros_fr(fait.avant_ht)} à "
        f"{euros_fr(fait.apres_ht)} HT{engagement}.",
        "succes",
    )
    if fait.reduction:
        flash(fait.reduction, "attention")
    return redirect(url_for(".show", campagne=commande.campagne_id), 303)


def _page(gabarit: str, **valeurs: Any) -> str:
    """A page of the phase, with its sentences and what its reader may do."""
    droits = {"est_valideur": g.contexte.a_role(Role.VALIDEUR), "est_agent": g.contexte.a_role(Role.AGENT)}
    return render_template(f"commandes/{gabarit}.html", phrases=phrases, le=aujourdhui(), **droits, **valeurs)
