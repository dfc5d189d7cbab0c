"""What shipping would cost a body if the campagne ended today: below the franco, or always where there is none.

Amounts € HT. An estimate, like the prices it rests on: it is due on the quantity the groupement really buys.
"""

from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.port import port_du
from groupement.socle.argent import arrondir
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PortEstime:
    """The shipping of a lot: `marchandises_ht` is what its bon would come to, `part_ht` what the body would pay of it.

    `par_lieu`: the lot has one bon per delivery place, so that the body's own order is alone on its bon.
    """

    lot: int
    intitule: str
    port_ht: Decimal
    franco_ht: Decimal | None  # None: always due
    marchandises_ht: Decimal
    part_ht: Decimal
    par_lieu: bool = False

    @property
    def manque_ht(self) -> Decimal:
        """What is missing to the franco; nil once it is reached, or when there is none."""
        return ZERO if self.franco_ht is None else max(self.franco_ht - self.marchandises_ht, ZERO)

    def phrase(self) -> str:
        """What the basket says of it."""
        qui = "votre commande" if self.par_lieu else "tout le groupement"
        partage = ", pour vous seuls" if self.par_lieu else f" à partager, environ {euros_fr(self.part_ht)} pour vous"
        if self.franco_ht is None:
            return f"{euros_fr(self.port_ht)} HT quelle que soit la commande{partage}."
        if not self.manque_ht:
            return f"offert\u00a0: {qui} atteint {euros_fr(self.franco_ht)} HT ({euros_fr(self.marchandises_ht)})."
        return (
            f"il manque {euros_fr(self.manque_ht)} HT à {qui} pour qu’il soit offert (à partir de "
            f"{euros_fr(self.franco_ht)}). Aujourd’hui, ce serait {euros_fr(self.port_ht)} HT{partage}."
        )


def part_du_port(
    port_ht: Decimal, franco_ht: Decimal | None, *, marchandises_ht: Decimal, mien_ht: Decimal, membres_ht: Decimal
) -> Decimal:
    """What a body would pay of a shipping: its part of what the members order (`mien_ht` of `membres_ht`).

    Nil once `marchandises_ht`, what the bon comes to, reaches the franco, or while the body orders nothing.
    """
    if not mien_ht:
        return ZERO
    return arrondir(port_du(port_ht, franco_ht, marchandises_ht) * mien_ht / membres_ht)
