"""Whom to remind before a campagne closes: the people of the bodies concerned, or the body's own address."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select, union_all

from groupement.adherents.models import Collectivite, Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.campagnes import INACHEVEES, adherents_sans_commande
from groupement.socle.db import db


def sans_commande(campagne: Campagne) -> Select[Any]:
    """The bodies that have not begun an order."""
    return adherents_sans_commande(campagne).order_by(None)


def inachevees(campagne: Campagne) -> Select[Any]:
    """The bodies whose order is not committed."""
    return (
        select(Collectivite)
        .join(Commande, Commande.collectivite_id == Collectivite.id)
        .where(Commande.campagne_id == campagne.id, Commande.etat.in_(INACHEVEES))
    )


def destinataires(corps: Select[Any], le: date) -> tuple[Sequence[Any], int]:
    """((address, body name) of whoever is to be written to, bodies that nobody can be written for). Two statements."""
    lignes = personnes_des(corps, le)
    vises = corps.with_only_columns(Collectivite.id).subquery()
    concernes = set(db.session.scalars(select(vises.c.id)))
    return [(adresse, nom) for adresse, nom, _ in lignes], len(concernes - {numero for *_, numero in lignes})


def personnes_des(corps: Select[Any], le: date) -> Sequence[Any]:
    """(address, body name, body id) of whoever reads for these bodies: their people, else their own address."""
    vises = corps.with_only_columns(Collectivite.id, Collectivite.nom, Collectivite.courriel).subquery()
    personnes = (
        select(Utilisateur.email, vises.c.nom, vises.c.id)
        .join(Habilitation, Habilitation.collectivite_id == vises.c.id)
        .join(Utilisateur, Utilisateur.id == Habilitation.utilisateur_id)
        .where(Habilitation.role.in_(ROLES_COLLECTIVITE), en_cours(le), Utilisateur.active)
    )
    habilitees = select(Habilitation.collectivite_id).where(
        Habilitation.collectivite_id.is_not(None), Habilitation.role.in_(ROLES_COLLECTIVITE), en_cours(le)
    )
    standard = select(vises.c.courriel, vises.c.nom, vises.c.id).where(
        vises.c.courriel != "", vises.c.id.not_in(habilitees)
    )
    toutes = union_all(personnes, standard).subquery()
    return db.session.execute(select(toutes).distinct().order_by(toutes.c.nom, toutes.c.email)).all()
