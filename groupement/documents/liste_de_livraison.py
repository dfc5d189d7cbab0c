"""What to deliver, place by place: the pages that follow a bon de commande.

A bon may serve three hundred town halls and three thousand lines. ReportLab's own tables lay that out ten
times faster than HTML, so these pages are drawn directly, in the same ink as the rest.
"""

import io
from collections.abc import Iterable

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from groupement.documents.encres import (
    DISCRET,
    ENCRE,
    ENCRE_TITRE,
    FILET,
    GRAS,
    KRAFT,
    KRAFT_CLAIR,
    KRAFT_TITRE,
    MAIGRE,
    MARGE,
    PIED,
    preparer_polices,
)
from groupement.documents.papiers import BonDeCommandePapier, LieuPapier, LigneLieuPapier
from groupement.documents.unites import accorde_a
from groupement.socle.affichage import nombre, pluriel

LARGEUR = A4[0] - 2 * MARGE
COLONNES = (28 * mm, 84 * mm, 28 * mm, 34 * mm)
DEBORD = 4  # padding of a cell, in points
CORPS, PETIT = 9, 7.5
D_UN_SEUL_TENANT = 12  # lines up to which a place is kept on one page

STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), MAIGRE, CORPS, 11),
        ("TEXTCOLOR", (0, 0), (-1, -1), ENCRE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), DEBORD),
        ("RIGHTPADDING", (0, 0), (-1, -1), DEBORD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
        ("ALIGN", (2, 2), (3, -1), "RIGHT"),
        ("LINEBELOW", (0, 3), (-1, -1), 0.4, FILET),
        *(("SPAN", debut, fin) for rang in (0, 1) for debut, fin in (((0, rang), (1, rang)), ((2, rang), (3, rang)))),
        ("BACKGROUND", (0, 0), (-1, 1), KRAFT_CLAIR),
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, KRAFT),
        ("FONT", (0, 0), (1, 0), GRAS, CORPS, 11),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 1),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 5),
        ("BACKGROUND", (0, 2), (-1, 2), KRAFT_TITRE),
        ("FONT", (0, 2), (-1, 2), GRAS, PETIT, 9),
        ("TEXTCOLOR", (0, 2), (-1, 2), ENCRE_TITRE),
    ]
)


def dessiner_liste(papier: BonDeCommandePapier, mentions: str) -> bytes:
    """The pages of the delivery list; `mentions` are the lines of the foot, as on the bon itself."""
    preparer_polices()
    titre = ParagraphStyle("titre", fontName=GRAS, fontSize=14, leading=17, textColor=ENCRE)
    courant = ParagraphStyle("courant", fontName=MAIGRE, fontSize=CORPS, leading=11.5, textColor=ENCRE, spaceAfter=8)
    histoire: list[Flowable] = [
        Paragraph(f"Où livrer : {pluriel(len(papier.lieux), 'lieu', 'lieux')}".replace(" :", "\u00a0:"), titre),
        Paragraph(
            "Un bon de livraison par lieu, au numéro de ce bon. Chaque colis porte le nom de la collectivité.", courant
        ),
    ]
    for rang, lieu in enumerate(papier.lieux, start=1):
        tableau = Table([*_tete(rang, lieu), *map(_ligne, lieu.lignes)], colWidths=COLONNES, repeatRows=3, style=STYLE)
        court = len(lieu.lignes) <= D_UN_SEUL_TENANT
        histoire += [KeepTogether([tableau, Spacer(1, 8)])] if court else [tableau, Spacer(1, 8)]
    return _relier(histoire, mentions)


def _tete(rang: int, lieu: LieuPapier) -> list[list[str]]:
    """The three rows repeated at the head of a place: who, where and how, then the columns."""
    gauche, droite = COLONNES[0] + COLONNES[1], COLONNES[2] + COLONNES[3]
    nom = f"{rang}. " + ", ".join(_remplis((lieu.collectivite, lieu.intitule)))
    adresse = ", ".join(lieu.adresse.complete)
    commande = f"Commande {lieu.commande}" if lieu.commande else ""
    contact = " · ".join(_remplis((lieu.contact, lieu.telephone)))
    return [
        [_couper((nom,), gauche, GRAS), "", _couper((contact,), droite), ""],
        [_couper((adresse, commande), gauche), "", _couper((lieu.horaires, " · ".join(lieu.acces)), droite), ""],
        ["Référence", "Désignation", "Colis", "Unités"],
    ]


def _ligne(ligne: LigneLieuPapier) -> list[str]:
    """One article of a place."""
    colis = "–" if ligne.colis is None else f"{nombre(ligne.colis)} × {nombre(ligne.unites_par_colis)}"
    unites = f"{nombre(ligne.unites)}\u00a0{accorde_a(ligne.unite, ligne.unites)}"
    return [_couper((ligne.reference,), COLONNES[0]), _couper((ligne.designation,), COLONNES[1]), colis, unites]


def _remplis(textes: Iterable[str]) -> list[str]:
    """The texts that say something."""
    return [texte for texte in textes if texte]


def _couper(textes: Iterable[str], largeur: float, police: str = MAIGRE) -> str:  # float: points de la page
    """Texts one under the other, each broken where it would leave its cell."""
    lignes = (simpleSplit(texte, police, CORPS, largeur - 2 * DEBORD) for texte in _remplis(textes))
    return "\n".join(ligne for lot in lignes for ligne in lot)


def _relier(histoire: list[Flowable], mentions: str) -> bytes:
    """Lay the story out on A4 pages with the foot of the bon."""

    def pied(toile: Canvas, _document: BaseDocTemplate) -> None:
        toile.setStrokeColor(FILET)
        toile.setLineWidth(0.4)
        toile.line(MARGE, PIED + 18, A4[0] - MARGE, PIED + 18)
        toile.setFillColor(DISCRET)
        toile.setFont(MAIGRE, 7.2)
        for rang, ligne in enumerate(mentions.splitlines()[:2]):
            toile.drawString(MARGE, PIED + 9 - 9 * rang, ligne)

    sortie = io.BytesIO()
    cadre = Frame(
        MARGE, 22 * mm, LARGEUR, A4[1] - 41 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document = BaseDocTemplate(
        sortie, pagesize=A4, initialFontName=MAIGRE, pageTemplates=[PageTemplate("liste", [cadre], onPage=pied)]
    )
    document.build(histoire, canvasmaker=_toile)
    return sortie.getvalue()


def _toile(*arguments: object, **options: object) -> Canvas:
    """A canvas that starts in our typeface: Helvetica, which cannot be embedded, is then never named."""
    return Canvas(*arguments, **(options | {"initialFontName": MAIGRE, "initialFontSize": CORPS}))
