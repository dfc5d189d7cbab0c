"""Check a regroupement again, from the rows as they are now, beside what was kept when the bons left."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG
from groupement.commandes.models import Campagne, Regroupement
from groupement.commandes.queries.campagnes import campagne_visible
from groupement.commandes.queries.verification import verifier
from groupement.commandes.queries.vue_regroupement import preuves_gardees, regroupement_de
from groupement.socle.calendrier import maintenant

bp = Blueprint("verification", __name__, url_prefix="/campagnes/<int:campagne_id>/regroupement/verification")


@bp.get("")
@role_requis(*ROLES_CDG)
def show(campagne_id: int) -> Any:
    """The sums now, bon by bon, and whether they are still those of the day the bons left."""
    campagne = campagne_visible(campagne_id, g.contexte)
    fait = regroupement_de(campagne)
    if fait is None:
        return redirect(url_for("regroupements.show", campagne_id=campagne_id), 303)
    return _page(campagne, fait)


def _page(campagne: Campagne, fait: Regroupement) -> str:
    """What was kept, and what there is."""
    return render_template(
        "commandes/regroupement_verification.html",
        campagne=campagne,
        regroupement=fait,
        verification=verifier(campagne),
        garde_ht=sum((preuve.total_ht for preuve in preuves_gardees(fait)), Decimal("0.00")),
        le=maintenant(),
    )
