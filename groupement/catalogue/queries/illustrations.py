"""Pictures and data sheets of the articles, and the articles somebody keeps at hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import contains_eager, undefer

from groupement.adherents.acces import Contexte
from groupement.catalogue.models import Article, Favori, FicheTechnique, PhotoArticle
from groupement.catalogue.queries.articles import perimetre
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier


def photos_de(article_id: int) -> Sequence[PhotoArticle]:
    """The pictures of an article, the main one first."""
    return db.session.scalars(
        select(PhotoArticle)
        .join(PhotoArticle.fichier)
        .where(PhotoArticle.article_id == article_id)
        .options(contains_eager(PhotoArticle.fichier))
        .order_by(PhotoArticle.rang, PhotoArticle.id)
    ).all()


def photo_visible(photo_id: int, contexte: Contexte, *, verrou: bool = False) -> PhotoArticle:
    """The picture, if this person may see its article; 404 otherwise. Its bytes come only where a size is shown."""
    voulue = (
        select(PhotoArticle)
        .join(Article, Article.id == PhotoArticle.article_id)
        .where(PhotoArticle.id == photo_id, perimetre(contexte))
    )
    return db.one_or_404(voulue.with_for_update(of=PhotoArticle) if verrou else voulue)


def octets_de_la_photo(photo_id: int, taille: str, contexte: Contexte) -> bytes:
    """The JPEG of a picture in one of its three sizes, if this person may see its article; 404 otherwise."""
    colonnes = {"liste": Fichier.miniature, "page": PhotoArticle.page, "grande": Fichier.octets}
    octets: bytes = db.one_or_404(
        select(func.coalesce(colonnes[taille], Fichier.octets))
        .select_from(PhotoArticle)
        .join(PhotoArticle.fichier)
        .join(Article, Article.id == PhotoArticle.article_id)
        .where(PhotoArticle.id == photo_id, perimetre(contexte))
    )
    return octets


def fiche_technique_de(article_id: int) -> FicheTechnique | None:
    """The data sheet of an article, without its bytes."""
    return db.session.scalars(
        select(FicheTechnique)
        .join(FicheTechnique.fichier)
        .where(FicheTechnique.article_id == article_id)
        .options(contains_eager(FicheTechnique.fichier))
    ).one_or_none()


def fiche_technique_visible(article_id: int, contexte: Contexte) -> FicheTechnique:
    """The data sheet with its bytes, if this person may see its article; 404 otherwise."""
    fiche: FicheTechnique = db.one_or_404(
        select(FicheTechnique)
        .join(FicheTechnique.fichier)
        .join(Article, Article.id == FicheTechnique.article_id)
        .where(FicheTechnique.article_id == article_id, perimetre(contexte))
        .options(contains_eager(FicheTechnique.fichier).options(undefer(Fichier.octets)))
    )
    return fiche


def fiche_et_favori(article_id: int, utilisateur_id: int) -> tuple[FicheTechnique | None, bool]:
    """The data sheet of an article, without its bytes, and whether a person keeps the article. One statement."""
    garde = and_(Favori.article_id == Article.id, Favori.utilisateur_id == utilisateur_id)
    fiche, le = db.session.execute(
        select(FicheTechnique, Favori.le)
        .select_from(Article)
        .outerjoin(FicheTechnique, FicheTechnique.article_id == Article.id)
        .outerjoin(FicheTechnique.fichier)
        .outerjoin(Favori, garde)
        .options(contains_eager(FicheTechnique.fichier))
        .where(Article.id == article_id)
    ).one()
    return fiche, le is not None


def favoris_de(utilisateur_id: int) -> frozenset[int]:
    """The articles a person keeps at hand, by id."""
    return frozenset(db.session.scalars(select(Favori.article_id).where(Favori.utilisateur_id == utilisateur_id)))


def articles_favoris(contexte: Contexte) -> Sequence[Row[Article, datetime]]:
    """(article, the day it was kept), the last kept first; those this person may no longer see left out."""
    return db.session.execute(
        select(Article, Favori.le)
        .join(Favori, Favori.article_id == Article.id)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Favori.utilisateur_id == contexte.utilisateur_id, perimetre(contexte))
        .order_by(Favori.le.desc(), Article.id)
    ).all()
