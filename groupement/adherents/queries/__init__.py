"""Named selects on bodies and people, and the doors `<objet>_visible`."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from groupement.adherents.models import (
    Adhesion,
    Collectivite,
    Convention,
    Habilitation,
    PointDeLivraison,
    Utilisateur,
)
from groupement.adherents.rules.recherche import normaliser
from groupement.adherents.states import EtatAdhesion, Role
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier

_ORIGINE, _DELEGANT = aliased(Habilitation), aliased(Utilisateur)  # of a delegated habilitation
SIREN = re.compile(r"(?<!\d)\d{9}(?!\d)")


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
    """The habilitations of a person on a day, with their body and, for a delegated one, who delegates."""
    return db.session.scalars(_habilitations(), {"utilisateur_id": utilisateur_id, "le": le}).all()


@cache
def _habilitations() -> Select[Habilitation]:
    """The select of every request: built once, it only waits for its `utilisateur_id` and its day `le`."""
    return (
        select(Habilitation)
        .options(joinedload(Habilitation.collectivite), delegant_au_passage())
        .where(Habilitation.utilisateur_id == bindparam("utilisateur_id"), en_cours(bindparam("le")))
    )


def en_cours(le: date | BindParameter[date]) -> ColumnElement[bool]:
    """The habilitation holds on that day; a delegated one as long as the role it comes from, and its holder's account.

    Written once, read by whatever asks who may do something: a role taken from its holder is taken from whoever
    holds it from them at their next page, in the statement they already send.
    """
    tient_toujours = (
        select(_ORIGINE.id)
        .join(_DELEGANT, _DELEGANT.id == _ORIGINE.utilisateur_id)
        .where(_ORIGINE.id == Habilitation.deleguee_par_id, _dans_ses_dates(_ORIGINE, le), _DELEGANT.active)
        .correlate(Habilitation)
        .exists()
    )
    return _dans_ses_dates(Habilitation, le) & or_(Habilitation.deleguee_par_id.is_(None), tient_toujours)


def _dans_ses_dates(habilitation: Any, le: date | BindParameter[date]) -> ColumnElement[bool]:
    """The day is one of the period, whatever it comes from."""
    juste: ColumnElement[bool] = (habilitation.du <= le) & or_(habilitation.au.is_(None), habilitation.au >= le)
    return juste


def delegant_au_passage() -> Any:
    """Who delegates, read with a habilitation."""
    return joinedload(Habilitation.origine).joinedload(Habilitation.utilisateur)


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
    return db.session.scalars(_points_actifs(), {"collectivite_id": collectivite_id}).all()


@cache
def _points_actifs() -> Select[PointDeLivraison]:
    """The select of these places, built once: it waits for a `collectivite_id`."""
    du_corps = PointDeLivraison.collectivite_id == bindparam("collectivite_id")
    return select(PointDeLivraison).where(du_corps, PointDeLivraison.actif).order_by(PointDeLivraison.libelle)


def adhesion_de(collectivite_id: int, convention_id: int) -> Adhesion | None:
    """The membership of a body under a convention, if any."""
    return db.session.scalars(
        select(Adhesion).where(Adhesion.collectivite_id == collectivite_id, Adhesion.convention_id == convention_id)
    ).one_or_none()


def membres_adherents(convention_id: int) -> Select[Collectivite]:
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
        .order_by(Utilisateur.nom_recherche, Utilisateur.id, Habilitation.id)
    ).all()


def personne_du_domaine(utilisateur_id: int, domaine: str) -> Utilisateur | None:
    """The open account of that domain with this number, if any."""
    return db.session.scalars(
        select(Utilisateur).where(
            Utilisateur.id == utilisateur_id, Utilisateur.email.like(f"%@{domaine}"), Utilisateur.active
        )
    ).one_or_none()


def habilitation_visible(habilitation_id: int, contexte: Demandeur, *, verrou: bool = False) -> Habilitation:
    """The role of a person, with person and body, for an administrateur only; 404 otherwise."""
    permis = true() if contexte.a_role(Role.ADMINISTRATEUR) else false()
    voulue = (
        select(Habilitation)
        .options(joinedload(Habilitation.utilisateur), joinedload(Habilitation.collectivite), delegant_au_passage())
        .where(Habilitation.id == habilitation_id, permis)
    )
    return db.one_or_404(voulue.with_for_update(of=Habilitation) if verrou else voulue)


def adhesion_visible(adhesion_id: int, contexte: Demandeur, *, verrou: bool = False) -> Adhesion:
    """The membership, if its body may be looked at; 404 otherwise."""
    voulue = (
        select(Adhesion)
        .join(Adhesion.collectivite)
        .options(contains_eager(Adhesion.collectivite), joinedload(Adhesion.convention))
        .where(Adhesion.id == adhesion_id, perimetre(contexte))
    )
    return db.one_or_404(voulue.with_for_update(of=Adhesion) if verrou else voulue)


def courriel_visible(
    courriel_id: int, contexte: Demandeur, adresse: str, *, demo: bool, verrou: bool = False
) -> Courriel:
    """The mail: any for an administrateur; in a demonstration, their own for the others; 404 otherwise."""
    voulu = select(Courriel).where(Courriel.id == courriel_id)
    if not contexte.a_role(Role.ADMINISTRATEUR):
        voulu = voulu.where(Courriel.destinataire == adresse if demo else false())
    return db.one_or_404(voulu.with_for_update() if verrou else voulu)


def fichier_propre(fichier_id: int, empreinte: str) -> Fichier:
    """A file laid down by the same person a moment ago, known by the number and print their session keeps."""
    return db.one_or_404(select(Fichier).where(Fichier.id == fichier_id, Fichier.sha256 == empreinte))


def points_de(collectivite_id: int) -> Sequence[PointDeLivraison]:
    """All the delivery places of a body, those in use first."""
    return db.session.scalars(
        select(PointDeLivraison)
        .where(PointDeLivraison.collectivite_id == collectivite_id)
        .order_by(PointDeLivraison.actif.desc(), PointDeLivraison.libelle)
    ).all()


def adhesions_de(collectivite_id: int) -> Sequence[Adhesion]:
    """The memberships of a body, the present convention first."""
    return db.session.scalars(
        select(Adhesion)
        .join(Adhesion.convention)
        .options(contains_eager(Adhesion.convention))
        .where(Adhesion.collectivite_id == collectivite_id)
        .order_by(Convention.adoptee_le.desc(), Convention.id.desc())
    ).all()


def conventions() -> Sequence[Convention]:
    """The versions of the convention, the present one first."""
    return db.session.scalars(select(Convention).order_by(Convention.adoptee_le.desc(), Convention.id.desc())).all()


def habilites_de(collectivite_id: int, le: date) -> Sequence[Habilitation]:
    """Who acts for a body on that day, by name."""
    return db.session.scalars(
        select(Habilitation)
        .join(Habilitation.utilisateur)
        .options(contains_eager(Habilitation.utilisateur))
        .where(Habilitation.collectivite_id == collectivite_id, en_cours(le), Utilisateur.active)
        .order_by(Utilisateur.nom_recherche, Habilitation.role)
    ).all()


def habilitations_de(utilisateur_id: int) -> Sequence[Habilitation]:
    """All the roles of a person, present and past, with their body."""
    return db.session.scalars(
        select(Habilitation)
        .options(joinedload(Habilitation.collectivite), delegant_au_passage())
        .where(Habilitation.utilisateur_id == utilisateur_id)
        .order_by(Habilitation.au.is_not(None), Habilitation.du.desc(), Habilitation.id)
    ).all()


def par_siren(siren: str | None) -> Collectivite | None:
    """The body of that SIREN, if we know it."""
    return db.session.scalars(select(Collectivite).where(Collectivite.siren == siren)).one_or_none() if siren else None


def noms_de_collectivites() -> list[str]:
    """Every body as a list proposes it: « Béthune (216201194) »."""
    requete = select(Collectivite.nom, Collectivite.siren).order_by(Collectivite.nom_recherche, Collectivite.id)
    return [f"{nom} ({siren})" for nom, siren in db.session.execute(requete)]


def collectivites_designees(saisi: str) -> list[int]:
    """The bodies meant by a name, a SIREN, or a line of `noms_de_collectivites`; two at most."""
    siren = SIREN.search(re.sub(r"\s", "", saisi))
    critere = Collectivite.siren == siren[0] if siren else Collectivite.nom_recherche == normaliser(saisi)
    return list(db.session.scalars(select(Collectivite.id).where(critere).limit(2)))
