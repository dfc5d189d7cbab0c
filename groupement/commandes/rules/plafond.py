"""The ceiling of a lot: what is left of it, and the refusal of what would pass it.

Amounts in € HT, shipping included: what counts is the sum of the bons. A lot without a ceiling cannot exist
(CCP R2162-4); once it is reached the accord-cadre has exhausted its effects (CJEU, 17 June 2021).
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from groupement.socle.nombres import euros_fr

SEUILS_D_ALERTE_PCT = (70, 80, 90)


class NiveauPlafond(StrEnum):
    """How near the ceiling the lot is."""

    NORMAL = "normal"
    ATTENTION = "attention"  # 70 %
    ALERTE = "alerte"  # 80 %
    CRITIQUE = "critique"  # 90 %
    ATTEINT = "atteint"


@dataclass(frozen=True, slots=True)
class UsagePlafond:
    """Ceiling, engaged and remaining amounts (€ HT), and the share used in % cut (never rounded up) to one decimal."""

    plafond_ht: Decimal
    engage_ht: Decimal
    reste_ht: Decimal
    pct: Decimal
    niveau: NiveauPlafond


def usage_plafond(plafond_ht: Decimal, engage_ht: Decimal) -> UsagePlafond:
    """How much of the ceiling the bons have used. Raises ValueError when the ceiling is not positive."""
    if plafond_ht <= 0:
        raise ValueError(f"plafond impossible : {plafond_ht}")
    pct = (engage_ht * 100 / plafond_ht).quantize(Decimal("0.1"), ROUND_DOWN)
    franchis = sum(pct >= seuil for seuil in SEUILS_D_ALERTE_PCT)
    niveau = NiveauPlafond.ATTEINT if engage_ht >= plafond_ht else list(NiveauPlafond)[franchis]
    return UsagePlafond(plafond_ht, engage_ht, max(plafond_ht - engage_ht, Decimal(0)), pct, niveau)


def motif_depassement(plafond_ht: Decimal, deja_engage_ht: Decimal, nouveau_ht: Decimal) -> str | None:
    """Why a new bon of `nouveau_ht` cannot be issued, in French with the figures; None when it fits.

    A bon that reaches the ceiling exactly is allowed.
    """
    cumul = deja_engage_ht + nouveau_ht
    if cumul <= plafond_ht:
        return None
    return (
        f"Plafond du lot dépassé de {euros_fr(cumul - plafond_ht)} HT\u00a0: {euros_fr(deja_engage_ht)} déjà commandés "
        f"+ {euros_fr(nouveau_ht)} à commander = {euros_fr(cumul)}, pour un plafond de {euros_fr(plafond_ht)}."
    )
