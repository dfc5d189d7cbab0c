"""Prices written from a day on: by whoever loads a BPU, by whoever revises. Those before are never touched."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select

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
