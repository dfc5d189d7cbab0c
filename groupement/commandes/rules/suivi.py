"""Where an open campagne stands: what each article would cost if it ended now, how far the next price is.

Amounts in € HT, quantities in pieces. Committed and submitted orders count, as in what members are shown; drafts are
told apart and count for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.paliers import ExplicationPalier, expliquer_palier
from groupement.socle.argent import montant_ligne

ZERO = Decimal("0.00")


class BonsSuivis(NamedTuple):
    """The pieces of an article committed and submitted on one bon of a lot, and how many bons ask for just as many."""

    validees: int
    soumises: int
    bons: int


@dataclass(frozen=True, slots=True)
class DemandeArticle:
    """An article of the marché and the pieces asked of it, by state of the orders; what counts besides for its tier.

    `par_bon`: where the bon of each delivery place reaches its own tiers, these pieces bon by bon; None elsewhere.
    """

    article_id: int
    lot: int
    reference: str
    designation: str
    unites_par_colis: int
    paliers: tuple[Palier, ...]
    validees: int = 0
    soumises: int = 0
    brouillons: int = 0
    deja_achetees: int = 0
    par_bon: tuple[BonsSuivis, ...] | None = None

    @property
    def demandees(self) -> int:
        """What would be bought if every submitted order were committed."""
        return self.validees + self.soumises


@dataclass(frozen=True, slots=True)
class SuiviArticle:
    """An article with its price today; no explanation when nobody asks for it, when it has none, or one a bon.

    `gain_suivant_ht`: what the pieces already asked would cost less at the next tier's price.
    """

    demande: DemandeArticle
    explication: ExplicationPalier | None
    montant_ht: Decimal
    montant_valide_ht: Decimal
    gain_suivant_ht: Decimal

    @property
    def manquantes(self) -> int:
        """Pieces to the next tier, 0 when there is none."""
        suivant = self.explication.suivant if self.explication else None
        return suivant.a_partir_de - self.explication.unites_comptees if self.explication and suivant else 0


@dataclass(frozen=True, slots=True)
class SuiviLot:
    """The articles of a lot summed up: committed, awaiting a commitment, both."""

    lot: int
    articles: int
    montant_valide_ht: Decimal
    montant_ht: Decimal

    @property
    def montant_soumis_ht(self) -> Decimal:
        """What submitted orders add; may be negative, when they make everybody reach a better price."""
        return self.montant_ht - self.montant_valide_ht


def suivre_article(demande: DemandeArticle) -> SuiviArticle:
    """The article at the price the groupement reaches today, in whole packs, or each of its bons."""
    if demande.par_bon is not None:
        return _suivre_bon_par_bon(demande, demande.par_bon)
    toutes, validees = _expliquer(demande, demande.demandees), _expliquer(demande, demande.validees)
    gain = ZERO
    if toutes and toutes.suivant:
        payees = colis_necessaires(demande.demandees, demande.unites_par_colis) * demande.unites_par_colis
        gain = toutes.montant_ht - montant_ligne(payees, toutes.suivant.prix_unitaire_ht)
    return SuiviArticle(
        demande,
        toutes,
        toutes.montant_ht if toutes else ZERO,
        validees.montant_ht if validees else ZERO,
        gain,
    )


def _suivre_bon_par_bon(demande: DemandeArticle, bons: Iterable[BonsSuivis]) -> SuiviArticle:
    """The article at the price each bon reaches: no tier they would reach together is announced."""
    montant = valide = ZERO
    for bon in bons:
        seul = suivre_article(replace(demande, validees=bon.validees, soumises=bon.soumises, par_bon=None))
        montant += bon.bons * seul.montant_ht
        valide += bon.bons * seul.montant_valide_ht
    return SuiviArticle(demande, None, montant, valide, ZERO)


def _expliquer(demande: DemandeArticle, unites: int) -> ExplicationPalier | None:
    """The price of that many pieces, in whole packs."""
    if not unites or not demande.paliers:
        return None
    achetees = colis_necessaires(unites, demande.unites_par_colis) * demande.unites_par_colis
    return expliquer_palier(demande.paliers, demande.unites_par_colis, achetees, deja_achetees=demande.deja_achetees)


def suivre_les_lots(suivis: Iterable[SuiviArticle], lots: Sequence[int]) -> dict[int, SuiviLot]:
    """One summary per lot number of `lots`, zeros for a lot nobody orders from."""
    par_lot: dict[int, list[SuiviArticle]] = {lot: [] for lot in lots}
    for suivi in suivis:
        if suivi.demande.demandees:
            par_lot[suivi.demande.lot].append(suivi)
    return {
        lot: SuiviLot(
            lot,
            len(du_lot),
            sum((s.montant_valide_ht for s in du_lot), ZERO),
            sum((s.montant_ht for s in du_lot), ZERO),
        )
        for lot, du_lot in par_lot.items()
    }


def par_gain(suivis: Iterable[SuiviArticle]) -> list[SuiviArticle]:
    """The articles asked for that have a next tier: first those whose next price would spare most, then the nearest."""
    atteignables = [s for s in suivis if s.manquantes]
    return sorted(atteignables, key=lambda s: (-s.gain_suivant_ht, s.manquantes, s.demande.reference))
