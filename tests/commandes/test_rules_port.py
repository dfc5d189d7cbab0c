"""When shipping is due."""

from decimal import Decimal as D

import pytest

from groupement.commandes.rules.port import port_du
from groupement.commandes.rules.port_estime import MontantsDuLot, PortEstime, montants_de_l_article, part_du_port
from tests.fabriques.catalogue import paliers


@pytest.mark.parametrize(
    ("franco", "marchandises", "attendu"),
    [("500.00", "499.99", "45.00"), ("500.00", "500.00", "0.00"), (None, "0.01", "45.00"), (None, "99999.00", "45.00")],
)
def test_shipping_is_due_below_the_franco_and_always_without_one(
    franco: str | None, marchandises: str, attendu: str
) -> None:
    assert port_du(D("45.00"), D(franco) if franco else None, D(marchandises)) == D(attendu)


def test_the_basket_says_that_shipping_is_always_due_where_there_is_no_franco() -> None:
    part = part_du_port(D("45.00"), None, MontantsDuLot(D(9000), D(9000)), mien_ht=D(90))
    port = PortEstime(1, "Boîtes", D("45.00"), None, D(9000), part)
    assert part == D("0.45") and port.manque_ht == 0
    assert "quelle que soit la commande" in port.phrase() and "0,45" in port.phrase()


@pytest.mark.parametrize(
    ("prix", "unites", "deja", "achetes", "membres"),
    [
        ("50:1.10|300:1.05", 160, 0, "220.00", "176.00"),  # four packs of 50; the surplus is the depot's
        ("50:1.10|300:1.05", 160, 100, "210.00", "168.00"),  # what was bought before reaches the tier
        ("50:1.10|300:1.05", 160, 99, "220.00", "176.00"),
        ("", 160, 100, "0.00", "0.00"),
    ],
)
def test_what_an_article_makes_of_a_bon_counts_what_was_bought_before(
    prix: str, unites: int, deja: int, achetes: str, membres: str
) -> None:
    tiers = paliers(prix) if prix else ()
    assert montants_de_l_article(tiers, 50, unites, deja) == MontantsDuLot(D(achetes), D(membres))


def test_several_articles_make_one_bon() -> None:
    assert MontantsDuLot(D("220.00"), D("176.00")) + MontantsDuLot(D(10), D(8)) == MontantsDuLot(D(230), D(184))


@pytest.mark.parametrize(("franco", "fin"), [(None, "pour vous."), (D(500), "pour vous."), (D(50), "(90,00\u00a0€).")])
def test_the_terms_of_another_titulaire_are_said_to_be_its_own(franco: D | None, fin: str) -> None:
    premier = PortEstime(1, "Boîtes", D("45.00"), franco, D(90), D("4.50"))
    repris = PortEstime(1, "Boîtes", D("45.00"), franco, D(90), D("4.50"), repreneur="Papeterie Y")
    assert premier.phrase().endswith(fin)
    assert repris.phrase() == f"{premier.phrase()} Ce sont les conditions de Papeterie Y, qui prend les bons du lot."
