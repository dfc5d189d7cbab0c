"""Passkeys: mine, and the page that opens with one."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_security import auth_required, current_user, login_user
from werkzeug.wrappers import Response

from groupement.adherents import acces
from groupement.adherents.acces import publique, role_requis
from groupement.adherents.actions import cles as actions
from groupement.adherents.forms.cles import CleForm, EntreeForm
from groupement.adherents.models import Utilisateur
from groupement.adherents.queries.cles import cle_visible
from groupement.adherents.routes import reponses
from groupement.adherents.securite import cles, passage
from groupement.adherents.states import TOUS
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("cles", __name__)
# A key opens the account: it is added or taken away by somebody who has just shown who they are.
recemment = auth_required(
    "session",
    within=lambda: current_app.config["SECURITY_FRESHNESS"],
    grace=lambda: current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"],
)


@bp.route("/mon-compte/cles-d-acces", methods=["GET", "POST"])
@role_requis(*TOUS)
@recemment
def index() -> Response | tuple[str, int]:
    """My keys, and the form that adds one."""
    formulaire = CleForm()
    if formulaire.validate_on_submit() and _ajouter(formulaire):
        return redirect(url_for(".index"), 303)
    moi = g.contexte.utilisateur
    miennes = cles.cles_de(moi.id)
    options = cles.options_d_ajout(moi, miennes)
    return reponses.formulaire("adherents/cles.html", f=formulaire, cles=miennes, options=options)


def _ajouter(formulaire: CleForm) -> bool:
    """Keep the key; False, with a sentence on the form, when it proves nothing."""
    verrouiller_ecriture()
    try:
        moi = g.contexte.utilisateur
        verifiee, poignee = cles.verifier_l_ajout(formulaire.reponse.data or "", moi)
        actions.ajouter(moi, formulaire.nom.data, verifiee, poignee, par=g.contexte, le=maintenant())
    except (cles.CleRefusee, RegleRefusee) as refus:
        db.session.rollback()
        formulaire.nom.errors = [str(refus)]
        return False
    cles.marquer_le_second_facteur("cle")
    db.session.commit()
    flash("Votre clé d’accès est enregistrée\u00a0: elle ouvre la porte à elle seule.", "succes")
    return True


@bp.post("/mon-compte/cles-d-acces/<int:cle_id>/retrait")
@role_requis(*TOUS)
@recemment
def create_retrait(cle_id: int) -> Response:
    """Forget one of my keys."""
    verrouiller_ecriture()
    cle = cle_visible(cle_id, g.contexte, g.contexte.utilisateur_id, verrou=True)
    mienne = cle.utilisateur_id == g.contexte.utilisateur_id
    permise = not (mienne and acces.second_facteur_exige())
    actions.retirer(cle, derniere_permise=permise, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La clé d’accès est retirée.", "succes")
    return redirect(url_for(".index"), 303)


@bp.route("/connexion/cle", methods=["GET", "POST"])
@publique
def new_entree() -> Response | tuple[str, int] | str:
    """The key instead of the password, or after it."""
    attendu = cles.en_attente_de_second_facteur()
    if current_user.is_authenticated:
        return redirect("/")
    formulaire = EntreeForm(next=request.args.get("next", ""))
    if formulaire.validate_on_submit() and _entrer(formulaire, attendu):
        return redirect(passage.suite_sure(formulaire.next.data or ""), 303)
    options = cles.options_d_entree(cles.cles_de(attendu.id) if attendu else ())
    code = 422 if request.method == "POST" else 200
    return render_template("security/cle.html", f=formulaire, attendu=attendu, options=options), code


def _entrer(formulaire: EntreeForm, attendu: Utilisateur | None) -> bool:
    """Let the person of the key in; False, with a sentence, when nobody may enter with it."""
    try:
        cle, verifiee = cles.verifier_l_entree(formulaire.reponse.data or "")
        security = current_app.extensions["security"]
        personne = security.datastore.find_user(id=cle.utilisateur_id)
        if personne is None or not personne.active or (attendu is not None and personne.id != attendu.id):
            raise cles.CleRefusee(
                "Cette clé d’accès n’ouvre pas ce compte. Prenez-en une autre, ou votre mot de passe."
            )
    except cles.CleRefusee as refus:
        formulaire.form_errors.append(str(refus))
        return False
    actions.servir(cle, verifiee, le=maintenant())
    if attendu is not None:
        security.two_factor_plugins.tf_complete(personne, True)
    else:
        login_user(personne, authn_via=["cle"])
    cles.marquer_le_second_facteur("cle")
    db.session.commit()
    return True
