"""Mon compte: who I am, how I sign in, for whom I act."""

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.actions import personnes
from groupement.adherents.forms.personnes import CompteForm
from groupement.adherents.routes import reponses
from groupement.adherents.states import TOUS
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("compte", __name__)


@bp.route("/mon-compte", methods=["GET", "POST"])
@role_requis(*TOUS)
def show() -> Response | tuple[str, int]:
    """My name and telephone, my password, my second factor, the bodies I act for."""
    moi = g.contexte.utilisateur
    formulaire = CompteForm(obj=moi)
    if not formulaire.validate_on_submit():
        return reponses.formulaire("adherents/compte.html", f=formulaire, moi=moi, contextes=g.contextes)
    valeurs = {"nom": formulaire.nom.data, "telephone": formulaire.telephone.data}
    personnes.modifier(moi, valeurs, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Vos coordonnées sont enregistrées.", "succes")
    return redirect(url_for(".show"), 303)
