"""Membership: the acheteur records what the body sent; its délibération can be read again."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import adhesions
from groupement.adherents.forms.collectivites import AdhesionForm
from groupement.adherents.models import Collectivite, Convention
from groupement.adherents.queries.membres import convention_visible
from groupement.adherents.routes import reponses
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer
from groupement.socle.web import numero_demande

bp = Blueprint("adhesions", __name__)


@bp.route("/collectivites/<int:collectivite_id>/adhesion", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR, Role.ADMINISTRATEUR)
def edit(collectivite_id: int) -> Reponse | tuple[str, int]:
    """Délibération and signature, under the present convention or the one asked for."""
    if request.method == "POST":
        verrouiller_ecriture()
    collectivite = queries.collectivite_visible(collectivite_id, g.contexte, verrou=request.method == "POST")
    conventions = list(queries.conventions())
    if not conventions:
        raise RegleRefusee("Aucune convention n’est enregistrée\u00a0: enregistrez-la d’abord, page « Conventions ».")
    choisie = numero_demande("convention_id")
    convention = convention_visible(choisie) if choisie else conventions[0]
    return _repondre(collectivite, convention, conventions)


def _repondre(
    collectivite: Collectivite, convention: Convention, conventions: list[Convention]
) -> Reponse | tuple[str, int]:
    """The form, filled with what is known; saved when it is sent and nothing is wrong."""
    connue = queries.adhesion_de(collectivite.id, convention.id)
    formulaire = AdhesionForm(obj=connue, prevus=convention.lots, cloture_le=convention.cloture_le)
    if formulaire.validate_on_submit() and _enregistrer(collectivite, convention, formulaire):
        return redirect(url_for("collectivites.show", collectivite_id=collectivite.id, _anchor="adhesion"), 303)
    valeurs: dict[str, Any] = {"convention": convention, "conventions": conventions, "connue": connue}
    return reponses.formulaire("adherents/adhesion_edit.html", c=collectivite, f=formulaire, **valeurs)


def _enregistrer(collectivite: Collectivite, convention: Convention, formulaire: AdhesionForm) -> bool:
    """Write it; False when a rule refuses, with its sentence on the form."""
    piece, le = formulaire.piece, maintenant()
    nom = f"deliberation-{collectivite.siren}.{piece.extension}" if piece else ""
    try:
        adhesions.enregistrer_adhesion(
            collectivite,
            convention,
            deliberation_numero=formulaire.deliberation_numero.data,
            deliberee_le=formulaire.deliberee_le.data,
            signee_le=formulaire.signee_le.data,
            lots=formulaire.lots_rejoints,
            deliberation=deposer(nom, piece.type_mime, piece.octets, le=le) if piece else None,
            par=g.contexte,
            le=le,
        )
    except RegleRefusee as refus:
        db.session.rollback()
        formulaire.form_errors.append(str(refus))
        return False
    db.session.commit()
    flash("L’adhésion est enregistrée.", "succes")
    return True


@bp.get("/adhesions/<int:adhesion_id>/deliberation")
@role_requis(*ROLES_CDG, *ROLES_COLLECTIVITE, Role.CONTROLE)
def show_deliberation(adhesion_id: int) -> Response:
    """The délibération as it was sent."""
    adhesion = queries.adhesion_visible(adhesion_id, g.contexte)
    if adhesion.deliberation is None:
        abort(404)
    return reponses.piece(adhesion.deliberation, f"deliberation-{adhesion.collectivite.siren}")
