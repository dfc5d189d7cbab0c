"""A body's limit for a campagne: set, taken away, and held to when an order leaves."""

from datetime import datetime
from decimal import Decimal

from groupement.commandes.models import Budget, Campagne, Commande
from groupement.commandes.queries.budgets import budget_de, usage_du_budget
from groupement.commandes.states import EffetDuBudget
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import euros_fr


class BudgetDepasse(RegleRefusee):
    """The order passes a budget that stops it."""


def fixer(
    campagne: Campagne,
    collectivite_id: int,
    montant_ttc: Decimal,
    effet: EffetDuBudget,
    *,
    par: Auteur,
    le: datetime,
) -> Budget:
    """Set or change the budget; the caller commits."""
    verrouiller_ecriture()
    budget = budget_de(campagne.id, collectivite_id)
    if budget is None:
        budget = Budget(campagne_id=campagne.id, collectivite_id=collectivite_id)
        db.session.add(budget)
    budget.montant_ttc, budget.effet, budget.fixe_le, budget.fixe_par = montant_ttc, effet, le, par.nom
    db.session.flush()
    dit = f"{euros_fr(montant_ttc)} TTC, {effet.libelle().lower()}"
    resume = f"{campagne.intitule}\u00a0: {dit}"
    noter("collectivite", collectivite_id, "fixer le budget", par=par, le=le, resume=resume)
    return budget


def retirer(budget: Budget, *, par: Auteur, le: datetime) -> None:
    """No limit any more."""
    resume = f"{budget.campagne.intitule}\u00a0: plus de budget"
    noter("collectivite", budget.collectivite_id, "retirer le budget", par=par, le=le, resume=resume)
    db.session.delete(budget)
    db.session.flush()


def tenir(commande: Commande, total_ttc: Decimal) -> None:
    """Raise BudgetDepasse when the order passes a budget that stops it; `total_ttc` is its estimate."""
    usage = usage_du_budget(commande.campagne_id, commande.collectivite_id, total_ttc)
    if usage is not None and usage.arrete:
        raise BudgetDepasse(usage.phrase)
