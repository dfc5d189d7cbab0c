"""The page where an avoir is made."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.refacturation.actions.avoirs import AvoirRefuse, Demande, emettre_avoir
from groupement.refacturation.forms import AvoirForm, formulaire_d_avoir
from groupement.refacturation.models import Facture
from groupement.refacturation.queries.avoirs import lignes_creditables
from groupement.refacturation.queries.factures import facture_visible
from groupement.refacturation.rules.avoirs import LigneCreditable
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.nombres import euros_fr

bp = Blueprint("avoirs", __name__, url_prefix="/factures/<int:facture_id>/avoirs")


@bp.get("/nouveau")
@role_requis(Role.COMPTABLE)
def new(facture_id: int) -> Any:
    """What to credit, line by line, and why."""
    facture = facture_visible(facture_id, g.contexte)
    lignes = lignes_creditables(facture)
    return _page(facture, lignes, formulaire_d_avoir([ligne.ligne_id for ligne in lignes]))


@bp.post("")
@role_requis(Role.COMPTABLE)
def create(facture_id: int) -> Any:
    """Issue the avoir."""
    facture = facture_visible(facture_id, g.contexte)
    lignes = lignes_creditables(facture)
    form = formulaire_d_avoir([ligne.ligne_id for ligne in lignes])
    if not form.validate():
        return _page(facture, lignes, form, 422)
    try:
        avoir = emettre_avoir(facture_id, _demande(form, lignes), par=g.contexte, le=maintenant())
    except AvoirRefuse as refus:
        return _refuser(facture, lignes, form, refus)
    return _apres(avoir.numero, avoir.total_ttc, facture_id)


def _apres(numero: str, total_ttc: Any, facture_id: int) -> Any:
    """Commit, and back to the facture."""
    db.session.commit()
    flash(f"Avoir {numero} de {euros_fr(total_ttc)} émis.", "succes")
    return redirect(url_for("factures.show", facture_id=facture_id), 303)


def _demande(form: AvoirForm, lignes: list[LigneCreditable]) -> Demande:
    """What was typed, as the action wants it."""
    numeros = [ligne.ligne_id for ligne in lignes]
    return Demande(
        motif=form.motif.data or "",
        tout="tout" in request.form,
        unites=form.saisies("unites", numeros),
        montants_ht=form.saisies("montant", numeros),
        a_refacturer=bool(form.a_refacturer.data),
    )


def _refuser(facture: Facture, lignes: list[LigneCreditable], form: AvoirForm, refus: AvoirRefuse) -> Any:
    """The sentence by its line, or at the head of the form; nothing was written."""
    if refus.ligne_id is not None:
        champ = form.unites(refus.ligne_id) if form.unites(refus.ligne_id).data else form.montant(refus.ligne_id)
        champ.errors = [str(refus)]
    else:
        form.form_errors.append(str(refus))
    return _page(facture, lignes, form, 409)


def _page(facture: Facture, lignes: list[LigneCreditable], form: AvoirForm, code: int = 200) -> Any:
    """The page of the form."""
    services = facture.refacturation.campagne_id is None
    form.nommer(services=services)
    return render_template(
        "refacturation/avoir_new.html", facture=facture, lignes=lignes, form=form, services=services
    ), code
