"""Letters of an enquête, a page each, in one file.

A thousand of them may leave at once: ReportLab draws them directly, a few milliseconds a page, where HTML would take a
tenth of a second. The address stands where the window of a DL envelope is (right window, folded in three).
"""

import io
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from groupement.documents.encres import (
    DISCRET,
    ENCRE,
    FILET,
    GRAS,
    KRAFT,
    KRAFT_CLAIR,
    MAIGRE,
    MARGE,
    PIED,
    lisible,
    preparer_polices,
)
from groupement.documents.papiers.lettres import LettrePapier
from groupement.documents.pdf import Notice, archiver
from groupement.documents.rendu import mentions_du_pied
from groupement.socle.affichage import date_longue
from groupement.socle.calendrier import date_fr

Points = float  # float: points de la page
LARGEUR = A4[0] - 2 * MARGE
HAUT_DU_TEXTE = A4[1] - 96 * mm
FENETRE = (110 * mm, A4[1] - 50 * mm, 82 * mm)  # left, top, width
BAS_DU_TEXTE = 74 * mm  # the frame of the address where one answers begins below
COTE_DU_QR = 34 * mm
MASQUE = 3
CORPS = ParagraphStyle("lettre", fontName=MAIGRE, fontSize=10.5, leading=14.2, textColor=ENCRE, spaceAfter=7)
OBJET = ParagraphStyle("objet", parent=CORPS, fontName=GRAS)
ADRESSE = ParagraphStyle("adresse", parent=CORPS, fontSize=10, leading=12.6)
EXPEDITEUR = ParagraphStyle("expediteur", parent=CORPS, fontSize=9, leading=11.4)
PETIT = ParagraphStyle("petit", parent=CORPS, fontSize=8, leading=10, textColor=DISCRET)
REPONDRE = ParagraphStyle("repondre", parent=CORPS, fontSize=10, leading=13, spaceAfter=4)
ECHELLES = (100, 92, 85, 78, 70)  # % of the type size, tried in turn until the text holds on its page


def rendre_lettres(papiers: Sequence[LettrePapier]) -> bytes:
    """One PDF/A file, a page each. ValueError without any letter."""
    if not papiers:
        raise ValueError("aucune lettre à imprimer")
    preparer_polices()
    sortie = io.BytesIO()
    toile = Canvas(sortie, pagesize=A4, initialFontName=MAIGRE, initialFontSize=10)
    for papier in papiers:
        _dessiner(toile, papier)
        toile.showPage()
    toile.save()
    premiere = papiers[0]
    titre = f"{premiere.objet}, {premiere.destinataire.nom}" if len(papiers) == 1 else premiere.objet
    notice = Notice(
        titre=titre,
        auteur=premiere.expediteur.nom,
        sujet=f"Réponse attendue avant le {date_fr(premiere.echeance)}",
        le=premiere.ecrite_le,
    )
    return archiver(sortie.getvalue(), notice)


def _dessiner(toile: Canvas, papier: LettrePapier) -> None:
    """One page."""
    _filet(toile, A4[1] - 14 * mm, KRAFT, 1.6)
    _bloc(toile, _identite(papier), EXPEDITEUR, MARGE, A4[1] - 17 * mm, 84 * mm)
    gauche, haut, largeur = FENETRE
    _bloc(toile, _destinataire(papier), ADRESSE, gauche, haut, largeur)
    lieu = f"{papier.lieu}, le " if papier.lieu else "Le "
    _bloc(toile, escape(f"{lieu}{date_fr(papier.ecrite_le)}"), ADRESSE, gauche, A4[1] - 84 * mm, largeur)
    _texte(toile, papier)
    _reponse(toile, papier)
    _pied(toile, papier)


def _identite(papier: LettrePapier) -> str:
    """Who writes."""
    qui = papier.expediteur
    lignes = [_fort(qui.nom), *map(escape, qui.adresse.complete)]
    lignes += [escape(" · ".join(x for x in (qui.telephone, qui.courriel) if x))]
    return "<br/>".join(ligne for ligne in lignes if ligne)


def _destinataire(papier: LettrePapier) -> str:
    """To whom, as the window shows it."""
    a = papier.destinataire
    return "<br/>".join([_fort(a.nom), *([escape(a.service)] if a.service else []), *map(escape, a.adresse.complete)])


def _fort(texte: str) -> str:
    """The text in the heavier face."""
    return f'<font name="{GRAS}">{escape(texte)}</font>'


def _bloc(toile: Canvas, texte: str, style: ParagraphStyle, gauche: Points, haut: Points, largeur: Points) -> Points:
    """Draw a paragraph below `haut`; the height it took."""
    paragraphe = Paragraph(lisible(texte), style)
    _, hauteur = paragraphe.wrap(largeur, A4[1])
    paragraphe.drawOn(toile, gauche, haut - hauteur)
    return Points(hauteur)


def _texte(toile: Canvas, papier: LettrePapier) -> None:
    """The object and the text, in a smaller type when they are long: a letter holds on one page."""
    for echelle in ECHELLES:
        paragraphes = _paragraphes(papier, echelle)
        prise = sum(p.wrap(LARGEUR, A4[1])[1] + p.style.spaceAfter for p in paragraphes)
        if prise <= HAUT_DU_TEXTE - BAS_DU_TEXTE or echelle == ECHELLES[-1]:
            break
    haut = HAUT_DU_TEXTE
    for paragraphe in paragraphes:
        haut -= paragraphe.height
        paragraphe.drawOn(toile, MARGE, haut)
        haut -= paragraphe.style.spaceAfter


def _paragraphes(papier: LettrePapier, echelle: int) -> list[Paragraph]:
    """The object, the text and who signs, in a type of that size."""
    corps = ParagraphStyle(
        "taille", parent=CORPS, fontSize=CORPS.fontSize * echelle / 100, leading=CORPS.leading * echelle / 100
    )
    objet = ParagraphStyle("objet-taille", parent=corps, fontName=GRAS)
    textes = [Paragraph(lisible(f"Objet\u00a0: {escape(papier.objet)}"), objet)]
    textes += [Paragraph(lisible(escape(texte)).replace("\n", "<br/>"), corps) for texte in papier.paragraphes]
    signature = ParagraphStyle("signature", parent=corps, leftIndent=LARGEUR / 2, spaceBefore=4)
    return textes + ([Paragraph(lisible(escape(papier.signataire)), signature)] if papier.signataire else [])


def _reponse(toile: Canvas, papier: LettrePapier) -> None:
    """Where one answers: the QR code for a telephone, the address in letters for a keyboard."""
    bas, hauteur = 30 * mm, COTE_DU_QR + 6 * mm
    toile.setFillColor(KRAFT_CLAIR)
    toile.rect(MARGE, bas, LARGEUR, hauteur, stroke=0, fill=1)
    _qr(toile, papier.lien, MARGE + 3 * mm, bas + 3 * mm)
    gauche, largeur = MARGE + COTE_DU_QR + 8 * mm, LARGEUR - COTE_DU_QR - 12 * mm
    haut = bas + hauteur - 4 * mm
    lignes = (
        (_fort(f"Répondez avant le {date_longue(papier.echeance)}, en cinq minutes, sans mot de passe."), REPONDRE),
        (
            "Au téléphone, visez ce carré avec l’appareil photo. Sur un ordinateur, écrivez l’adresse\u00a0:",
            REPONDRE,
        ),
        (_fort(papier.lien), REPONDRE),
        (
            "Cette adresse est propre à votre collectivité\u00a0: elle montre ce que vous avez répondu, et vous pouvez "
            "le corriger jusqu’au dernier jour.",
            PETIT,
        ),
    )
    for texte, style in lignes:
        haut -= _bloc(toile, texte, style, gauche, haut, largeur) + style.spaceAfter


def _qr(toile: Canvas, texte: str, gauche: Points, bas: Points) -> None:
    """The text as a QR code of COTE_DU_QR, level M, drawn by runs of dark squares.

    Any of the eight masks can be read; the search for the prettiest would take nine tenths of the time of a letter.
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(texte)
    code.version = code.calculate_version()
    code.makeImpl(False, MASQUE)
    pas = COTE_DU_QR / code.moduleCount
    toile.setFillColor(ENCRE)
    trace = toile.beginPath()
    for rang, ligne in enumerate(code.modules):
        debut = 0
        for sombre, groupe in groupby(ligne):
            longueur = len(list(groupe))
            if sombre:
                trace.rect(gauche + debut * pas, bas + COTE_DU_QR - (rang + 1) * pas, longueur * pas, pas)
            debut += longueur
    toile.drawPath(trace, stroke=0, fill=1)


def _pied(toile: Canvas, papier: LettrePapier) -> None:
    """The legal identity at the foot, as on every paper."""
    _filet(toile, PIED + 18, FILET, 0.4)
    toile.setFillColor(DISCRET)
    toile.setFont(MAIGRE, 7.2)
    for rang, ligne in enumerate(lisible(mentions_du_pied(papier.expediteur)).splitlines()[:2]):
        toile.drawString(MARGE, PIED + 9 - 9 * rang, ligne)


def _filet(toile: Canvas, hauteur: Points, couleur: object, epaisseur: Points) -> None:
    """A line across the page."""
    toile.setStrokeColor(couleur)
    toile.setLineWidth(epaisseur)
    toile.line(MARGE, hauteur, A4[0] - MARGE, hauteur)
