"""Articles: who may see which, and those a page shows."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, case, select, true
from sqlalchemy.orm import aliased, contains_eager

from groupement.adherents.acces import Contexte
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.catalogue.models import AccesFournisseur, Article, Lot, PhotoArticle, Titulaire
from groupement.socle.db import db


def voit_tout(contexte: Contexte) -> bool:
    """Prices are a supplier's own: it looks at its own lots, everybody else at all of them."""
    return contexte.est_cdg or contexte.a_role(*ROLES_COLLECTIVITE, Role.CONTROLE)


def perimetre(contexte: Contexte) -> ColumnElement[bool]:
    """The articles somebody may look at."""
    return true() if voit_tout(contexte) else Article.lot_id.in_(_ses_lots(contexte))


def lots_vus(contexte: Contexte) -> frozenset[int] | None:
    """The lots somebody may look at; None for all of them, without asking the database."""
    return None if voit_tout(contexte) else frozenset(db.session.scalars(_ses_lots(contexte)))


def bordereaux_vus(contexte: Contexte) -> dict[int, int]:
    """A supplier looks at its own prices, by lot id; everybody else at those of the titulaire in force: nothing.

    One statement for a supplier, none for anybody else.
    """
    if voit_tout(contexte):
        return {}
    siens = (
        select(Titulaire.lot_id, case((Titulaire.prix_du_lot, 0), else_=Titulaire.fournisseur_id))
        .join(AccesFournisseur, AccesFournisseur.fournisseur_id == Titulaire.fournisseur_id)
        .where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    )
    return {lot_id: bordereau for lot_id, bordereau in db.session.execute(siens)}


def _ses_lots(contexte: Contexte) -> Select[int]:
    """The lots of the suppliers a person acts for."""
    return (
        select(Titulaire.lot_id)
        .join(AccesFournisseur, AccesFournisseur.fournisseur_id == Titulaire.fournisseur_id)
        .where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    )


def article_visible(article_id: int, contexte: Contexte, *, verrou: bool = False) -> Article:
    """The article, if this person may see it; 404 otherwise. One taken off the catalogue stays readable."""
    voulu = _avec_son_marche().where(Article.id == article_id, perimetre(contexte))
    return db.one_or_404(voulu.with_for_update(of=Article) if verrou else voulu)


def articles_par_id(ids: Sequence[int], contexte: Contexte) -> list[Article]:
    """These articles, in the order of `ids`, those this person may not see left out. One statement."""
    trouves = db.session.scalars(_avec_son_marche().where(Article.id.in_(ids), perimetre(contexte)))
    return sorted(trouves, key=lambda article: ids.index(article.id))


def articles_illustres(ids: Sequence[int]) -> list[Row[Article, int, str]]:
    """(article, id of its main picture, words of the picture) in the order of `ids`. One statement."""
    autre = aliased(PhotoArticle)
    premiere = (
        select(autre.id)
        .where(autre.article_id == Article.id)
        .order_by(autre.rang, autre.id)
        .limit(1)
        .correlate(Article)
        .scalar_subquery()
    )
    lignes = db.session.execute(
        select(Article, PhotoArticle.id.label("photo_id"), PhotoArticle.texte.label("photo_texte"))
        .join(Article.lot)
        .outerjoin(PhotoArticle, PhotoArticle.id == premiere)
        .options(contains_eager(Article.lot))
        .where(Article.id.in_(ids))
    ).all()
    places = {article_id: place for place, article_id in enumerate(ids)}
    return sorted(lignes, key=lambda ligne: places[ligne.Article.id])


def _avec_son_marche() -> Select[Article]:
    """Articles with their lot and their marché."""
    return (
        select(Article)
        .join(Article.lot)
        .join(Lot.marche)
        .options(contains_eager(Article.lot).contains_eager(Lot.marche))
    )


def articles_par_reference(marche_id: int, references: Sequence[str]) -> dict[str, Article]:
    """The articles of a marché still sold, by reference, lot included. One statement for any number of references.

    A reference is unique in its lot; should two lots share one, the lot of the lowest number wins.
    """
    trouves = db.session.scalars(
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == marche_id, Article.actif, Article.reference.in_(references))
        .order_by(Lot.numero.desc())
    )
    return {article.reference: article for article in trouves}
