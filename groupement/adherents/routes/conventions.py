"""The convention constitutive and its versions."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions.conventions import enregistrer_convention
from groupement.adherents.forms.conventions import ConventionForm
from groupement.adherents.routes import reponses
from groupement.adherents.states import Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("conventions", __name__, url_prefix="/conventions")


@bp.get("/")
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def index() -> str:
    """The versions, the present one first."""
    return render_template("adherents/conventions.html", conventions=queries.conventions())


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def new() -> Response | tuple[str, int]:
    """Record a version."""
    formulaire = ConventionForm()
    if formulaire.validate_on_submit() and _enregistrer(formulaire):
        return redirect(url_for(".index"), 303)
    return reponses.formulaire("adherents/convention_new.html", f=formulaire)


def _enregistrer(formulaire: ConventionForm) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form."""
    verrouiller_ecriture()
    adoptee_le = formulaire.adoptee_le.data
    assert adoptee_le is not None  # the form asked for it
    try:
        enregistrer_convention(
            formulaire.intitule.data,
            formulaire.version.data,
            adoptee_le,
            par=g.contexte,
            le=maintenant(),
        )
    except RegleRefusee as refus:
        db.session.rollback()
        formulaire.form_errors.append(str(refus))
        return False
    db.session.commit()
    flash("La convention est enregistrée\u00a0: les collectivités peuvent y adhérer.", "succes")
    return True
