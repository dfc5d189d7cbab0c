"""When shipping is due: below the franco; always, where the contract has none. Amounts in € HT."""

from decimal import Decimal

ZERO = Decimal("0.00")


def port_du(port_ht: Decimal, franco_ht: Decimal | None, marchandises_ht: Decimal) -> Decimal:
    """The shipping of a bon of that amount: `franco_ht` None is « le port est toujours dû » (terms of the lot)."""
    return port_ht if franco_ht is None or marchandises_ht < franco_ht else ZERO
