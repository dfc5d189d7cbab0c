"""Less than a pack: for `fractionnable` articles, and for orders fetched at the depot, which opens the pack.

Quantities are pieces, amounts € HT. Why: docs/decisions/0009-unites-et-colis.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.commandes.states import ModeDeRemise
from groupement.socle.nombres import accorde, entier_fr, euros_fr


@dataclass(frozen=True, slots=True)
class LigneEnFraction:
    """A line only the depot can serve: not in whole packs, or ready for extra pieces of a pack it could not share.

    Delivered, its `unites` become `arrondie`, for `difference_ht` more, and no extra piece is accepted.
    """

    ligne_id: int
    reference: str
    designation: str
    unites: int
    arrondie: int
    difference_ht: Decimal = Decimal("0.00")

    def phrase(self) -> str:
        """« BTE-10, Boîte… : 30 unités deviennent 50, soit 12,00 € HT de plus »."""
        debut = f"{self.reference}, {self.designation}\u00a0: "
        if self.unites == self.arrondie:
            return f"{debut}{accorde(self.unites, 'unité')}, sans unité acceptée en plus"
        verbe = "devient" if self.unites == 1 else "deviennent"
        return f"{debut}{accorde(self.unites, 'unité')} {verbe} {entier_fr(self.arrondie)}, {ecart(self.difference_ht)}"


def se_partage(fractionnable: bool, mode: ModeDeRemise) -> bool:
    """Whether a member may order less than a pack: the article allows it, or the depot opens the pack for it."""
    return fractionnable or mode is ModeDeRemise.DEPOT


def quantite_commandable(unites: int, unites_par_colis: int, *, fractionnable: bool) -> int:
    """The smallest quantity not below `unites` that may be ordered."""
    return unites if fractionnable else colis_necessaires(unites, unites_par_colis) * unites_par_colis


def ne_se_livre_pas(unites: int, en_plus: int, unites_par_colis: int, *, fractionnable: bool) -> bool:
    """Whether a line of an order fetched at the depot could not be delivered as it is."""
    return not fractionnable and (unites % unites_par_colis != 0 or en_plus > 0)


def ecart(difference_ht: Decimal) -> str:
    """« soit 12,00 € HT de plus »: rounding up may also cost less, when it reaches a lower price."""
    if not difference_ht:
        return "sans rien changer au prix"
    return f"soit {euros_fr(abs(difference_ht))} HT de {'plus' if difference_ht > 0 else 'moins'}"


def refus_de_livrer(references: Collection[str]) -> str:
    """Why an order holding these lines cannot be delivered."""
    *debut, fin = references
    noms = f"{', '.join(debut)} et {fin}" if debut else fin
    return (
        f"Un colis ne s’ouvre qu’au dépôt\u00a0: en livraison, {noms} se {'commandent' if debut else 'commande'} par "
        "colis entiers. Arrondissez, ou gardez le retrait au dépôt."
    )


def total_des_ecarts(fractions: Iterable[LigneEnFraction]) -> Decimal:
    """What rounding every line up changes to the order (€ HT)."""
    return sum((ligne.difference_ht for ligne in fractions), Decimal("0.00"))
