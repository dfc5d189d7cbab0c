"""The services of a body in Chorus Pro: written by its own people and by the Centre de gestion."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import services_chorus as actions
from groupement.adherents.forms.collectivites import ServiceForm
from groupement.adherents.queries.membres import service_visible
from groupement.adherents.routes import reponses
from groupement.adherents.routes.collectivites import MODIFICATEURS
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("services_chorus", __name__)
SAISIE = "adherents/service_edit.html"


@bp.route("/collectivites/<int:collectivite_id>/services-chorus/nouveau", methods=["GET", "POST"])
@role_requis(*MODIFICATEURS)
def new(collectivite_id: int) -> Response | tuple[str, int]:
    """One more service."""
    if request.method == "POST":
        verrouiller_ecriture()
    c = queries.collectivite_visible(collectivite_id, g.contexte, verrou=request.method == "POST")
    f = ServiceForm()
    if f.validate_on_submit() and _ecrit(f, actions.ajouter_service, c):
        return _fiche(collectivite_id, "Le service est enregistré\u00a0: il est proposé à la validation des commandes.")
    return reponses.formulaire(SAISIE, c=c, service=None, f=f)


@bp.route("/services-chorus/<int:service_id>/modification", methods=["GET", "POST"])
@role_requis(*MODIFICATEURS)
def edit(service_id: int) -> Response | tuple[str, int]:
    """Its code or its name."""
    if request.method == "POST":
        verrouiller_ecriture()
    s = service_visible(service_id, g.contexte, verrou=request.method == "POST")
    f = ServiceForm(obj=s)
    if f.validate_on_submit() and _ecrit(f, actions.modifier_service, s):
        return _fiche(s.collectivite_id, "Le service est enregistré.")
    return reponses.formulaire(SAISIE, c=s.collectivite, service=s, f=f)


@bp.post("/services-chorus/<int:service_id>/desactivation")
@role_requis(*MODIFICATEURS)
def create_desactivation(service_id: int) -> Response:
    """Orders are no longer offered it."""
    return _basculer(service_id, False, "Ce service n’est plus proposé.")


@bp.post("/services-chorus/<int:service_id>/reactivation")
@role_requis(*MODIFICATEURS)
def create_reactivation(service_id: int) -> Response:
    """Offered again."""
    return _basculer(service_id, True, "Ce service est de nouveau proposé.")


def _basculer(service_id: int, actif: bool, phrase: str) -> Response:
    """Stop or resume, and say so."""
    verrouiller_ecriture()
    service = service_visible(service_id, g.contexte, verrou=True)
    actions.basculer_service(service, actif, par=g.contexte, le=maintenant())
    db.session.commit()
    return _fiche(service.collectivite_id, phrase)


def _ecrit(formulaire: ServiceForm, action: Callable[..., Any], objet: Any) -> bool:
    """Do it and commit; False when a rule refuses, its sentence beside the code."""
    try:
        action(objet, formulaire.code.data, formulaire.nom.data, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        reponses.signaler(formulaire, refus, "code")
        return False
    db.session.commit()
    return True


def _fiche(collectivite_id: int, phrase: str) -> Response:
    """Back to the sheet, at its Chorus settings."""
    flash(phrase, "succes")
    return redirect(url_for("collectivites.show", collectivite_id=collectivite_id, _anchor="chorus-pro"), 303)
