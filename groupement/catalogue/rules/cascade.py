"""The cascade: the first titulaire in rank takes the bons; when it declines, the next, and nobody chooses otherwise.

Source: CCP R2162-14 (bons are issued as the accord-cadre says, without negotiation nor new competition). Amounts € HT.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

REGLE = "cascade"


@dataclass(frozen=True, slots=True)
class Rang:
    """A titulaire of a lot at its rank; `retire_du`: the day from which it declines for good."""

    rang: int
    fournisseur_id: int
    retire_du: date | None = None


@dataclass(frozen=True, slots=True)
class TermesDeLivraison:
    """How a titulaire delivers: days, the amount without shipping (None: none), shipping, the smallest bon."""

    delai_livraison_jours: int
    franco_ht: Decimal | None
    port_ht: Decimal
    minimum_commande_ht: Decimal


@dataclass(frozen=True, slots=True)
class TermesPropres:
    """What a titulaire offers otherwise than its lot says; None where it is as the lot says."""

    delai_livraison_jours: int | None = None
    franco_ht: Decimal | None = None
    port_ht: Decimal | None = None
    minimum_commande_ht: Decimal | None = None


def retenu(rangs: Iterable[Rang], le: date, declines: Collection[int] = ()) -> Rang | None:
    """The titulaire a bon of the day `le` goes to: the first in rank that has not declined; None when all have.

    `declines`: the suppliers that declined this campagne or this bon.
    """
    disponibles = [
        rang
        for rang in rangs
        if rang.fournisseur_id not in declines and (rang.retire_du is None or rang.retire_du > le)
    ]
    return min(disponibles, key=lambda rang: rang.rang, default=None)


def termes_applicables(propres: TermesPropres, du_lot: TermesDeLivraison) -> TermesDeLivraison:
    """Its own terms, each where it has one; else those of the lot."""

    def choisir(propre: Decimal | None, commun: Decimal) -> Decimal:
        return commun if propre is None else propre

    return TermesDeLivraison(
        delai_livraison_jours=propres.delai_livraison_jours or du_lot.delai_livraison_jours,
        franco_ht=du_lot.franco_ht if propres.franco_ht is None else propres.franco_ht,
        port_ht=choisir(propres.port_ht, du_lot.port_ht),
        minimum_commande_ht=choisir(propres.minimum_commande_ht, du_lot.minimum_commande_ht),
    )
