"""What each member owes: what of an affectation can be billed now, and how VAT is passed on in modes A, B and C.

Quantities are pieces, amounts € in whole centimes. Nothing is billed before admission, nothing twice, and an
affectation admitted in several times is billed to the centime of its share of the bon. Sources: design.md §4.5,
rules.md §3.2 and §3.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.refacturation.rules.tva import TotauxDocument, totaux_avec_tva
from groupement.socle.argent import bases_par_taux, en_centimes, part_cumulee, repartir, tva_par_taux

ZERO = Decimal("0.00")
MODES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class AffectationAFacturer:
    """An affectation seen from re-billing: `unites` ordered for `montant_ht`, `unites_admises` so far.

    `montant_facture_ht` is what was billed before, réfactions taken off; `refaction_ht` the réfactions decided so far,
    `refaction_facturee_ht` those already taken off.
    """

    unites: int
    montant_ht: Decimal
    unites_admises: int
    unites_facturees: int = 0
    montant_facture_ht: Decimal = ZERO
    refaction_ht: Decimal = ZERO
    refaction_facturee_ht: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class AFacturer:
    """What a facture says now of an affectation: `montant_ht` = `brut_ht` − `refaction_ht`.

    A negative `montant_ht` (a réfaction decided after its pieces were billed) is for an avoir.
    """

    unites: int
    brut_ht: Decimal
    refaction_ht: Decimal
    montant_ht: Decimal

    @property
    def est_vide(self) -> bool:
        """Whether there is nothing to bill or to take off."""
        return self.unites == 0 and self.montant_ht == 0 and self.refaction_ht == 0


@dataclass(frozen=True, slots=True)
class BasesMembre:
    """What a member is billed before tax: base HT (€) by VAT rate (%)."""

    membre: int
    bases: Mapping[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class PartageTva:
    """VAT passed on: the totals of each member, aligned on the bases given, and the proof.

    `ecart` = Σ members − supplier: always 0 in modes B and C, to be logged in mode A.
    """

    membres: tuple[TotauxDocument, ...]
    tva_fournisseur: Decimal
    tva_membres: Decimal

    @property
    def ecart(self) -> Decimal:
        """Σ members − supplier, in €."""
        return self.tva_membres - self.tva_fournisseur


def cumul_facturable(montant_ht: Decimal, unites: int, unites_admises: int) -> Decimal:
    """What `unites_admises` of `unites` pieces ordered for `montant_ht` (€) are worth in all: round_half_up(M × a / u).

    The same parts as those at which the depot's own pieces enter the stock: `socle.argent.part_cumulee`.
    Raises ValueError when more is admitted than ordered, or nothing was ordered.
    """
    return part_cumulee(montant_ht, unites_admises, unites)


def a_facturer(affectation: AffectationAFacturer) -> AFacturer:
    """What can be billed now: the cumulated worth of what is admitted, less what was billed, less new réfactions.

    Since it is a difference of cumulated amounts, the factures of an affectation sum to its share of the bon exactly
    once all is admitted. Raises ValueError when the figures cannot be (billed beyond admitted, réfaction beyond worth).
    """
    cumul = cumul_facturable(affectation.montant_ht, affectation.unites, affectation.unites_admises)
    if not 0 <= affectation.unites_facturees <= affectation.unites_admises:
        raise ValueError(f"déjà facturé au delà de l’admis : {affectation}")
    if not 0 <= affectation.refaction_facturee_ht <= affectation.refaction_ht <= cumul:
        raise ValueError(f"réfaction impossible : {affectation}")
    brut = cumul - (affectation.montant_facture_ht + affectation.refaction_facturee_ht)
    refaction = affectation.refaction_ht - affectation.refaction_facturee_ht
    return AFacturer(
        unites=affectation.unites_admises - affectation.unites_facturees,
        brut_ht=brut,
        refaction_ht=refaction,
        montant_ht=brut - refaction,
    )


def partager_tva(
    mode: str, membres: Sequence[BasesMembre], tva_fournisseur: Mapping[Decimal, Decimal] | None = None
) -> PartageTva:
    """Totals of each member in VAT mode `mode`, against what the supplier charges (€ by rate, %).

    A (purchase and resale): VAT once per rate on each member's base; the sum may differ from the supplier's.
    B (débours) and C (not a taxable person): the supplier's VAT is a cost, shared rate by rate by largest remainder on
    the bases, ties to the first listed, so that members pay exactly what the supplier is paid.
    Without `tva_fournisseur`, it is computed on the summed bases. Raises ValueError for an unknown mode, a negative
    base, or (B, C) when the supplier charges a rate that no member bears.
    """
    if mode not in MODES:
        raise ValueError(f"mode de TVA inconnu : {mode}")
    if any(base < 0 for membre in membres for base in membre.bases.values()):
        raise ValueError("base de TVA négative")
    cumul = bases_par_taux((base, taux) for membre in membres for taux, base in membre.bases.items())
    due = dict(tva_fournisseur) if tva_fournisseur is not None else _tva(cumul)
    parts = [_tva(membre.bases) for membre in membres] if mode == "A" else _parts_exactes(membres, cumul, due)
    totaux = tuple(totaux_avec_tva(dict(m.bases), part) for m, part in zip(membres, parts, strict=True))
    return PartageTva(totaux, sum(due.values(), ZERO), sum((total.total_tva for total in totaux), ZERO))


def _tva(bases: Mapping[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """VAT of each rate on its base."""
    return tva_par_taux((base, taux) for taux, base in bases.items())


def _parts_exactes(
    membres: Sequence[BasesMembre], cumul: Mapping[Decimal, Decimal], due: Mapping[Decimal, Decimal]
) -> list[dict[Decimal, Decimal]]:
    """The supplier's VAT shared over the members, rate by rate, each rate by the members' bases."""
    orphelins = [taux for taux, montant in due.items() if montant and not cumul.get(taux)]
    if orphelins:
        raise ValueError(f"TVA sans base chez les adhérents : taux {orphelins[0]} %")
    parts = [dict.fromkeys(membre.bases, ZERO) for membre in membres]
    for taux, montant in due.items():
        if montant:
            poids = [en_centimes(membre.bases.get(taux, ZERO)) for membre in membres]
            for part, tva in zip(parts, repartir(montant, poids), strict=True):
                if taux in part:
                    part[taux] = tva
    return parts
