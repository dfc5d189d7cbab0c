"""What every file reads as: sheets of rows of text, each cell with its address, merged cells already spread.

Rows and columns are those of the spreadsheet: rows from 1, columns from 0 (A). Numbers are written the French way
(« 1,74 »), dates « 22/11/2026 », and a percentage keeps its sign.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Avancement = Callable[[int, int], None]  # rows read, percentage of the file
Cellules = Mapping[tuple[int, int], str]  # (row, column): text
LETTRES = 26


class ClasseurRefuse(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Rangee:
    """A row: its number in the sheet, and its cells from column A on."""

    numero: int
    cellules: tuple[str, ...]

    def cellule(self, colonne: int) -> str:
        """The text of a cell; empty past the last one."""
        return self.cellules[colonne] if colonne < len(self.cellules) else ""


@dataclass(frozen=True, slots=True)
class Fusion:
    """Merged cells, corners included."""

    premiere_rangee: int
    premiere_colonne: int
    derniere_rangee: int
    derniere_colonne: int


@dataclass(frozen=True, slots=True)
class Feuille:
    """A sheet: rows that hold something, merged ranges, and the sentence on each cell that cannot be trusted."""

    nom: str
    rangees: tuple[Rangee, ...]
    fusions: tuple[Fusion, ...] = ()
    anomalies: Cellules = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classeur:
    """A file: its name, its visible sheets, and the names of those left aside because they are hidden."""

    nom: str
    feuilles: tuple[Feuille, ...]
    masquees: tuple[str, ...] = ()

    @property
    def nombre_de_rangees(self) -> int:
        """Rows over all the sheets."""
        return sum(len(feuille.rangees) for feuille in self.feuilles)


def lettre(colonne: int) -> str:
    """The letters of a column: 0 gives A, 27 gives AB."""
    nom, reste = "", colonne + 1
    while reste:
        reste, rang = divmod(reste - 1, LETTRES)
        nom = chr(ord("A") + rang) + nom
    return nom


def en_json(classeur: Classeur) -> dict[str, Any]:
    """The file as values JSON can keep."""
    return {
        "nom": classeur.nom,
        "masquees": list(classeur.masquees),
        "feuilles": [
            {
                "nom": feuille.nom,
                "rangees": [[rangee.numero, *rangee.cellules] for rangee in feuille.rangees],
                "fusions": [
                    [f.premiere_rangee, f.premiere_colonne, f.derniere_rangee, f.derniere_colonne]
                    for f in feuille.fusions
                ],
                "anomalies": [[*place, phrase] for place, phrase in feuille.anomalies.items()],
            }
            for feuille in classeur.feuilles
        ],
    }


def depuis_json(valeurs: Mapping[str, Any]) -> Classeur:
    """The file `en_json` kept."""
    feuilles = tuple(
        Feuille(
            feuille["nom"],
            tuple(Rangee(numero, tuple(cellules)) for numero, *cellules in feuille["rangees"]),
            tuple(Fusion(*bornes) for bornes in feuille["fusions"]),
            {(rangee, colonne): phrase for rangee, colonne, phrase in feuille["anomalies"]},
        )
        for feuille in valeurs["feuilles"]
    )
    return Classeur(valeurs["nom"], feuilles, tuple(valeurs["masquees"]))
