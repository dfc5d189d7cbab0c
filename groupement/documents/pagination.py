"""Page numbers and running heads, laid over finished pages.

Counting pages inside xhtml2pdf costs a second layout pass (+40 %). The count is known once the file
is made, so "Page 1 / n" and the running head are drawn afterwards, and only on papers of several pages.
"""

import io

from pikepdf import Name, Page, Pdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from groupement.documents.encres import DISCRET, MAIGRE, MARGE, PIED, TETE, lisible, preparer_polices

CORPS = 8


def ajouter_reperes(pdf: Pdf, rappel: str) -> None:
    """Number the pages of a paper of several pages, and repeat `rappel` from the second on."""
    if len(pdf.pages) < 2:
        return
    tailles = [tuple(float(cote) for cote in page.mediabox[2:]) for page in pdf.pages]  # float: points de la page
    with Pdf.open(io.BytesIO(_calques(tailles, rappel))) as calques:
        for page, calque in zip(pdf.pages, calques.pages, strict=True):
            _superposer(pdf, page, calque)


def _superposer(pdf: Pdf, page: Page, calque: Page) -> None:
    """Draw `calque` over `page`, under a fixed name (pikepdf's own overlay takes a random one)."""
    forme = pdf.copy_foreign(calque.as_form_xobject())
    page.add_resource(forme, Name.XObject, Name.Reperes)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\nq /Reperes Do Q\n")


def _calques(tailles: list[tuple[float, ...]], rappel: str) -> bytes:  # float: points de la page
    """One transparent page per page of the paper, holding its number and its running head."""
    preparer_polices()
    sortie = io.BytesIO()
    toile = Canvas(sortie, initialFontName=MAIGRE, initialFontSize=CORPS)
    for numero, (largeur, hauteur) in enumerate(tailles, start=1):
        toile.setPageSize((largeur, hauteur))
        toile.setFont(MAIGRE, CORPS)
        toile.setFillColor(DISCRET)
        toile.drawRightString(largeur - MARGE, PIED, f"Page {numero} / {len(tailles)}")
        if numero > 1:
            toile.drawString(MARGE, hauteur - TETE, _tenir(lisible(rappel), largeur - 2 * MARGE))
        toile.showPage()
    toile.save()
    return sortie.getvalue()


def _tenir(texte: str, largeur: float) -> str:  # float: points de la page
    """The text, cut with an ellipsis where it would leave the page."""
    if pdfmetrics.stringWidth(texte, MAIGRE, CORPS) <= largeur:
        return texte
    while texte and pdfmetrics.stringWidth(f"{texte}…", MAIGRE, CORPS) > largeur:
        texte = texte[:-1]
    return f"{texte.rstrip()}…"
