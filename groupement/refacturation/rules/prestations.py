"""Billing services: what a facture of missions and SESAM contributions says, and the proof that a run is right.

Amounts € HT in whole centimes. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groupement.prestations.states import NATURES_DE_MISSION, NaturePrestation
from groupement.refacturation.rules.composition import LigneDue
from groupement.socle.argent import en_centimes, part_cumulee

ZERO = Decimal("0.00")
PARTS = ("part_cdg62_ht", "part_cdg59_ht")


@dataclass(frozen=True, slots=True)
class PreuveNature:
    """One nature of service: what was to bill, whose it is, and what the factures bill of it."""

    nature: NaturePrestation
    nombre: int
    prestations_ht: Decimal
    part_cdg62_ht: Decimal
    part_cdg59_ht: Decimal
    factures_ht: Decimal

    @property
    def est_exacte(self) -> bool:
        """Billed to the centime, and shared to the centime."""
        parts = self.part_cdg62_ht + self.part_cdg59_ht
        return self.factures_ht == self.prestations_ht == parts


@dataclass(frozen=True, slots=True)
class PreuvePrestations:
    """The services of a run against its factures."""

    natures: tuple[PreuveNature, ...]
    factures_ht: Decimal

    @property
    def prestations_ht(self) -> Decimal:
        """The services together."""
        return self.colonne("prestations_ht")

    @property
    def est_exacte(self) -> bool:
        """Both sides agree, nature by nature."""
        return self.factures_ht == self.prestations_ht and all(nature.est_exacte for nature in self.natures)

    def colonne(self, nom: str) -> Decimal:
        """The sum of one column over the natures."""
        return sum((getattr(nature, nom) for nature in self.natures), ZERO)


@dataclass(frozen=True, slots=True)
class AnneeSesam:
    """The contributions of a year: what was billed, what avoirs took off it for good, whose the rest is. € HT."""

    annee: int
    facture_ht: Decimal
    credite_ht: Decimal
    part_cdg59_ht: Decimal

    @property
    def reste_ht(self) -> Decimal:
        """Billed, and not credited."""
        return self.facture_ht - self.credite_ht

    @property
    def part_cdg62_ht(self) -> Decimal:
        """What CdG62 keeps: all that CDG59 is not owed."""
        return self.reste_ht - self.part_cdg59_ht


def part_apres_credit(montant_ht: Decimal, part_ht: Decimal, credite_ht: Decimal) -> Decimal:
    """What a part of a service is worth once `credite_ht` is taken off it: its share of what is left, rounded once.

    Raises ValueError when more is credited than billed.
    """
    return part_cumulee(part_ht, en_centimes(montant_ht - credite_ht), en_centimes(montant_ht))


def preuve_json(preuve: PreuvePrestations) -> dict[str, object]:
    """The proof in JSON values, amounts as text."""
    return {
        "factures_ht": str(preuve.factures_ht),
        "prestations_ht": str(preuve.prestations_ht),
        "egal": preuve.est_exacte,
        "natures": [
            {
                "nature": nature.nature.value,
                "nombre": nature.nombre,
                **{nom: str(getattr(nature, nom)) for nom in ("prestations_ht", *PARTS, "factures_ht")},
            }
            for nature in preuve.natures
        ],
    }


def preuve_de_json(preuve: Mapping[str, Any]) -> PreuvePrestations:
    """The proof as it was kept in the row of the run."""
    natures = tuple(
        PreuveNature(
            NaturePrestation(lue["nature"]),
            lue["nombre"],
            *(Decimal(lue[nom]) for nom in ("prestations_ht", *PARTS, "factures_ht")),
        )
        for lue in preuve["natures"]
    )
    return PreuvePrestations(natures, Decimal(preuve["factures_ht"]))


def factures_par_nature(lignes: Iterable[LigneDue]) -> dict[str, Decimal]:
    """What lines bill of each nature of service."""
    cumul: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        cumul[(ligne.calcul or {})["nature"]] += ligne.montant_ht
    return dict(cumul)


def objet_des_prestations(lignes: Sequence[LigneDue]) -> str:
    """What the facture is for, in a few words: « Missions d’archiviste et contribution SESAM 2026 »."""
    details = [ligne.calcul or {} for ligne in lignes]
    missions = {d["mission"] for d in details if d["nature"] in NATURES_DE_MISSION}
    annees = sorted({d["annee"] for d in details if d["nature"] == NaturePrestation.SESAM})
    morceaux = []
    if missions:
        morceaux.append("mission d’archiviste" if len(missions) == 1 else "missions d’archiviste")
    if annees:
        morceaux.append(f"contribution{'s' if len(annees) > 1 else ''} SESAM {' et '.join(annees)}")
    phrase = " et ".join(morceaux)
    return phrase[:1].upper() + phrase[1:]


def mentions_de_tva(taux: Iterable[Decimal], mention: str) -> list[str]:
    """What must be said of VAT: nothing where it is charged, `mention` where it is not."""
    connus = set(taux)
    if Decimal(0) not in connus:
        return []
    return [mention] if len(connus) == 1 else [f"Lignes au taux de 0\u00a0%\u00a0: {mention}"]
