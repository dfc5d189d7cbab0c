"""The account of a person, seen by the administrateur: invited again, closed, opened, unlocked."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import personnes
from groupement.adherents.states import Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("comptes", __name__, url_prefix="/personnes/<int:utilisateur_id>")


def _faire(utilisateur_id: int, action: Callable[..., Any], phrase: str) -> Response:
    """One act on one account, under its lock."""
    verrouiller_ecriture()
    personne = queries.utilisateur_visible(utilisateur_id, g.contexte, verrou=True)
    action(personne, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase.format(nom=personne.nom), "succes")
    return redirect(url_for("personnes.show", utilisateur_id=utilisateur_id), 303)


@bp.post("/invitation")
@role_requis(Role.ADMINISTRATEUR)
def create_invitation(utilisateur_id: int) -> Response:
    """Send the invitation again."""
    return _faire(utilisateur_id, personnes.renvoyer_invitation, "Une nouvelle invitation part vers {nom}.")


@bp.post("/desactivation")
@role_requis(Role.ADMINISTRATEUR)
def create_desactivation(utilisateur_id: int) -> Response:
    """Close the account."""
    return _faire(utilisateur_id, personnes.desactiver, "Le compte de {nom} est fermé.")


@bp.post("/reactivation")
@role_requis(Role.ADMINISTRATEUR)
def create_reactivation(utilisateur_id: int) -> Response:
    """Open the account again."""
    return _faire(utilisateur_id, personnes.reactiver, "Le compte de {nom} est ouvert.")


@bp.post("/deverrouillage")
@role_requis(Role.ADMINISTRATEUR)
def create_deverrouillage(utilisateur_id: int) -> Response:
    """Let the person try again."""
    return _faire(utilisateur_id, personnes.deverrouiller, "{nom} peut de nouveau se connecter.")


@bp.post("/retrait-du-second-facteur")
@role_requis(Role.ADMINISTRATEUR)
def create_retrait_du_second_facteur(utilisateur_id: int) -> Response:
    """The telephone is lost."""
    return _faire(utilisateur_id, personnes.retirer_second_facteur, "{nom} enregistrera un autre téléphone.")
