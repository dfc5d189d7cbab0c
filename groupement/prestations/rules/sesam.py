"""SESAM: the contribution of a year for a body, what CdG62 keeps of it and what it owes to CDG59. Amounts in € HT.

The share-out is that of the convention between the two Centres de gestion: 35 % kept, 65 % paid over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.prestations.rules.tarifs import SansTarif, Tarif, tarif_du
from groupement.prestations.states import NaturePrestation
from groupement.socle.argent import arrondir, repartir
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import euros_fr

PART_CDG62_PCT, PART_CDG59_PCT = 35, 65


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a body owes for a year; the two parts sum to the whole."""

    tarif: Tarif
    montant_ht: Decimal
    part_cdg62_ht: Decimal
    part_cdg59_ht: Decimal


@dataclass(frozen=True, slots=True)
class Reversement:
    """The account with CDG59 for a year: its share of what is billed, and what was paid over."""

    part_facturee_ht: Decimal
    verse_ht: Decimal

    @property
    def reste_ht(self) -> Decimal:
        """What may still be paid over; negative when an avoir came after the payment."""
        return self.part_facturee_ht - self.verse_ht


def partager(montant_ht: Decimal) -> tuple[Decimal, Decimal]:
    """(kept by CdG62, owed to CDG59): 35 and 65 %, largest remainder, so that they sum to `montant_ht` exactly."""
    part_cdg62_ht, part_cdg59_ht = repartir(montant_ht, [PART_CDG62_PCT, PART_CDG59_PCT])
    return part_cdg62_ht, part_cdg59_ht


def contribution(tarifs: Sequence[Tarif], nature: NaturePrestation, annee: int, population: int | None) -> Contribution:
    """The contribution of `annee` for a body of that size, at the rate in force on 1 January.

    Raises SansTarif, in French, when its population is not known or no band holds it.
    """
    if population is None:
        raise SansTarif("La fiche de cette collectivité ne donne pas sa population\u00a0: complétez-la.")
    tarif = tarif_du(tarifs, nature, date(annee, 1, 1), population)
    montant_ht = arrondir(tarif.prix_unitaire_ht)
    return Contribution(tarif, montant_ht, *partager(montant_ht))


def controler_le_reversement(montant_ht: Decimal, compte: Reversement) -> None:
    """Refuse to pay over more than CDG59's share of what is billed, less what it already received."""
    if montant_ht <= 0:
        raise RegleRefusee("Indiquez un montant de plus de zéro.")
    if compte.reste_ht <= 0:
        raise RegleRefusee(
            "Rien n’est à reverser pour l’instant\u00a0: seule la part des contributions facturées se reverse."
        )
    if montant_ht > compte.reste_ht:
        raise RegleRefusee(
            f"Il reste {euros_fr(compte.reste_ht)} à reverser ({euros_fr(compte.part_facturee_ht)} facturés pour le "
            f"CDG59, {euros_fr(compte.verse_ht)} déjà versés)\u00a0: indiquez ce montant au plus."
        )


def controler_les_annees(depuis: int, jusqu_en: int | None, autres: Sequence[tuple[int, int | None]]) -> None:
    """Refuse a membership that ends before it starts or shares a year with another one, (from, to) or (from, None)."""
    if jusqu_en is not None and jusqu_en < depuis:
        raise RegleRefusee(f"L’adhésion commence en {depuis}\u00a0: indiquez {depuis} ou une année qui suit.")
    for debut, fin in autres:
        if (fin is None or depuis <= fin) and (jusqu_en is None or debut <= jusqu_en):
            periode = f"depuis {debut}" if fin is None else f"de {debut} à {fin}"
            raise RegleRefusee(f"Cette collectivité adhère déjà à SESAM {periode}\u00a0: choisissez d’autres années.")
