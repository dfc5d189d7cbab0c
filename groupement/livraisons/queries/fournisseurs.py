"""What a supplier sees: the places of its own bons."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select, true

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import entete, parmi
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db

A_VENIR = (EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE)


def livraison_du_bon(bon_id: int, livraison_id: int) -> Livraison:
    """One delivery of a bon, which the caller has through its own door; 404 when it is of another."""
    voulue = select(Livraison).where(Livraison.id == livraison_id, Livraison.bon_id == bon_id)
    return db.one_or_404(voulue.options(*entete()))


def livraisons_du_bon(bon_id: int) -> Select[Any]:
    """(Livraison, collectivite, lieu, ville, unites, references): what goes where, by body, for a list."""
    sommes = (
        select(
            LigneLivraison.livraison_id,
            func.sum(LigneLivraison.unites_attendues).label("unites"),
            func.count(LigneLivraison.id).label("lignes"),
        )
        .group_by(LigneLivraison.livraison_id)
        .subquery()
    )
    return (
        select(
            Livraison,
            Collectivite.nom.label("collectivite"),
            PointDeLivraison.libelle.label("lieu"),
            PointDeLivraison.ville.label("ville"),
            sommes.c.unites,
            sommes.c.lignes,
        )
        .join(sommes, sommes.c.livraison_id == Livraison.id)
        .outerjoin(Collectivite, Collectivite.id == Livraison.collectivite_id)
        .outerjoin(PointDeLivraison, PointDeLivraison.id == Livraison.point_de_livraison_id)
        .where(Livraison.bon_id == bon_id)
        .order_by(Collectivite.nom_recherche.nulls_first(), Livraison.id)
    )


def a_annoncer(bon_id: int, livraison_ids: Collection[int] | None) -> list[int]:
    """Those of these deliveries (None: all) that are of the bon and still to come, held until the commit."""
    choisies = true() if livraison_ids is None else parmi(Livraison.id, livraison_ids)
    voulues = (
        select(Livraison.id)
        .where(Livraison.bon_id == bon_id, choisies, Livraison.etat.in_(A_VENIR))
        .order_by(Livraison.id)
        .with_for_update(of=Livraison)
    )
    return list(db.session.scalars(voulues))
