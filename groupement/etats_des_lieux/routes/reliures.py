"""Step 4: the years whose deliberations, orders or civil status are not bound yet."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import saisie
from groupement.etats_des_lieux.forms.champs import VersionForm
from groupement.etats_des_lieux.forms.saisie import ReliureForm
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.routes.saisies import Reponse, afficher, enregistrer, ligne_de, onglets
from groupement.etats_des_lieux.rules.reliures import libelle_serie
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde

bp = Blueprint("reliures", __name__, url_prefix="/etats-des-lieux/<int:etat_id>/reliures")


@bp.get("")
@role_requis(Role.ARCHIVISTE)
def index(etat_id: int) -> Response | str:
    """The years to bind, and the form to add some."""
    return afficher(etat_id, _page, lambda etat: ReliureForm(formdata=None, data={"version": etat.version}))


@bp.post("")
@role_requis(Role.ARCHIVISTE)
def create(etat_id: int) -> Reponse:
    """Add one year, or several in a row."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        lignes = saisie.ajouter_reliures(etat, form.lignes(), form.version_vue, par=g.contexte, le=maintenant())
        return f"{libelle_serie(lignes[0].serie)}\u00a0: {accorde(len(lignes), 'année')} à relier en plus."

    suite = url_for(".index", etat_id=etat_id)
    return enregistrer(etat_id, lambda etat: ReliureForm(), faire, _page, suite)


@bp.route("/<int:ligne_id>", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit(etat_id: int, ligne_id: int) -> Response | str | tuple[str, int]:
    """Correct one year."""
    page = _page_de_l_annee(ligne_id)
    if request.method == "GET":
        return afficher(etat_id, page, lambda etat: _montre(etat, ligne_id))

    def faire(etat: EtatDesLieux, form: Any) -> str:
        ligne = ligne_de(etat.reliures, ligne_id)
        saisie.modifier_reliure(ligne, _une_seule(form), form.version_vue, par=g.contexte, le=maintenant())
        return f"{libelle_serie(ligne.serie)} {ligne.annee} enregistrée."

    return enregistrer(etat_id, lambda etat: ReliureForm(), faire, page, url_for(".index", etat_id=etat_id))


@bp.post("/<int:ligne_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait(etat_id: int, ligne_id: int) -> Response:
    """Take a year out."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    ligne = ligne_de(etat.reliures, ligne_id)
    saisie.retirer_reliure(ligne, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"{libelle_serie(ligne.serie)} {ligne.annee} retirée.", "succes")
    return redirect(url_for(".index", etat_id=etat_id), 303)


def _une_seule(form: Any) -> Any:
    """The year of the form. Raises RegleRefusee when it lists several."""
    premiere, *autres = form.lignes()
    if autres:
        raise RegleRefusee("Corrigez une seule année à la fois\u00a0: écrivez un seul nombre de feuillets.")
    return premiere


def _montre(etat: EtatDesLieux, ligne_id: int) -> ReliureForm:
    """The form of a year as it is."""
    donnees = ReliureForm.depuis(ligne_de(etat.reliures, ligne_id)) | {"version": etat.version}
    return ReliureForm(formdata=None, data=donnees)


def _page(etat: EtatDesLieux, form: Any) -> str:
    """The years to bind, by series then year, and the volumes they make."""
    lignes = sorted(etat.reliures, key=lambda ligne: (ligne.serie, ligne.annee))
    page = {"etat": etat, "form": form, "lignes": lignes, "volumes": queries.calculer(etat).volumes_a_relier}
    return render_template(
        "etats_des_lieux/reliures.html", **page, libelle_serie=libelle_serie, onglets=onglets(etat, "reliures")
    )


def _page_de_l_annee(ligne_id: int) -> Any:
    """The page of one year."""

    def page(etat: EtatDesLieux, form: Any) -> str:
        ligne = ligne_de(etat.reliures, ligne_id)
        titre = f"{libelle_serie(ligne.serie)} {ligne.annee}"
        lieu = {"etat": etat, "ligne": ligne, "form": form, "titre_de_l_annee": titre}
        return render_template("etats_des_lieux/reliure.html", **lieu, onglets=onglets(etat, "reliures"))

    return page
