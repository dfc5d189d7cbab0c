"""What waits at the depot for the bodies that come and fetch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from werkzeug.exceptions import NotFound

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Collectivite
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.socle.db import db
from groupement.stock.models import Depot

PRETE = (LigneLivraison.unites_admises > 0) & LigneLivraison.retiree_le.is_(None)


def _au_depot(contexte: Contexte) -> ColumnElement[bool]:
    """The lines of bodies that fetch their goods; one's own only, but for the Centre de gestion."""
    membre = Livraison.point_de_livraison_id.is_(None) & Affectation.collectivite_id.is_not(None)
    return membre if contexte.est_cdg else membre & (Affectation.collectivite_id == (contexte.collectivite_id or 0))


def _lignes(*colonnes: Any) -> Select[Any]:
    """These columns of the lines and all they hang on."""
    return (
        select(*colonnes)
        .join(Livraison, Livraison.id == LigneLivraison.livraison_id)
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .join(Campagne, Campagne.id == BonDeCommande.campagne_id)
        .join(Depot, Depot.id == Campagne.depot_id)
        .join(Collectivite, Collectivite.id == Affectation.collectivite_id)
    )


def collectivites_au_depot(contexte: Contexte) -> Select[Any]:
    """(livraison_id, collectivite_id, nom, numero, depot, unites, depuis): each body and bon with goods ready."""
    cles = (Livraison.id, Collectivite.id, Collectivite.nom, Collectivite.nom_recherche, BonDeCommande.numero)
    return (
        _lignes(
            Livraison.id.label("livraison_id"),
            Collectivite.id.label("collectivite_id"),
            Collectivite.nom.label("nom"),
            BonDeCommande.numero.label("numero"),
            Depot.nom.label("depot"),
            func.sum(LigneLivraison.unites_admises).label("unites"),
            func.max(Livraison.decidee_le).label("depuis"),
        )
        .where(_au_depot(contexte), PRETE)
        .group_by(*cles, Depot.nom)
        .order_by(Collectivite.nom_recherche, Livraison.id)
    )


def suivi_au_depot(contexte: Contexte) -> Sequence[Any]:
    """What one's body has at the depot, delivery by delivery. One statement.

    Columns: livraison_id, collectivite_id, numero, etat, attendue_le, depot, horaires, attendues, pretes, retirees.
    """
    retirees = case((LigneLivraison.retiree_le.is_not(None), LigneLivraison.unites_admises), else_=0)
    cles = (Livraison.id, Affectation.collectivite_id, BonDeCommande.numero, Livraison.etat, Livraison.attendue_le)
    return db.session.execute(
        _lignes(
            Livraison.id.label("livraison_id"),
            Affectation.collectivite_id,
            BonDeCommande.numero,
            Livraison.etat,
            Livraison.attendue_le,
            Depot.nom.label("depot"),
            Depot.horaires,
            func.sum(LigneLivraison.unites_attendues).label("attendues"),
            func.sum(case((PRETE, LigneLivraison.unites_admises), else_=0)).label("pretes"),
            func.sum(retirees).label("retirees"),
        )
        .where(_au_depot(contexte))
        .group_by(*cles, Depot.nom, Depot.horaires)
        .order_by(Livraison.id.desc())
        .limit(50)
    ).all()


def retrait_visible(livraison_id: int, collectivite_id: int, contexte: Contexte) -> Sequence[Any]:
    """The lines of one body in a delivery to the depot that are admitted; 404 when there are none to be seen.

    Columns: ligne_id, reference, designation, unite, unites_par_colis, unites, retiree_le, retiree_par.
    """
    lignes = db.session.execute(
        _lignes(
            LigneLivraison.id.label("ligne_id"),
            LigneBon.reference,
            LigneBon.designation,
            LigneBon.unite,
            LigneBon.unites_par_colis,
            LigneLivraison.unites_admises.label("unites"),
            LigneLivraison.retiree_le,
            LigneLivraison.retiree_par,
        )
        .where(
            _au_depot(contexte),
            Livraison.id == livraison_id,
            Affectation.collectivite_id == collectivite_id,
            LigneLivraison.unites_admises > 0,
        )
        .order_by(LigneBon.id)
    ).all()
    if not lignes:
        raise NotFound
    return lignes


def livraison_du_retrait(livraison_id: int) -> Livraison:
    """The delivery a body fetches its share of; ask `retrait_visible` first."""
    return db.session.get_one(Livraison, livraison_id)


def a_retirer(collectivite_id: int) -> int:
    """Pieces a body has ready at the depot: for its to-do list."""
    return (
        db.session.scalar(
            _lignes(func.sum(LigneLivraison.unites_admises)).where(
                Livraison.point_de_livraison_id.is_(None), Affectation.collectivite_id == collectivite_id, PRETE
            )
        )
        or 0
    )
