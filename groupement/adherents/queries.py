"""Named selects on bodies and people, and the doors `<objet>_visible`."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from groupement.adherents.models import Adhesion, Collectivite, Habilitation, PointDeLivraison, Utilisateur
from groupement.adherents.states import EtatAdhesion, Role
from groupement.socle.db import db


class Demandeur(Protocol):
    """Who asks: what `acces.Contexte` says of them."""

    @property
    def est_cdg(self) -> bool:
        """Acts for the Centre de gestion."""

    @property
    def collectivite_id(self) -> int | None:
        """The body acted for, if any."""

    def a_role(self, *roles: Role) -> bool:
        """Has at least one of these roles."""


def habilitations_en_cours(utilisateur_id: int, le: date) -> Sequence[Habilitation]:
    """The habilitations of a person on a day, with their body."""
    return db.session.scalars(
        select(Habilitation)
        .options(joinedload(Habilitation.collectivite))
        .where(Habilitation.utilisateur_id == utilisateur_id, en_cours(le))
    ).all()


def en_cours(le: date) -> ColumnElement[bool]:
    """The habilitation holds on that day."""
    return (Habilitation.du <= le) & or_(Habilitation.au.is_(None), Habilitation.au >= le)


def perimetre(contexte: Demandeur) -> ColumnElement[bool]:
    """The bodies somebody may look at: all for the Centre de gestion and the Archives, else the one acted for."""
    if contexte.est_cdg or contexte.a_role(Role.CONTROLE):
        return true()
    if contexte.collectivite_id is not None:
        return Collectivite.id == contexte.collectivite_id
    return false()


def collectivite_visible(collectivite_id: int, contexte: Demandeur, *, verrou: bool = False) -> Collectivite:
    """The body, if this person may look at it; 404 otherwise."""
    voulue = select(Collectivite).where(Collectivite.id == collectivite_id, perimetre(contexte))
    return db.one_or_404(voulue.with_for_update() if verrou else voulue)


def point_visible(point_id: int, contexte: Demandeur, *, verrou: bool = False) -> PointDeLivraison:
    """The delivery place, if its body may be looked at; 404 otherwise."""
    voulu = select(PointDeLivraison).join(Collectivite).where(PointDeLivraison.id == point_id, perimetre(contexte))
    return db.one_or_404(voulu.with_for_update(of=PointDeLivraison) if verrou else voulu)


def utilisateur_visible(utilisateur_id: int, contexte: Demandeur, *, verrou: bool = False) -> Utilisateur:
    """The person, for an administrateur only; 404 otherwise."""
    permis = true() if contexte.a_role(Role.ADMINISTRATEUR) else false()
    voulu = select(Utilisateur).where(Utilisateur.id == utilisateur_id, permis)
    return db.one_or_404(voulu.with_for_update() if verrou else voulu)


def points_actifs(collectivite_id: int) -> Sequence[PointDeLivraison]:
    """The delivery places in use of a body, by name."""
    return db.session.scalars(
        select(PointDeLivraison)
        .where(PointDeLivraison.collectivite_id == collectivite_id, PointDeLivraison.actif)
        .order_by(PointDeLivraison.libelle)
    ).all()


def adhesion_de(collectivite_id: int, convention_id: int) -> Adhesion | None:
    """The membership of a body under a convention, if any."""
    return db.session.scalars(
        select(Adhesion).where(Adhesion.collectivite_id == collectivite_id, Adhesion.convention_id == convention_id)
    ).one_or_none()


def membres_adherents(convention_id: int) -> Select[tuple[Collectivite]]:
    """The bodies whose membership of the convention is signed, by name: a select to run or to embed."""
    return (
        select(Collectivite)
        .join(Adhesion, Adhesion.collectivite_id == Collectivite.id)
        .where(Adhesion.convention_id == convention_id, Adhesion.etat == EtatAdhesion.SIGNEE)
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


def personnes_du_domaine(domaine: str, le: date) -> Sequence[Habilitation]:
    """The habilitations in force of the people whose address is of that domain, person and body at hand."""
    return db.session.scalars(
        select(Habilitation)
        .join(Habilitation.utilisateur)
        .options(contains_eager(Habilitation.utilisateur), joinedload(Habilitation.collectivite))
        .where(Utilisateur.email.like(f"%@{domaine}"), Utilisateur.active, en_cours(le))
        .order_by(Utilisateur.nom, Utilisateur.id, Habilitation.id)
    ).all()


def personne_du_domaine(utilisateur_id: int, domaine: str) -> Utilisateur | None:
    """The open account of that domain with this number, if any."""
    return db.session.scalars(
        select(Utilisateur).where(
            Utilisateur.id == utilisateur_id, Utilisateur.email.like(f"%@{domaine}"), Utilisateur.active
        )
    ).one_or_none()
