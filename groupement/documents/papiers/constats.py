"""What the report of an état des lieux says: rooms, measures, needs. Frozen values, lengths in whole mm."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.documents.papiers.commun import Organisme, Totaux, exiger, exiger_somme


@dataclass(frozen=True, kw_only=True)
class RayonnagePapier:
    """Shelving already in a room."""

    designation: str  # "Rayonnage métallique simple face"
    longueur_utile_mm: int
    etat: str  # "À conserver", "À remplacer"
    tablettes: int | None = None


@dataclass(frozen=True, kw_only=True)
class LocalPapier:
    """A room: its size, what stands in it, what threatens it."""

    nom: str
    situation: str = ""  # "Sous-sol", "1er étage"
    longueur_mm: int | None = None
    largeur_mm: int | None = None
    hauteur_mm: int | None = None
    occupe_mm: int = 0
    libre_mm: int = 0
    rayonnages: tuple[RayonnagePapier, ...] = ()
    constats: tuple[str, ...] = ()  # hazards, obstacles, security: one sentence each


@dataclass(frozen=True, kw_only=True)
class MesurePapier:
    """What was measured of one category, in mm of shelf; measured = eliminable + temporary + definitive."""

    categorie: str  # "T"
    intitule: str  # "Urbanisme"
    mesure_mm: int
    eliminable_mm: int
    temporaire_mm: int
    definitif_mm: int
    forme: str = ""  # "dossiers", "registres"
    dates_extremes: str = ""
    deja_conditionne_mm: int = 0

    def __post_init__(self) -> None:
        """Refuse a measure whose parts do not make the whole."""
        parts = self.eliminable_mm + self.temporaire_mm + self.definitif_mm
        exiger(parts == self.mesure_mm, f"{self.categorie} {self.intitule} : {parts} mm ≠ {self.mesure_mm} mm mesurés")


@dataclass(frozen=True, kw_only=True)
class BesoinPapier:
    """One thing needed, and why, line by line."""

    intitule: str  # "Boîtes de conservation dos 10 cm"
    unites: int
    unite: str
    raisonnement: tuple[str, ...]
    reference: str = ""
    colis: int | None = None
    unites_par_colis: int = 1
    unites_commandees: int | None = None  # rounded up to whole packs
    montant_ht: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Visa:
    """The visa of the Archives départementales on the eliminations."""

    numero: str
    accorde_le: date


@dataclass(frozen=True, kw_only=True)
class EtatDesLieuxPapier:
    """The report of an audit: what was seen, what was measured, what is needed."""

    numero: str
    releve_le: date
    etabli_le: date
    coordonnateur: Organisme
    collectivite: Organisme
    archiviste: str
    locaux: tuple[LocalPapier, ...]
    mesures: tuple[MesurePapier, ...]
    total: MesurePapier
    besoins: tuple[BesoinPapier, ...] = ()
    estimation: Totaux | None = None
    visa: Visa | None = None  # None: the eliminations are only proposed
    present: str = ""  # who received the archivist
    population: int | None = None
    accroissement_mm_par_an: int | None = None
    horizon_ans: int | None = None
    hypotheses: tuple[str, ...] = ()  # growth, fill rate…: the figures behind the needs
    synthese: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a total that is not the sum of the measures, or an estimate that is not that of the needs."""
        for champ in ("mesure_mm", "eliminable_mm", "temporaire_mm", "definitif_mm", "deja_conditionne_mm"):
            somme = sum(getattr(mesure, champ) for mesure in self.mesures)
            total = getattr(self.total, champ)
            exiger(somme == total, f"{self.numero}, {champ} : les lignes font {somme}, le total annonce {total}")
        if self.estimation:
            montants = (besoin.montant_ht for besoin in self.besoins if besoin.montant_ht is not None)
            exiger_somme(montants, self.estimation.total_ht, f"estimation de {self.numero}")

    @property
    def a_conserver_mm(self) -> int:
        """What remains when the eliminations are carried out."""
        return self.total.temporaire_mm + self.total.definitif_mm
