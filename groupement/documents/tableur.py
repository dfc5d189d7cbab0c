"""Tables for other software: CSV for programs, XLSX for people.

A column says what it holds (its genre), so that amounts, dates and lengths leave as numbers and dates, in the
French way on screen. What somebody typed never becomes a formula: in XLSX it is stored as text, in CSV a
leading sign is parted from the rest by an apostrophe, as spreadsheets themselves do.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from groupement.socle.lecture_csv import DEBUTS_DE_FORMULE

INTERDITS_EN_TITRE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


Genre = Literal["texte", "entier", "montant", "prix", "date", "metres"]
MIME_CSV = "text/csv; charset=utf-8"
MIME_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: dict[Genre, str] = {
    "entier": "#,##0",
    "montant": '#,##0.00\\ "€"',
    "prix": '#,##0.00##\\ "€"',
    "date": "dd/mm/yyyy",
    "metres": '#,##0.00\\ "ml"',
}
LARGEURS: dict[Genre, int] = {"texte": 28, "entier": 11, "montant": 15, "prix": 13, "date": 12, "metres": 13}


@dataclass(frozen=True)
class Colonne:
    """A column: the key of its values, its heading, and what it holds.

    `montant` and `prix` are Decimal euros, `metres` whole millimetres written in metres.
    """

    cle: str
    intitule: str
    genre: Genre = "texte"


Ligne = Mapping[str, Any] | Sequence[Any]  # by key, or in the order of the columns


def _valeurs(ligne: Ligne, colonnes: Sequence[Colonne]) -> list[tuple[Any, Genre]]:
    """The values of a row in the order of the columns, each with its genre; a key not given is an empty cell."""
    brutes = [ligne.get(c.cle) for c in colonnes] if isinstance(ligne, Mapping) else ligne
    return [(valeur, colonne.genre) for valeur, colonne in zip(brutes, colonnes, strict=True)]


def ecrire_csv(colonnes: Sequence[Colonne], lignes: Iterable[Ligne]) -> bytes:
    """The table as RFC 4180: UTF-8, commas, dots in decimals, ISO dates, lengths in metres, one header line."""
    sortie = io.StringIO(newline="")
    plume = csv.writer(sortie, lineterminator="\r\n")
    plume.writerow([colonne.intitule for colonne in colonnes])
    for ligne in lignes:
        plume.writerow([_en_texte(valeur, genre) for valeur, genre in _valeurs(ligne, colonnes)])
    return sortie.getvalue().encode()


def _en_texte(valeur: Any, genre: Genre) -> str:
    """One value as CSV holds it; an absent one is an empty cell."""
    if valeur is None:
        return ""
    if genre == "texte":
        texte = str(valeur)
        return f"'{texte}" if texte.lstrip("'").startswith(DEBUTS_DE_FORMULE) else texte
    if genre == "date":
        return str(_jour(valeur).isoformat())
    if genre == "metres":
        return f"{Decimal(valeur) / 1000:f}"
    return f"{valeur:f}" if isinstance(valeur, Decimal) else str(valeur)


def _jour(valeur: date) -> date:
    """The day of a date or of a datetime."""
    return valeur.date() if isinstance(valeur, datetime) else valeur


def ecrire_xlsx(titre: str, colonnes: Sequence[Colonne], lignes: Iterable[Ligne]) -> bytes:
    """The table as a workbook of one sheet: bold frozen header, filters, French formats, real numbers and dates."""
    classeur = Workbook(write_only=True)
    classeur.properties.title, classeur.properties.creator = titre, "Groupement de commandes"
    feuille = classeur.create_sheet(titre.translate(INTERDITS_EN_TITRE).strip()[:31] or "Feuille 1")
    feuille.freeze_panes = "A2"
    for rang, colonne in enumerate(colonnes, start=1):
        largeur = max(LARGEURS[colonne.genre], min(len(colonne.intitule) + 3, 40))
        feuille.column_dimensions[get_column_letter(rang)].width = largeur
    feuille.append([_entete(feuille, colonne) for colonne in colonnes])
    nombre = 1
    for ligne in lignes:
        feuille.append([_cellule(feuille, valeur, genre) for valeur, genre in _valeurs(ligne, colonnes)])
        nombre += 1
    feuille.auto_filter.ref = f"A1:{get_column_letter(len(colonnes))}{nombre}"
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _entete(feuille: WriteOnlyWorksheet, colonne: Colonne) -> Cell:
    """The heading of a column, on kraft."""
    cellule = WriteOnlyCell(feuille, value=colonne.intitule)
    cellule.font = Font(bold=True, color="4D3717")
    cellule.fill = PatternFill("solid", start_color="EFE4D0")
    a_droite = colonne.genre not in ("texte", "date")
    cellule.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if a_droite else "left")
    return cellule


def _cellule(feuille: WriteOnlyWorksheet, valeur: Any, genre: Genre) -> Cell | None:
    """One value, with the format of its genre; text stays text whatever it begins with."""
    if valeur is None:
        return None
    if genre == "texte":
        texte = ILLEGAL_CHARACTERS_RE.sub("", str(valeur))
        cellule = WriteOnlyCell(feuille, value=texte)
        cellule.data_type = "s"
        cellule.quotePrefix = texte.startswith(DEBUTS_DE_FORMULE)
        return cellule
    if genre == "date":
        valeur = _jour(valeur)
    elif genre == "metres":
        valeur = Decimal(valeur) / 1000
    cellule = WriteOnlyCell(feuille, value=valeur)
    cellule.number_format = FORMATS[genre]
    return cellule
