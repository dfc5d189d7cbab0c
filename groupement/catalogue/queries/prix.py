"""Prices at a date: of each article, the latest list of a bordereau that starts on the day or before.

A titulaire of another rank has its own bordereau. Unless asked otherwise, prices are those of the titulaire in force
that day: the first in rank that has not declined for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Subquery, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased, joinedload

from groupement.catalogue.models import Article, Lot, Marche, PalierPrix, PrixArticle, Titulaire
from groupement.catalogue.rules.prix import Palier
from groupement.socle.db import db

Perimetre = Iterable[int] | Lot | Marche
Bordereaux = Mapping[int, int]  # by lot id: `Titulaire.bordereau`
DU_LOT = 0  # the bordereau no supplier is named for


def prix_a_la_date(perimetre: Perimetre, le: date, chez: Bordereaux | None = None) -> dict[int, tuple[Palier, ...]]:
    """The tiers (€ HT a piece, lowest threshold first) of each article on a day, by article id. One statement.

    `perimetre`: article ids, or a lot, or a marché. An article that has no price yet on that day is absent.
    `chez`: the bordereau to read, by lot; other lots give the prices of their titulaire in force.
    """
    lignes = db.session.execute(_paliers_en_vigueur(perimetre, le, chez or {})).all()
    return {
        article_id: tuple(Palier(seuil, prix) for _, seuil, prix in paliers)
        for article_id, paliers in groupby(lignes, key=itemgetter(0))
    }


def prix_de_chacun(lot: Lot, le: date, article_id: int | None = None) -> dict[int, dict[int, tuple[Palier, ...]]]:
    """The tiers of every bordereau of a lot (or of one of its articles) on a day, by bordereau then article id.

    One statement.
    """
    voulus = Article.lot_id == lot.id if article_id is None else Article.id == article_id
    lignes = db.session.execute(
        select(bordereau(), PrixArticle.article_id, PalierPrix.a_partir_de, PalierPrix.prix_unitaire_ht)
        .join(PalierPrix, PalierPrix.prix_article_id == PrixArticle.id)
        .join(Article, Article.id == PrixArticle.article_id)
        .where(voulus, dernier_prix(le))
        .order_by(PrixArticle.article_id, PalierPrix.a_partir_de)
    )
    return par_bordereau(lignes)


def par_bordereau(lignes: Iterable[Row[int, int, int, Decimal]]) -> dict[int, dict[int, tuple[Palier, ...]]]:
    """Rows (bordereau, article, threshold, unit price) as tiers by bordereau then article id."""
    prix: dict[int, dict[int, tuple[Palier, ...]]] = {}
    for cle, article_id, seuil, montant in lignes:
        du_bordereau = prix.setdefault(cle, {})
        du_bordereau[article_id] = (*du_bordereau.get(article_id, ()), Palier(seuil, montant))
    return prix


def a_des_prix_propres(lot: Lot) -> bool:
    """Whether a titulaire of the lot has prices of its own. One statement."""
    propres = select(PrixArticle.id).join(Article, Article.id == PrixArticle.article_id)
    voulus = propres.where(Article.lot_id == lot.id, PrixArticle.fournisseur_id.is_not(None)).limit(1)
    return db.session.execute(voulus).first() is not None


def historique_des_prix(article: Article, le: date, chez: Bordereaux | None = None) -> Sequence[PrixArticle]:
    """Every price list of an article, the latest first, tiers included. One statement.

    `chez`: the bordereau to read, by lot; by default that of the titulaire in force on the day `le`.
    """
    en_vigueur = bordereaux_en_vigueur(le)
    en_force = select(en_vigueur.c.bordereau).where(en_vigueur.c.lot_id == article.lot_id).scalar_subquery()
    listes = db.session.scalars(
        select(PrixArticle)
        .where(PrixArticle.article_id == article.id, bordereau() == (chez or {}).get(article.lot_id, en_force))
        .options(joinedload(PrixArticle.paliers))
        .order_by(PrixArticle.du.desc())
    )
    return listes.unique().all()


def bordereau(prix: type[PrixArticle] = PrixArticle) -> ColumnElement[int]:
    """Which bordereau a price is of, as `Titulaire.bordereau` counts them."""
    # Written in the statement, not bound: PostgreSQL groups by it only if it is the same text twice.
    return func.coalesce(prix.fournisseur_id, literal_column(str(DU_LOT)))


def dernier_prix(le: date) -> ColumnElement[bool]:
    """That a price is the one of its article and bordereau on a day: the latest that started on the day or before."""
    autre = aliased(PrixArticle)
    du_meme = and_(autre.article_id == PrixArticle.article_id, bordereau(autre) == bordereau())
    return PrixArticle.du == select(func.max(autre.du)).where(du_meme, autre.du <= le).scalar_subquery()


def liste_en_vigueur(vise: ColumnElement[int], le: date) -> ScalarSelect[int]:
    """The id of the price list of each Article on a day in the bordereau `vise`; null when it has none yet."""
    # One look in the index an article. Met by joins instead, « the latest of the bordereau » passes for rare with
    # PostgreSQL: it expects a single row, and reads a whole table again for each of ten thousand.
    autre = aliased(PrixArticle)
    siennes = select(autre.id).where(autre.article_id == Article.id, bordereau(autre) == vise, autre.du <= le)
    return siennes.order_by(autre.du.desc()).limit(1).correlate_except(autre).scalar_subquery()


def bordereaux_en_vigueur(le: date) -> Subquery:
    """(lot_id, bordereau) of the first titulaire in rank of each lot that has not declined for good by that day."""
    autre = aliased(Titulaire)
    premier = select(func.min(autre.rang)).where(autre.lot_id == Titulaire.lot_id, _disponible(autre, le))
    de_qui = case((Titulaire.prix_du_lot, DU_LOT), else_=Titulaire.fournisseur_id)
    return (
        select(Titulaire.lot_id, de_qui.label("bordereau"))
        .where(_disponible(Titulaire, le), Titulaire.rang == premier.scalar_subquery())
        .subquery()
    )


def _disponible(titulaire: type[Titulaire], le: date) -> ColumnElement[bool]:
    """That a titulaire still takes bons that day."""
    return or_(titulaire.retire_du.is_(None), titulaire.retire_du > le)


def _paliers_en_vigueur(perimetre: Perimetre, le: date, chez: Bordereaux) -> Select[int, int, Decimal]:
    """(article, threshold, unit price), ordered by article then threshold."""
    en_vigueur = bordereaux_en_vigueur(le)
    vise: ColumnElement[int] = en_vigueur.c.bordereau
    if chez:
        vise = case(dict(chez), value=Article.lot_id, else_=vise)
    listes = (
        select(Article.id.label("article_id"), liste_en_vigueur(vise, le).label("liste_id"))
        .outerjoin(en_vigueur, en_vigueur.c.lot_id == Article.lot_id)
        .where(_dans(perimetre))
        .cte()
        .prefix_with("MATERIALIZED", dialect="postgresql")  # the list looked up once an article, not once a tier
    )
    return (
        select(listes.c.article_id, PalierPrix.a_partir_de, PalierPrix.prix_unitaire_ht)
        .join(PalierPrix, PalierPrix.prix_article_id == listes.c.liste_id)
        .order_by(listes.c.article_id, PalierPrix.a_partir_de)
    )


def _dans(perimetre: Perimetre) -> ColumnElement[bool]:
    """That an article is within."""
    if isinstance(perimetre, Lot):
        return Article.lot_id == perimetre.id
    if isinstance(perimetre, Marche):
        return Article.lot_id.in_(select(Lot.id).where(Lot.marche_id == perimetre.id))
    return Article.id.in_(list(perimetre))
