"""The clauses of a lot: what the CCAG says, what its CCAP says instead, what each changes."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import contrats
from groupement.catalogue.forms.contrats import CLAUSES_MODIFIABLES, ClausesForm
from groupement.catalogue.models import Lot
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules.clauses import TERMES, Clause, Derogation, fautes_des_derogations
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("clauses", __name__, url_prefix="/lots")


@bp.get("/<int:lot_id>/clauses")
@role_requis(*ROLES_CDG)
def show(lot_id: int) -> str:
    """Each clause with its value in this lot."""
    lot = queries.lot_visible(lot_id, g.contexte)
    return render_template("catalogue/lots/clauses.html", lot=lot, termes=TERMES, derogations=lot.derogations)


@bp.get("/<int:lot_id>/clauses/modification")
@role_requis(Role.ACHETEUR)
def edit(lot_id: int) -> str:
    """The clauses of a lot, to change."""
    return _saisie(queries.lot_visible(lot_id, g.contexte))


@bp.post("/<int:lot_id>/clauses/modification")
@role_requis(Role.ACHETEUR)
def update(lot_id: int) -> Response | tuple[str, int]:
    """Save the derogations."""
    verrouiller_ecriture()
    lot, form = queries.lot_visible(lot_id, g.contexte, verrou=True), ClausesForm()
    derogations = _saisies(form) if form.validate() else {}
    if form.errors or poser_les_fautes(form, fautes_des_derogations(derogations)):
        return _saisie(lot, form), 422
    contrats.deroger(lot, derogations, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Les clauses du lot {lot.numero} sont enregistrées.", "succes")
    return redirect(url_for(".show", lot_id=lot.id), 303)


def _saisie(lot: Lot, form: Any = None) -> str:
    """The form, filled with what the lot derogates from unless it was sent."""
    if form is None:
        valeurs: dict[str, Any] = {}
        for clause, derogation in lot.derogations.items():
            entiere = TERMES[clause].unite in ("jours", "mois")
            valeurs[clause.value] = int(derogation.valeur) if entiere else derogation.valeur
            valeurs[f"{clause.value}_article"] = derogation.article
        form = ClausesForm(data=valeurs)
    page = {"termes": TERMES, "clauses": CLAUSES_MODIFIABLES}
    return render_template("catalogue/lots/clauses_edit.html", lot=lot, form=form, **page)


def _saisies(form: Any) -> dict[Clause, Derogation]:
    """The derogations that were typed: a value, or an article alone, which the rule refuses."""
    derogations = {}
    for clause in CLAUSES_MODIFIABLES:
        valeur, article = form[clause.value].data, form[f"{clause.value}_article"].data
        if valeur is not None:
            derogations[clause] = Derogation(Decimal(valeur), article)
    return derogations
