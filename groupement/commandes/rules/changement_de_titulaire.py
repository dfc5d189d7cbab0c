"""What it costs that the next titulaire takes a lot over: each article, the shipping, the total, before and after.

Amounts in € HT, units are pieces. A price is None where there is none, or where several bons do not have the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.bons import BonRegroupe, CodeRefus, ResultatRegroupement

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LigneDeLot:
    """An article as one titulaire sells it: pieces bought, unit price, amount."""

    reference: str
    unites: int
    prix_unitaire_ht: Decimal | None
    montant_ht: Decimal


@dataclass(frozen=True, slots=True)
class OffreDeLot:
    """What a titulaire would be paid for a lot; `sans_prix`: the references it gives no price of."""

    lignes: Sequence[LigneDeLot]
    port_ht: Decimal
    sans_prix: tuple[str, ...] = ()

    @property
    def articles_ht(self) -> Decimal:
        """Its lines together."""
        return sum((ligne.montant_ht for ligne in self.lignes), ZERO)

    @property
    def total_ht(self) -> Decimal:
        """Shipping included."""
        return self.articles_ht + self.port_ht


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """An article at the one and at the other; None where one of them does not sell it."""

    reference: str
    avant: LigneDeLot | None
    apres: LigneDeLot | None

    @property
    def ecart_ht(self) -> Decimal | None:
        """What the next one costs more (negative: less); None when they do not both sell it."""
        return self.apres.montant_ht - self.avant.montant_ht if self.avant and self.apres else None


@dataclass(frozen=True, slots=True)
class ChangementDeTitulaire:
    """One offer against the other."""

    lignes: tuple[LigneComparee, ...]
    avant: OffreDeLot
    apres: OffreDeLot

    @property
    def ecart_ht(self) -> Decimal:
        """What the next one costs more in all; negative when it costs less."""
        return self.apres.total_ht - self.avant.total_ht

    @property
    def perdus(self) -> tuple[str, ...]:
        """The references that could no longer be ordered."""
        vendues = {ligne.reference for ligne in self.avant.lignes}
        return tuple(reference for reference in self.apres.sans_prix if reference in vendues)


def offre_du_lot(resultat: ResultatRegroupement, lot: int) -> OffreDeLot:
    """What the bons of a lot come to in a regroupement."""
    bons = [bon for bon in resultat.bons if bon.lot == lot]
    sans_prix = (r.reference or "" for r in resultat.refus if r.lot == lot and r.code is CodeRefus.SANS_PRIX)
    return OffreDeLot(_lignes(bons), sum((bon.port_ht for bon in bons), ZERO), tuple(sans_prix))


def comparer(avant: OffreDeLot, apres: OffreDeLot) -> ChangementDeTitulaire:
    """The two offers line by line: articles in the order of the first, then those only the second sells."""
    d_avant = {ligne.reference: ligne for ligne in avant.lignes}
    d_apres = {ligne.reference: ligne for ligne in apres.lignes}
    references = [*d_avant, *(reference for reference in d_apres if reference not in d_avant)]
    lignes = tuple(LigneComparee(cle, d_avant.get(cle), d_apres.get(cle)) for cle in references)
    return ChangementDeTitulaire(lignes, avant, apres)


def _lignes(bons: Iterable[BonRegroupe]) -> list[LigneDeLot]:
    """The articles bought, those of several bons together."""
    achats: dict[str, list[tuple[int, Decimal | None, Decimal]]] = {}
    for ligne in (ligne for bon in bons for ligne in bon.lignes_a_commander):
        achats.setdefault(ligne.reference, []).append((ligne.unites_achetees, ligne.prix_unitaire_ht, ligne.montant_ht))
    return [
        LigneDeLot(
            reference,
            sum(unites for unites, _, _ in lus),
            lus[0][1] if len({prix for _, prix, _ in lus}) == 1 else None,
            sum((montant for _, _, montant in lus), ZERO),
        )
        for reference, lus in achats.items()
    ]
