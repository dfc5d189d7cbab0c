"""A sheet of an .xlsx, row by row: its values as people see them, merged cells spread, formulas by their last value."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from enum import Enum
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from openpyxl.styles.numbers import is_date_format

from groupement.documents.classeurs.table import ClasseurRefuse, Feuille, Fusion, Rangee
from groupement.documents.classeurs.textes import propre
from groupement.socle.nombres import decimal_fr

RANGEES_MAX = 60_000
CELLULES_MAX = 1_500_000
COLONNES_MAX = 200
FUSIONS_MAX = 20_000
PAS = 500  # rows between two words on the progress
COMME_EXCEL = Context(prec=15)  # what a spreadsheet shows: 0.57999999999999996 is 0,58
ADRESSE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ORIGINE, ORIGINE_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (days of a sheet have no zone)
JOURS_MAX = 2_958_465  # 31/12/9999
TROP_GRAND = "Ce classeur est trop grand\u00a0: ne gardez que le bordereau des prix."


class Nature(Enum):
    """What a number stands for in its cell."""

    NOMBRE = "nombre"
    POURCENTAGE = "pourcentage"
    DATE = "date"


def nature_du_format(code: str) -> Nature:
    """The nature a number format shows."""
    if "%" in re.sub(r'"[^"]*"|\\.', "", code):
        return Nature.POURCENTAGE
    return Nature.DATE if is_date_format(code) else Nature.NOMBRE


class LecteurDeFeuille(ContentHandler):
    """Collects the rows of one sheet as the parser gives them."""

    def __init__(
        self, mots: list[str], natures: list[Nature], depuis_1904: bool, suivi: Callable[[int], None] | None
    ) -> None:
        """`mots`: the shared words; `natures`: by style of cell; `suivi`: told the rows read, now and then."""
        super().__init__()
        self._mots, self._natures, self._suivi = mots, natures, suivi
        self._origine = ORIGINE_1904 if depuis_1904 else ORIGINE
        self._rangees: dict[int, dict[int, str]] = {}
        self._fusions: list[Fusion] = []
        self._anomalies: dict[tuple[int, int], str] = {}
        self._cellules = self._numero = 0
        self._colonne = -1
        self._genre, self._style = "n", 0
        self._formule = self._aide = False
        self._ecoute: list[str] | None = None
        self._valeur: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """A row, a cell, a value, a formula, a merged range."""
        nom = name.rpartition(":")[2]
        if nom == "c":
            self._ouvrir_la_cellule(attrs)
        elif nom == "v" or (nom == "t" and not self._aide):
            self._ecoute = self._valeur
        elif nom == "row":
            self._ouvrir_la_rangee(attrs)
        elif nom == "f":
            self._formule = True
        elif nom == "rPh":
            self._aide = True
        elif nom == "mergeCell":
            self._fusionner(attrs.get("ref", ""))

    def characters(self, content: str) -> None:
        """The text of a value."""
        if self._ecoute is not None:
            self._ecoute.append(content)

    def endElement(self, name: str) -> None:
        """A cell is whole when it closes."""
        nom = name.rpartition(":")[2]
        if nom == "c":
            self._fermer_la_cellule()
        elif nom in ("v", "t"):
            self._ecoute = None
        elif nom == "rPh":
            self._aide = False

    def _ouvrir_la_rangee(self, attributs: AttributesImpl) -> None:
        """A row may say its number, or follow the one before."""
        self._numero = int(attributs.get("r", str(self._numero + 1)))
        self._colonne = -1
        if self._suivi and self._rangees and len(self._rangees) % PAS == 0:
            self._suivi(len(self._rangees))

    def _ouvrir_la_cellule(self, attributs: AttributesImpl) -> None:
        """A cell may say its address, or follow the one before."""
        place = ADRESSE.fullmatch(attributs.get("r", ""))
        self._colonne = _colonne(place.group(1)) if place else self._colonne + 1
        self._genre, self._style = attributs.get("t", "n"), int(attributs.get("s", "0"))
        self._formule, self._valeur = False, []

    def _fermer_la_cellule(self) -> None:
        """Keep the text of the cell, if it has one."""
        brut = "".join(self._valeur)
        if self._formule and not brut and self._genre != "str":
            self._anomalies[self._numero, self._colonne] = (
                "cette formule n’a pas encore été calculée\u00a0: ouvrez le classeur dans le tableur, enregistrez-le, "
                "et choisissez-le à nouveau."
            )
            texte = "formule"
        else:
            texte = self._texte(brut)
        if texte and self._colonne < COLONNES_MAX:
            self._rangees.setdefault(self._numero, {})[self._colonne] = texte
            self._cellules += 1
            if self._cellules > CELLULES_MAX or len(self._rangees) > RANGEES_MAX:
                raise ClasseurRefuse(TROP_GRAND)

    def _texte(self, brut: str) -> str:
        """A value as a person reads it in the sheet."""
        if self._genre == "s":
            rang = int(brut or "-1")
            return self._mots[rang] if 0 <= rang < len(self._mots) else ""
        if self._genre == "e":
            self._anomalies[self._numero, self._colonne] = (
                "la formule de cette cellule est en erreur\u00a0: corrigez-la."
            )
            return propre(brut)
        if self._genre == "b":
            return "VRAI" if brut == "1" else "FAUX"
        if self._genre == "n" and brut:
            return self._nombre(brut)
        return propre(brut.replace("_x000D_", ""))

    def _nombre(self, brut: str) -> str:
        """A number as it is shown: a date, a percentage, or itself to fifteen digits."""
        try:
            valeur = COMME_EXCEL.create_decimal(brut)
        except InvalidOperation:
            return propre(brut)
        nature = self._natures[self._style] if self._style < len(self._natures) else Nature.NOMBRE
        if not valeur.is_finite() or valeur.adjusted() > 30 or valeur.adjusted() < -30:
            return propre(brut)
        if nature is Nature.DATE and 0 <= valeur < JOURS_MAX:
            return f"{self._origine + timedelta(days=int(valeur)):%d/%m/%Y}"
        if nature is Nature.POURCENTAGE:
            return f"{_decimal(valeur * 100)} %"
        return _decimal(valeur)

    def _fusionner(self, etendue: str) -> None:
        """Note a merged range."""
        debut, _, fin = etendue.partition(":")
        coins = ADRESSE.fullmatch(debut), ADRESSE.fullmatch(fin or debut)
        if coins[0] is None or coins[1] is None:
            return
        if len(self._fusions) >= FUSIONS_MAX:
            raise ClasseurRefuse(TROP_GRAND)
        premier, dernier = coins[0], coins[1]
        self._fusions.append(
            Fusion(int(premier[2]), _colonne(premier[1]), int(dernier[2]), min(_colonne(dernier[1]), COLONNES_MAX - 1))
        )

    def feuille(self, nom: str) -> Feuille:
        """The sheet once read: merged cells spread over the rows that exist, empty rows dropped."""
        for fusion in self._fusions:
            self._etendre(fusion)
        rangees = (
            Rangee(numero, tuple(cellules.get(colonne, "") for colonne in range(max(cellules) + 1)))
            for numero, cellules in sorted(self._rangees.items())
        )
        return Feuille(nom, tuple(rangees), tuple(self._fusions), self._anomalies)

    def _etendre(self, fusion: Fusion) -> None:
        """The value of the first cell of a range counts for all of it."""
        texte = self._rangees.get(fusion.premiere_rangee, {}).get(fusion.premiere_colonne, "")
        if not texte:
            return
        hauteur = range(fusion.premiere_rangee, fusion.derniere_rangee + 1)
        numeros = hauteur if len(hauteur) <= len(self._rangees) else tuple(self._rangees)
        largeur = range(fusion.premiere_colonne, fusion.derniere_colonne + 1)
        for numero in numeros:
            self._cellules += 1 + len(largeur)
            if self._cellules > CELLULES_MAX:
                raise ClasseurRefuse(TROP_GRAND)
            if numero in self._rangees and numero in hauteur:
                for colonne in largeur:
                    self._rangees[numero].setdefault(colonne, texte)


def _decimal(valeur: Decimal) -> str:
    """The French way, without parting thousands: what was a number stays one when read again."""
    return decimal_fr(valeur).replace("\u00a0", "")


def _colonne(lettres: str) -> int:
    """The rank of a column from its letters: A gives 0, AB gives 27."""
    rang = 0
    for une in lettres:
        rang = rang * 26 + ord(une) - ord("A") + 1
    return rang - 1
