"""Deliveries to expect: one per bon and place, written when the bons are issued."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, case, insert, literal, select, union_all

from groupement.commandes.models import Affectation, BonDeCommande, LigneBon
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db
from groupement.socle.journal import Auteur


def annoncer(bons: Sequence[BonDeCommande], par: Auteur, le: datetime) -> None:
    """Expect every bon at each of its places, line by line: two statements, however many members.

    What members collect at the depot and the depot's own surplus arrive there, in one delivery a bon.
    `par` and `le` are those of the issue, whose journal line tells it all.
    """
    ids = [bon.id for bon in bons]
    if not ids:
        return
    # A member that collects its order has an affectation but no delivery place: its goods come with the depot's.
    membre = case((Affectation.point_de_livraison_id.is_not(None), Affectation.collectivite_id))
    lieux = (
        select(
            LigneBon.bon_id,
            membre,
            Affectation.point_de_livraison_id,
            literal(EtatLivraison.ANNONCEE.value, String),
            BonDeCommande.a_livrer_avant_le,
            *(literal("", String) for _ in range(3)),
            literal(1),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .where(LigneBon.bon_id.in_(ids))
        .group_by(LigneBon.bon_id, membre, Affectation.point_de_livraison_id, BonDeCommande.a_livrer_avant_le)
    )
    colonnes = (
        *("bon_id", "collectivite_id", "point_de_livraison_id", "etat", "attendue_le"),
        *("bordereau", "receptionnee_par", "observations", "version"),
    )
    db.session.execute(insert(Livraison).from_select(colonnes, lieux, include_defaults=False))
    db.session.execute(_lignes(ids))


def _lignes(bon_ids: Sequence[int]):
    """Every affectation of the bons, on the delivery of its place.

    Places and depot are two selects: one condition with « or » would not be answered by the index of deliveries.
    """
    lieu = Affectation.point_de_livraison_id
    lignes = union_all(
        _lignes_de(bon_ids, lieu.is_not(None), Livraison.point_de_livraison_id == lieu),
        _lignes_de(bon_ids, lieu.is_(None), Livraison.point_de_livraison_id.is_(None)),
    )
    colonnes = (
        *("livraison_id", "affectation_id", "unites_attendues", "unites_livrees", "unites_refusees", "commentaire"),
        *("unites_admises", "refaction_ht"),
    )
    return insert(LigneLivraison).from_select(colonnes, lignes, include_defaults=False)


def _lignes_de(bon_ids: Sequence[int], lesquelles: ColumnElement[bool], meme_lieu: ColumnElement[bool]):
    """The affectations `lesquelles`, each looking up its delivery by `meme_lieu`.

    Looked up, not joined: the deliveries were written a moment ago, and a database that has no statistics of them yet
    takes them for a handful and joins every affectation of a bon with every delivery of it.
    """
    livraison = select(Livraison.id).where(Livraison.bon_id == LigneBon.bon_id, meme_lieu)
    return (
        select(
            livraison.correlate(LigneBon, Affectation).scalar_subquery(),
            Affectation.id,
            Affectation.unites,
            literal(0),
            literal(0),
            literal("", String),
            literal(0),
            literal(0),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id.in_(bon_ids), lesquelles)
    )
