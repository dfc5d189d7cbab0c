"""The proof of a run: every euro of the bons has one place, and the factures sum to what was admitted.

Amounts € HT in whole centimes. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PreuveBon:
    """Where the total HT of a bon (or what the depot served from its stock) stands once the run is done.

    `total_ht` is the bon's own total, port included; the parts are read from the shares of the members and the depot.
    """

    numero: str
    total_ht: Decimal
    facture_avant_ht: Decimal
    facture_maintenant_ht: Decimal
    refactions_ht: Decimal
    depot_ht: Decimal
    refuse_ht: Decimal
    a_venir_ht: Decimal
    a_crediter_ht: Decimal = ZERO

    @property
    def somme_ht(self) -> Decimal:
        """The parts together."""
        return (
            self.facture_avant_ht
            + self.facture_maintenant_ht
            + self.refactions_ht
            + self.depot_ht
            + self.refuse_ht
            + self.a_venir_ht
            - self.a_crediter_ht
        )

    @property
    def est_exacte(self) -> bool:
        """The parts make the bon, to the centime."""
        return self.somme_ht == self.total_ht


@dataclass(frozen=True, slots=True)
class Preuve:
    """All the bons of a campagne against the factures of the run."""

    bons: tuple[PreuveBon, ...]
    factures_ht: Decimal

    @property
    def admis_a_facturer_ht(self) -> Decimal:
        """Admitted and not yet billed, shipping included, seen from the bons."""
        return sum((bon.facture_maintenant_ht for bon in self.bons), ZERO)

    @property
    def est_exacte(self) -> bool:
        """Both sides agree and every bon is whole."""
        return self.factures_ht == self.admis_a_facturer_ht and all(bon.est_exacte for bon in self.bons)

    @property
    def depot_ht(self) -> Decimal:
        """What the depot keeps of the bons (its surplus and its share of shipping): never billed."""
        return sum((bon.depot_ht for bon in self.bons), ZERO)

    def colonne(self, nom: str) -> Decimal:
        """The sum of one column over the bons."""
        return sum((getattr(bon, nom) for bon in self.bons), ZERO)


def preuve_json(preuve: Preuve) -> dict[str, object]:
    """The proof in JSON values, amounts as text."""
    return {
        "factures_ht": str(preuve.factures_ht),
        "admis_ht": str(preuve.admis_a_facturer_ht),
        "egal": preuve.est_exacte,
        "depot_ht": str(preuve.depot_ht),
        "bons": [
            {champ: getattr(b, champ) if champ == "numero" else str(getattr(b, champ)) for champ in b.__slots__}
            for b in preuve.bons
        ],
    }


def preuve_de_json(bons: Sequence[dict[str, str]], factures_ht: str) -> Preuve:
    """The proof as it was kept in the row of the run."""
    lus = tuple(
        PreuveBon(bon["numero"], **{champ: Decimal(bon[champ]) for champ in PreuveBon.__slots__ if champ != "numero"})
        for bon in bons
    )
    return Preuve(lus, Decimal(factures_ht))
