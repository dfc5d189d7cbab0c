"""The typeface and the inks of the papers, for what ReportLab draws itself beside the HTML."""

from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

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


def preparer_polices() -> None:
    """Make the two faces known to ReportLab; xhtml2pdf forgets them after each page it lays out."""
    connues = pdfmetrics.getRegisteredFontNames()
    for nom, fichier in FICHIERS.items():
        if nom not in connues:
            pdfmetrics.registerFont(TTFont(nom, str(POLICES / fichier)))
