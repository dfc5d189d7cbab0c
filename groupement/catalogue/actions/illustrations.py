"""Pictures and data sheet of an article: what the buyer shows of it. Each act is in the journal."""

from datetime import datetime

from sqlalchemy import delete, func, select

from groupement.catalogue.models import Article, FicheTechnique, PhotoArticle
from groupement.documents.images import ImageVerifiee, reduire
from groupement.documents.pieces import MIME_PDF
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier, deposer
from groupement.socle.journal import Auteur, noter

PHOTOS_MAX = 8
COTE_PAGE = 720  # pixels: twice the width the page of an article gives it


def ajouter_photo(article: Article, image: ImageVerifiee, texte: str, *, par: Auteur, le: datetime) -> PhotoArticle:
    """One more picture, after the others; the first is the main one. Raises RegleRefusee beyond eight."""
    combien, dernier = db.session.execute(
        select(func.count(), func.max(PhotoArticle.rang)).where(PhotoArticle.article_id == article.id)
    ).one()
    if combien >= PHOTOS_MAX:
        raise RegleRefusee(f"Un article a {PHOTOS_MAX} photos au plus\u00a0: retirez-en une d’abord.")
    fichier = deposer("photo.jpg", image.type_mime, image.jpeg, le=le, miniature=image.vignette)
    photo = PhotoArticle(
        article_id=article.id,
        fichier=fichier,
        page=reduire(image.jpeg, COTE_PAGE),
        texte=texte,
        rang=(dernier or 0) + 1,
    )
    db.session.add(photo)
    db.session.flush()
    noter("article", article.id, "ajouter une photo", par=par, le=le, resume=f"{article.reference} : {texte}")
    return photo


def mettre_en_premier(photo: PhotoArticle, article: Article, *, par: Auteur, le: datetime) -> None:
    """Make it the main picture: the one lists show."""
    premier = select(func.min(PhotoArticle.rang)).where(PhotoArticle.article_id == article.id)
    photo.rang = (db.session.scalar(premier) or 0) - 1
    noter("article", article.id, "choisir la photo", par=par, le=le, resume=f"{article.reference} : {photo.texte}")


def redire_la_photo(photo: PhotoArticle, article: Article, texte: str, *, par: Auteur, le: datetime) -> None:
    """Change the words of a picture."""
    if photo.texte == texte:
        return
    avant, photo.texte = photo.texte, texte
    resume = f"{article.reference} : texte de la photo"
    noter("article", article.id, "décrire la photo", par=par, le=le, resume=resume, avant=avant, apres=texte)


def retirer_photo(photo: PhotoArticle, article: Article, *, par: Auteur, le: datetime) -> None:
    """Take a picture away, bytes included."""
    fichier_id, texte = photo.fichier_id, photo.texte
    db.session.delete(photo)
    db.session.flush()
    db.session.execute(delete(Fichier).where(Fichier.id == fichier_id))
    noter("article", article.id, "retirer une photo", par=par, le=le, resume=f"{article.reference} : {texte}")


def deposer_fiche_technique(article: Article, octets: bytes, *, par: Auteur, le: datetime) -> FicheTechnique:
    """Keep the data sheet, in place of the one there was."""
    _oter_la_fiche(article.id)
    nom = f"fiche-technique-{article.reference}.pdf"
    fiche = FicheTechnique(article_id=article.id, fichier=deposer(nom, MIME_PDF, octets, le=le))
    db.session.add(fiche)
    db.session.flush()
    noter("article", article.id, "déposer la fiche technique", par=par, le=le, resume=article.reference)
    return fiche


def retirer_fiche_technique(article: Article, *, par: Auteur, le: datetime) -> None:
    """Take the data sheet away."""
    if _oter_la_fiche(article.id):
        noter("article", article.id, "retirer la fiche technique", par=par, le=le, resume=article.reference)


def _oter_la_fiche(article_id: int) -> bool:
    """Delete the data sheet and its bytes; whether there was one."""
    fiche = db.session.get(FicheTechnique, article_id)
    if fiche is None:
        return False
    fichier_id = fiche.fichier_id
    db.session.delete(fiche)
    db.session.flush()
    db.session.execute(delete(Fichier).where(Fichier.id == fichier_id))
    return True
