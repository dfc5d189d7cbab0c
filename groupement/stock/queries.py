"""What lies at a depot: sums of movements."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Subquery, case, false, func, select
from sqlalchemy.orm import contains_eager

from groupement.adherents.acces import Contexte
from groupement.catalogue.models import Article, Lot, Marche
from groupement.socle.db import db
from groupement.stock.models import Depot, MouvementStock, ReserveDeStock
from groupement.stock.rules.valeur import Stock

ZERO = Decimal(0)


def quantites_en_stock(depot_id: int, article_ids: Collection[int] | None = None) -> dict[int, tuple[int, Decimal]]:
    """(pieces, value € HT) of each article lying at the depot, by article id. One statement.

    `article_ids` narrows the question. An article of which nothing is left is absent.
    """
    sommes = (
        select(MouvementStock.article_id, func.sum(MouvementStock.unites), func.sum(MouvementStock.valeur_ht))
        .where(MouvementStock.depot_id == depot_id)
        .group_by(MouvementStock.article_id)
        .having(func.sum(MouvementStock.unites) != 0)
    )
    if article_ids is not None:
        sommes = sommes.where(MouvementStock.article_id.in_(article_ids))
    return {article_id: (int(unites), valeur) for article_id, unites, valeur in db.session.execute(sommes)}


def stock_de(depot_id: int, article_id: int) -> Stock:
    """What lies at the depot of one article; nothing when it never came."""
    unites, valeur = quantites_en_stock(depot_id, [article_id]).get(article_id, (0, ZERO))
    return Stock(unites, valeur)


def depots() -> Sequence[Depot]:
    """Every depot, by name."""
    return db.session.scalars(select(Depot).order_by(Depot.nom)).all()


def depot_visible(depot_id: int, contexte: Contexte, *, verrou: bool = False) -> Depot:
    """The depot, for the Centre de gestion; 404 otherwise."""
    voulu = select(Depot).where(Depot.id == depot_id)
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update() if verrou else voulu)


def totaux_du_depot(depot_id: int) -> Subquery:
    """(article_id, unites, valeur_ht, dernier_le) of everything that ever came to the depot."""
    return (
        select(
            MouvementStock.article_id,
            func.sum(MouvementStock.unites).label("unites"),
            func.sum(MouvementStock.valeur_ht).label("valeur_ht"),
            func.max(MouvementStock.le).label("dernier_le"),
        )
        .where(MouvementStock.depot_id == depot_id)
        .group_by(MouvementStock.article_id)
        .subquery()
    )


def contenu_du_depot(depot_id: int, *, presents: bool = True) -> Select[Any]:
    """(article, unites, valeur_ht, dernier_le) by name; `presents` leaves out what has run out."""
    totaux = totaux_du_depot(depot_id)
    contenu = (
        select(Article, totaux.c.unites, totaux.c.valeur_ht, totaux.c.dernier_le)
        .join(totaux, totaux.c.article_id == Article.id)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .order_by(Article.designation, Article.id)
    )
    return contenu.where(totaux.c.unites != 0) if presents else contenu


def offre_du_depot(depot_id: int, marche_id: int) -> Sequence[Any]:
    """(Article with its lot, unites, valeur_ht, reserve) of a marché lying at the depot, by name. One statement."""
    totaux = totaux_du_depot(depot_id)
    tenue = (ReserveDeStock.depot_id == depot_id) & (ReserveDeStock.article_id == Article.id)
    return db.session.execute(
        select(Article, totaux.c.unites, totaux.c.valeur_ht, func.coalesce(ReserveDeStock.unites, 0).label("reserve"))
        .join(totaux, totaux.c.article_id == Article.id)
        .join(Article.lot)
        .outerjoin(ReserveDeStock, tenue)
        .where(Lot.marche_id == marche_id, totaux.c.unites > 0)
        .options(contains_eager(Article.lot))
        .order_by(Lot.numero, Article.designation, Article.id)
    ).all()


def reserve_de(depot_id: int, article_id: int) -> int:
    """The pieces a depot keeps of an article; 0 when it keeps none."""
    tenue = (ReserveDeStock.depot_id == depot_id) & (ReserveDeStock.article_id == article_id)
    return db.session.scalar(select(ReserveDeStock.unites).where(tenue)) or 0


def valeur_du_depot(depot_id: int) -> tuple[int, Decimal]:
    """(articles present, their value € HT)."""
    totaux = totaux_du_depot(depot_id)
    presents = func.coalesce(func.sum(case((totaux.c.unites != 0, 1), else_=0)), 0)
    valeur = db.session.execute(select(presents, func.sum(totaux.c.valeur_ht))).one()
    return int(valeur[0]), valeur[1] or ZERO


def article_par_reference(reference: str) -> Article | None:
    """The article people name so: that of the latest marché which has one."""
    return db.session.scalars(
        select(Article)
        .join(Article.lot)
        .join(Lot.marche)
        .where(func.lower(Article.reference) == reference.lower())
        .order_by(Marche.du.desc(), Lot.numero)
        .limit(1)
    ).one_or_none()


def mouvements(depot_id: int, article_id: int | None = None) -> Select[Any]:
    """The movements of a depot, or of one of its articles, the latest first, article included."""
    voulus = (
        select(MouvementStock)
        .join(MouvementStock.article)
        .options(contains_eager(MouvementStock.article))
        .where(MouvementStock.depot_id == depot_id)
        .order_by(MouvementStock.le.desc(), MouvementStock.id.desc())
    )
    return voulus if article_id is None else voulus.where(MouvementStock.article_id == article_id)


def derniers_mouvements(depot_id: int, combien: int = 10) -> Sequence[MouvementStock]:
    """The latest movements of a depot."""
    return db.session.scalars(mouvements(depot_id).limit(combien)).all()


def suite_des_mouvements(depot_id: int, article_id: int) -> Sequence[MouvementStock]:
    """Every movement of an article at a depot in the order it happened."""
    return db.session.scalars(
        select(MouvementStock)
        .where(MouvementStock.depot_id == depot_id, MouvementStock.article_id == article_id)
        .order_by(MouvementStock.le, MouvementStock.id)
    ).all()
