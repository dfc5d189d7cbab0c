"""The limit a body gives itself for a campagne, against the estimate of its order: amounts in € TTC, shipping apart.

A town council votes TTC: that is what is compared. The estimate can still fall, when the groupement reaches a tier, and
rise, by a share of shipping: the sentences say so.
"""

from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.states import EffetDuBudget
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class UsageDuBudget:
    """A budget and what the order takes of it."""

    montant_ttc: Decimal
    effet: EffetDuBudget
    commande_ttc: Decimal

    @property
    def depassement_ttc(self) -> Decimal:
        """By how much the order passes the budget; 0 when it fits."""
        return max(self.commande_ttc - self.montant_ttc, ZERO)

    @property
    def arrete(self) -> bool:
        """The order may not leave."""
        return bool(self.depassement_ttc) and self.effet is EffetDuBudget.BLOQUER

    @property
    def phrase(self) -> str:
        """What the body should know; empty when the order fits."""
        if not self.depassement_ttc:
            return ""
        constat = (
            f"Votre commande dépasse de {euros_fr(self.depassement_ttc)} le budget de votre collectivité pour cette "
            f"campagne\u00a0: {euros_fr(self.commande_ttc)} TTC estimés, pour {euros_fr(self.montant_ttc)}."
        )
        if self.arrete:
            return f"{constat} Réduisez des quantités, ou demandez à votre valideur de relever le budget."
        return constat
