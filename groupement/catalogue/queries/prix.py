"""Prices at a date: the latest price list of each article that starts on the day or before."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from groupement.catalogue.models import Article, Lot, Marche, PalierPrix, PrixArticle
from groupement.catalogue.rules.prix import Palier
from groupement.socle.db import db

Perimetre = Iterable[int] | Lot | Marche


def prix_a_la_date(perimetre: Perimetre, le: date) -> dict[int, tuple[Palier, ...]]:
    """The tiers (€ HT a piece, lowest threshold first) of each article on a day, by article id. One statement.

    `perimetre`: article ids, or a lot, or a marché. An article that has no price yet on that day is absent.
    """
    lignes = db.session.execute(_paliers_en_vigueur(perimetre, le)).all()
    return {
        article_id: tuple(Palier(seuil, prix) for _, seuil, prix in paliers)
        for article_id, paliers in groupby(lignes, key=itemgetter(0))
    }


def historique_des_prix(article_id: int) -> Sequence[PrixArticle]:
    """Every price list of an article, the latest first, tiers included. One statement."""
    listes = db.session.scalars(
        select(PrixArticle)
        .where(PrixArticle.article_id == article_id)
        .options(joinedload(PrixArticle.paliers))
        .order_by(PrixArticle.du.desc())
    )
    return listes.unique().all()


def dernier_prix(le: date) -> ColumnElement[bool]:
    """That a price is the one of its article on a day: the latest that started on the day or before."""
    autre = aliased(PrixArticle)
    dernier = select(func.max(autre.du)).where(autre.article_id == PrixArticle.article_id, autre.du <= le)
    return PrixArticle.du == dernier.scalar_subquery()


def _paliers_en_vigueur(perimetre: Perimetre, le: date) -> Select[int, int, Decimal]:
    """(article, threshold, unit price), ordered by article then threshold."""
    lignes = (
        select(PrixArticle.article_id, PalierPrix.a_partir_de, PalierPrix.prix_unitaire_ht)
        .join(PalierPrix, PalierPrix.prix_article_id == PrixArticle.id)
        .where(dernier_prix(le))
        .order_by(PrixArticle.article_id, PalierPrix.a_partir_de)
    )
    if isinstance(perimetre, Lot):
        return lignes.join(Article, Article.id == PrixArticle.article_id).where(Article.lot_id == perimetre.id)
    if isinstance(perimetre, Marche):
        du_marche = lignes.join(Article, Article.id == PrixArticle.article_id).join(Lot, Lot.id == Article.lot_id)
        return du_marche.where(Lot.marche_id == perimetre.id)
    return lignes.where(PrixArticle.article_id.in_(list(perimetre)))
