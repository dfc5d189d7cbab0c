"""Reading what somebody pastes from a spreadsheet, or types by reference: two or three columns, in any usual shape.

« BTE-10⇥50 », « BTE-10;1 250;25 », « BTE-10, 2 colis », « BTE-10 50 », with or without titles, with or without the
designation in between. Nothing is guessed: what cannot be read for sure is kept as typed, for the line to say so.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groupement.socle.lecture_csv import nombre_lu

LIGNES_MAX = 5000
SEPARATEURS = ("\t", ";", "|", ",")
QUANTITE = re.compile(
    r"(?P<nombre>[0-9][0-9\s.,]*?)\s*(?P<unite>colis|cartons?|paquets?|u|unites?|pieces?|pces?|pcs?|boites?)?\.?"
)
EN_COLIS = ("colis", "carton", "paquet")
TITRES = {
    "reference": ("reference", "references", "ref", "code", "code article", "article", "reference article"),
    "quantite": ("quantite", "quantites", "qte", "qtes", "nombre", "unites", "quantite demandee", "besoin", "besoins"),
    "en_plus": ("en plus", "plus", "acceptees en plus", "unites acceptees en plus", "de plus", "j accepte en plus"),
}


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """A line as it was typed: where it stands, and its cells as text."""

    numero: int
    reference: str
    quantite: str
    en_plus: str = ""


@dataclass(frozen=True, slots=True)
class _Colonnes:
    """Where each cell is in a row; `en_plus` None: nowhere."""

    reference: int
    quantite: int
    en_plus: int | None


def lire_collage(texte: str) -> list[LigneSaisie]:
    """The lines of a pasted text, numbered from 1 as they stand in it; empty ones and the titles are left out."""
    rangees = enumerate(texte.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
    return lire_rangees((numero, _cellules(rangee)) for numero, rangee in rangees)


def lire_rangees(rangees: Iterable[tuple[int, Sequence[str]]]) -> list[LigneSaisie]:
    """The lines of rows already parted in cells, each with its number."""
    pleines = [(numero, cellules) for numero, cellules in rangees if any(cellule.strip() for cellule in cellules)]
    colonnes = _colonnes_des_titres(pleines[0][1]) if pleines else None
    if colonnes:
        pleines = pleines[1:]
    return [_ligne(numero, cellules, colonnes) for numero, cellules in pleines]


def quantite_lue(texte: str, unites_par_colis: int) -> int | None:
    """Pieces: « 1 250 », « 50,00 », « 50 unités », « 2 colis » (of `unites_par_colis`); None when it is not surely."""
    trouve = QUANTITE.fullmatch(_sans_accents(texte))
    nombre = nombre_lu(trouve["nombre"].strip()) if trouve else None
    if trouve is None or nombre is None or nombre != nombre.to_integral_value():
        return None
    en_colis = (trouve["unite"] or "").startswith(EN_COLIS)
    return int(nombre) * (unites_par_colis if en_colis else 1)


def en_texte(lignes: Iterable[LigneSaisie]) -> str:
    """The lines as a spreadsheet would paste them, for the person to change."""
    return "\n".join("\t".join(c for c in (li.reference, li.quantite, li.en_plus) if c) for li in lignes)


def _sans_accents(texte: str) -> str:
    """Lower case, without accents, single spaces."""
    sans = "".join(c for c in unicodedata.normalize("NFKD", texte.casefold()) if not unicodedata.combining(c))
    return " ".join(sans.split())


def _cellules(rangee: str) -> list[str]:
    """The cells of a pasted row; without separator, the first word is the reference and the rest the quantity."""
    separateur = next((signe for signe in SEPARATEURS if signe in rangee), None)
    if separateur is None:
        return rangee.split(maxsplit=1)
    try:
        return [cellule.strip() for cellule in next(csv.reader([rangee], delimiter=separateur, strict=True))]
    except csv.Error:  # a stray quote: 1" of thickness
        return [cellule.strip() for cellule in rangee.split(separateur)]


def _colonnes_des_titres(cellules: Sequence[str]) -> _Colonnes | None:
    """Where the cells are, when this row holds the titles; None when it is a line like the others."""
    titres = [re.sub(r"[^a-z ]+", " ", _sans_accents(cellule)).strip() for cellule in cellules]
    places = {
        nom: next((rang for rang, titre in enumerate(titres) if titre in connus), None)
        for nom, connus in TITRES.items()
    }
    reference, quantite, en_plus = places["reference"], places["quantite"], places["en_plus"]
    if reference is None or quantite is None:
        return None
    sans_titre = quantite + 1 if "".join(titres[quantite + 1 : quantite + 2]) == "" else None
    return _Colonnes(reference, quantite, sans_titre if en_plus is None else en_plus)


def _ligne(numero: int, cellules: Sequence[str], colonnes: _Colonnes | None) -> LigneSaisie:
    """A row read by its titles, or by its shape: a designation may stand between reference and quantity."""
    if colonnes is None:
        designation, suite = _cellule(cellules, 1), _cellule(cellules, 2)
        decale = bool(designation) and not _a_l_air_d_un_nombre(designation) and _a_l_air_d_un_nombre(suite)
        colonnes = _Colonnes(0, 1 + decale, 2 + decale)
    en_plus = _cellule(cellules, colonnes.en_plus) if colonnes.en_plus is not None else ""
    return LigneSaisie(numero, _cellule(cellules, colonnes.reference), _cellule(cellules, colonnes.quantite), en_plus)


def _a_l_air_d_un_nombre(cellule: str) -> bool:
    """Whether a cell may be a quantity."""
    return QUANTITE.fullmatch(_sans_accents(cellule)) is not None


def _cellule(cellules: Sequence[str], rang: int) -> str:
    """A cell on one line, empty past the last one."""
    return " ".join(cellules[rang].split())[:100] if rang < len(cellules) else ""
