"""What a regroupement starts from: lots, articles with their prices, the members' lines in rank order.

Quantities are pieces; amounts and unit prices are € HT. `Demande` is a NamedTuple, not a dataclass: a campagne may
hold a million of them, and they are made straight from database rows (`Demande._make(row)`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from groupement.catalogue.rules.prix import Palier


class Demande(NamedTuple):
    """One line of a member's order: `unites` firm, plus up to `unites_acceptees_en_plus` to complete a pack.

    `rang` orders the lines: who asked first is served first. `mode` is `livraison` or `depot`.
    """

    ligne_id: int
    collectivite_id: int
    siren: str
    article_id: int
    unites: int
    unites_acceptees_en_plus: int
    mode: str
    rang: int


TVA_DU_PORT_PCT = Decimal(20)


@dataclass(frozen=True, slots=True)
class ArticleARegrouper:
    """An article with its price tiers at the date (none: it cannot be bought) and what the depot holds of it.

    `cout_unitaire_ht` is the weighted average cost of that stock (€ a piece, any number of decimals).
    """

    article_id: int
    reference: str
    lot: int
    unites_par_colis: int
    tva_pct: Decimal
    paliers: tuple[Palier, ...]
    stock_disponible: int = 0
    cout_unitaire_ht: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LotARegrouper:
    """A lot and its conditions: ceiling, what the bons already engage, minimum order, shipping and its franco.

    Shipping `port_ht` is charged below `franco_ht` (None: no franco, no shipping), at `tva_port_pct`, the lot's main
    rate. `unites_deja_achetees`: pieces by article id that count for the tiers (empty when tiers run by bon).
    """

    lot: int
    plafond_ht: Decimal
    deja_engage_ht: Decimal = Decimal(0)
    minimum_commande_ht: Decimal = Decimal(0)
    franco_ht: Decimal | None = None
    port_ht: Decimal = Decimal(0)
    tva_port_pct: Decimal = TVA_DU_PORT_PCT
    unites_deja_achetees: Mapping[int, int] = field(default_factory=dict)
