"""VAT of a document: rounded once per rate on the summed base, never per line (EN 16931, rule BR-CO-17).

Amounts in €, rates in %. An avoir has the same shape as a facture: positive amounts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.socle.argent import bases_par_taux, tva_par_taux

__all__ = ["LigneTva", "TotauxDocument", "totaux_avec_tva", "totaux_du_document", "tva_par_taux"]


@dataclass(frozen=True, slots=True)
class LigneTva:
    """One rate of a document: its base and its tax."""

    taux_pct: Decimal
    base_ht: Decimal
    montant: Decimal


@dataclass(frozen=True, slots=True)
class TotauxDocument:
    """The totals of a document, and its VAT rate by rate (highest first)."""

    total_ht: Decimal
    total_tva: Decimal
    total_ttc: Decimal
    tva: tuple[LigneTva, ...]


def totaux_du_document(lignes: Iterable[tuple[Decimal, Decimal]]) -> TotauxDocument:
    """Totals of (amount HT in €, rate in %) lines."""
    bases = bases_par_taux(lignes)
    return totaux_avec_tva(bases, {taux: tva_par_taux([(base, taux)])[taux] for taux, base in bases.items()})


def totaux_avec_tva(bases: dict[Decimal, Decimal], tva: dict[Decimal, Decimal]) -> TotauxDocument:
    """Totals from the base and the tax (€) of each rate, when the tax is given and not computed."""
    total_ht, total_tva = sum(bases.values(), Decimal("0.00")), sum(tva.values(), Decimal("0.00"))
    lignes = tuple(LigneTva(taux, bases[taux], tva[taux]) for taux in sorted(bases, reverse=True))
    return TotauxDocument(total_ht, total_tva, total_ht + total_tva, lignes)
