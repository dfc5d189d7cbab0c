"""Prices written from a day on: by whoever loads a BPU, by whoever revises. Those before are never touched."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import aliased

from groupement.catalogue.models import Article, Lot, PalierPrix, PrixArticle
from groupement.catalogue.queries.prix import DU_LOT, bordereau
from groupement.catalogue.rules.prix import Palier
from groupement.socle.db import db


def ecrire_les_prix(
    marche_id: int, paliers: Mapping[int, Sequence[Palier]], du: date, source: str, *, fournisseur_id: int | None = None
) -> None:
    """The tiers (€ HT) of articles of a marché, by article id, from `du` on. One question, two writings.

    `fournisseur_id`: the titulaire whose own prices they are; none for those of the lots.
    """
    if not paliers:
        return
    db.session.execute(
        insert(PrixArticle),
        [
            {"article_id": article_id, "fournisseur_id": fournisseur_id, "du": du, "source": source[:200]}
            for article_id in paliers
        ],
    )
    du_jour = (
        select(PrixArticle.article_id, PrixArticle.id)
        .join(Article, Article.id == PrixArticle.article_id)
        .join(Article.lot)
        .where(Lot.marche_id == marche_id, PrixArticle.du == du, bordereau() == (fournisseur_id or DU_LOT))
    )
    rangees = [
        {"prix_article_id": prix_id, "a_partir_de": palier.a_partir_de, "prix_unitaire_ht": palier.prix_unitaire_ht}
        for article_id, prix_id in db.session.execute(du_jour)
        for palier in paliers.get(article_id, ())
    ]
    db.session.execute(insert(PalierPrix), rangees)


def transmettre_les_prix(lot_id: int, de: int, a: int) -> None:
    """The own prices of a supplier in a lot become those of the one that takes its place, past ones too.

    Two writings; nothing for a supplier that already had prices in the lot.
    """
    articles = select(Article.id).where(Article.lot_id == lot_id)
    deja = select(PrixArticle.id).where(PrixArticle.article_id.in_(articles), PrixArticle.fournisseur_id == a)
    if db.session.execute(deja.limit(1)).first():
        return
    anciens = select(PrixArticle.article_id, literal(a), PrixArticle.du, PrixArticle.source).where(
        PrixArticle.article_id.in_(articles), PrixArticle.fournisseur_id == de
    )
    db.session.execute(insert(PrixArticle).from_select(["article_id", "fournisseur_id", "du", "source"], anciens))
    ancien, nouveau = aliased(PrixArticle), aliased(PrixArticle)
    paliers = (
        select(nouveau.id, PalierPrix.a_partir_de, PalierPrix.prix_unitaire_ht)
        .join(ancien, ancien.id == PalierPrix.prix_article_id)
        .join(nouveau, (nouveau.article_id == ancien.article_id) & (nouveau.du == ancien.du))
        .where(ancien.fournisseur_id == de, nouveau.fournisseur_id == a, ancien.article_id.in_(articles))
        .order_by(nouveau.id, PalierPrix.a_partir_de)
    )
    db.session.execute(insert(PalierPrix).from_select(["prix_article_id", "a_partir_de", "prix_unitaire_ht"], paliers))
