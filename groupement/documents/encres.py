"""The typeface and the inks of the papers, for what ReportLab draws itself beside the HTML."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile

POLICES = Path(__file__).resolve().parent.parent / "static" / "polices"
MAIGRE = "PapierMaigre"
GRAS = "PapierGras"
FICHIERS = {MAIGRE: "SourceSansPro-Regular.ttf", GRAS: "SourceSansPro-Semibold.ttf"}

ENCRE = HexColor("#26211b")
DISCRET = HexColor("#5b5348")
KRAFT = HexColor("#b98a4e")
KRAFT_CLAIR = HexColor("#f6efe3")
KRAFT_TITRE = HexColor("#efe4d0")
ENCRE_TITRE = HexColor("#4d3717")
FILET = HexColor("#ddd0ba")

MARGE = 18 * mm
TETE = 13 * mm  # from the top of the page to the running head
PIED = 12.6 * mm  # from the bottom of the page to the last line of the foot


REMPLACANT = "?"  # where the typeface has no drawing: an archivable file may not hold an empty glyph


@cache
def _hors_police() -> re.Pattern[str]:
    """What no face of the papers can draw; line breaks and tabs are left to whoever lays out."""
    noms = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-It.ttf")
    faces = [set(TTFontFile(str(POLICES / nom)).charToGlyph) for nom in noms]
    dessinables = "".join(sorted(chr(code) for code in set.intersection(*faces) if code >= 32))
    return re.compile(f"[^\n\t{re.escape(dessinables)}]")


def lisible(texte: str) -> str:
    """The text with accents composed, and « ? » for each character the typeface cannot draw."""
    return _hors_police().sub(REMPLACANT, unicodedata.normalize("NFC", texte))


def preparer_polices() -> None:
    """Make the two faces known to ReportLab; xhtml2pdf forgets them after each page it lays out."""
    connues = pdfmetrics.getRegisteredFontNames()
    for nom, fichier in FICHIERS.items():
        if nom not in connues:
            pdfmetrics.registerFont(TTFont(nom, str(POLICES / fichier)))
