"""Revisions of a lot: its formula, those done, and the prices they start from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import selectinload

from groupement.catalogue.models import Article, FormuleRevision, Lot, PalierPrix, PrixArticle, RevisionPrix
from groupement.catalogue.queries.prix import bordereau, par_bordereau, prix_de_chacun
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.revision import Formule, Indice
from groupement.socle.db import db


def formule_de(lot: Lot, *, verrou: bool = False) -> FormuleRevision | None:
    """The revision clause of a lot, if it has one: without, its prices are firm. Two statements."""
    voulue = select(FormuleRevision).where(FormuleRevision.lot_id == lot.id)
    voulue = voulue.options(selectinload(FormuleRevision.indices))
    return db.session.scalars(voulue.with_for_update(of=FormuleRevision) if verrou else voulue).one_or_none()


def en_formule(formule: FormuleRevision) -> Formule:
    """The clause as the rule takes it."""
    return Formule(
        part_fixe_pct=formule.part_fixe_pct,
        indices=tuple(Indice(i.code, i.libelle, i.poids_pct, i.valeur_base) for i in formule.indices),
        decimales=formule.decimales,
        seuil_pct=formule.seuil_pct,
        butoir_pct=formule.butoir_pct,
        sauvegarde_pct=formule.sauvegarde_pct,
    )


def revisions_de(lot: Lot) -> Sequence[RevisionPrix]:
    """Those done, the latest first."""
    return db.session.scalars(
        select(RevisionPrix).where(RevisionPrix.lot_id == lot.id).order_by(RevisionPrix.du.desc())
    ).all()


def articles_du_lot(lot: Lot) -> Sequence[Article]:
    """Those sold, by reference."""
    return db.session.scalars(
        select(Article).where(Article.lot_id == lot.id, Article.actif).order_by(Article.reference)
    ).all()


def prix_initiaux(lot: Lot, le: date) -> dict[int, dict[int, tuple[Palier, ...]]]:
    """P0 by bordereau then article of a lot: its price on the day `le`; if it came later, its first. Two statements."""
    ce_jour = prix_de_chacun(lot, le)
    return {cle: premiers | ce_jour.get(cle, {}) for cle, premiers in _premiers_prix(lot).items()}


def _premiers_prix(lot: Lot) -> dict[int, dict[int, tuple[Palier, ...]]]:
    """The tiers each article of the lot came with, by bordereau. One statement."""
    premier = (
        select(PrixArticle.article_id, bordereau().label("bordereau"), func.min(PrixArticle.du).label("du"))
        .join(Article, Article.id == PrixArticle.article_id)
        .where(Article.lot_id == lot.id)
        .group_by(PrixArticle.article_id, bordereau())
        .subquery()
    )
    le_meme = and_(
        premier.c.article_id == PrixArticle.article_id,
        premier.c.du == PrixArticle.du,
        premier.c.bordereau == bordereau(),
    )
    lignes = db.session.execute(
        select(premier.c.bordereau, PrixArticle.article_id, PalierPrix.a_partir_de, PalierPrix.prix_unitaire_ht)
        .select_from(PrixArticle)
        .join(premier, le_meme)
        .join(PalierPrix, PalierPrix.prix_article_id == PrixArticle.id)
        .order_by(PrixArticle.article_id, PalierPrix.a_partir_de)
    )
    return par_bordereau(lignes)


def prix_deja_ecrit(lot: Lot, du: date) -> date | None:
    """The first day, `du` or later, on which a price of the lot already starts; None when there is none."""
    return db.session.scalar(
        select(func.min(PrixArticle.du))
        .join(Article, Article.id == PrixArticle.article_id)
        .where(Article.lot_id == lot.id, PrixArticle.du >= du)
    )
