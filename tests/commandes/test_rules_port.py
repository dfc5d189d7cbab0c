"""When shipping is due."""

from decimal import Decimal as D

import pytest

from groupement.commandes.rules.port import port_du
from groupement.commandes.rules.port_estime import PortEstime, part_du_port


@pytest.mark.parametrize(
    ("franco", "marchandises", "attendu"),
    [("500.00", "499.99", "45.00"), ("500.00", "500.00", "0.00"), (None, "0.01", "45.00"), (None, "99999.00", "45.00")],
)
def test_shipping_is_due_below_the_franco_and_always_without_one(
    franco: str | None, marchandises: str, attendu: str
) -> None:
    assert port_du(D("45.00"), D(franco) if franco else None, D(marchandises)) == D(attendu)


def test_the_basket_says_that_shipping_is_always_due_where_there_is_no_franco() -> None:
    part = part_du_port(D("45.00"), None, marchandises_ht=D(9000), mien_ht=D(90), membres_ht=D(9000))
    port = PortEstime(1, "Boîtes", D("45.00"), None, D(9000), part)
    assert part == D("0.45") and port.manque_ht == 0
    assert "quelle que soit la commande" in port.phrase() and "0,45" in port.phrase()
