"""The budget a body gave itself for a campagne."""

from decimal import Decimal

from sqlalchemy import select

from groupement.commandes.models import Budget
from groupement.commandes.rules.budget import UsageDuBudget
from groupement.socle.db import db


def budget_de(campagne_id: int, collectivite_id: int) -> Budget | None:
    """The budget, if there is one."""
    voulu = select(Budget).where(Budget.campagne_id == campagne_id, Budget.collectivite_id == collectivite_id)
    return db.session.scalars(voulu).one_or_none()


def usage_du_budget(campagne_id: int, collectivite_id: int, commande_ttc: Decimal) -> UsageDuBudget | None:
    """What an order of that amount takes of the budget; None when the body gave itself none."""
    budget = budget_de(campagne_id, collectivite_id)
    return UsageDuBudget(budget.montant_ttc, budget.effet, commande_ttc) if budget else None
