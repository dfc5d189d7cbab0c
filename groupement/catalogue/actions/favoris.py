"""The articles a person keeps at hand."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from groupement.catalogue.models import Article, Favori
from groupement.socle.db import db


def garder(article: Article, utilisateur_id: int, *, le: datetime) -> None:
    """Keep an article at hand; twice is once, two windows at the same moment included."""
    connu = select(Favori).where(Favori.utilisateur_id == utilisateur_id, Favori.article_id == article.id)
    if db.session.scalars(connu).one_or_none() is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(Favori(utilisateur_id=utilisateur_id, article_id=article.id, le=le))
    except IntegrityError:
        return  # the other window was first


def oublier(article: Article, utilisateur_id: int) -> None:
    """Keep it no longer; one that was not kept is no fault."""
    db.session.execute(delete(Favori).where(Favori.utilisateur_id == utilisateur_id, Favori.article_id == article.id))
