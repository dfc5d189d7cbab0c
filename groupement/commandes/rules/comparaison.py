"""What a decision of the buyer costs or spares: two results of a regroupement side by side. Amounts in € HT."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.bons import Refus, ResultatRegroupement

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Bilan:
    """The totals of a result: bons, what members and depot pay of them, what is bought, who is served."""

    bons: int
    total_ht: Decimal
    membres_ht: Decimal
    depot_ht: Decimal
    stock_ht: Decimal
    unites_achetees: int
    collectivites: int


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Before and after; `nouveaux_refus`: what can no longer be ordered because of it."""

    avant: Bilan
    apres: Bilan
    nouveaux_refus: tuple[Refus, ...]

    @property
    def economie_ht(self) -> Decimal:
        """What the bons cost less (negative: more)."""
        return self.avant.total_ht - self.apres.total_ht

    @property
    def economie_des_membres_ht(self) -> Decimal:
        """What the members pay less, shipping and stock included (negative: more)."""
        avant, apres = (bilan.membres_ht + bilan.stock_ht for bilan in (self.avant, self.apres))
        return avant - apres


def bilan(resultat: ResultatRegroupement) -> Bilan:
    """The totals of a result, from its proofs."""
    return Bilan(
        bons=sum(bon.est_a_emettre for bon in resultat.bons),
        total_ht=_somme(resultat, lambda preuve: preuve.total_ht),
        membres_ht=_somme(resultat, lambda preuve: preuve.montant_membres_ht + preuve.port_membres_ht),
        depot_ht=_somme(resultat, lambda preuve: preuve.montant_depot_ht),
        stock_ht=_somme(resultat, lambda preuve: preuve.montant_stock_ht),
        unites_achetees=sum(preuve.unites_achetees for preuve in resultat.preuves),
        collectivites=len({affectation.collectivite_id for affectation in resultat.affectations}),
    )


def _somme(resultat: ResultatRegroupement, montant: Callable[..., Decimal]) -> Decimal:
    """The sum of an amount of the proofs."""
    return sum((montant(preuve) for preuve in resultat.preuves), ZERO)


def comparer(avant: ResultatRegroupement, apres: ResultatRegroupement) -> Comparaison:
    """Two results of the same orders."""
    connus = {refus.cle for refus in avant.refus}
    nouveaux = tuple(refus for refus in apres.refus if refus.cle not in connus)
    return Comparaison(bilan(avant), bilan(apres), nouveaux)
