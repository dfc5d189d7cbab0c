"""What Flask-Security does not bring: the doors of the demonstration, and the link of an invitation."""

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_security import login_user
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import publique
from groupement.adherents.actions import personnes
from groupement.adherents.forms.personnes import InvitationForm
from groupement.adherents.models import Utilisateur
from groupement.adherents.routes import reponses
from groupement.adherents.securite import passage
from groupement.adherents.securite.invitations import invite
from groupement.adherents.states import DOMAINE_DEMONSTRATION
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("connexion", __name__)


@publique
def demonstration() -> Response:
    """Sign in as one of the fictitious people. The route exists in the demonstration only."""
    personne = queries.personne_du_domaine(request.form.get("utilisateur", 0, int), DOMAINE_DEMONSTRATION)
    if personne is None:
        abort(404)
    login_user(personne, authn_via=["demonstration"])
    db.session.commit()
    return redirect(passage.suite_sure(request.form.get("next", "")), 303)


def _ouvrir_la_porte(etat: BlueprintSetupState) -> None:
    """Production has no such address at all."""
    if etat.app.config["DEMO"]:
        etat.add_url_rule("/connexion/demonstration", "demonstration", demonstration, methods=["POST"])


bp.record(_ouvrir_la_porte)


@bp.route("/invitation/<jeton>", methods=["GET", "POST"])
@publique
def invitation(jeton: str) -> Response | tuple[str, int]:
    """Choose one's password, and enter."""
    personne = invite(jeton)
    if personne is None:
        flash("Ce lien n’est plus valable, ou il a déjà servi. Demandez-en un autre ci-dessous.", "attention")
        return redirect(url_for("security.forgot_password"))
    formulaire = InvitationForm(longueur=current_app.config["SECURITY_PASSWORD_LENGTH_MIN"])
    if not formulaire.validate_on_submit():
        return reponses.formulaire("adherents/invitation.html", personne=personne, f=formulaire)
    return _entrer(personne, formulaire.mot_de_passe.data)


def _entrer(personne: Utilisateur, mot_de_passe: str) -> Response:
    """The password is chosen: the person is in."""
    personnes.choisir_mot_de_passe(personne, mot_de_passe, par=personne, le=maintenant())
    login_user(personne, authn_via=["invitation"])
    db.session.commit()
    flash("Votre mot de passe est enregistré. Bienvenue\u00a0!", "succes")
    return redirect(url_for("compte.show"), 303)
