"""Finding the table of prices in each sheet of a file: its titles, its lot, its lines, and what is not one.

Above the titles may stand anything; under them, section titles, totals and repeated titles are left aside and listed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from groupement.catalogue.rules.bordereau import FACULTATIVES, OBLIGATOIRES
from groupement.catalogue.rules.colonnes import nom_compare, reconnus
from groupement.documents.classeurs.table import Classeur, Feuille, Fusion, Rangee, lettre

RANGEES_REGARDEES = 60
CHAMPS_POUR_SUR = 3  # a row that names three fields is the row of titles
EXEMPLES = 3
LOT = re.compile(r"\blot\s*(?:n\s*[°ºo]?\.?\s*)?0*([1-9][0-9]{0,2})\b", re.IGNORECASE)
DES_LOTS = re.compile(r"\blots\b", re.IGNORECASE)
SECTION_DE_LOT = re.compile(r"\s*lot\b", re.IGNORECASE)
TOTAL = re.compile(r"\s*(sous[- ]?total|total|montant total|montant de la tva|tva\b.*total|report)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a sheet: where its titles end, the title of each column, and the lot the sheet speaks of."""

    feuille: Feuille
    derniere_rangee_de_titres: int
    titres: Mapping[int, str]  # column: title, unique in the sheet
    lot: int | None

    def colonnes(self) -> dict[str, int]:
        """The column of each title."""
        return {titre: colonne for colonne, titre in self.titres.items()}


@dataclass(frozen=True, slots=True)
class Ignoree:
    """A row that is no line of the table, and why."""

    feuille: str
    ligne: int
    texte: str
    raison: str


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column of the file as the buyer sees it: its title, where it is, and a few of its values."""

    titre: str
    place: str
    exemples: tuple[str, ...]


def reperer(classeur: Classeur, titres_a: Mapping[str, int] | None = None) -> tuple[Table, ...]:
    """The tables of a file, sheets without any left out. `titres_a`: the row of titles the buyer says, 0 for none."""
    tables = (_table(feuille, (titres_a or {}).get(feuille.nom)) for feuille in classeur.feuilles if feuille.rangees)
    return tuple(table for table in tables if table is not None)


def _table(feuille: Feuille, rangee_dite: int | None) -> Table | None:
    """The table of a sheet; None when the buyer says there is none, or when nothing looks like titles."""
    rangee = _rangee_des_titres(feuille, rangee_dite)
    if rangee is None:
        return None
    premiere, derniere = _hauteur_des_titres(feuille, rangee.numero)
    au_dessus = [r for r in feuille.rangees if r.numero < premiere]
    return Table(feuille, derniere, _titres(feuille, premiere, derniere), _lot(feuille.nom, au_dessus))


def _rangee_des_titres(feuille: Feuille, dite: int | None) -> Rangee | None:
    """The row the buyer says; else the one that names the most of our fields; else the widest of the first rows."""
    if dite is not None:
        return next((rangee for rangee in feuille.rangees if rangee.numero == dite), None)
    premieres = feuille.rangees[:RANGEES_REGARDEES]
    combien, _, meilleure = max((reconnus(rangee.cellules), -rangee.numero, rangee) for rangee in premieres)
    if combien >= CHAMPS_POUR_SUR:
        return meilleure
    return max(premieres, key=lambda rangee: (len({c for c in rangee.cellules if c}), -rangee.numero))


def _hauteur_des_titres(feuille: Feuille, numero: int) -> tuple[int, int]:
    """First and last rows of titles written over several rows by merged cells."""
    premiere = derniere = numero
    for fusion in feuille.fusions:
        if fusion.premiere_rangee <= numero <= fusion.derniere_rangee and fusion.derniere_rangee - numero < 4:
            premiere, derniere = min(premiere, fusion.premiere_rangee), max(derniere, fusion.derniere_rangee)
    au_dessus = [f for f in feuille.fusions if f.derniere_rangee == premiere - 1 and _est_un_groupe(f, feuille)]
    return (premiere - 1 if au_dessus else premiere), derniere


def _est_un_groupe(fusion: Fusion, feuille: Feuille) -> bool:
    """A title over some of the columns (« Prix HT » over its tiers), and not over the whole table."""
    largeur = max(len(rangee.cellules) for rangee in feuille.rangees[:RANGEES_REGARDEES])
    couvertes = fusion.derniere_colonne - fusion.premiere_colonne + 1
    seule = fusion.premiere_rangee == fusion.derniere_rangee
    return seule and 1 < couvertes and couvertes * 3 < largeur * 2


def _titres(feuille: Feuille, premiere: int, derniere: int) -> dict[int, str]:
    """The title of each column: the words of its rows from top to bottom; a repeated one bears its letter."""
    rangees = [rangee for rangee in feuille.rangees if premiere <= rangee.numero <= derniere]
    titres: dict[int, str] = {}
    for colonne in range(max(len(rangee.cellules) for rangee in rangees)):
        mots = dict.fromkeys(" ".join(rangee.cellule(colonne).split()) for rangee in rangees)
        titre = " / ".join(mot for mot in mots if mot)[:150]
        if titre:
            titres[colonne] = f"{titre} ({lettre(colonne)})" if titre in titres.values() else titre
    return titres


def _lot(nom: str, au_dessus: Sequence[Rangee]) -> int | None:
    """The one lot the name of the sheet says, or else the one the titles above the table say."""
    textes = (cellule for rangee in au_dessus for cellule in rangee.cellules)
    par_le_nom, par_les_titres = _lots_dits([nom]), _lots_dits(textes)
    dits = par_le_nom or par_les_titres
    return next(iter(dits)) if len(dits) == 1 else None


def _lots_dits(textes: Iterable[str]) -> set[int]:
    """The numbers of lots some texts say; « lots 1 et 2 » counts for two."""
    trouves = set()
    for texte in textes:
        plusieurs = DES_LOTS.search(texte)
        trouves |= {-1, 0} if plusieurs else {int(numero) for numero in LOT.findall(texte)}
    return trouves


def lignes_de_la_table(table: Table) -> Iterator[tuple[Rangee, int | None, Ignoree | None]]:
    """Each row under the titles: its lot if a title says one, and why it is left aside if it is no line."""
    lot = table.lot
    noms = set(table.titres.values())
    for rangee in table.feuille.rangees:
        if rangee.numero <= table.derniere_rangee_de_titres:
            continue
        raison = _raison_de_l_ignorer(rangee, table, noms)
        texte = next((cellule for cellule in rangee.cellules if cellule), "")
        if raison and SECTION_DE_LOT.match(texte) and (trouve := LOT.search(texte)):
            lot = int(trouve.group(1))
        yield rangee, lot, Ignoree(table.feuille.nom, rangee.numero, texte[:120], raison) if raison else None


def _raison_de_l_ignorer(rangee: Rangee, table: Table, noms: set[str]) -> str:
    """Why a row is no line of the table; empty when it is one."""
    remplies = {cellule for colonne in table.titres if (cellule := rangee.cellule(colonne))}
    if len(remplies) <= 1:
        return "titre ou note, une seule cellule remplie"
    premiere = next(cellule for cellule in rangee.cellules if cellule)
    if TOTAL.match(premiere):
        return "ligne de total"
    return "titres répétés" if len(remplies & noms) >= CHAMPS_POUR_SUR else ""


def colonnes_a_choisir(tables: Sequence[Table]) -> tuple[Colonne, ...]:
    """Every title of the file once, with where it first stands and its first different values."""
    places: dict[str, str] = {}
    valeurs: dict[str, dict[str, None]] = {}
    for table in tables:
        lignes = [rangee for rangee, _, ignoree in lignes_de_la_table(table) if ignoree is None][:200]
        for colonne, titre in table.titres.items():
            places.setdefault(titre, lettre(colonne))
            vues = valeurs.setdefault(titre, {})
            vues.update(dict.fromkeys(cellule for rangee in lignes if (cellule := rangee.cellule(colonne))))
    return tuple(
        Colonne(titre, place, tuple(valeur[:60] for valeur in list(valeurs[titre])[:EXEMPLES]))
        for titre, place in places.items()
    )


def signature(tables: Sequence[Table]) -> str:
    """A mark of the titles, whatever their order, case and accents: what a reading is remembered by."""
    noms = sorted({nom_compare(titre) for table in tables for titre in table.titres.values()})
    return hashlib.sha256("\n".join(noms).encode()).hexdigest()


def est_a_notre_format(tables: Sequence[Table]) -> bool:
    """Whether the titles are exactly the columns of our own export: nothing to choose, nothing to interpret."""
    connues = {*OBLIGATOIRES, *FACULTATIVES}
    noms = [{titre.lower() for titre in table.titres.values()} for table in tables]
    return bool(noms) and all(connues >= titres >= set(OBLIGATOIRES) for titres in noms)
