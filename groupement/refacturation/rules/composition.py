"""From what is billable to the factures of a run: the lines of each member, its totals, what the paper prints.

Quantities are pieces, amounts € in whole centimes. A member whose lines sum to nothing gets no facture.
Sources: design.md §4.5, rules.md §3.2 and §3.3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groupement.refacturation.rules.partage import AFacturer, BasesMembre, PartageTva, partager_tva
from groupement.refacturation.rules.tva import TotauxDocument
from groupement.socle.argent import bases_par_taux, en_centimes, repartir

ZERO = Decimal("0.00")
STOCK = "Stock du dépôt"  # in the place of a bon, for what the depot served
AVEC_TVA = "A"  # the only mode whose papers show VAT


@dataclass(frozen=True, slots=True)
class LigneDue:
    """One line of a facture to come: goods (an affectation), shipping (a share of the port of a bon) or a service.

    `montant_ht` is net of `refaction_ht`; `calcul` keeps the figures the amount was found from, as text. A service is
    counted in `quantite`, hundredths of its unit; the rest in `unites`.
    """

    affectation_id: int | None
    part_de_port_id: int | None
    bon: str
    reference: str
    designation: str
    unite: str
    unites: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal
    montant_ht: Decimal
    refaction_ht: Decimal = ZERO
    calcul: Mapping[str, str] | None = None
    prestation_id: int | None = None
    quantite: Decimal | None = None

    @property
    def brut_ht(self) -> Decimal:
        """The amount before the réfaction."""
        return self.montant_ht + self.refaction_ht


@dataclass(frozen=True, slots=True)
class CompteMembre:
    """What one member is billed in a run; `commande`: the urgent order billed by itself."""

    membre: int
    lignes: tuple[LigneDue, ...]
    totaux: TotauxDocument
    commande: int | None = None


def est_facturable(due: AFacturer) -> bool:
    """Pieces to bill, for an amount that is not below zero.

    The rest (a réfaction decided after its pieces were billed) is the business of an avoir.
    """
    return due.unites > 0 and due.montant_ht >= 0


def composer(
    mode: str, lignes_par_membre: Mapping[int, Sequence[LigneDue]]
) -> tuple[tuple[CompteMembre, ...], PartageTva]:
    """The factures of a run, in the order the members come in, and how VAT was passed on."""
    retenues = {
        membre: tuple(lignes)
        for membre, lignes in lignes_par_membre.items()
        if sum((ligne.montant_ht for ligne in lignes), ZERO) > 0
    }
    bases = [
        BasesMembre(membre, bases_par_taux((ligne.montant_ht, ligne.tva_pct) for ligne in lignes))
        for membre, lignes in retenues.items()
    ]
    partage = partager_tva(mode, bases)
    comptes = tuple(
        CompteMembre(membre, lignes, totaux)
        for (membre, lignes), totaux in zip(retenues.items(), partage.membres, strict=True)
    )
    return comptes, partage


def lignes_imprimees(mode: str, lignes: Sequence[LigneDue], totaux: TotauxDocument) -> list[dict[str, Any]]:
    """The lines as the paper prints them: HT with their rate in mode A, at their whole cost in modes B and C.

    In mode A a réfaction is a negative line of its own; in B and C the VAT of each rate is shared over its lines by
    largest remainder, so that they sum to what is owed.
    """
    if mode == AVEC_TVA:
        return [imprimee for ligne in lignes for imprimee in _avec_tva(ligne)]
    parts = parts_de_tva([(ligne.montant_ht, ligne.tva_pct) for ligne in lignes], totaux)
    return [_sans_tva(ligne, tva) for ligne, tva in zip(lignes, parts, strict=True)]


def parts_de_tva(lignes: Sequence[tuple[Decimal, Decimal]], totaux: TotauxDocument) -> list[Decimal]:
    """The VAT of a document shared over its (amount HT, rate) lines, rate by rate; the parts sum to it exactly."""
    parts = [ZERO] * len(lignes)
    for tva in totaux.tva:
        rangs = [rang for rang, (_, taux) in enumerate(lignes) if taux == tva.taux_pct]
        poids = [en_centimes(lignes[rang][0]) for rang in rangs]
        if tva.montant and any(poids):
            for rang, part in zip(rangs, repartir(tva.montant, poids), strict=True):
                parts[rang] = part
    return parts


def _commun(ligne: LigneDue) -> dict[str, Any]:
    """What a printed line says in every mode; `quantite` is there for a service only."""
    service = {"quantite": str(ligne.quantite)} if ligne.quantite is not None else {}
    return {
        **service,
        "reference": ligne.reference,
        "designation": ligne.designation,
        "unite": ligne.unite,
        "unites": ligne.unites if ligne.quantite is None else None,
        "prix_unitaire_ht": str(ligne.prix_unitaire_ht),
        "bon": ligne.bon,
        "calcul": dict(ligne.calcul or {}),
    }


def _avec_tva(ligne: LigneDue) -> Iterable[dict[str, Any]]:
    """The line at its amount HT, and its réfaction if any."""
    yield {**_commun(ligne), "montant": str(ligne.brut_ht), "tva_pct": str(ligne.tva_pct)}
    if ligne.refaction_ht:
        yield {
            "reference": ligne.reference,
            "designation": "Réfaction décidée à la réception",
            "unite": "",
            "unites": None,
            "prix_unitaire_ht": None,
            "bon": ligne.bon,
            "calcul": {},
            "montant": str(-ligne.refaction_ht),
            "tva_pct": str(ligne.tva_pct),
        }


def _sans_tva(ligne: LigneDue, tva: Decimal) -> dict[str, Any]:
    """The line at what it costs in all; no unit price HT beside an amount that holds the tax."""
    calcul = dict(ligne.calcul or {}) | {"montant_ht": str(ligne.montant_ht), "tva": str(tva)}
    if ligne.refaction_ht:
        calcul["refaction_ht"] = str(ligne.refaction_ht)
    cout = ligne.montant_ht + tva
    return {**_commun(ligne), "prix_unitaire_ht": None, "calcul": calcul, "montant": str(cout), "tva_pct": None}
