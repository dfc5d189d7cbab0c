"""Mon compte: who I am, how I sign in, for whom I act."""

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.actions import personnes
from groupement.adherents.forms.personnes import CompteForm
from groupement.adherents.queries import delegations
from groupement.adherents.routes import reponses
from groupement.adherents.states import DELEGABLES, TOUS
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("compte", __name__)


@bp.route("/mon-compte", methods=["GET", "POST"])
@role_requis(*TOUS)
def show() -> Response | tuple[str, int]:
    """My name and telephone, my password, my second factor, the bodies I act for."""
    moi = g.contexte.utilisateur
    formulaire = CompteForm(obj=moi)
    if not formulaire.validate_on_submit():
        return reponses.formulaire("adherents/compte.html", f=formulaire, moi=moi, **_ce_que_je_tiens(moi.id))
    valeurs = {"nom": formulaire.nom.data, "telephone": formulaire.telephone.data}
    personnes.modifier(moi, valeurs, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Vos coordonnées sont enregistrées.", "succes")
    return redirect(url_for(".show"), 303)


def _ce_que_je_tiens(utilisateur_id: int) -> dict[str, Any]:
    """For whom I act, what I lend and what is lent to me."""
    jour = aujourdhui()
    donnees, recues = delegations.delegations_de(utilisateur_id, jour)
    peut = any(contexte.roles_propres & DELEGABLES for contexte in g.contextes)
    return {
        "contextes": g.contextes,
        "delegations_donnees": donnees,
        "delegations_recues": recues,
        "peut_deleguer": peut,
        "jour": jour,
    }
