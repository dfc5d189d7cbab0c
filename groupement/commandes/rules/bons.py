"""What a regroupement gives: the bons, each member's part, what goes to the depot, the refusals and the proofs.

Quantities are pieces, amounts € HT (2 places) unless the name says centimes. `Affectation` and `PartPort` hold whole
centimes: there may be a million of them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from groupement.commandes.rules.paliers import ExplicationPalier
from groupement.socle.argent import en_euros


class Origine(StrEnum):
    """Where the units of an affectation come from."""

    BON = "bon"
    STOCK = "stock"


class CodeRefus(StrEnum):
    """Why an article or a lot cannot be ordered, or is not: the last two are the buyer's decisions."""

    SANS_PRIX = "sans_prix"
    MINIMUM = "minimum"
    PLAFOND = "plafond"
    ECARTE = "ecarte"
    REPORTE = "reporte"


class Affectation(NamedTuple):
    """Units of one article for one member's line, from a bon or from stock, and their share of the cost in centimes.

    `unites_demandees`: the part of the firm demand served here; `unites_en_plus`: accepted extra units received.
    `rang` is 1, 2, … within the article; `lieu` is where the units go, `DEPOT` for those to collect. A line served
    from both origins, or from the bons of two places, has two affectations.
    """

    ligne_id: int
    collectivite_id: int
    siren: str
    article_id: int
    origine: Origine
    rang: int
    unites_demandees: int
    unites_en_plus: int
    centimes: int
    lieu: int

    @property
    def unites(self) -> int:
        """Pieces received in all."""
        return self.unites_demandees + self.unites_en_plus

    @property
    def montant_ht(self) -> Decimal:
        """The share of the cost, in € HT."""
        return en_euros(self.centimes)


class PartPort(NamedTuple):
    """A body's (None: the depot's) share of the shipping of a bon, in centimes HT; `lieu` as in `BonRegroupe`."""

    lot: int
    collectivite_id: int | None
    siren: str
    centimes: int
    lieu: int | None = None

    @property
    def montant_ht(self) -> Decimal:
        """The share, in € HT."""
        return en_euros(self.centimes)


@dataclass(frozen=True, slots=True)
class LigneRegroupee:
    """One article of a lot: what was asked, what the stock serves, what is bought and where every piece goes.

    unites_achetees = unites_demandees − unites_du_stock + unites_acceptees_en_plus + surplus_au_depot.
    `montant_ht` is the bon's line = `montant_membres_ht` + `montant_depot_ht`; `montant_stock_ht` the cost of the
    units taken from stock (not on the bon). When nothing is bought, `colis` is 0, the price None and there is no
    explanation: the line is not written on a bon.
    """

    article_id: int
    reference: str
    lot: int
    unites_par_colis: int
    tva_pct: Decimal
    unites_demandees: int
    unites_du_stock: int
    colis: int
    unites_achetees: int
    unites_acceptees_en_plus: int
    surplus_au_depot: int
    prix_unitaire_ht: Decimal | None
    montant_ht: Decimal
    montant_membres_ht: Decimal
    montant_depot_ht: Decimal
    montant_stock_ht: Decimal
    explication: ExplicationPalier | None

    @property
    def gain_groupement_ht(self) -> Decimal:
        """What the members spare together: what each would have paid alone, less what they pay (bon and stock).

        0 when nothing is bought. Negative when buying alone would have cost less.
        """
        if self.explication is None:
            return Decimal("0.00")
        return self.explication.cout_isole_ht - self.montant_membres_ht - self.montant_stock_ht


@dataclass(frozen=True, slots=True)
class TvaDuBon:
    """VAT of a bon at one rate: base and tax in €."""

    taux_pct: Decimal
    base_ht: Decimal
    montant: Decimal


@dataclass(frozen=True, slots=True)
class BonRegroupe:
    """The order of one lot: `total_ht` includes the shipping; VAT is rounded once per rate on the summed base.

    A lot wholly served from stock has lines and a total of 0: it is shown, but `est_a_emettre` is False.
    `lieu`: the only place it goes to, when the lot wants one bon per place; None for all the places of the lot.
    """

    lot: int
    lignes: tuple[LigneRegroupee, ...]
    port_ht: Decimal
    total_ht: Decimal
    tva: tuple[TvaDuBon, ...]
    total_tva: Decimal
    total_ttc: Decimal
    lieu: int | None = None

    @property
    def cle(self) -> tuple[int, int | None]:
        """What tells it from the other bons: its lot and its place."""
        return self.lot, self.lieu

    @property
    def lignes_a_commander(self) -> tuple[LigneRegroupee, ...]:
        """The lines the supplier reads: those really bought."""
        return tuple(ligne for ligne in self.lignes if ligne.colis)

    @property
    def est_a_emettre(self) -> bool:
        """Whether anything is bought: a bon without a line is never sent."""
        return any(ligne.colis for ligne in self.lignes)


@dataclass(frozen=True, slots=True)
class Refus:
    """An article (or a whole lot, when `article_id` is None) that cannot be ordered, and the French reason."""

    lot: int
    article_id: int | None
    reference: str | None
    code: CodeRefus
    motif: str
    lieu: int | None = None  # of the only bon that cannot be, when the lot has one per place
    nom_du_lieu: str = ""

    @property
    def quoi(self) -> str:
        """What cannot be ordered, in a sentence."""
        if self.article_id is not None:
            return f"l’article {self.reference}"
        return f"le bon de {self.nom_du_lieu} (lot {self.lot})" if self.nom_du_lieu else f"le lot {self.lot}"

    @property
    def cle(self) -> str:
        """What names it in a form: `lot-2`, `lot-2-lieu-7`, or `article-45`."""
        if self.lieu is not None:
            return f"lot-{self.lot}-lieu-{self.lieu}"
        return f"lot-{self.lot}" if self.article_id is None else f"article-{self.article_id}"


@dataclass(frozen=True, slots=True)
class PreuveLot:
    """The two sides of a bon (of the place `lieu`), counted apart: what it says, and what members and depot get."""

    lot: int
    unites_achetees: int
    unites_membres: int
    unites_depot: int
    total_ht: Decimal
    montant_membres_ht: Decimal
    port_membres_ht: Decimal
    montant_depot_ht: Decimal
    unites_du_stock: int
    unites_stock_membres: int
    montant_stock_ht: Decimal
    montant_stock_membres_ht: Decimal
    lieu: str = ""

    @property
    def est_exacte(self) -> bool:
        """Members + depot = bon, in pieces and to the centime; stock issued = stock received."""
        parts_ht = self.montant_membres_ht + self.port_membres_ht + self.montant_depot_ht
        return (
            self.unites_membres + self.unites_depot == self.unites_achetees
            and parts_ht == self.total_ht
            and self.unites_stock_membres == self.unites_du_stock
            and self.montant_stock_membres_ht == self.montant_stock_ht
        )


@dataclass(frozen=True, slots=True)
class ResultatRegroupement:
    """A whole regroupement, one proof a bon. `affectations` come lot by lot, article by article, in rank order.

    A lot with one bon per place has its bons in the order of its places, the depot last, and its affectations place
    by place within an article.
    """

    bons: tuple[BonRegroupe, ...]
    affectations: list[Affectation]
    ports: list[PartPort]
    refus: tuple[Refus, ...]
    preuves: tuple[PreuveLot, ...]

    @property
    def a_emettre(self) -> tuple[BonRegroupe, ...]:
        """The bons really bought, in the order of their numbers: lot by lot, place by place."""
        return tuple(bon for bon in self.bons if bon.est_a_emettre)

    @property
    def est_exact(self) -> bool:
        """Whether every proof holds; nothing may be written otherwise."""
        return all(preuve.est_exacte for preuve in self.preuves)
