"""What stock is worth: weighted average cost, exact to the centime. Amounts in € HT.

Stock is a number of pieces and what they cost together. A way in adds both; a way out takes its share of the value,
and the last one takes what is left, so that nothing lying there is worth nothing, and nothing is worth something.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.socle.argent import arrondir, repartir
from groupement.socle.nombres import accorde

ZERO = Decimal(0)


class StockInsuffisant(ValueError):
    """More pieces asked than there are."""


class CoutInconnu(ValueError):
    """Pieces come in, nobody says what they cost, and none is there to tell."""


@dataclass(frozen=True, slots=True)
class Stock:
    """`unites` pieces that cost `valeur_ht` € together."""

    unites: int = 0
    valeur_ht: Decimal = ZERO


def cout_moyen(stock: Stock) -> Decimal | None:
    """What a piece costs on average, to the centime and for display only; None when there is none.

    The value of a way out is never this figure times a quantity: see `valeur_de_sortie`.
    """
    return arrondir(stock.valeur_ht / stock.unites) if stock.unites else None


def valeur_de_sortie(stock: Stock, unites: int) -> Decimal:
    """What `unites` pieces going out are worth (€, 2 places): their share of the value, the rest staying exact.

    Raises ValueError for no piece at all, StockInsuffisant for more than there are.
    """
    if unites < 1:
        raise ValueError(f"sortie impossible : {unites}")
    if unites > stock.unites:
        raise StockInsuffisant(
            f"Il reste {accorde(stock.unites, 'unité')} au dépôt\u00a0: "
            f"impossible d’en sortir {accorde(unites, 'unité')}."
        )
    return repartir(stock.valeur_ht, [unites, stock.unites - unites])[0]


def valeur_du_mouvement(stock: Stock, unites: int, valeur_ht: Decimal | None) -> Decimal:
    """The signed value (€) of a movement: what was paid for a way in, the share of the value for a way out.

    A way in whose cost is not given (a piece found at the count) takes the average cost of those already there.
    Raises ValueError for no piece or a negative cost, CoutInconnu for a way in without a cost when nothing is there
    to tell it, StockInsuffisant for more than there are.
    """
    if unites < 0:
        return -valeur_de_sortie(stock, -unites)
    if unites == 0 or (valeur_ht is not None and valeur_ht < 0):
        raise ValueError(f"mouvement impossible : {unites} unités, {valeur_ht} €")
    if valeur_ht is not None:
        return valeur_ht
    if stock.unites == 0:
        raise CoutInconnu("il n’en reste aucun au dépôt\u00a0: indiquez ce que coûtent ceux qui entrent.")
    return arrondir(stock.valeur_ht * unites / stock.unites)


def apres(stock: Stock, unites: int, valeur_ht: Decimal) -> Stock:
    """The stock once a movement of `unites` (±) worth `valeur_ht` (same sign) has passed."""
    return Stock(stock.unites + unites, stock.valeur_ht + valeur_ht)


def cumuler(mouvements: Iterable[tuple[int, Decimal]]) -> list[Stock]:
    """The stock after each movement, in their order: what the history of an article shows."""
    suivi, stock = [], Stock()
    for unites, valeur_ht in mouvements:
        stock = apres(stock, unites, valeur_ht)
        suivi.append(stock)
    return suivi
