"""Marchés, their lots and the suppliers that hold them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, Select, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Convention
from groupement.catalogue.models import Article, Fournisseur, Lot, Marche, Titulaire
from groupement.socle.db import db


def marches() -> Select[Marche]:
    """Every marché, the latest first."""
    return select(Marche).options(selectinload(Marche.lots)).order_by(Marche.du.desc(), Marche.id.desc())


def marches_en_cours(le: date) -> Sequence[Marche]:
    """The marchés that run on a day, the latest first, with their lots. Two statements."""
    return db.session.scalars(marches().where(Marche.du <= le, Marche.au >= le)).all()


def marche_courant(le: date) -> Marche | None:
    """The marché members order on that day: of those that run, the latest to have started."""
    return next(iter(marches_en_cours(le)), None)


def marche_visible(marche_id: int, contexte: Contexte, *, verrou: bool = False) -> Marche:
    """The marché with its lots, for the Centre de gestion; 404 otherwise."""
    voulu = select(Marche).where(Marche.id == marche_id).options(joinedload(Marche.convention))
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update(of=Marche) if verrou else voulu)


def lots_du_marche(marche_id: int) -> Sequence[Lot]:
    """The lots of a marché by number, with their titulaires in rank. Two statements, whatever their number."""
    return db.session.scalars(
        select(Lot)
        .where(Lot.marche_id == marche_id)
        .options(selectinload(Lot.titulaires).joinedload(Titulaire.fournisseur))
        .order_by(Lot.numero)
    ).all()


def lot_visible(lot_id: int, contexte: Contexte, *, verrou: bool = False) -> Lot:
    """The lot, for the Centre de gestion; 404 otherwise."""
    voulu = select(Lot).where(Lot.id == lot_id).options(joinedload(Lot.marche))
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update(of=Lot) if verrou else voulu)


def articles_par_lot(marche_id: int) -> dict[int, int]:
    """How many articles each lot sells, by lot id."""
    lignes = db.session.execute(
        select(Article.lot_id, func.count())
        .join(Article.lot)
        .where(Lot.marche_id == marche_id, Article.actif)
        .group_by(Article.lot_id)
    )
    return {lot_id: compte for lot_id, compte in lignes}


def fournisseurs() -> Select[Fournisseur]:
    """Every supplier, by name."""
    return select(Fournisseur).order_by(Fournisseur.nom, Fournisseur.id)


def fournisseur_visible(fournisseur_id: int, contexte: Contexte, *, verrou: bool = False) -> Fournisseur:
    """The supplier, for the Centre de gestion; 404 otherwise."""
    voulu = select(Fournisseur).where(Fournisseur.id == fournisseur_id)
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update() if verrou else voulu)


def lots_tenus(fournisseur_id: int) -> Sequence[Row[Lot, Marche, int]]:
    """The (lot, marché) a supplier holds, the latest marché first."""
    return db.session.execute(
        select(Lot, Marche, Titulaire.rang)
        .join(Marche, Marche.id == Lot.marche_id)
        .join(Titulaire, Titulaire.lot_id == Lot.id)
        .where(Titulaire.fournisseur_id == fournisseur_id)
        .order_by(Marche.du.desc(), Lot.numero)
    ).all()


def conventions() -> Sequence[Convention]:
    """The conventions a marché can rest on, the latest first."""
    return db.session.scalars(select(Convention).order_by(Convention.adoptee_le.desc(), Convention.id.desc())).all()
