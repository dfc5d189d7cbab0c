"""What the report of an archivist's mission says: days, metres, cost. Frozen values, lengths in whole mm."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.documents.papiers.commun import Organisme, exiger, exiger_somme


@dataclass(frozen=True, kw_only=True)
class JourneePapier:
    """A day of the mission."""

    jour: date
    temps: str  # "1 jour", "7,5 heures"
    travail: str
    traites_mm: int
    elimines_mm: int


@dataclass(frozen=True, kw_only=True)
class CoutPapier:
    """A line of what the mission costs, with its reasoning."""

    explication: str
    montant_ht: Decimal
    tva_pct: Decimal


@dataclass(frozen=True, kw_only=True)
class MissionPapier:
    """The report: who came, when, what was done, what remains, what it costs."""

    numero: str  # "MIS-2026-012"
    objet: str
    etat: str
    du: date
    au: date
    etabli_le: date
    coordonnateur: Organisme
    collectivite: Organisme
    archiviste: str
    temps: str
    temps_prevu: str
    traites_mm: int
    elimines_mm: int
    rendement_mm: int | None
    unite: str  # "jour", "heure"
    journees: tuple[JourneePapier, ...]
    couts: tuple[CoutPapier, ...]
    total_ht: Decimal
    bilan: str = ""

    def __post_init__(self) -> None:
        """Refuse sums that are not those of the lines."""
        for champ in ("traites_mm", "elimines_mm"):
            somme, total = sum(getattr(jour, champ) for jour in self.journees), getattr(self, champ)
            exiger(somme == total, f"{self.numero}, {champ} : les journées font {somme}, le total annonce {total}")
        exiger_somme((cout.montant_ht for cout in self.couts), self.total_ht, f"coût de {self.numero}")
