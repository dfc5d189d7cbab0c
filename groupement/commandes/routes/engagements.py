"""The valideur commits an urgent order, or sends it back: what is committed leaves the stock at once."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.queries.membres import services_actifs
from groupement.adherents.states import Role
from groupement.commandes.actions import commandes_urgentes as actions
from groupement.commandes.forms.commandes import RenvoiForm
from groupement.commandes.forms.depannages import EngagementForm, EngagementParServiceForm
from groupement.commandes.models import Commande
from groupement.commandes.queries.depannages import depannage_visible
from groupement.commandes.queries.vue_depannage import VueDepannage, vue_depannage
from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("engagements", __name__, url_prefix="/depannage")


@bp.get("/<int:commande_id>/validation")
@role_requis(Role.VALIDEUR)
def new(commande_id: int) -> Any:
    """What the valideur reads before committing the money."""
    commande, depannage = depannage_visible(commande_id, g.contexte)
    if commande.etat is not EtatCommande.SOUMISE:
        return redirect(url_for("depannages.show", commande_id=commande_id))
    return _page(vue_depannage(commande, depannage, aujourdhui()))


@bp.post("/<int:commande_id>/validation")
@role_requis(Role.VALIDEUR)
def create(commande_id: int) -> Any:
    """Commit the money: the units leave the stock."""
    commande, _ = depannage_visible(commande_id, g.contexte, verrou=True)
    form = _formulaire(commande)
    if not form.validate():
        return _refuse(commande_id, form=form)
    numeros = {"engagement": form.engagement.data or "", "code_service": form.code_service.data or ""}
    try:
        actions.valider(commande, form.version_vue, form.total_vu, **numeros, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _refuse(commande_id, form=form, refus=str(refus), statut=409)
    return _fait(commande, "Dépannage validé\u00a0: les articles sont mis de côté pour vous au dépôt.")


@bp.post("/<int:commande_id>/renvoi")
@role_requis(Role.VALIDEUR)
def create_renvoi(commande_id: int) -> Any:
    """Send the order back to its agent, with the reason."""
    commande, _ = depannage_visible(commande_id, g.contexte, verrou=True)
    form = RenvoiForm()
    if not form.validate():
        return _refuse(commande_id, renvoi=form)
    try:
        actions.renvoyer(commande, form.motif.data.strip(), form.version_vue, par=g.contexte, le=maintenant())
    except ConflitDeVersion as refus:
        return _refuse(commande_id, renvoi=form, refus=str(refus), statut=409)
    return _fait(commande, "Demande renvoyée à l’agent, avec votre message.")


def _formulaire(commande: Commande, **valeurs: Any) -> Any:
    """The form, asking what the body's invoices need."""
    corps = commande.collectivite
    services = [(service.code, service.nom) for service in services_actifs(corps.id)]
    form = EngagementParServiceForm(services, **valeurs) if services else EngagementForm(**valeurs)
    return form.exiger(engagement=corps.chorus_engagement_requis, code_service=corps.chorus_service_requis)


def _page(vue: VueDepannage, statut: int = 200, *, form: Any = None, renvoi: Any = None, refus: str = "") -> Any:
    """The page to commit; version and total are those it shows, what was typed stays."""
    vus = {"version": vue.commande.version, "vu": str(vue.total_ht)}
    form = form or _formulaire(vue.commande, **({} if request.method == "POST" else vus))
    renvoi = renvoi or RenvoiForm(formdata=None)
    form.version.data = renvoi.version.data = vus["version"]
    form.vu.data = vus["vu"]
    formulaires = {"form": form, "renvoi": renvoi, "refus": refus}
    return render_template("commandes/depannage_validation.html", vue=vue, commande=vue.commande, **formulaires), statut


def _refuse(commande_id: int, *, refus: str = "", statut: int = 422, **formulaires: Any) -> Any:
    """The page again, as the order and the stock stand now."""
    db.session.rollback()
    commande, depannage = depannage_visible(commande_id, g.contexte)
    if commande.etat is not EtatCommande.SOUMISE:
        raise RegleRefusee(
            refus or "Cette demande n’attend plus de validation\u00a0: ouvrez-la pour voir où elle en est."
        )
    return _page(vue_depannage(commande, depannage, aujourdhui()), statut, refus=refus, **formulaires)


def _fait(commande: Commande, phrase: str) -> Any:
    """Commit, say so, and show the order."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for("depannages.show", commande_id=commande.id), 303)
