"""Step 1: the rooms, and the shelving that stands in them."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import saisie
from groupement.etats_des_lieux.forms.champs import VersionForm
from groupement.etats_des_lieux.forms.saisie import LocalForm, RayonnageForm
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.routes.saisies import Reponse, afficher, enregistrer, ligne_de, onglets
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("locaux", __name__, url_prefix="/etats-des-lieux/<int:etat_id>/locaux")
PREFIXE = "rayonnage-"


@bp.get("")
@role_requis(Role.ARCHIVISTE)
def index(etat_id: int) -> Response | str:
    """The rooms, and the form to add one."""
    return afficher(etat_id, _page, lambda etat: LocalForm(formdata=None, data={"version": etat.version}))


@bp.post("")
@role_requis(Role.ARCHIVISTE)
def create(etat_id: int) -> Reponse:
    """Add a room, then go to its shelving."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        saisie.ajouter_local(etat, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return f"Local «\u00a0{form.nom.data}\u00a0» enregistré. Ouvrez-le pour décrire ses rayonnages."

    return enregistrer(etat_id, lambda etat: LocalForm(), faire, _page, url_for(".index", etat_id=etat_id))


@bp.get("/<int:local_id>")
@role_requis(Role.ARCHIVISTE)
def edit(etat_id: int, local_id: int) -> Response | str:
    """A room and its shelving."""

    def form(etat: EtatDesLieux) -> Any:
        local = ligne_de(etat.locaux, local_id)
        return LocalForm(formdata=None, data=LocalForm.depuis(local) | {"version": etat.version})

    return afficher(etat_id, _page_du_local(local_id), form)


@bp.post("/<int:local_id>")
@role_requis(Role.ARCHIVISTE)
def update(etat_id: int, local_id: int) -> Reponse:
    """Correct a room."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        local = ligne_de(etat.locaux, local_id)
        saisie.modifier_local(local, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return f"Local «\u00a0{local.nom}\u00a0» enregistré."

    suite = url_for(".index", etat_id=etat_id)
    return enregistrer(etat_id, lambda etat: LocalForm(), faire, _page_du_local(local_id), suite)


@bp.post("/<int:local_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait(etat_id: int, local_id: int) -> Response:
    """Take a room out."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    local = ligne_de(etat.locaux, local_id)
    saisie.retirer_local(local, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Local «\u00a0{local.nom}\u00a0» retiré.", "succes")
    return redirect(url_for(".index", etat_id=etat_id), 303)


@bp.post("/<int:local_id>/rayonnages")
@role_requis(Role.ARCHIVISTE)
def create_rayonnage(etat_id: int, local_id: int) -> Reponse:
    """Add shelving to a room."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        local = ligne_de(etat.locaux, local_id)
        saisie.ajouter_rayonnage(local, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return "Rayonnage enregistré."

    suite = url_for(".edit", etat_id=etat_id, local_id=local_id)
    return enregistrer(etat_id, lambda etat: RayonnageForm(prefix=PREFIXE), faire, _page_du_local(local_id), suite)


@bp.route("/<int:local_id>/rayonnages/<int:rayonnage_id>", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit_rayonnage(etat_id: int, local_id: int, rayonnage_id: int) -> Response | str | tuple[str, int]:
    """Correct shelving."""
    page = _page_du_rayonnage(local_id, rayonnage_id)
    if request.method == "GET":
        return afficher(etat_id, page, lambda etat: _rayonnage_montre(etat, local_id, rayonnage_id))

    def faire(etat: EtatDesLieux, form: Any) -> str:
        rayonnage = ligne_de(ligne_de(etat.locaux, local_id).rayonnages, rayonnage_id)
        saisie.modifier_rayonnage(rayonnage, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return "Rayonnage enregistré."

    suite = url_for(".edit", etat_id=etat_id, local_id=local_id)
    return enregistrer(etat_id, lambda etat: RayonnageForm(prefix=PREFIXE), faire, page, suite)


@bp.post("/<int:local_id>/rayonnages/<int:rayonnage_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait_rayonnage(etat_id: int, local_id: int, rayonnage_id: int) -> Response:
    """Take shelving out."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    rayonnage = ligne_de(ligne_de(etat.locaux, local_id).rayonnages, rayonnage_id)
    saisie.retirer_rayonnage(rayonnage, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Rayonnage retiré.", "succes")
    return redirect(url_for(".edit", etat_id=etat_id, local_id=local_id), 303)


def _page(etat: EtatDesLieux, form: Any) -> str:
    """The rooms of the audit."""
    page = {"etat": etat, "form": form, "existant_mm": queries.existant_mm(etat)}
    return render_template("etats_des_lieux/locaux.html", **page, onglets=onglets(etat, "locaux"))


def _page_du_local(local_id: int) -> Any:
    """The page of a room, whichever of its two forms was sent."""

    def page(etat: EtatDesLieux, form: Any) -> str:
        local = ligne_de(etat.locaux, local_id)
        version = {"version": etat.version}
        ajout = form if isinstance(form, RayonnageForm) else RayonnageForm(prefix=PREFIXE, formdata=None, data=version)
        montre = LocalForm(formdata=None, data=LocalForm.depuis(local) | version)
        fiche = form if isinstance(form, LocalForm) else montre
        formulaires = {"form": fiche, "ajout": ajout}
        return render_template(
            "etats_des_lieux/local.html", etat=etat, local=local, **formulaires, onglets=onglets(etat, "locaux")
        )

    return page


def _page_du_rayonnage(local_id: int, rayonnage_id: int) -> Any:
    """The page of one piece of shelving."""

    def page(etat: EtatDesLieux, form: Any) -> str:
        local = ligne_de(etat.locaux, local_id)
        lieu = {"etat": etat, "local": local, "rayonnage": ligne_de(local.rayonnages, rayonnage_id)}
        return render_template("etats_des_lieux/rayonnage.html", **lieu, form=form, onglets=onglets(etat, "locaux"))

    return page


def _rayonnage_montre(etat: EtatDesLieux, local_id: int, rayonnage_id: int) -> Any:
    """The form of shelving as it is."""
    rayonnage = ligne_de(ligne_de(etat.locaux, local_id).rayonnages, rayonnage_id)
    donnees = RayonnageForm.depuis(rayonnage) | {"version": etat.version}
    return RayonnageForm(prefix=PREFIXE, formdata=None, data=donnees)
