"""Revise a bon: say what changes, read what it gives, send."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import revisions as actions
from groupement.commandes.actions.revisions import RevisionRefusee
from groupement.commandes.forms.bons import RevisionForm
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.bons import bon_visible
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.rules.bon_a_reviser import BonAReviser
from groupement.commandes.rules.revision import BonRevise
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("bons_revises", __name__, url_prefix="/bons/<int:bon_id>/revision")


@bp.get("")
@role_requis(Role.ACHETEUR)
def new(bon_id: int) -> Any:
    """What may change, as it stands."""
    bon = bon_visible(bon_id, g.contexte)
    actions.verbe_de_revision(bon)
    a_reviser = actions.lire(bon)
    articles = [{"cle": str(ligne.ligne_id)} for ligne in a_reviser.lignes]
    form = RevisionForm(formdata=None, obj=bon, data={"articles": articles})
    form.lier(a_reviser)
    return _page(bon, a_reviser, form)


@bp.post("/apercu")
@role_requis(Role.ACHETEUR)
def show_apercu(bon_id: int) -> Any:
    """Bring a body in, or show what the revision would give. Writes nothing."""
    bon = bon_visible(bon_id, g.contexte)
    actions.verbe_de_revision(bon)
    a_reviser, form = actions.lire(bon), RevisionForm()
    form.lier(a_reviser)
    if "corps" in request.form.getlist("faire"):
        form.faire_venir(a_reviser, str(form.ajouter.data or ""))
        return _page(bon, a_reviser, form)
    return _apercu(bon, a_reviser, form)


def _apercu(bon: BonDeCommande, a_reviser: BonAReviser, form: RevisionForm) -> Any:
    """The figures, or why there are none."""
    if not form.validate():
        return _page(bon, a_reviser, form), 422
    try:
        revise = actions.calculer(a_reviser, form.demande())
    except RevisionRefusee as refus:
        return _page(bon, a_reviser, form, refus=form.dire(refus.fautes)), 422
    form.empreinte.data = revise.empreinte
    return _page(bon, a_reviser, form, revise)


@bp.post("")
@role_requis(Role.ACHETEUR)
def create(bon_id: int) -> Any:
    """Send the revision whose figures were shown."""
    bon, form = bon_tenu(bon_id, g.contexte), RevisionForm()
    a_reviser = actions.lire(bon)
    form.lier(a_reviser)
    if not form.validate():
        return _page(bon, a_reviser, form), 422
    try:
        _reviser(bon, form)
    except (RevisionRefusee, ConflitDeVersion) as refus:
        return _refus(bon_id, form, refus)
    flash(f"La révision {bon.revision} du bon {bon.numero} est partie au fournisseur.", "succes")
    return redirect(url_for("bons.show", bon_id=bon_id), 303)


def _reviser(bon: BonDeCommande, form: RevisionForm) -> None:
    """Revise as the form says, and commit."""
    vue = int(form.revision.data) if str(form.revision.data or "").isdecimal() else -1
    demande, motif, vues = form.demande(), str(form.motif.data), str(form.empreinte.data or "")
    actions.reviser(bon, demande, motif, vue=vue, empreinte=vues, par=g.contexte, le=maintenant())
    db.session.commit()


def _refus(bon_id: int, form: RevisionForm, refus: RevisionRefusee | ConflitDeVersion) -> Any:
    """The page again, with what was typed and why it was not written."""
    db.session.rollback()
    bon = bon_visible(bon_id, g.contexte)
    a_reviser = actions.lire(bon)
    form.lier(a_reviser)
    if isinstance(refus, RevisionRefusee):
        return _page(bon, a_reviser, form, refus=form.dire(refus.fautes)), 422
    form.revision.data = str(bon.revision)
    return _page(bon, a_reviser, form, refus=str(refus)), 409


def _page(
    bon: BonDeCommande, a_reviser: BonAReviser, form: RevisionForm, revise: BonRevise | None = None, refus: str = ""
) -> str:
    """The form, and below it the figures once they are worked out."""
    return render_template(
        "commandes/bon_revision.html", bon=bon, a_reviser=a_reviser, form=form, revise=revise, refus=refus
    )
