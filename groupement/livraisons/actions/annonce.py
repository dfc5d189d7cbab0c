"""Deliveries to expect: one per bon and place, written when the bons are issued."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, and_, case, insert, literal, select, union_all

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

    Places and depot are two selects, each joined by equalities that the index of deliveries answers: one condition
    with « or » would compare every affectation with every delivery of its bon.
    """
    au_lieu = Livraison.point_de_livraison_id == Affectation.point_de_livraison_id
    au_depot = Livraison.point_de_livraison_id.is_(None) & Affectation.point_de_livraison_id.is_(None)
    lignes = union_all(_lignes_de(bon_ids, au_lieu), _lignes_de(bon_ids, au_depot))
    colonnes = (
        *("livraison_id", "affectation_id", "unites_attendues", "unites_livrees", "unites_refusees", "commentaire"),
        *("unites_admises", "refaction_ht"),
    )
    return insert(LigneLivraison).from_select(colonnes, lignes, include_defaults=False)


def _lignes_de(bon_ids: Sequence[int], meme_lieu):
    """The affectations that find their delivery by `meme_lieu`."""
    return (
        select(
            Livraison.id,
            Affectation.id,
            Affectation.unites,
            literal(0),
            literal(0),
            literal("", String),
            literal(0),
            literal(0),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .join(Livraison, and_(Livraison.bon_id == LigneBon.bon_id, meme_lieu))
        .where(LigneBon.bon_id.in_(bon_ids))
    )
