"""The days of a mission: noted, taken out."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.livraisons.forms.versions import VersionForm
from groupement.prestations.actions import interventions as actions
from groupement.prestations.forms.missions import JourneeForm
from groupement.prestations.models import Mission
from groupement.prestations.queries.missions import mission_visible
from groupement.prestations.routes.missions import page_de_la_mission
from groupement.prestations.routes.saisies import Reponse, repondre
from groupement.socle.affichage import date_fr
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("journees", __name__, url_prefix="/missions/<int:mission_id>/journees")


@bp.post("")
@role_requis(Role.ARCHIVISTE)
def create(mission_id: int) -> Reponse:
    """Note a day."""
    form, mission = JourneeForm(), mission_visible(mission_id, g.contexte, verrou=True)
    return repondre(form, lambda: _noter(mission, form), lambda recu: _page(mission_id, recu))


def _noter(mission: Mission, form: Any) -> tuple[str, str]:
    """Write it."""
    journee = form.journee()
    actions.noter_journee(mission, journee, form.travail.data, form.version_vue, par=g.contexte, le=maintenant())
    return f"Journée du {date_fr(journee.jour)} notée.", url_for("missions.show", mission_id=mission.id)


def _page(mission_id: int, form: Any) -> str:
    """The mission again, with what was typed."""
    mission = mission_visible(mission_id, g.contexte)
    return page_de_la_mission(mission, form.a_jour(mission.version))


@bp.post("/<int:intervention_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait(mission_id: int, intervention_id: int) -> Response:
    """Take a day out."""
    mission = mission_visible(mission_id, g.contexte, verrou=True)
    intervention = next((une for une in mission.interventions if une.id == intervention_id), None)
    if intervention is None:
        abort(404)
    actions.retirer_journee(mission, intervention, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Journée du {date_fr(intervention.jour)} retirée.", "succes")
    return redirect(url_for("missions.show", mission_id=mission_id), 303)
