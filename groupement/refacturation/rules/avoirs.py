"""What an avoir takes off a facture: units and amounts line by line, and their VAT. Amounts are positive, in €.

Crediting a line in several times telescopes like billing it did: all its units give back its whole amount, to the
centime; so does its VAT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.prestations.rules.tarifs import quantite_en_mots
from groupement.refacturation.rules.partage import cumul_facturable
from groupement.refacturation.rules.tva import TotauxDocument, totaux_avec_tva
from groupement.socle.argent import arrondir, bases_par_taux
from groupement.socle.nombres import entier_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LigneCreditable:
    """A line of a facture and what earlier avoirs took off it. `montant_ht` is net of `refaction_ht`.

    `refaction_en_attente_ht`: réfactions decided since, that no facture could take off.
    """

    ligne_id: int
    designation: str
    unites: int
    montant_ht: Decimal
    refaction_ht: Decimal
    tva_pct: Decimal
    unites_creditees: int = 0
    montant_credite_ht: Decimal = ZERO
    refaction_en_attente_ht: Decimal = ZERO
    quantite: Decimal | None = None  # of a service, which has no units: it is credited by amounts
    unite: str = ""

    @property
    def est_prestation(self) -> bool:
        """A service, not goods."""
        return self.quantite is not None

    @property
    def combien(self) -> str:
        """How much was billed, as people say it: « 120 », « 3,5 jours »."""
        return entier_fr(self.unites) if self.quantite is None else quantite_en_mots(self.quantite, self.unite)

    @property
    def unites_restantes(self) -> int:
        """Units that can still be credited."""
        return self.unites - self.unites_creditees

    @property
    def reste_ht(self) -> Decimal:
        """Amount that can still be credited."""
        return self.montant_ht - self.montant_credite_ht


class CreditPartiel(ValueError):
    """A service goes back to be billed whole, or not at all."""

    def __init__(self, ligne: LigneCreditable) -> None:
        """Keep the line."""
        super().__init__(f"crédit partiel à refacturer : {ligne.designation}")
        self.ligne = ligne


@dataclass(frozen=True, slots=True)
class Credit:
    """What an avoir takes off one line. `refaction_ht`: the change in réfactions already taken off (`LigneAvoir`)."""

    ligne: LigneCreditable
    unites: int
    montant_ht: Decimal
    refaction_ht: Decimal
    a_refacturer: bool


def crediter_unites(ligne: LigneCreditable, unites: int, *, a_refacturer: bool) -> Credit:
    """Take `unites` off the line: the share of its amount, less what rounding or an amount credited before took.

    Raises ValueError when the line has fewer left, or none is asked.
    """
    if not 1 <= unites <= ligne.unites_restantes:
        raise ValueError(f"crédit impossible : {unites} sur {ligne.unites_restantes}")
    total = ligne.unites_creditees + unites
    montant = _tranche(ligne.montant_ht, ligne.unites, ligne.unites_creditees, total)
    montant = ligne.reste_ht if total == ligne.unites else min(montant, ligne.reste_ht)
    rendue = _tranche(ligne.refaction_ht, ligne.unites, ligne.unites_creditees, total) if a_refacturer else ZERO
    return Credit(ligne, unites, montant, -rendue, a_refacturer)


def crediter_montant(ligne: LigneCreditable, montant_ht: Decimal) -> Credit:
    """Take an amount off the line without its units: a price corrected, a réfaction decided after the facture.

    As far as a réfaction waits, the amount settles it. Raises ValueError when the line has less left.
    """
    if not ZERO < montant_ht <= ligne.reste_ht:
        raise ValueError(f"crédit impossible : {montant_ht} sur {ligne.reste_ht}")
    return Credit(ligne, 0, montant_ht, min(montant_ht, ligne.refaction_en_attente_ht), a_refacturer=False)


def crediter_prestation(ligne: LigneCreditable, montant_ht: Decimal, *, a_refacturer: bool) -> Credit:
    """Take an amount off a service. To be billed again, it must be its whole amount, in one go.

    Raises CreditPartiel otherwise, ValueError when the line has less left.
    """
    if not ZERO < montant_ht <= ligne.reste_ht:
        raise ValueError(f"crédit impossible : {montant_ht} sur {ligne.reste_ht}")
    if a_refacturer and montant_ht != ligne.montant_ht:
        raise CreditPartiel(ligne)
    return Credit(ligne, 0, montant_ht, ZERO, a_refacturer)


def tout_crediter(lignes: Iterable[LigneCreditable], *, a_refacturer: bool) -> list[Credit]:
    """All that is left of every line. Raises CreditPartiel, see `crediter_prestation`."""
    credits = []
    for ligne in lignes:
        if ligne.est_prestation and ligne.reste_ht:
            credits.append(crediter_prestation(ligne, ligne.reste_ht, a_refacturer=a_refacturer))
        elif ligne.unites_restantes:
            credits.append(crediter_unites(ligne, ligne.unites_restantes, a_refacturer=a_refacturer))
        elif ligne.reste_ht:
            credits.append(crediter_montant(ligne, ligne.reste_ht))
    return credits


def totaux_de_l_avoir(
    mode: str, facture: TotauxDocument, credits: Sequence[Credit], deja: Sequence[TotauxDocument]
) -> TotauxDocument:
    """Totals of an avoir on a facture that already has the avoirs `deja`.

    VAT once per rate on the base credited (mode A), or its share of the VAT passed on (B, C); what is left of it when
    the base is credited whole, never more.
    """
    bases = bases_par_taux((credit.montant_ht, credit.ligne.tva_pct) for credit in credits if credit.montant_ht)
    facturees = {t.taux_pct: (t.base_ht, t.montant) for t in facture.tva}
    rendues = _par_taux(deja)
    tva = {
        taux: _tva_rendue(mode, taux, base, facturees[taux], rendues.get(taux, (ZERO, ZERO)))
        for taux, base in bases.items()
    }
    return totaux_avec_tva(bases, tva)


def _tranche(montant: Decimal, unites: int, avant: int, apres: int) -> Decimal:
    """The part of `montant` between `avant` and `apres` of `unites` pieces."""
    return cumul_facturable(montant, unites, apres) - cumul_facturable(montant, unites, avant)


def _par_taux(documents: Sequence[TotauxDocument]) -> Mapping[Decimal, tuple[Decimal, Decimal]]:
    """Base and VAT already given back, by rate."""
    cumul: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for tva in (ligne for document in documents for ligne in document.tva):
        base, montant = cumul.get(tva.taux_pct, (ZERO, ZERO))
        cumul[tva.taux_pct] = (base + tva.base_ht, montant + tva.montant)
    return cumul


def _tva_rendue(
    mode: str,
    taux: Decimal,
    base: Decimal,
    facturee: tuple[Decimal, Decimal],
    rendue: tuple[Decimal, Decimal],
) -> Decimal:
    """VAT to give back on `base` at `taux`."""
    reste_base, reste_tva = facturee[0] - rendue[0], facturee[1] - rendue[1]
    if base >= reste_base:
        return reste_tva
    calculee = base * taux / 100 if mode == "A" else base * facturee[1] / facturee[0]
    return min(arrondir(calculee), reste_tva)
