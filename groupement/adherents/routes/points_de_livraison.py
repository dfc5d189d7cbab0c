"""Where a body takes delivery: written by its own people and by the Centre de gestion."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import collectivites
from groupement.adherents.forms.collectivites import PointForm
from groupement.adherents.models import PointDeLivraison
from groupement.adherents.routes import reponses
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("points_de_livraison", __name__)
REDACTEURS = ROLES_COLLECTIVITE | ROLES_CDG


def _fiche(collectivite_id: int) -> Response:
    """Back to the sheet, at the delivery places."""
    return redirect(url_for("collectivites.show", collectivite_id=collectivite_id, _anchor="livraison"), 303)


def _ecrit(formulaire: PointForm, action: Callable[[], Any]) -> bool:
    """Do it and commit; False when a rule refuses, its sentence beside the name of the place."""
    try:
        action()
    except RegleRefusee as refus:
        reponses.signaler(formulaire, refus, "libelle")
        return False
    db.session.commit()
    flash("Le lieu de livraison est enregistré.", "succes")
    return True


@bp.route("/collectivites/<int:collectivite_id>/points-de-livraison/nouveau", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def new(collectivite_id: int) -> Response | tuple[str, int]:
    """A new place, its address taken from the body's."""
    c = queries.collectivite_visible(collectivite_id, g.contexte)
    formulaire = PointForm(data={"adresse": c.adresse, "code_postal": c.code_postal, "ville": c.ville})
    valeurs = formulaire.valeurs
    ajouter = collectivites.ajouter_point
    if formulaire.validate_on_submit() and _ecrit(
        formulaire, lambda: ajouter(c, valeurs(), par=g.contexte, le=maintenant())
    ):
        return _fiche(c.id)
    return reponses.formulaire("adherents/point_edit.html", c=c, point=None, f=formulaire)


@bp.route("/points-de-livraison/<int:point_id>/modification", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def edit(point_id: int) -> Response | tuple[str, int]:
    """Change a place: orders already sent keep what was written on their bon."""
    if request.method == "POST":
        verrouiller_ecriture()
    point = queries.point_visible(point_id, g.contexte, verrou=request.method == "POST")
    formulaire, conflit = PointForm(obj=point), None
    modifier = collectivites.modifier_point
    if formulaire.validate_on_submit():
        ecrit, conflit = reponses.ecrire(formulaire, point, lambda **vu: modifier(point, **vu), "libelle")
        if ecrit:
            flash("Le lieu de livraison est enregistré.", "succes")
            return _fiche(point.collectivite_id)
    page = {"c": point.collectivite, "point": point, "f": formulaire, "conflit": conflit}
    return reponses.formulaire("adherents/point_edit.html", **page)


@bp.post("/points-de-livraison/<int:point_id>/desactivation")
@role_requis(*REDACTEURS)
def create_desactivation(point_id: int) -> Response:
    """No more deliveries there."""
    return _basculer(point_id, False, "Ce lieu n’est plus proposé pour les prochaines commandes.")


@bp.post("/points-de-livraison/<int:point_id>/reactivation")
@role_requis(*REDACTEURS)
def create_reactivation(point_id: int) -> Response:
    """Deliveries there again."""
    return _basculer(point_id, True, "Ce lieu est de nouveau proposé.")


def _basculer(point_id: int, actif: bool, phrase: str) -> Response:
    """Stop or resume, and say so."""
    verrouiller_ecriture()
    point: PointDeLivraison = queries.point_visible(point_id, g.contexte, verrou=True)
    collectivites.basculer_point(point, actif, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase, "succes")
    return _fiche(point.collectivite_id)
