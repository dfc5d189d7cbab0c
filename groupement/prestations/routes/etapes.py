"""A mission from step to step: begun, ended, taken up again, given up."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.livraisons.forms.versions import VersionForm
from groupement.prestations.actions import missions as actions
from groupement.prestations.forms.missions import FinForm, MotifForm
from groupement.prestations.models import Mission
from groupement.prestations.queries.missions import mission_visible, vue_mission
from groupement.prestations.routes.saisies import Reponse, repondre
from groupement.prestations.rules.missions import total_ht
from groupement.prestations.rules.tarifs import UNITES, quantite_en_mots
from groupement.socle.affichage import euros
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("etapes_de_mission", __name__, url_prefix="/missions/<int:mission_id>")


@bp.post("/commencement")
@role_requis(Role.ARCHIVISTE)
def create_commencement(mission_id: int) -> Response:
    """The archivist is there."""
    mission = mission_visible(mission_id, g.contexte, verrou=True)
    actions.commencer(mission, VersionForm().version_vue, par=g.contexte, le=maintenant())
    return _fait(mission, "Mission commencée\u00a0: notez chaque journée.")


@bp.post("/reprise")
@role_requis(Role.ARCHIVISTE)
def create_reprise(mission_id: int) -> Response:
    """The mission is open again; what it left to bill is withdrawn."""
    mission = mission_visible(mission_id, g.contexte, verrou=True)
    actions.reprendre(mission, VersionForm().version_vue, par=g.contexte, le=maintenant())
    return _fait(mission, "Mission reprise\u00a0: ce qui était à facturer est retiré jusqu’à sa fin.")


@bp.route("/fin", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def new_fin(mission_id: int) -> Reponse | str:
    """What the mission leaves, then its end."""

    def faire(mission: Mission, form: Any) -> str:
        dues = actions.terminer(mission, form.texte, form.version_vue, par=g.contexte, le=maintenant())
        return f"Mission terminée\u00a0: {euros(sum(une.montant_ht for une in dues))} HT à facturer."

    return _etape(mission_id, FinForm(), "prestations/mission_fin.html", faire)


@bp.route("/annulation", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def new_annulation(mission_id: int) -> Reponse | str:
    """Why it is given up, then so it is."""

    def faire(mission: Mission, form: Any) -> str:
        actions.annuler(mission, form.motif.data, form.version_vue, par=g.contexte, le=maintenant())
        return "Mission annulée."

    return _etape(mission_id, MotifForm(), "prestations/mission_annulation.html", faire)


def _etape(mission_id: int, form: Any, gabarit: str, faire: Callable[[Mission, Any], str]) -> Reponse | str:
    """The page of a step, or the step itself."""

    def page(montre: Any) -> str:
        mission = mission_visible(mission_id, g.contexte)
        vue = vue_mission(mission)
        lieu = {"mission": mission, "vue": vue, "total_ht": total_ht(vue.lignes), "en_mots": quantite_en_mots}
        unite = UNITES[mission.nature.value]
        if request.method == "GET" and "bilan" in montre:
            montre.bilan.data = mission.bilan
        return render_template(gabarit, **lieu, unite=unite, form=montre.a_jour(mission.version))

    if request.method == "GET":
        return page(form)
    mission = mission_visible(mission_id, g.contexte, verrou=True)
    suite = url_for("missions.show", mission_id=mission_id)
    return repondre(form, lambda: (faire(mission, form), suite), page)


def _fait(mission: Mission, phrase: str) -> Response:
    """Commit, say so, and show the mission."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for("missions.show", mission_id=mission.id), 303)
