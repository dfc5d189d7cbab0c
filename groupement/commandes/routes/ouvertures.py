"""Open, postpone, close, open again or give up a campagne: each says what it does before it is done."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import campagnes as actions
from groupement.commandes.actions.reglages_campagne import annoncer_la_livraison
from groupement.commandes.forms.campagnes import LivraisonForm, MotifForm, ReportForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries import campagnes as queries
from groupement.commandes.queries import suivi_campagne
from groupement.socle.calendrier import aujourdhui, date_fr, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite

bp = Blueprint("ouvertures", __name__, url_prefix="/campagnes/<int:campagne_id>")
Acte = Callable[[], Campagne | None]


@bp.post("/ouverture")
@role_requis(Role.ACHETEUR)
def create(campagne_id: int) -> Any:
    """Let the members order."""
    queries.campagne_visible(campagne_id, g.contexte)
    campagne = actions.ouvrir(campagne_id, par=g.contexte, le=maintenant())
    db.session.commit()
    quand = "dès maintenant" if campagne.du <= aujourdhui() else f"à partir du {date_fr(campagne.du)}"
    return _fait(
        campagne_id, f"La campagne est ouverte\u00a0: les membres commandent {quand}, jusqu’au {date_fr(campagne.au)}."
    )


@bp.route("/report", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit_report(campagne_id: int) -> Any:
    """Move the last day."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    form = ReportForm(obj=campagne)
    if form.validate_on_submit() and (au := form.au.data):
        acte = partial(actions.reporter, campagne_id, au, par=g.contexte, le=maintenant())
        if _tente(acte, form.au):
            return _fait(campagne_id, f"La campagne ferme maintenant le {date_fr(au)}, au soir.")
    return _page("campagne_report", campagne_id, form), 422 if form.is_submitted() else 200


@bp.route("/livraison-annoncee", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit_livraison(campagne_id: int) -> Any:
    """Say to the members when they will be delivered."""
    campagne = queries.campagne_visible(campagne_id, g.contexte, verrou=request.method == "POST")
    form = LivraisonForm(obj=campagne)
    du, au = form.livraison_du.data, form.livraison_au.data
    if form.validate_on_submit():
        if _tente(partial(annoncer_la_livraison, campagne, du, au, par=g.contexte, le=maintenant()), form.livraison_au):
            return _fait(campagne_id, "La livraison annoncée est enregistrée.")
    return _page("campagne_livraison", campagne_id, form), 422 if form.is_submitted() else 200


@bp.get("/cloture")
@role_requis(Role.ACHETEUR)
def new_cloture(campagne_id: int) -> Any:
    """What closing does: what will be bought, what will not."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    return render_template(
        "commandes/campagne_cloture.html",
        campagne=campagne,
        comptes=suivi_campagne.comptes(campagne),
        suivi=suivi_campagne.suivi(campagne, aujourdhui()),
        inachevees=suivi_campagne.inachevees(campagne.id),
        le=aujourdhui(),
    )


@bp.post("/cloture")
@role_requis(Role.ACHETEUR)
def create_cloture(campagne_id: int) -> Any:
    """No more orders."""
    queries.campagne_visible(campagne_id, g.contexte)
    actions.clore(campagne_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La campagne est close. Relisez maintenant le regroupement, puis envoyez les bons.", "succes")
    return redirect(url_for("regroupements.show", campagne_id=campagne_id), 303)


@bp.route("/reouverture", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit_reouverture(campagne_id: int) -> Any:
    """Open again what was closed too early."""
    queries.campagne_visible(campagne_id, g.contexte)
    form = MotifForm()
    if form.validate_on_submit():
        acte = partial(actions.rouvrir, campagne_id, form.motif.data, par=g.contexte, le=maintenant())
        if _tente(acte, form.motif):
            return _fait(campagne_id, "La campagne est rouverte\u00a0: les membres commandent à nouveau.")
    return _page("campagne_reouverture", campagne_id, form), 422 if form.is_submitted() else 200


@bp.route("/annulation", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit_annulation(campagne_id: int) -> Any:
    """Give the campagne up."""
    queries.campagne_visible(campagne_id, g.contexte)
    form = MotifForm()
    if form.validate_on_submit():
        acte = partial(actions.annuler, campagne_id, form.motif.data, par=g.contexte, le=maintenant())
        if _tente(acte, form.motif):
            return _fait(campagne_id, "La campagne est annulée\u00a0: rien ne sera acheté.")
    return _page("campagne_annulation", campagne_id, form), 422 if form.is_submitted() else 200


def _tente(acte: Acte, champ: Any) -> bool:
    """Do and commit; a rule that says no is said by the field. A state that has moved is everybody's business: 409."""
    try:
        acte()
    except TransitionInterdite:
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        champ.errors = [str(refus)]
        return False
    db.session.commit()
    return True


def _page(gabarit: str, campagne_id: int, form: Any) -> str:
    """The page of an act that asks for something."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    return render_template(f"commandes/{gabarit}.html", campagne=campagne, form=form, le=aujourdhui())


def _fait(campagne_id: int, phrase: str) -> Any:
    """Back to the campagne, with what was done."""
    flash(phrase, "succes")
    return redirect(url_for("campagnes.show", campagne_id=campagne_id), 303)
