"""Where a lot stands against its ceiling and its minimum, in figures and in words. Amounts in € HT.

What counts against the ceiling is the sum of the bons (R2162-4). Orders validated but not combined yet do not count:
they are shown beside, because they will.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.commandes.rules.plafond import SEUILS_D_ALERTE_PCT, UsagePlafond, usage_plafond
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import euros_fr

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ChiffresDuLot:
    """The ceiling of a lot and what became of it: bons issued, orders validated and waiting, goods admitted, billed."""

    initial_ht: Decimal
    plafond_ht: Decimal
    minimum_ht: Decimal
    bons: int = 0
    commande_ht: Decimal = ZERO
    valide_ht: Decimal = ZERO  # validated by the bodies, not on a bon yet, at the price announced
    admis_ht: Decimal = ZERO  # goods admitted, without shipping
    facture_ht: Decimal = ZERO  # billed again to the bodies

    @property
    def usage(self) -> UsagePlafond:
        """How much of the ceiling the bons have used."""
        return usage_plafond(self.plafond_ht, self.commande_ht)

    @property
    def reste_ht(self) -> Decimal:
        """What can still be ordered."""
        return self.usage.reste_ht

    @property
    def avenants_ht(self) -> Decimal:
        """What avenants added to the first ceiling, or took off it."""
        return self.plafond_ht - self.initial_ht

    @property
    def depassement_ht(self) -> Decimal:
        """By how much the orders validated would pass the ceiling, were they all ordered; zero when they fit."""
        return max(self.commande_ht + self.valide_ht - self.plafond_ht, ZERO)

    @property
    def minimum_restant_ht(self) -> Decimal:
        """What is still to be ordered to keep the promise of the minimum."""
        return max(self.minimum_ht - self.commande_ht, ZERO)


def phrase_du_minimum(chiffres: ChiffresDuLot, au: date) -> str:
    """Where the lot stands against its minimum, which is due by the end of the marché."""
    if not chiffres.minimum_ht:
        return "Aucun minimum\u00a0: le groupement ne s’est engagé sur aucun montant."
    if not chiffres.minimum_restant_ht:
        return f"Le minimum de {euros_fr(chiffres.minimum_ht)} HT est atteint."
    return (
        f"Il reste {euros_fr(chiffres.minimum_restant_ht)} HT à commander avant le {date_fr(au)} pour atteindre le "
        f"minimum de {euros_fr(chiffres.minimum_ht)} HT\u00a0; en dessous, le titulaire seul peut demander sa marge "
        "sur ce qui manque (CCAG-FCS, article 3.7.5)."
    )


def seuils_franchis(plafond_ht: Decimal, commande_ht: Decimal) -> list[int]:
    """The thresholds of alert the bons have reached, in %, the lowest first."""
    return [seuil for seuil in SEUILS_D_ALERTE_PCT if commande_ht * 100 >= plafond_ht * seuil]
