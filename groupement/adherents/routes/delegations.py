"""Mon compte: lending one of my roles while I am away, and taking it back."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.actions import delegations
from groupement.adherents.forms.delegations import DelegationForm
from groupement.adherents.queries import delegations as queries
from groupement.adherents.routes import reponses
from groupement.adherents.states import DELEGABLES
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("delegations", __name__, url_prefix="/mon-compte/delegations")


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(*DELEGABLES)
def new() -> Response | tuple[str, int] | str:
    """Which role, to whom, until when, why."""
    formulaire = _formulaire()
    if not formulaire.role.choices:
        return render_template("adherents/delegation_impossible.html")
    if formulaire.validate_on_submit() and _deleguer(formulaire):
        return redirect(url_for("compte.show", _anchor="delegations"), 303)
    return reponses.formulaire("adherents/delegation_new.html", f=formulaire)


def _formulaire() -> DelegationForm:
    """The form on what I may lend and the people I work with."""
    if request.method == "POST":
        verrouiller_ecriture()
    moi, jour = g.contexte.utilisateur_id, aujourdhui()
    miens = queries.delegables(moi, jour)
    return DelegationForm(miens, queries.collegues(miens, moi, jour) if miens else [], jour)


def _deleguer(formulaire: DelegationForm) -> bool:
    """Write the delegation and the two mails; False when a rule refuses, its sentence beside the person."""
    f, origine, delegue = formulaire, formulaire.origine, formulaire.delegue
    assert origine is not None and delegue is not None
    du, au = f.jours
    try:
        delegations.deleguer(origine, delegue, du=du, au=au, motif=f.motif.data, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        (f.collegue if f.collegue.data else f.courriel).errors = [str(refus)]
        return False
    db.session.commit()
    flash(f"{delegue.nom} vient d’en être averti par courriel, et vous aussi.", "succes")
    return True


@bp.post("/<int:delegation_id>/fin")
@role_requis(*DELEGABLES)
def create_fin(delegation_id: int) -> Response:
    """I am back: the role is mine alone again."""
    verrouiller_ecriture()
    delegation = queries.delegation_visible(delegation_id, g.contexte, g.contexte.utilisateur_id, verrou=True)
    delegations.terminer(delegation, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La délégation est terminée.", "succes")
    return redirect(url_for("compte.show", _anchor="delegations"), 303)
