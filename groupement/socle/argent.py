"""Money: Decimal euros, amounts in whole centimes, unit prices up to four decimals.

Every amount of the application is rounded here and nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

CENTIME = Decimal("0.01")


def arrondir(montant: Decimal) -> Decimal:
    """Round `montant` (€) to the centime, halves away from zero."""
    return montant.quantize(CENTIME, ROUND_HALF_UP)


def montant_ligne(unites: int, prix_unitaire: Decimal) -> Decimal:
    """Amount (€, 2 places) of `unites` pieces at `prix_unitaire` (€ a piece), rounded once."""
    return arrondir(unites * prix_unitaire)


def en_centimes(montant: Decimal) -> int:
    """`montant` (€) as a whole number of centimes. Raises ValueError when it is not in whole centimes."""
    if montant != arrondir(montant):
        raise ValueError(f"montant non arrondi au centime : {montant}")
    return int(montant / CENTIME)


def en_euros(centimes: int) -> Decimal:
    """A whole number of centimes as an amount (€, 2 places)."""
    return centimes * CENTIME


def repartir(montant: Decimal, poids: Sequence[int]) -> list[Decimal]:
    """Share `montant` (€, 2 places) by integer weights; the parts sum to it exactly.

    Leftover centimes go to the largest remainders, then to the first listed.
    A negative amount (avoir) mirrors its positive twin, part by part.
    Raises ValueError when no weight is positive, one is negative, or `montant` is not in whole centimes.
    """
    return [en_euros(part) for part in repartir_entier(en_centimes(montant), poids)]


def repartir_entier(total: int, poids: Sequence[int]) -> list[int]:
    """Share a whole number (centimes, pieces) by integer weights: `repartir` without Decimal, for long lists.

    Leftovers go to the largest remainders, then to the first listed; the parts sum to `total` exactly.
    Raises ValueError when no weight is positive, or one is negative.
    """
    somme = sum(poids)
    if somme <= 0 or min(poids, default=0) < 0:
        raise ValueError("répartition sans poids positif")
    if total < 0:
        return [-part for part in repartir_entier(-total, poids)]
    parts = [total * poids_un // somme for poids_un in poids]
    reliquat = total - sum(parts)
    if reliquat:
        restes = [total * poids_un % somme for poids_un in poids]
        # a stable sort keeps equal remainders in their order: the first listed is served first
        for rang in sorted(range(len(parts)), key=restes.__getitem__, reverse=True)[:reliquat]:
            parts[rang] += 1
    return parts


def part_cumulee(montant: Decimal, partie: int, tout: int) -> Decimal:
    """What `partie` pieces out of `tout` worth `montant` (€) in all are worth: round_half_up(M × p / t).

    Differences of cumulated parts telescope: what is taken in several times sums to `montant` exactly.
    Whole-number arithmetic, so that a half is a half: centimes = (2·M·p + t) div 2t.
    Raises ValueError when `partie` is not among `tout`, or the amount is negative.
    """
    if tout < 1 or not 0 <= partie <= tout:
        raise ValueError(f"part impossible : {partie} sur {tout}")
    centimes = en_centimes(montant)
    if centimes < 0:
        raise ValueError(f"montant impossible : {montant}")
    return en_euros((2 * centimes * partie + tout) // (2 * tout))


def tva_par_taux(lignes: Iterable[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """VAT due (€, 2 places) per rate, from (amount HT in €, rate in %) pairs, rates in the order they are met.

    Rounded once per rate on the summed base, never per line.
    Source: EN 16931, rule BR-CO-17.
    """
    return {taux: arrondir(base * taux / 100) for taux, base in bases_par_taux(lignes).items()}


def bases_par_taux(lignes: Iterable[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """Amounts HT (€) summed per VAT rate (%), rates in the order they are met."""
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for montant_ht, taux in lignes:
        bases[taux] += montant_ht
    return dict(bases)
