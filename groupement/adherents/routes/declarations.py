"""The form behind the signed link: no account, no sign-in; whoever holds the link of a body answers for it."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from groupement.adherents.acces import publique
from groupement.adherents.actions import intentions as actions
from groupement.adherents.forms.enquetes import DeclarationForm
from groupement.adherents.models import Intention, Sollicitation
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.rules.enquete import accepte_les_reponses, lien_valable_jusqu_au
from groupement.adherents.securite.declarations import sollicitation_designee
from groupement.adherents.states import EtatEnquete
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("declarations", __name__, url_prefix="/declaration-intention")
LIMITES = "60 per minute; 600 per hour"  # by address of the caller: a whole town hall may share one


@bp.route("/<jeton>", methods=["GET", "POST"])
@publique
def edit(jeton: str) -> Response | tuple[str, int]:
    """Answer, or change one's answer until the last day."""
    if request.method == "POST":
        verrouiller_ecriture()
    lettre = _lettre(jeton)
    if lettre is None or _est_perime(lettre):
        return _refus(lettre)
    intention = queries.reponse_a(lettre.id)
    if not _est_ouverte(lettre):
        return _page("close", 409 if request.method == "POST" else 200, lettre=lettre, intention=intention)
    return _formulaire(jeton, lettre, intention)


def _lettre(jeton: str) -> Sollicitation | None:
    """The letter the link names; None when it was forged."""
    numero = sollicitation_designee(jeton)
    if numero is None:
        return None
    return queries.sollicitation_du_lien(numero, verrou=request.method == "POST")


def _est_perime(lettre: Sollicitation) -> bool:
    """The link shows nothing any more."""
    return aujourdhui() > lien_valable_jusqu_au(lettre.enquete.echeance, lettre.enquete.grace_jours)


def _est_ouverte(lettre: Sollicitation) -> bool:
    """One may still answer."""
    enquete = lettre.enquete
    return accepte_les_reponses(enquete.etat is EtatEnquete.OUVERTE, enquete.echeance, aujourdhui())


def _refus(lettre: Sollicitation | None) -> tuple[str, int]:
    """A link nobody sent, or one that is over: a sentence, and whom to write to."""
    return _page("refusee", 404 if lettre is None else 410, lettre=lettre)


def _page(nom: str, code: int, **valeurs: Any) -> tuple[str, int]:
    """A page of the declaration."""
    return render_template(f"adherents/intentions/declaration_{nom}.html", **valeurs), code


def _formulaire(jeton: str, lettre: Sollicitation, intention: Intention | None) -> Response | tuple[str, int]:
    """The form, with what is known; written when it is right."""
    connu = {} if intention else {"courriel": lettre.courriel or lettre.collectivite.courriel}
    formulaire = DeclarationForm(intention=intention, data=connu)
    if formulaire.validate_on_submit() and _repondre(lettre, formulaire):
        return redirect(url_for(".show_merci", jeton=jeton), 303)
    code = 422 if request.method == "POST" else 200
    return _page("form", code, lettre=lettre, f=formulaire, intention=intention)


def _repondre(lettre: Sollicitation, formulaire: DeclarationForm) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form, which then follows what was written since."""
    try:
        actions.repondre(lettre, formulaire.valeurs(), formulaire.version.data or 0, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        formulaire.form_errors.append(str(refus))
        ecrite = queries.reponse_a(lettre.id)
        formulaire.version.raw_data, formulaire.version.data = None, ecrite.version if ecrite else 0
        return False
    db.session.commit()
    return True


@bp.get("/<jeton>/merci")
@publique
def show_merci(jeton: str) -> tuple[str, int]:
    """What was understood, and how to change it."""
    lettre = _lettre(jeton)
    if lettre is None or _est_perime(lettre):
        return _refus(lettre)
    intention = queries.reponse_a(lettre.id) or abort(404)
    return _page("merci", 200, lettre=lettre, intention=intention, jeton=jeton, ouverte=_est_ouverte(lettre))


def _limiter(etat: BlueprintSetupState) -> None:
    """So many pages an address of the caller, forged links included."""
    limiteur = etat.app.extensions["limiteur"]
    for nom in ("declarations.edit", "declarations.show_merci"):
        etat.app.view_functions[nom] = limiteur.limit(LIMITES)(etat.app.view_functions[nom])


bp.record(_limiter)
