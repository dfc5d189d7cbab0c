"""What was postponed from another campagne: back in the basket, or not wanted any more."""

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.actions import reports as actions
from groupement.commandes.queries.paniers import fenetre
from groupement.commandes.routes.page_du_panier import phrase_du_remplissage
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("reports", __name__, url_prefix="/panier/<int:campagne_id>/reports")


@bp.post("")
@role_requis(*ROLES_COLLECTIVITE)
def create(campagne_id: int) -> Any:
    """Put what was postponed back in the basket."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    posees = actions.remettre(campagne, g.contexte.collectivite_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase_du_remplissage(posees), "succes" if posees else "info")
    return redirect(url_for("paniers.show", campagne=campagne_id), 303)


@bp.post("/renoncement")
@role_requis(*ROLES_COLLECTIVITE)
def create_renoncement(campagne_id: int) -> Any:
    """Give it up: the basket offers it no more."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    actions.decliner(campagne, g.contexte.collectivite_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("C’est noté\u00a0: ces articles reportés ne vous seront plus proposés.", "succes")
    return redirect(url_for("paniers.show", campagne=campagne_id), 303)
