"""Loading a file of bodies: chosen, shown, confirmed. Nothing changes before the confirmation."""

from flask import Blueprint, abort, flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import importation
from groupement.adherents.forms.collectivites import ImportationForm
from groupement.adherents.routes import reponses
from groupement.adherents.rules.import_collectivites import lire_collectivites
from groupement.adherents.states import Role, TypeCollectivite
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.fichiers import Fichier, deposer

bp = Blueprint("importation", __name__)
CLE_DE_SESSION = "importation_collectivites"


@bp.route("/collectivites/importation", methods=["GET", "POST"])
@role_requis(Role.ADMINISTRATEUR)
def new() -> Response | tuple[str, int]:
    """Choose the file; its faults are shown here, and nothing of it is kept."""
    formulaire = ImportationForm()
    if not formulaire.validate_on_submit():
        return reponses.formulaire("adherents/importation.html", f=formulaire, fautes=())
    depot = formulaire.fichier.data
    octets = depot.read()
    lecture = lire_collectivites(octets, set(TypeCollectivite))
    if lecture.fautes:
        return render_template("adherents/importation.html", f=formulaire, fautes=lecture.fautes), 422
    return redirect(url_for(".show", fichier_id=_garder(depot.filename, octets)), 303)


def _garder(nom: str, octets: bytes) -> int:
    """Keep the file between the two pages, for this session alone; its number."""
    fichier = deposer(nom, "text/csv", octets, le=maintenant())
    db.session.commit()
    session[CLE_DE_SESSION] = [fichier.id, fichier.sha256]
    return fichier.id


def _fichier(fichier_id: int) -> Fichier:
    """The file this very session laid down; 404 for any other."""
    numero, empreinte = session.get(CLE_DE_SESSION, (None, ""))
    if numero != fichier_id:
        abort(404)
    return queries.fichier_propre(fichier_id, empreinte)


@bp.get("/collectivites/importation/<int:fichier_id>")
@role_requis(Role.ADMINISTRATEUR)
def show(fichier_id: int) -> str:
    """What the file would change."""
    fichier = _fichier(fichier_id)
    lecture = lire_collectivites(fichier.octets, set(TypeCollectivite))
    bilan = importation.comparer_collectivites(lecture.lignes)
    return render_template("adherents/importation_apercu.html", fichier=fichier, bilan=bilan)


@bp.post("/collectivites/importation/<int:fichier_id>/confirmation")
@role_requis(Role.ADMINISTRATEUR)
def create_confirmation(fichier_id: int) -> Response:
    """Do what was shown."""
    verrouiller_ecriture()
    lecture = lire_collectivites(_fichier(fichier_id).octets, set(TypeCollectivite))
    bilan = importation.importer_collectivites(lecture.lignes, par=g.contexte, le=maintenant())
    db.session.commit()
    session.pop(CLE_DE_SESSION)
    comptes = bilan.comptes()
    flash(f"Importation terminée\u00a0: {comptes['nouvelles']} ajoutées, {comptes['changees']} mises à jour.", "succes")
    return redirect(url_for("collectivites.index"), 303)
