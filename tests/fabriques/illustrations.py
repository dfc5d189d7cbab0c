"""Pictures and data sheets of articles, and the files people send to make them."""

import io
from datetime import datetime
from typing import Any

from pikepdf import Pdf
from PIL import Image

from groupement.catalogue.actions.illustrations import ajouter_photo, deposer_fiche_technique
from groupement.catalogue.models import Article, FicheTechnique, PhotoArticle
from groupement.documents.images import lire_image
from groupement.socle.journal import AUTOMATE


def jpeg(largeur: int = 640, hauteur: int = 480, format_: str = "JPEG", **options: Any) -> bytes:
    """A picture as somebody would send it."""
    flux = io.BytesIO()
    Image.new("RGB", (largeur, hauteur), (188, 148, 98)).save(flux, format_, **options)
    return flux.getvalue()


def pdf(pages: int = 1, **options: Any) -> bytes:
    """A PDF of blank pages."""
    flux = io.BytesIO()
    with Pdf.new() as nouveau:
        for _ in range(pages):
            nouveau.add_blank_page()
        nouveau.save(flux, deterministic_id=True, **options)
    return flux.getvalue()


def photo(article_montre: Article, texte: str = "Boîte montée, vue de face", *, le: datetime) -> PhotoArticle:
    """A picture of an article, after those it has."""
    return ajouter_photo(article_montre, lire_image(jpeg()), texte, par=AUTOMATE, le=le)


def fiche_technique(article_decrit: Article, *, le: datetime) -> FicheTechnique:
    """The data sheet of an article."""
    return deposer_fiche_technique(article_decrit, pdf(), par=AUTOMATE, le=le)
