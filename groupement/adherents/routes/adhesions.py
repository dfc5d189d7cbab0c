"""Membership: the acheteur records what the body sent."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import adhesions
from groupement.adherents.forms.collectivites import AdhesionForm
from groupement.adherents.models import Collectivite, Convention
from groupement.adherents.routes import reponses
from groupement.adherents.states import Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("adhesions", __name__)


def _formulaire(collectivite: Collectivite) -> tuple[AdhesionForm, dict[int, Convention]]:
    """The form, filled with what is known under the present convention."""
    conventions = {c.id: c for c in queries.conventions()}
    choisie = request.values.get("convention_id", 0, int) or next(iter(conventions), 0)
    connue = queries.adhesion_de(collectivite.id, choisie)
    formulaire = AdhesionForm(obj=connue, data=None if connue else {"convention_id": choisie})
    formulaire.convention_id.choices = [(c.id, f"{c.intitule} ({c.version})") for c in conventions.values()]
    return formulaire, conventions


@bp.route("/collectivites/<int:collectivite_id>/adhesion", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def edit(collectivite_id: int) -> Response | tuple[str, int]:
    """Délibération and signature."""
    if request.method == "POST":
        verrouiller_ecriture()
    collectivite = queries.collectivite_visible(collectivite_id, g.contexte, verrou=request.method == "POST")
    formulaire, conventions = _formulaire(collectivite)
    if not conventions:
        raise RegleRefusee("Aucune convention n’est enregistrée\u00a0: enregistrez-la d’abord, page « Conventions ».")
    if formulaire.validate_on_submit() and _enregistrer(collectivite, conventions, formulaire):
        return redirect(url_for("collectivites.show", collectivite_id=collectivite.id, _anchor="adhesion"), 303)
    return reponses.formulaire("adherents/adhesion_edit.html", c=collectivite, f=formulaire)


def _enregistrer(collectivite: Collectivite, conventions: dict[int, Convention], formulaire: AdhesionForm) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form."""
    convention = conventions.get(formulaire.convention_id.data) or abort(404)
    try:
        adhesions.enregistrer_adhesion(
            collectivite,
            convention,
            deliberation_numero=formulaire.deliberation_numero.data,
            deliberee_le=formulaire.deliberee_le.data,
            signee_le=formulaire.signee_le.data,
            par=g.contexte,
            le=maintenant(),
        )
    except RegleRefusee as refus:
        db.session.rollback()
        formulaire.form_errors.append(str(refus))
        return False
    db.session.commit()
    flash("L’adhésion est enregistrée.", "succes")
    return True


@bp.post("/adhesions/<int:adhesion_id>/retrait")
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def create_retrait(adhesion_id: int) -> Response:
    """The body leaves."""
    verrouiller_ecriture()
    adhesion = queries.adhesion_visible(adhesion_id, g.contexte, verrou=True)
    adhesions.retirer_adhesion(adhesion, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Le retrait est enregistré.", "succes")
    return redirect(url_for("collectivites.show", collectivite_id=adhesion.collectivite_id, _anchor="adhesion"), 303)
