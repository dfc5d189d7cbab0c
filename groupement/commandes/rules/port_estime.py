"""What shipping would cost a body if the campagne ended today: below the franco, or always where there is none.

Amounts € HT. An estimate, like the prices it rests on: it is due on the quantity the groupement really buys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.estimation import Compte
from groupement.commandes.rules.paliers import expliquer_palier
from groupement.commandes.rules.port import port_du
from groupement.socle.argent import arrondir, montant_ligne
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")
QUI = {
    Compte.GROUPEMENT: "tout le groupement",
    Compte.LIEU: "votre commande",
    Compte.DEPOT: "ce qui se retire au dépôt",
}


@dataclass(frozen=True, slots=True)
class MontantsDuLot:
    """What the bon of a lot would come to in whole packs, and what the members' pieces make of it (€ HT)."""

    achetes_ht: Decimal = ZERO
    membres_ht: Decimal = ZERO

    def __add__(self, autre: "MontantsDuLot") -> "MontantsDuLot":
        """Those of several articles."""
        return MontantsDuLot(self.achetes_ht + autre.achetes_ht, self.membres_ht + autre.membres_ht)


@dataclass(frozen=True, slots=True)
class PortEstime:
    """The shipping of a lot: `marchandises_ht` is what its bon would come to, `part_ht` what the body would pay of it.

    `bon`: whose pieces are on the bon it is due on, which is one of a place where the lot has one bon per place.
    `repreneur`: the titulaire whose terms these are, where one before it has declined.
    """

    lot: int
    intitule: str
    port_ht: Decimal
    franco_ht: Decimal | None  # None: always due
    marchandises_ht: Decimal
    part_ht: Decimal
    bon: Compte = Compte.GROUPEMENT
    repreneur: str = ""

    @property
    def manque_ht(self) -> Decimal:
        """What is missing to the franco; nil once it is reached, or when there is none."""
        return ZERO if self.franco_ht is None else max(self.franco_ht - self.marchandises_ht, ZERO)

    def phrase(self) -> str:
        """What the basket says of it, and whose terms they are when they are not those members knew."""
        qui = f" Ce sont les conditions de {self.repreneur}, qui prend les bons du lot." if self.repreneur else ""
        return self._phrase() + qui

    def _phrase(self) -> str:
        """How much, for whom, and how far it is from being free."""
        qui, seuls = QUI[self.bon], self.bon is Compte.LIEU
        partage = ", pour vous seuls" if seuls else f" à partager, environ {euros_fr(self.part_ht)} pour vous"
        if self.franco_ht is None:
            return f"{euros_fr(self.port_ht)} HT quelle que soit la commande{partage}."
        if not self.manque_ht:
            return f"offert\u00a0: {qui} atteint {euros_fr(self.franco_ht)} HT ({euros_fr(self.marchandises_ht)})."
        return (
            f"il manque {euros_fr(self.manque_ht)} HT à {qui} pour qu’il soit offert (à partir de "
            f"{euros_fr(self.franco_ht)}). Aujourd’hui, ce serait {euros_fr(self.port_ht)} HT{partage}."
        )


def en_colis(unites: int, unites_par_colis: int) -> int:
    """The pieces bought for that many asked, in whole packs."""
    return colis_necessaires(unites, unites_par_colis) * unites_par_colis


def montants_de_l_article(
    paliers: Sequence[Palier], unites_par_colis: int, unites: int, deja_achetees: int = 0
) -> MontantsDuLot:
    """What `unites` pieces asked of an article make of a bon, at the tier they reach with those bought before.

    Nothing without a price: the regroupement leaves it out.
    """
    if not paliers or not unites:
        return MontantsDuLot()
    achetees = en_colis(unites, unites_par_colis)
    achat = expliquer_palier(paliers, unites_par_colis, achetees, deja_achetees=deja_achetees)
    return MontantsDuLot(achat.montant_ht, montant_ligne(unites, achat.prix_unitaire_ht))


def part_du_port(port_ht: Decimal, franco_ht: Decimal | None, montants: MontantsDuLot, *, mien_ht: Decimal) -> Decimal:
    """What a body would pay of a shipping: its part, `mien_ht`, of what the members order.

    Nil once what the bon comes to reaches the franco, or while the body orders nothing.
    """
    if not mien_ht:
        return ZERO
    return arrondir(port_du(port_ht, franco_ht, montants.achetes_ht) * mien_ht / montants.membres_ht)
