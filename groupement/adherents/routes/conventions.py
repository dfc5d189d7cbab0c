"""The convention constitutive and its versions: what each foresees, who has joined, who is still to sign."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import conventions as actions
from groupement.adherents.actions.adhesions import signer_plusieurs
from groupement.adherents.forms.conventions import ConditionsForm, ConventionForm, SignaturesForm
from groupement.adherents.models import Convention
from groupement.adherents.queries import membres
from groupement.adherents.routes import reponses
from groupement.adherents.rules.lots import ecrire_les_lots
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer

bp = Blueprint("conventions", __name__, url_prefix="/conventions")
TENEURS = (Role.ACHETEUR, Role.ADMINISTRATEUR)


@bp.record
def _sans_les_etages_du_dessus(etat: Any) -> None:
    """Which marchés rest on a convention is told by the catalogue, above: `bloc_des_marches(convention)`."""
    etat.app.jinja_env.globals.setdefault("bloc_des_marches", lambda convention: "")


@bp.get("/")
@role_requis(*TENEURS)
def index() -> str:
    """The versions, the present one first."""
    return render_template("adherents/conventions.html", conventions=queries.conventions())


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(*TENEURS)
def new() -> Reponse | tuple[str, int]:
    """Record a version."""
    formulaire = ConventionForm()
    if formulaire.validate_on_submit() and _enregistrer(formulaire, None):
        flash("La convention est enregistrée\u00a0: les collectivités peuvent y adhérer.", "succes")
        return redirect(url_for(".index"), 303)
    return reponses.formulaire("adherents/convention_new.html", f=formulaire, convention=None)


@bp.get("/<int:convention_id>")
@role_requis(*TENEURS)
def show(convention_id: int) -> str:
    """A version: its text, its lots, the marchés that rest on it, how many have joined."""
    convention = membres.convention_visible(convention_id)
    effectifs = membres.effectifs(convention.id)
    return render_template("adherents/convention.html", convention=convention, effectifs=effectifs)


@bp.get("/<int:convention_id>/texte")
@role_requis(*ROLES_CDG, *ROLES_COLLECTIVITE, Role.CONTROLE)
def show_texte(convention_id: int) -> Response:
    """Its text."""
    convention = membres.convention_visible(convention_id)
    if convention.texte is None:
        abort(404)
    return reponses.piece(convention.texte, f"convention-{convention.id}")


@bp.route("/<int:convention_id>/modification", methods=["GET", "POST"])
@role_requis(*TENEURS)
def edit(convention_id: int) -> Reponse | tuple[str, int]:
    """Until when it is signed, its lots, its text."""
    if request.method == "POST":
        verrouiller_ecriture()
    convention = membres.convention_visible(convention_id, verrou=request.method == "POST")
    formulaire = ConditionsForm(cloture_le=convention.cloture_le, lots=ecrire_les_lots(convention.lots))
    if formulaire.validate_on_submit() and _enregistrer(formulaire, convention):
        flash("La convention est complétée.", "succes")
        return redirect(url_for(".show", convention_id=convention_id), 303)
    return reponses.formulaire("adherents/convention_edit.html", f=formulaire, convention=convention)


@bp.route("/<int:convention_id>/signatures", methods=["GET", "POST"])
@role_requis(*TENEURS)
def edit_signatures(convention_id: int) -> Reponse | tuple[str, int]:
    """Many signatures of one day."""
    if request.method == "POST":
        verrouiller_ecriture()
    convention = membres.convention_visible(convention_id)
    adhesions = db.session.scalars(membres.a_signer(convention.id)).all()
    formulaire = SignaturesForm()
    formulaire.adhesions.choices = [(a.id, a.collectivite.nom) for a in adhesions]
    if formulaire.validate_on_submit() and _signer(convention, formulaire):
        return redirect(url_for(".show", convention_id=convention_id), 303)
    return reponses.formulaire("adherents/signatures.html", f=formulaire, convention=convention, adhesions=adhesions)


def _enregistrer(formulaire: ConditionsForm, convention: Convention | None) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form."""
    verrouiller_ecriture()
    piece, le = formulaire.piece, maintenant()
    texte = deposer("convention.pdf", piece.type_mime, piece.octets, le=le) if piece else None
    conditions = actions.Conditions(formulaire.cloture_le.data, formulaire.lots_lus, texte)
    try:
        if isinstance(formulaire, ConventionForm):
            adoptee_le = formulaire.adoptee_le.data
            assert adoptee_le is not None  # the form asked for it
            saisi = (formulaire.intitule.data, formulaire.version.data, adoptee_le)
            actions.enregistrer_convention(*saisi, conditions, par=g.contexte, le=le)
        elif convention is not None:
            actions.completer_convention(convention, conditions, par=g.contexte, le=le)
    except RegleRefusee as refus:
        db.session.rollback()
        reponses.signaler(formulaire, refus)
        return False
    db.session.commit()
    return True


def _signer(convention: Convention, formulaire: SignaturesForm) -> bool:
    """Record them all; False when a rule refuses, with its sentence by the date."""
    signee_le = formulaire.signee_le.data
    assert signee_le is not None  # the form asked for it
    try:
        combien = signer_plusieurs(
            convention, formulaire.adhesions.data or [], signee_le, par=g.contexte, le=maintenant()
        )
    except RegleRefusee as refus:
        db.session.rollback()
        reponses.signaler(formulaire, refus, "signee_le")
        return False
    db.session.commit()
    flash(f"{combien} signature{'s' if combien > 1 else ''} du {signee_le:%d/%m/%Y} enregistrée"
          f"{'s' if combien > 1 else ''}.", "succes")  # fmt: skip
    return True
