"""The ceilings of a marché: a gauge a lot, and how each figure is found."""

from flask import Blueprint, g, render_template

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG
from groupement.catalogue import queries
from groupement.commandes.queries.suivi_marche import lots_suivis
from groupement.commandes.rules.suivi_plafond import phrase_du_minimum
from groupement.socle.calendrier import aujourdhui

bp = Blueprint("suivi_marches", __name__, url_prefix="/marches")


@bp.get("/<int:marche_id>/suivi")
@role_requis(*ROLES_CDG)
def show(marche_id: int) -> str:
    """Ordered, validated, received, billed and left, lot by lot."""
    marche = queries.marche_visible(marche_id, g.contexte)
    lots = [(suivi.lot, suivi.chiffres, phrase_du_minimum(suivi.chiffres, marche.au)) for suivi in lots_suivis(marche)]
    return render_template("commandes/marche_suivi.html", marche=marche, lots=lots, le=aujourdhui())
