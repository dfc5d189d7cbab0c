"""The two addresses ProConnect needs: leaving for it, coming back from it."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session
from flask_security import current_user, login_user

from groupement.adherents.acces import publique
from groupement.adherents.actions.proconnect import reconnaitre
from groupement.adherents.models import Utilisateur
from groupement.adherents.securite import cles, passage, proconnect
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("proconnect", __name__, url_prefix="/connexion/proconnect")


@bp.before_request
def _exister() -> Any:
    """Without its settings, these addresses do not exist; and whoever is in needs no door."""
    if not proconnect.est_ouvert():
        abort(404)
    return redirect("/") if current_user.is_authenticated else None


@bp.errorhandler(proconnect.RefusDeProConnect)
def refuser(refus: proconnect.RefusDeProConnect) -> tuple[str, int]:
    """One page for all refusals; whatever was being written is undone first."""
    db.session.rollback()
    session.pop(proconnect.ID_TOKEN, None)
    return render_template("security/proconnect_refus.html", message=str(refus), code=refus.code), refus.code


@bp.get("")
@publique
def new() -> Any:
    """To ProConnect."""
    return proconnect.partir(passage.suite_sure(request.args.get("next", "")))


@bp.get("/retour")
@publique
def show_retour() -> Any:
    """From ProConnect: in, or to the second factor that the application asks for itself, or refused."""
    identite = proconnect.identifier()
    verrouiller_ecriture()
    magasin, contact = current_app.extensions["security"].datastore, current_app.config["COORDONNATEUR_COURRIEL"]
    personne = reconnaitre(identite, magasin, contact=contact, le=maintenant())
    session[proconnect.ID_TOKEN] = identite.id_token
    return _entrer(personne, identite, session.pop(proconnect.SUITE, "/"))


def _entrer(personne: Utilisateur, identite: proconnect.Identite, suite: str) -> Any:
    """Two factors seen there are two factors; one seen there and a telephone or a key here: it is asked for."""
    if not identite.deux_facteurs:
        plugins = current_app.extensions["security"].two_factor_plugins
        if reste := plugins.tf_enter(personne, False, "proconnect", next_loc=suite):
            db.session.commit()
            return reste
    login_user(personne, authn_via=["proconnect"])
    if identite.deux_facteurs:
        cles.marquer_le_second_facteur("proconnect")
    db.session.commit()
    return redirect(suite, 303)
