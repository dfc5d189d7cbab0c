"""Who is told of a delivery: the agents of the bodies, the buyers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from groupement.adherents.models import Collectivite, Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import Role
from groupement.catalogue.models import Fournisseur
from groupement.commandes.models import Affectation, BonDeCommande, Campagne
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import parmi
from groupement.socle.db import db
from groupement.stock.models import Depot


@dataclass(frozen=True, slots=True)
class Destinataire:
    """A person and an address to write to."""

    nom: str
    courriel: str


def agents_des(collectivite_ids: Collection[int], le: date) -> dict[int, list[Destinataire]]:
    """The agents of these bodies on a day, by body id; the body's own address where it has none. One statement."""
    tient = and_(Habilitation.collectivite_id == Collectivite.id, Habilitation.role == Role.AGENT, en_cours(le))
    lignes = db.session.execute(
        select(Collectivite.id, Collectivite.nom, Collectivite.courriel, Utilisateur.nom, Utilisateur.email)
        .select_from(Collectivite)
        .outerjoin(Habilitation, tient)
        .outerjoin(Utilisateur, and_(Utilisateur.id == Habilitation.utilisateur_id, Utilisateur.active))
        .where(parmi(Collectivite.id, collectivite_ids))
        .order_by(Collectivite.id, Utilisateur.nom)
    )
    trouves: dict[int, list[Destinataire]] = defaultdict(list)
    maisons: dict[int, Destinataire] = {}
    for collectivite_id, collectivite, courriel, nom, email in lignes:
        if email:
            trouves[collectivite_id].append(Destinataire(nom, email))
        elif courriel:
            maisons[collectivite_id] = Destinataire(collectivite, courriel)
    return {numero: trouves[numero] or [maisons[numero]] for numero in trouves.keys() | maisons.keys()}


def acheteurs(le: date) -> Sequence[Destinataire]:
    """The buyers of the Centre de gestion on a day, by name."""
    tenants = select(Habilitation.utilisateur_id).where(Habilitation.role == Role.ACHETEUR, en_cours(le))
    personnes = db.session.execute(
        select(Utilisateur.nom, Utilisateur.email)
        .where(Utilisateur.id.in_(tenants), Utilisateur.active)
        .order_by(Utilisateur.nom)
    )
    return [Destinataire(nom, email) for nom, email in personnes]


def parts_des_collectivites(livraison_ids: Collection[int]) -> Sequence[Any]:
    """What each body has in each of these deliveries, those at the depot included. One statement.

    Columns: livraison_id, collectivite_id, collectivite, numero, fournisseur, campagne_id, au_depot, attendue_le,
    annoncee_pour, attendues, livrees, refusees, admises, refaction_ht.
    """
    return db.session.execute(
        select(
            Livraison.id.label("livraison_id"),
            Affectation.collectivite_id,
            Collectivite.nom.label("collectivite"),
            BonDeCommande.numero,
            Fournisseur.nom.label("fournisseur"),
            BonDeCommande.campagne_id,
            Livraison.point_de_livraison_id.is_(None).label("au_depot"),
            Livraison.attendue_le,
            Livraison.annoncee_pour,
            func.sum(LigneLivraison.unites_attendues).label("attendues"),
            func.sum(LigneLivraison.unites_livrees).label("livrees"),
            func.sum(LigneLivraison.unites_refusees).label("refusees"),
            func.sum(LigneLivraison.unites_admises).label("admises"),
            func.sum(LigneLivraison.refaction_ht).label("refaction_ht"),
        )
        .join(LigneLivraison, LigneLivraison.livraison_id == Livraison.id)
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .join(Collectivite, Collectivite.id == Affectation.collectivite_id)
        .join(BonDeCommande, BonDeCommande.id == Livraison.bon_id)
        .join(Fournisseur, Fournisseur.id == BonDeCommande.fournisseur_id)
        .where(parmi(Livraison.id, livraison_ids))
        .group_by(
            *(Livraison.id, Affectation.collectivite_id, Collectivite.nom, BonDeCommande.numero, Fournisseur.nom),
            *(BonDeCommande.campagne_id, Livraison.point_de_livraison_id),
            *(Livraison.attendue_le, Livraison.annoncee_pour),
        )
        .order_by(Livraison.id, Affectation.collectivite_id)
    ).all()


def depots_des(campagne_ids: Collection[int]) -> dict[int, Depot]:
    """The depot of each of these campagnes, by campagne id. One statement."""
    lignes = db.session.execute(select(Campagne.id, Depot).join(Campagne.depot).where(parmi(Campagne.id, campagne_ids)))
    return {campagne_id: depot for campagne_id, depot in lignes}
