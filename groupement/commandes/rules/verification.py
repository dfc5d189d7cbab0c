"""Check again, from the rows as they are now, that members and depot are exactly the bons. Pieces, amounts in € HT."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SommesDuBon:
    """A bon, its lines and its shares, each summed apart: `entete` is what its head says, `lignes` its lines."""

    bon_id: int
    numero: str
    revision: int
    lot: int
    entete_ht: Decimal
    port_ht: Decimal
    unites_lignes: int
    lignes_ht: Decimal
    unites_membres: int
    membres_ht: Decimal
    unites_depot: int
    depot_ht: Decimal
    ports_ht: Decimal

    @property
    def ecarts(self) -> list[str]:
        """What does not sum; nothing when all does."""
        egalites = {
            "les lignes et le port ne font pas le total du bon": self.lignes_ht + self.port_ht == self.entete_ht,
            "les unités des membres et du dépôt ne font pas celles du bon": (
                self.unites_membres + self.unites_depot == self.unites_lignes
            ),
            "les parts des membres et du dépôt ne font pas les lignes": (
                self.membres_ht + self.depot_ht == self.lignes_ht
            ),
            "les parts de port ne font pas le port": self.ports_ht == self.port_ht,
        }
        return [ecart for ecart, vraie in egalites.items() if not vraie]

    @property
    def est_exact(self) -> bool:
        """Members + depot = bon, in pieces and to the centime."""
        return not self.ecarts


@dataclass(frozen=True, slots=True)
class Verification:
    """Every bon of a campagne, and what the depot's stock served: what left it, what the members got of it."""

    bons: Sequence[SommesDuBon]
    unites_sorties: int
    sorties_ht: Decimal
    unites_recues: int
    recues_ht: Decimal

    @property
    def stock_exact(self) -> bool:
        """What left the stock is what the members got."""
        return (self.unites_sorties, self.sorties_ht) == (self.unites_recues, self.recues_ht)

    @property
    def est_exacte(self) -> bool:
        """Everything sums."""
        return self.stock_exact and all(bon.est_exact for bon in self.bons)

    @property
    def total_ht(self) -> Decimal:
        """The bons, together."""
        return sum((bon.entete_ht for bon in self.bons), Decimal("0.00"))
