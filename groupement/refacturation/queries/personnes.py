"""Who is written to about the factures of a body."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from groupement.adherents.models import Collectivite, Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.socle.db import db


def destinataires(collectivite_ids: Collection[int], le: date) -> dict[int, list[tuple[str, str]]]:
    """(name, address) of the agents and valideurs of each body; the body's own address when it has nobody.

    Two statements whatever the number of bodies.
    """
    voulues = sorted(collectivite_ids)
    trouves: dict[int, dict[str, str]] = defaultdict(dict)
    personnes = (
        select(Habilitation.collectivite_id, Utilisateur.nom, Utilisateur.email)
        .join(Utilisateur, Utilisateur.id == Habilitation.utilisateur_id)
        .where(Habilitation.collectivite_id.in_(voulues), Habilitation.role.in_(sorted(ROLES_COLLECTIVITE)))
        .where(en_cours(le), Utilisateur.active)
        .order_by(Utilisateur.id)
    )
    for numero, nom, adresse in db.session.execute(personnes):
        if numero is not None:
            trouves[numero][adresse] = nom
    corps = select(Collectivite.id, Collectivite.courriel).where(
        Collectivite.id.in_(voulues), Collectivite.courriel != ""
    )
    for numero, adresse in db.session.execute(corps):
        if numero not in trouves:
            trouves[numero][adresse] = ""
    return {numero: [(nom, adresse) for adresse, nom in gens.items()] for numero, gens in trouves.items()}
