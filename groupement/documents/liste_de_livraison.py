"""What to deliver, place by place: the pages that follow a bon de commande.

A bon may serve three hundred town halls and three thousand lines. ReportLab's own tables lay that out ten
times faster than HTML, so these pages are drawn directly, in the same ink as the rest.
"""

import io
from collections.abc import Iterable
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
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
    lisible,
    preparer_polices,
)
from groupement.documents.papiers import BonDeCommandePapier, LieuPapier, LigneLieuPapier
from groupement.documents.unites import accorde_a
from groupement.socle.affichage import nombre, pluriel

LARGEUR = A4[0] - 2 * MARGE
COLONNES = (28 * mm, 92 * mm, 22 * mm, 32 * mm)
DEBORD = 4  # padding of a cell, in points
CORPS, PETIT = 9, 7.5
D_UN_SEUL_TENANT = 6  # lines up to which a place is kept on one page

TITRE = ParagraphStyle("titre", fontName=GRAS, fontSize=14, leading=17, textColor=ENCRE)
COURANT = ParagraphStyle("courant", fontName=MAIGRE, fontSize=CORPS, leading=11.2, textColor=ENCRE)
STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), MAIGRE, CORPS, 11),
        ("TEXTCOLOR", (0, 0), (-1, -1), ENCRE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), DEBORD),
        ("RIGHTPADDING", (0, 0), (-1, -1), DEBORD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
        ("ALIGN", (2, 1), (3, -1), "RIGHT"),
        ("LINEBELOW", (0, 2), (-1, -1), 0.4, FILET),
        ("SPAN", (0, 0), (1, 0)),
        ("SPAN", (2, 0), (3, 0)),
        ("BACKGROUND", (0, 0), (-1, 0), KRAFT_CLAIR),
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, KRAFT),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 5),
        ("BACKGROUND", (0, 1), (-1, 1), KRAFT_TITRE),
        ("FONT", (0, 1), (-1, 1), GRAS, PETIT, 9),
        ("TEXTCOLOR", (0, 1), (-1, 1), ENCRE_TITRE),
    ]
)


def dessiner_liste(papier: BonDeCommandePapier, mentions: str) -> bytes:
    """The pages of the delivery list; `mentions` are the lines of the foot, as on the bon itself."""
    preparer_polices()
    histoire: list[Flowable] = [
        Paragraph(f"Où livrer\u00a0: {pluriel(len(papier.lieux), 'lieu', 'lieux')}", TITRE),
        Paragraph(
            "Un bon de livraison par lieu, au numéro de ce bon. Chaque colis porte le nom de la collectivité.", COURANT
        ),
        Spacer(1, 8),
    ]
    for rang, lieu in enumerate(papier.lieux, start=1):
        tableau = Table([*_tete(rang, lieu), *map(_ligne, lieu.lignes)], colWidths=COLONNES, repeatRows=2, style=STYLE)
        court = len(lieu.lignes) <= D_UN_SEUL_TENANT
        histoire += [KeepTogether([tableau, Spacer(1, 8)])] if court else [tableau, Spacer(1, 8)]
    return _relier(histoire, mentions)


def _tete(rang: int, lieu: LieuPapier) -> list[list[Paragraph | str]]:
    """The rows repeated at the head of a place: who, where and how, then the columns."""
    nom = f"{rang}. " + ", ".join(_remplis((lieu.collectivite, lieu.intitule)))
    commande = f"Commande {lieu.commande}" if lieu.commande else ""
    contact = " · ".join(_remplis((lieu.contact, lieu.telephone)))
    gauche = _bloc((_fort(nom), escape(", ".join(lieu.adresse.complete)), escape(commande)))
    droite = _bloc((escape(contact), escape(lieu.horaires), _fort(" · ".join(lieu.acces))))
    return [[gauche, "", droite, ""], ["Référence", "Désignation", "Colis", "Unités"]]


def _fort(texte: str) -> str:
    """The text in the heavier face, or nothing."""
    return f'<font name="{GRAS}">{escape(texte)}</font>' if texte else ""


def _bloc(lignes: Iterable[str]) -> Paragraph:
    """Lines of marked-up text, one under the other."""
    return Paragraph("<br/>".join(lisible(ligne) for ligne in _remplis(lignes)), COURANT)


def _ligne(ligne: LigneLieuPapier) -> list[str]:
    """One article of a place."""
    colis = "–" if ligne.colis is None else f"{nombre(ligne.colis)} × {nombre(ligne.unites_par_colis)}"
    unites = f"{nombre(ligne.unites)}\u00a0{accorde_a(ligne.unite, ligne.unites)}"
    return [
        _couper(ligne.reference, COLONNES[0]),
        _couper(ligne.designation, COLONNES[1]),
        colis,
        lisible(unites),
    ]


def _remplis(textes: Iterable[str]) -> list[str]:
    """The texts that say something."""
    return [texte for texte in textes if texte]


def _couper(texte: str, largeur: float) -> str:  # float: points de la page
    """The text, broken where it would leave its cell, inside a word if it must."""
    lignes: list[str] = []
    for ligne in simpleSplit(lisible(texte), MAIGRE, CORPS, largeur - 2 * DEBORD):
        tenus = max(len(ligne), 1)
        while tenus > 1 and stringWidth(ligne[:tenus], MAIGRE, CORPS) > largeur - 2 * DEBORD:
            tenus -= 1
        lignes += [ligne[debut : debut + tenus] for debut in range(0, len(ligne), tenus)]
    return "\n".join(lignes)


def _relier(histoire: list[Flowable], mentions: str) -> bytes:
    """Lay the story out on A4 pages with the foot of the bon."""

    def pied(toile: Canvas, _document: BaseDocTemplate) -> None:
        toile.setStrokeColor(FILET)
        toile.setLineWidth(0.4)
        toile.line(MARGE, PIED + 18, A4[0] - MARGE, PIED + 18)
        toile.setFillColor(DISCRET)
        toile.setFont(MAIGRE, 7.2)
        lignes = [
            coupee
            for ligne in lisible(mentions).splitlines()
            for coupee in simpleSplit(ligne, MAIGRE, 7.2, LARGEUR - 24 * mm)
        ]
        for rang, ligne in enumerate(lignes[:3]):
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
