"""What a supplier's minimum order means for a basket, if the campagne ended today. Amounts € HT.

Below it the bon is not issued: the regroupement leaves out what it would have brought (`rules/totaux_du_bon`). A body
alone on its bon is told while it can still add something, or collect it at the depot with the others.
"""

from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.estimation import Compte
from groupement.socle.nombres import euros_fr


@dataclass(frozen=True, slots=True)
class MinimumEstime:
    """A lot whose bon would stay below the minimum order: `marchandises_ht` is what the bon would come to.

    `bon`: whose pieces are on it. `repreneur`: the titulaire whose terms these are, where one before it has declined.
    """

    lot: int
    minimum_ht: Decimal
    marchandises_ht: Decimal
    bon: Compte = Compte.GROUPEMENT
    repreneur: str = ""

    @property
    def manque_ht(self) -> Decimal:
        """What is missing to the minimum; more than nil."""
        return self.minimum_ht - self.marchandises_ht

    def phrase(self) -> str:
        """What the basket says of it: how far, what happens below, what the body can do."""
        qui = self.repreneur or "le fournisseur"
        seuil = f"{qui} n’accepte pas de bon de moins de {euros_fr(self.minimum_ht)} HT."
        if self.bon is Compte.LIEU:
            return (
                f"{seuil} Votre lieu a son propre bon, et il en est à {euros_fr(self.marchandises_ht)}\u00a0: il "
                f"manque {euros_fr(self.manque_ht)}. Sans cela, ces articles ne seront pas commandés. Ajoutez-en, ou "
                "choisissez le retrait au dépôt\u00a0: ils y rejoignent ceux des autres."
            )
        quoi = "à retirer au dépôt" if self.bon is Compte.DEPOT else "de tout le groupement"
        return (
            f"{seuil} Les commandes {quoi} en sont à {euros_fr(self.marchandises_ht)}\u00a0: il manque encore "
            f"{euros_fr(self.manque_ht)}. D’autres peuvent arriver\u00a0; si le minimum n’est pas atteint, ces "
            "articles ne seront pas commandés, et un courriel vous le dira."
        )


def minimum_estime(
    lot: int, minimum_ht: Decimal, marchandises_ht: Decimal, bon: Compte, repreneur: str = ""
) -> MinimumEstime | None:
    """What to say of the minimum of a lot; None when its bon reaches it."""
    if marchandises_ht >= minimum_ht:
        return None
    return MinimumEstime(lot, minimum_ht, marchandises_ht, bon, repreneur)
