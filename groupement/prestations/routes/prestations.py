"""What is to bill: withdrawn, with a reason."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.prestations.actions.prestations import retirer
from groupement.prestations.forms.missions import MotifForm
from groupement.prestations.models import Prestation
from groupement.prestations.queries.sesam import prestation_visible
from groupement.prestations.routes.saisies import ARGENT, Reponse, repondre
from groupement.socle.calendrier import maintenant

bp = Blueprint("prestations", __name__, url_prefix="/prestations")


@bp.route("/<int:prestation_id>/retrait", methods=["GET", "POST"])
@role_requis(*ARGENT)
def new_retrait(prestation_id: int) -> Reponse | str:
    """Why it will not be billed, then so it is."""
    form = MotifForm()
    if request.method == "GET":
        return _page(prestation_id, form)
    prestation = prestation_visible(prestation_id, g.contexte, verrou=True)
    return repondre(form, lambda: _retirer(prestation, form), lambda recu: _page(prestation_id, recu))


def _retirer(prestation: Prestation, form: Any) -> tuple[str, str]:
    """Write it."""
    retirer(prestation, form.motif.data, par=g.contexte, le=maintenant())
    return f"«\u00a0{prestation.designation}\u00a0» ne sera pas facturé.", _suite(prestation)


def _suite(prestation: Prestation) -> str:
    """Where it comes from: its mission, or the year of SESAM."""
    if prestation.mission_id is not None:
        return url_for("missions.show", mission_id=prestation.mission_id)
    return url_for("sesam.index", annee=prestation.annee_sesam)


def _page(prestation_id: int, form: Any) -> str:
    """What is given up."""
    prestation = prestation_visible(prestation_id, g.contexte)
    return render_template(
        "prestations/prestation_retrait.html", prestation=prestation, form=form, retour=_suite(prestation)
    )
