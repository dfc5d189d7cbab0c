"""The budget of a body for a campagne: its valideur sets it, everybody of the body reads it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import budgets as actions
from groupement.commandes.forms.budgets import BudgetForm
from groupement.commandes.models import Budget
from groupement.commandes.queries.budgets import budget_de
from groupement.commandes.queries.paniers import fenetre
from groupement.socle.affichage import euros
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("budgets", __name__, url_prefix="/panier/<int:campagne_id>/budget")


@bp.route("", methods=["GET", "POST"])
@role_requis(Role.VALIDEUR)
def edit(campagne_id: int) -> Any:
    """Set the limit, and whether it stops an order or only warns."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    budget = budget_de(campagne.id, g.contexte.collectivite_id)
    form = BudgetForm(obj=budget) if request.method == "POST" else _rempli(budget)
    if not form.validate_on_submit():
        page = render_template("commandes/budget.html", form=form, campagne=campagne, budget=budget)
        return page, 422 if form.is_submitted() else 200
    montant = form.montant_ttc.data
    assert montant is not None  # the form asked for it
    actions.fixer(campagne, g.contexte.collectivite_id, montant, form.effet_choisi, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Budget enregistré\u00a0: {euros(montant)} TTC.", "succes")
    return redirect(url_for("paniers.show", campagne=campagne_id), 303)


def _rempli(budget: Budget | None) -> BudgetForm:
    """The form as the budget stands."""
    valeurs = {"montant_ttc": budget.montant_ttc, "effet": budget.effet.value} if budget else {}
    return BudgetForm(formdata=None, data=valeurs)


@bp.post("/retrait")
@role_requis(Role.VALIDEUR)
def create_retrait(campagne_id: int) -> Any:
    """No limit any more."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    budget = budget_de(campagne.id, g.contexte.collectivite_id)
    if budget is not None:
        actions.retirer(budget, par=g.contexte, le=maintenant())
        db.session.commit()
    flash("Cette campagne n’a plus de budget\u00a0: votre commande n’est plus limitée.", "succes")
    return redirect(url_for("paniers.show", campagne=campagne_id), 303)
