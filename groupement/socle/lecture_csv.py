"""Reading a table somebody saved from a spreadsheet: encoding, separator, header, cells; every fault collected.

Understands UTF-8 (with or without BOM), UTF-16 with BOM and cp1252; comma, semicolon or tab; decimal dot or comma;
thousands parted by any space. Nothing is guessed: what cannot be read for sure is a fault with its line, column,
value and a French sentence saying what is expected. Numbers are int or Decimal.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from stdnum.fr import siren as siren_fr

from groupement.socle.nombres import entier_fr

SEPARATEURS = (",", ";", "\t")
NOMBRE = re.compile(r"([+-]?)([0-9]{1,3}(?:\s[0-9]{3})+|[0-9]+)(?:[.,]([0-9]+))?")
LONGUEUR_MAX_NOMBRE = 30
SANS_COLONNE = ""
ENTIER_MAX = 2**31 - 1  # what a column of whole numbers takes
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Faute:
    """What is wrong at `ligne` (1 is the header), in `colonne` (empty: the whole line), and what is expected.

    `feuille`: the sheet of a workbook that has several; empty for a file of one table.
    """

    ligne: int
    colonne: str
    valeur: str
    attendu: str
    feuille: str = ""

    def phrase(self) -> str:
        """The fault in one French line: « Ligne 12, colonne « tva », « 7 » : le taux est 20, 10… »."""
        morceaux = [f"Feuille «\u00a0{self.feuille}\u00a0», ligne" if self.feuille else "Ligne"]
        morceaux[0] += f" {entier_fr(self.ligne)}"
        morceaux += [f"colonne «\u00a0{self.colonne}\u00a0»"] if self.colonne else []
        morceaux += [f"«\u00a0{self.valeur}\u00a0»"] if self.valeur else []
        return f"{', '.join(morceaux)}\u00a0: {self.attendu}"


class Ligne:
    """A line of the table being read: each reader returns a value, and notes a fault when the cell will not do.

    A line with a fault must not be used (`est_correcte`); what its readers return is then only a stand-in.
    """

    def __init__(self, numero: int, cellules: dict[str, str]) -> None:
        """`numero`: where the line starts in the file, the header being 1; `cellules`: trimmed text by column."""
        self.numero = numero
        self.feuille = ""
        self.absentes: tuple[str, ...] = ()  # columns the table does not have
        self.cellules = cellules
        self.fautes: list[Faute] = []

    @property
    def est_correcte(self) -> bool:
        """Whether every cell read so far will do."""
        return not self.fautes

    def faute(self, colonne: str, attendu: str) -> None:
        """Note that the cell of `colonne` will not do."""
        self.fautes.append(Faute(self.numero, colonne, self.cellules.get(colonne, ""), attendu))

    def texte(self, colonne: str, longueur_max: int, *, obligatoire: bool = True) -> str:
        """The text of a cell, of `longueur_max` characters at most; an absent column reads as an empty cell."""
        texte = self.cellules.get(colonne, "")
        if obligatoire and not texte:
            self.faute(colonne, "cette cellule est obligatoire.")
        elif len(texte) > longueur_max:
            self.faute(colonne, f"{entier_fr(longueur_max)} caractères au plus.")
        return texte

    def parmi(self, colonne: str, valeurs: Collection[str], defaut: str = "") -> str:
        """The text of a cell among `valeurs`; `defaut` when the cell is empty and a default is given."""
        texte = self.cellules.get(colonne, "") or defaut
        if texte not in valeurs:
            self.faute(colonne, f"la valeur est l’une de\u00a0: {', '.join(valeurs)}.")
        return texte

    def entier(self, colonne: str, minimum: int = 0) -> int:
        """A whole number, at least `minimum`; the cell is obligatory."""
        if not self.cellules.get(colonne, ""):
            self.faute(colonne, _attendu_entier(minimum))
            return minimum
        return self.entier_ou_rien(colonne, minimum) or minimum

    def entier_ou_rien(self, colonne: str, minimum: int = 0) -> int | None:
        """A whole number, at least `minimum`, or None when the cell is empty."""
        nombre = self._nombre(colonne, _attendu_entier(minimum))
        if nombre is None:
            return None
        if nombre != nombre.to_integral_value() or nombre < minimum:
            self.faute(colonne, _attendu_entier(minimum))
            return None
        if nombre > ENTIER_MAX:
            self.faute(colonne, "ce nombre est trop grand\u00a0: vérifiez la cellule.")
            return None
        return int(nombre)

    def decimal(self, colonne: str, attendu: str) -> Decimal:
        """A decimal number; the cell is obligatory. `attendu`: the sentence for one that cannot be read."""
        if not self.cellules.get(colonne, ""):
            self.faute(colonne, attendu)
            return Decimal(0)
        return self._nombre(colonne, attendu) or Decimal(0)

    def milliemes_ou_rien(self, colonne: str) -> int | None:
        """A length in metres (or a weight in kg) as whole millimetres (or grams), or None when the cell is empty."""
        attendu = "un nombre positif avec trois décimales au plus, par exemple 0,10."
        nombre = self._nombre(colonne, attendu)
        if nombre is None:
            return None
        if nombre < 0 or nombre * 1000 != (nombre * 1000).to_integral_value():
            self.faute(colonne, attendu)
            return None
        if nombre * 1000 > ENTIER_MAX:
            self.faute(colonne, "ce nombre est trop grand\u00a0: vérifiez la cellule.")
            return None
        return int(nombre * 1000)

    def siren(self, colonne: str, *, obligatoire: bool = True) -> str:
        """The nine digits of a SIREN whose key is right, inner spaces dropped; empty when the cell is and may be."""
        siren = "".join(self.cellules.get(colonne, "").split())
        if (siren or obligatoire) and not (siren.isascii() and siren.isdigit() and siren_fr.is_valid(siren)):
            self.faute(colonne, "un numéro SIREN de 9 chiffres, clé comprise.")
        return siren

    def _nombre(self, colonne: str, attendu: str) -> Decimal | None:
        """The number of a cell, None when it is empty or faulty."""
        texte = self.cellules.get(colonne, "")
        nombre = nombre_lu(texte)
        if texte and nombre is None:
            self.faute(colonne, attendu)
        return nombre


@dataclass(frozen=True, slots=True)
class Tableau:
    """The lines that can be read, and what is wrong with the file or with the lines that cannot."""

    lignes: tuple[Ligne, ...]
    fautes: tuple[Faute, ...]


@lru_cache(8192)  # prices and quantities come back from line to line
def nombre_lu(texte: str) -> Decimal | None:
    """The number people wrote: « 1 234,50 », « 12.5 », « -3 »; None when it is not surely one (« 12 5 »)."""
    trouve = NOMBRE.fullmatch(texte.strip()) if len(texte) <= LONGUEUR_MAX_NOMBRE else None
    if trouve is None:
        return None
    signe, entiers, decimales = trouve.groups()
    return Decimal(f"{signe}{''.join(entiers.split())}.{decimales or '0'}")


def lire_rangees(contenu: bytes) -> tuple[list[tuple[int, list[str]]], Faute | None]:
    """Every line that holds something, with its number and its trimmed cells; a fault when the file cannot be read.

    For files whose columns are not known beforehand.
    """
    texte = decoder(contenu)
    if texte is None:
        refus = "Ce fichier n’est pas un texte\u00a0: dans le tableur, enregistrez-le au format CSV."
        return [], Faute(1, SANS_COLONNE, "", refus)
    try:
        return _rangees(texte), None
    except csv.Error:
        refus = "Les guillemets du fichier ne vont pas par deux\u00a0: enregistrez-le à nouveau au format CSV."
        return [], Faute(1, SANS_COLONNE, "", refus)


def lire_tableau(contenu: bytes, obligatoires: Sequence[str], facultatives: Sequence[str] = ()) -> Tableau:
    """The lines of a CSV file whose header holds `obligatoires`, maybe `facultatives`, and nothing else.

    Columns may come in any order; blank lines are skipped; a short line reads as empty cells.
    Faults: unreadable or empty file, missing, unknown or repeated column, too many cells, no line under the header.
    """
    rangees, refus = lire_rangees(contenu)
    if refus is not None:
        return Tableau((), (refus,))
    if not rangees:
        return _refus(f"Le fichier est vide\u00a0: sa première ligne porte les colonnes {', '.join(obligatoires)}.")
    entete = _entete(rangees[0][1])
    fautes = _fautes_de_l_entete(entete, obligatoires, facultatives)
    if fautes:
        return Tableau((), tuple(fautes))
    if len(rangees) == 1:
        return _refus("Le fichier n’a que ses titres de colonnes\u00a0: ajoutez au moins une ligne.", 2)
    lues = [_ligne(numero, entete, cellules) for numero, cellules in rangees[1:]]
    en_trop = tuple(faute for ligne in lues for faute in ligne.fautes)
    return Tableau(tuple(ligne for ligne in lues if ligne.est_correcte), en_trop)


def dans_l_ordre(fautes: Iterable[Faute]) -> tuple[Faute, ...]:
    """The faults in the order of the file: by sheet as they come, then by line."""
    fautes = tuple(fautes)
    rangs = {feuille: rang for rang, feuille in enumerate(dict.fromkeys(faute.feuille for faute in fautes))}
    return tuple(sorted(fautes, key=lambda faute: (rangs[faute.feuille], faute.ligne)))


def _refus(attendu: str, ligne: int = 1) -> Tableau:
    """A file that cannot be read at all."""
    return Tableau((), (Faute(ligne, SANS_COLONNE, "", attendu),))


def _attendu_entier(minimum: int) -> str:
    """What a whole number must be."""
    return f"un nombre entier d’au moins {entier_fr(minimum)}."


def sans_apostrophe(cellule: str) -> str:
    """A text without the apostrophe our CSV files put before what a spreadsheet would take for a formula."""
    return cellule[1:] if cellule[:1] == "'" and cellule.lstrip("'").startswith(DEBUTS_DE_FORMULE) else cellule


def decoder(contenu: bytes) -> str | None:
    """The text of the file, None when it is none. UTF-8 first: cp1252 would read any UTF-8 as gibberish."""
    utf16 = contenu.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encodage in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            texte = contenu.decode(encodage)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in texte else texte
    return None


def _rangees(texte: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with its number in the file. Raises csv.Error for unbalanced quotes."""
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    hors_guillemets = re.sub(r'"[^"]*"', "", premiere)
    separateur = max(SEPARATEURS, key=hors_guillemets.count)
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    rangees, debut = [], 1
    for cellules in lecteur:
        if any(cellule.strip() for cellule in cellules):
            rangees.append((debut, [sans_apostrophe(cellule.strip()) for cellule in cellules]))
        debut = lecteur.line_num + 1
    return rangees


def _entete(cellules: Sequence[str]) -> list[str]:
    """Column names in lower case; the empty ones a spreadsheet leaves at the end are dropped."""
    noms = [cellule.lower() for cellule in cellules]
    while noms and not noms[-1]:
        noms.pop()
    return noms


def _fautes_de_l_entete(entete: Sequence[str], obligatoires: Sequence[str], facultatives: Sequence[str]) -> list[Faute]:
    """Missing, unknown and repeated columns."""
    connues = [*obligatoires, *facultatives]
    fautes = [Faute(1, nom, "", "cette colonne manque.") for nom in obligatoires if nom not in entete]
    for nom in dict.fromkeys(entete):
        if nom not in connues:
            fautes.append(Faute(1, nom, "", f"colonne inconnue. Les colonnes sont\u00a0: {', '.join(connues)}."))
        elif entete.count(nom) > 1:
            fautes.append(Faute(1, nom, "", "cette colonne est là deux fois."))
    return fautes


def _ligne(numero: int, entete: Sequence[str], cellules: Sequence[str]) -> Ligne:
    """A line by column name; a fault when it holds more cells than the header."""
    ligne = Ligne(numero, dict(zip(entete, cellules, strict=False)))
    en_trop = [cellule for cellule in cellules[len(entete) :] if cellule]
    if en_trop:
        ligne.fautes.append(
            Faute(
                *(numero, SANS_COLONNE, en_trop[0]),
                f"{len(cellules)} cellules pour {len(entete)} colonnes. Une virgule dans un prix ou un texte\u00a0? "
                "Mettez la cellule entre guillemets, ou séparez les colonnes par des points-virgules.",
            )
        )
    return ligne
