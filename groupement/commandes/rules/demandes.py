"""What a regroupement starts from: lots, articles with their prices, the members' lines in rank order.

Quantities are pieces; amounts and unit prices are € HT. `Demande` is a NamedTuple, not a dataclass: a campagne may
hold a million of them, and they are made straight from database rows (`Demande._make(row)`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier

DEPOT = 0  # the place of what members collect, and of the surplus; the others are known by their id


class Demande(NamedTuple):
    """One line of a member's order: `unites` firm, plus up to `unites_acceptees_en_plus` to complete a pack.

    `rang` orders the lines: who asked first is served first. `lieu`: the delivery place it goes to, or `DEPOT`.
    """

    ligne_id: int
    collectivite_id: int
    siren: str
    article_id: int
    unites: int
    unites_acceptees_en_plus: int
    lieu: int
    rang: int


TVA_DU_PORT_PCT = Decimal(20)


@dataclass(frozen=True, slots=True)
class ArticleARegrouper:
    """An article with its price tiers at the date (none: it cannot be bought) and what the depot holds of it.

    `cout_unitaire_ht` is the weighted average cost of that stock (€ a piece, any number of decimals).
    What the buyer wants beyond the demand: `palier_vise`, a quantity that counts for the tier; `colis_en_plus`.
    `sans_prix`: why the titulaire its bons go to has no price for it, where there is more to say.
    """

    article_id: int
    reference: str
    lot: int
    unites_par_colis: int
    tva_pct: Decimal
    paliers: tuple[Palier, ...]
    stock_disponible: int = 0
    cout_unitaire_ht: Decimal = Decimal(0)
    palier_vise: int = 0
    colis_en_plus: int = 0
    sans_prix: str = ""

    def unites_a_acheter(self, reste: int, deja_achetees: int) -> int:
        """Pieces to buy, in whole packs, for a demand of `reste` and what the buyer wants beyond it.

        Nothing when nothing is left to buy: what is wanted in addition only completes a purchase.
        """
        if not reste:
            return 0
        vises = max(self.palier_vise - deja_achetees, 0) if self.palier_vise else 0
        colis = colis_necessaires(max(reste, vises), self.unites_par_colis)
        return (colis + self.colis_en_plus) * self.unites_par_colis


@dataclass(frozen=True, slots=True)
class LotARegrouper:
    """A lot and its conditions: ceiling, what the bons already engage, minimum order, shipping and its franco.

    Shipping `port_ht` is charged below `franco_ht` (None: always), at `tva_port_pct`, the lot's main
    rate. `unites_deja_achetees`: pieces by article id that count for the tiers (empty when tiers run by bon).
    `un_bon_par_lieu`: one bon per delivery place, the depot being one; minimum, franco and shipping are each bon's,
    the ceiling is theirs together, and a tier is reached by one bon (`palier_par_bon`) or by all of them.
    """

    lot: int
    plafond_ht: Decimal
    deja_engage_ht: Decimal = Decimal(0)
    minimum_commande_ht: Decimal = Decimal(0)
    franco_ht: Decimal | None = None
    port_ht: Decimal = Decimal(0)
    tva_port_pct: Decimal = TVA_DU_PORT_PCT
    unites_deja_achetees: Mapping[int, int] = field(default_factory=dict)
    un_bon_par_lieu: bool = False
    palier_par_bon: bool = False
