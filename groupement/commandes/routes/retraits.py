"""A body leaves the groupement: recorded here, where its orders under way are known."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.actions.adhesions import RetraitRefuse, retirer_adhesion
from groupement.adherents.forms.conventions import RetraitForm
from groupement.adherents.models import Adhesion
from groupement.adherents.queries import adhesion_visible
from groupement.adherents.states import Role
from groupement.commandes.queries.retraits import commandes_en_cours
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("retraits_du_groupement", __name__)


@bp.route("/adhesions/<int:adhesion_id>/retrait", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def edit(adhesion_id: int) -> Any:
    """The day and the reason; what happens to its orders is said."""
    if request.method == "POST":
        verrouiller_ecriture()
    adhesion = adhesion_visible(adhesion_id, g.contexte, verrou=request.method == "POST")
    commandes = commandes_en_cours(adhesion, verrou=request.method == "POST")
    f = RetraitForm(data={"retiree_le": aujourdhui()})
    if f.validate_on_submit() and _retirer(adhesion, f, [c.campagne.intitule for c in commandes]):
        return redirect(
            url_for("collectivites.show", collectivite_id=adhesion.collectivite_id, _anchor="adhesion"), 303
        )
    page = render_template("commandes/retrait.html", a=adhesion, f=f, commandes=commandes)
    return page, 422 if request.method == "POST" else 200


def _retirer(adhesion: Adhesion, formulaire: RetraitForm, en_cours: list[str]) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form."""
    retiree_le = formulaire.retiree_le.data
    assert retiree_le is not None  # the form asked for it
    try:
        retirer_adhesion(adhesion, retiree_le, formulaire.motif.data, en_cours, par=g.contexte, le=maintenant())
    except RetraitRefuse as refus:
        faute = formulaire[refus.champ] if refus.champ else None
        if faute is None:
            formulaire.form_errors.append(str(refus))
        else:
            faute.errors = [str(refus)]
        return False
    db.session.commit()
    flash("Le retrait est enregistré.", "succes")
    return True
