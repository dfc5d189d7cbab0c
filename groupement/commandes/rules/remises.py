"""An urgent order handed over, whole or in part: what may be typed, what the body pays, what goes back to the stock.

Quantities are pieces, amounts € HT in whole centimes. The body pays the part of the line that was admitted, as any
delivery in part (`socle.argent.part_cumulee`); the rest is what the pieces go back for, so that nothing is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.states import MotifDEcart
from groupement.socle.argent import part_cumulee, tva_par_taux
from groupement.socle.nombres import accorde, entier_fr

RIEN_DE_REMIS = (
    "Rien n’est remis\u00a0: il n’y a pas de remise à enregistrer. Annulez plutôt ce dépannage, au bas de la "
    "page\u00a0: ses articles reviennent au stock, et la collectivité en reçoit la raison."
)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Remis:
    """What is typed of a line: pieces handed over; when some are missing, why, and a word more."""

    unites: int
    motif: MotifDEcart | None = None
    precision: str = ""


@dataclass(frozen=True, slots=True)
class LigneARemettre:
    """A line that left the stock: `unites` pieces for `montant_ht`, set aside for the body."""

    ligne_id: int
    article_id: int
    reference: str
    designation: str
    unites: int
    montant_ht: Decimal
    tva_pct: Decimal


@dataclass(frozen=True, slots=True)
class LigneRemise:
    """A line and what was handed over of it. `motif` is there when pieces are missing, and only then."""

    ligne: LigneARemettre
    remises: int
    motif: MotifDEcart | None = None
    precision: str = ""

    @property
    def manquantes(self) -> int:
        """Pieces not handed over."""
        return self.ligne.unites - self.remises

    @property
    def montant_ht(self) -> Decimal:
        """What the body pays of the line."""
        return part_cumulee(self.ligne.montant_ht, self.remises, self.ligne.unites)

    @property
    def rendu_ht(self) -> Decimal:
        """What the missing pieces go back to the stock for: all that the body does not pay."""
        return self.ligne.montant_ht - self.montant_ht


def refus_de_la_ligne(demandees: int, remis: Remis) -> str | None:
    """Why what is typed of a line of `demandees` pieces cannot be; None when it can. One sentence."""
    if remis.unites < 0:
        return "Indiquez combien sont remises, 0 s’il n’y en a aucune."
    if remis.unites > demandees:
        return (
            f"{accorde(demandees, 'unité engagée', 'unités engagées')}, vous en remettez {entier_fr(remis.unites)}"
            f"\u00a0: indiquez {entier_fr(demandees)} au plus."
        )
    if remis.unites < demandees and remis.motif is None:
        return f"Il en manque {entier_fr(demandees - remis.unites)}\u00a0: choisissez pourquoi."
    if remis.unites == demandees and remis.motif is not None:
        return "Tout est remis, mais une raison est choisie\u00a0: baissez le nombre, ou enlevez la raison."
    return None


def refus_par_ligne(lignes: Iterable[LigneARemettre], remis: Mapping[int, Remis]) -> dict[int, str]:
    """A sentence by line (its id) of what is typed wrong; a line nothing is said of is handed over whole."""
    refus = {}
    for ligne in lignes:
        if ligne.ligne_id in remis and (phrase := refus_de_la_ligne(ligne.unites, remis[ligne.ligne_id])):
            refus[ligne.ligne_id] = phrase
    return refus


def remettre(lignes: Iterable[LigneARemettre], remis: Mapping[int, Remis]) -> list[LigneRemise]:
    """What is handed over of each line, in their order; all of a line nothing is said of."""
    return [
        LigneRemise(ligne, typee.unites, typee.motif, typee.precision)
        for ligne in lignes
        for typee in [remis.get(ligne.ligne_id, Remis(ligne.unites))]
    ]


def est_vide(lignes: Iterable[LigneRemise]) -> bool:
    """Nothing at all is handed over."""
    return not any(ligne.remises for ligne in lignes)


def manquants(lignes: Iterable[LigneRemise]) -> list[LigneRemise]:
    """The lines handed over in part, or not at all."""
    return [ligne for ligne in lignes if ligne.manquantes]


def total_ht(lignes: Iterable[LigneRemise]) -> Decimal:
    """What the body pays."""
    return sum((ligne.montant_ht for ligne in lignes), ZERO)


def total_ttc(lignes: Sequence[LigneRemise]) -> Decimal:
    """With VAT, once a rate."""
    taxes = tva_par_taux((ligne.montant_ht, ligne.ligne.tva_pct) for ligne in lignes)
    return total_ht(lignes) + sum(taxes.values(), ZERO)


def resume(remis_a: str, lignes: Sequence[LigneRemise]) -> str:
    """What the journal keeps: who got it, and what is missing, line by line."""
    dits = [
        f"{entier_fr(ligne.remises)} sur {entier_fr(ligne.ligne.unites)} × {ligne.ligne.reference} "
        f"({ligne.motif.libelle(coordonnateur=True).lower()})"
        for ligne in manquants(lignes)
        if ligne.motif
    ]
    return "\u00a0; ".join([f"Remis à {remis_a}", *dits])[:500]
