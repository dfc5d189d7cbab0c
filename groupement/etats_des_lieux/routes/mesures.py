"""Step 2: what is on the shelves, by category and form."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import saisie
from groupement.etats_des_lieux.forms.champs import VersionForm
from groupement.etats_des_lieux.forms.saisie import MesureForm
from groupement.etats_des_lieux.models import EtatDesLieux, Mesure
from groupement.etats_des_lieux.routes.saisies import Reponse, afficher, enregistrer, ligne_de, onglets
from groupement.etats_des_lieux.rules.categories import CATEGORIES, categorie, eliminable_propose_mm
from groupement.socle.affichage import metres_lineaires
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("mesures", __name__, url_prefix="/etats-des-lieux/<int:etat_id>/mesures")


@bp.get("")
@role_requis(Role.ARCHIVISTE)
def index(etat_id: int) -> Response | str:
    """The measures, and the form to add one; the room of the last one is proposed again."""
    return afficher(etat_id, _page, _form_vide)


@bp.post("")
@role_requis(Role.ARCHIVISTE)
def create(etat_id: int) -> Reponse:
    """Add a measured line."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        mesure = saisie.ajouter_mesure(etat, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return f"Enregistré\u00a0: {_phrase(mesure)}"

    return enregistrer(etat_id, _form_recu, faire, _page, url_for(".index", etat_id=etat_id))


@bp.route("/<int:mesure_id>", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit(etat_id: int, mesure_id: int) -> Response | str | tuple[str, int]:
    """Correct a measured line."""
    page = _page_de_la_mesure(mesure_id)
    if request.method == "GET":
        return afficher(etat_id, page, lambda etat: _form_montre(etat, mesure_id))

    def faire(etat: EtatDesLieux, form: Any) -> str:
        mesure = ligne_de(etat.mesures, mesure_id)
        saisie.modifier_mesure(mesure, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return f"Corrigé\u00a0: {_phrase(mesure)}"

    return enregistrer(etat_id, _form_recu, faire, page, url_for(".index", etat_id=etat_id))


@bp.post("/<int:mesure_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait(etat_id: int, mesure_id: int) -> Response:
    """Take a measured line out."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    mesure = ligne_de(etat.mesures, mesure_id)
    saisie.retirer_mesure(mesure, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Retiré\u00a0: {_phrase(mesure)}", "succes")
    return redirect(url_for(".index", etat_id=etat_id), 303)


@bp.get("/conseil")
@role_requis(Role.ARCHIVISTE)
def show_conseil(etat_id: int) -> str:
    """A word on what is being typed: the usual share to eliminate, what is left to share out. Nothing is written."""
    etat = queries.etat_visible(etat_id, g.contexte)
    form = MesureForm(formdata=request.args).avec_locaux([(local.id, local.nom) for local in etat.locaux])
    return render_template("etats_des_lieux/_conseil.html", **_conseil(form))


def _conseil(form: Any) -> dict[str, Any]:
    """What the fragment says of a form half typed; fields that cannot be read count for nothing."""
    mesure, eliminable, temporaire, definitif = form.parties_mm
    connue = categorie(form.categorie.data or "")
    return {
        "connue": connue,
        "mesure_mm": max(0, mesure),
        "propose_mm": eliminable_propose_mm(connue.code, max(0, mesure)),
        "reste_mm": mesure - eliminable - temporaire - (0 if form.definitif_ml.data is None else definitif),
        "definitif_vide": form.definitif_ml.data is None,
    }


def _locaux(etat: EtatDesLieux) -> list[tuple[int, str]]:
    """The rooms one may choose."""
    return [(local.id, local.nom) for local in etat.locaux]


def _form_recu(etat: EtatDesLieux) -> MesureForm:
    """The form as it was sent."""
    return MesureForm().avec_locaux(_locaux(etat))


def _form_vide(etat: EtatDesLieux) -> MesureForm:
    """An empty form, in the room of the last measure: one goes round a room before leaving it."""
    local = str(etat.mesures[-1].local_id or "") if etat.mesures else ""
    donnees = {"version": etat.version, "local": local}
    return MesureForm(formdata=None, data=donnees).avec_locaux(_locaux(etat))


def _form_montre(etat: EtatDesLieux, mesure_id: int) -> MesureForm:
    """The form of a line as it is."""
    donnees = MesureForm.depuis(ligne_de(etat.mesures, mesure_id)) | {"version": etat.version}
    return MesureForm(formdata=None, data=donnees).avec_locaux(_locaux(etat))


def _page(etat: EtatDesLieux, form: Any) -> str:
    """The measures of the audit."""
    sommes = {
        nom: sum(getattr(mesure, nom) for mesure in etat.mesures)
        for nom in ("mesure_mm", "eliminable_mm", "temporaire_mm", "definitif_mm")
    }
    page = {"etat": etat, "form": form, "sommes": sommes, "categorie": categorie, "categories": CATEGORIES}
    return render_template(
        "etats_des_lieux/mesures.html", **page, conseil=_conseil(form), onglets=onglets(etat, "mesures")
    )


def _page_de_la_mesure(mesure_id: int) -> Any:
    """The page of one line."""

    def page(etat: EtatDesLieux, form: Any) -> str:
        mesure = ligne_de(etat.mesures, mesure_id)
        lieu = {"etat": etat, "mesure": mesure, "connue": categorie(mesure.categorie)}
        return render_template(
            "etats_des_lieux/mesure.html", **lieu, form=form, conseil=_conseil(form), onglets=onglets(etat, "mesures")
        )

    return page


def _phrase(mesure: Mesure) -> str:
    """« Urbanisme, dossiers : 14,00 ml, dont 1,40 ml éliminables, … »."""
    parties = (
        (mesure.eliminable_mm, "proposés à l’élimination"),
        (mesure.temporaire_mm, "à garder quelques années"),
        (mesure.definitif_mm, "à garder toujours"),
    )
    dites = ", ".join(f"{metres_lineaires(longueur)} {quoi}" for longueur, quoi in parties if longueur)
    tete = f"{categorie(mesure.categorie).libelle}, {mesure.forme.libelle().lower()}"
    return f"{tete}\u00a0: {metres_lineaires(mesure.mesure_mm)} mesurés" + (f" ({dites})." if dites else ".")
