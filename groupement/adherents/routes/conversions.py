"""From an answer to an adhesion asked for, one by one or all at once."""

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries as corps
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import intentions as actions
from groupement.adherents.models import Convention
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.routes.enquetes import REDACTEURS
from groupement.socle.affichage import pluriel
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("conversions", __name__, url_prefix="/enquetes")


def _convention() -> Convention:
    """The present convention. RegleRefusee when there is none."""
    conventions = corps.conventions()
    if not conventions:
        raise RegleRefusee("Aucune convention n’est enregistrée\u00a0: enregistrez-la d’abord, page « Conventions ».")
    return conventions[0]


@bp.post("/reponses/<int:intention_id>/conversion")
@role_requis(*REDACTEURS)
def create(intention_id: int) -> Response:
    """The body asks to join."""
    verrouiller_ecriture()
    intention = queries.intention_visible(intention_id, g.contexte, verrou=True)
    ouverte = actions.convertir(intention, _convention(), par=g.contexte, le=maintenant())
    db.session.commit()
    flash(
        "L’adhésion est demandée." if ouverte else "C’est noté\u00a0: cette collectivité a déjà une adhésion.", "succes"
    )
    return redirect(url_for("intentions.show", intention_id=intention_id), 303)


@bp.post("/<int:enquete_id>/conversions")
@role_requis(*REDACTEURS)
def create_toutes(enquete_id: int) -> Response:
    """All those that want the groupement."""
    verrouiller_ecriture()
    enquete = queries.enquete_visible(enquete_id, g.contexte, verrou=True)
    converties, ouvertes = actions.convertir_toutes(enquete, _convention(), par=g.contexte, le=maintenant())
    db.session.commit()
    suivies = pluriel(converties, "réponse suivie", "réponses suivies")
    flash(f"{suivies}, {pluriel(ouvertes, 'adhésion demandée', 'adhésions demandées')}.", "succes")
    return redirect(url_for("enquetes.show", enquete_id=enquete.id), 303)
