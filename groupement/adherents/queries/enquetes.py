"""Enquêtes and their letters: the doors, whom to write to, who has not answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, select, true
from sqlalchemy.orm import contains_eager

from groupement.adherents.models import Collectivite, Enquete, Intention, Sollicitation
from groupement.adherents.queries import Demandeur
from groupement.adherents.queries.listes import collectivites
from groupement.adherents.states import EtatEnquete, EtatIntention, Role
from groupement.socle.db import db

LECTEURS = (Role.ACHETEUR, Role.ADMINISTRATEUR, Role.ARCHIVISTE)


def _permis(contexte: Demandeur) -> ColumnElement[bool]:
    """The Centre de gestion reads every enquête, nobody else any."""
    return true() if contexte.a_role(*LECTEURS) else false()


def enquete_visible(enquete_id: int, contexte: Demandeur, *, verrou: bool = False) -> Enquete:
    """The enquête, for the Centre de gestion; 404 otherwise."""
    voulue = select(Enquete).where(Enquete.id == enquete_id, _permis(contexte))
    return db.one_or_404(voulue.with_for_update() if verrou else voulue)


def sollicitation_visible(sollicitation_id: int, contexte: Demandeur) -> Sollicitation:
    """A letter with its enquête and its body, for the Centre de gestion; 404 otherwise."""
    return db.one_or_404(_lettres().where(Sollicitation.id == sollicitation_id, _permis(contexte)))


def intention_visible(intention_id: int, contexte: Demandeur, *, verrou: bool = False) -> Intention:
    """An answer with its enquête and its body, for the Centre de gestion; 404 otherwise."""
    voulue = (
        select(Intention)
        .join(Intention.enquete)
        .outerjoin(Intention.collectivite)
        .options(contains_eager(Intention.enquete), contains_eager(Intention.collectivite))
        .where(Intention.id == intention_id, _permis(contexte))
    )
    return db.one_or_404(voulue.with_for_update(of=Intention) if verrou else voulue)


def _lettres() -> Select[Sollicitation]:
    """Letters, enquête and body at hand."""
    return (
        select(Sollicitation)
        .join(Sollicitation.enquete)
        .join(Sollicitation.collectivite)
        .options(contains_eager(Sollicitation.enquete), contains_eager(Sollicitation.collectivite))
    )


def sollicitation_du_lien(sollicitation_id: int, *, verrou: bool = False) -> Sollicitation | None:
    """The letter a signed link names; whoever holds the link may answer."""
    voulue = _lettres().where(Sollicitation.id == sollicitation_id)
    return db.session.scalars(voulue.with_for_update(of=Sollicitation) if verrou else voulue).one_or_none()


def reponse_a(sollicitation_id: int) -> Intention | None:
    """What was answered by that link, if anything."""
    return db.session.scalars(select(Intention).where(Intention.sollicitation_id == sollicitation_id)).one_or_none()


def enquetes() -> Any:
    """Enquêtes with how many letters left and how many answers count, the latest first: a select for a list."""
    envoyees = select(func.count()).where(Sollicitation.enquete_id == Enquete.id).scalar_subquery()
    recues = select(func.count()).where(Intention.enquete_id == Enquete.id, compte()).scalar_subquery()
    return select(Enquete, envoyees.label("envoyees"), recues.label("recues")).order_by(
        Enquete.creee_le.desc(), Enquete.id.desc()
    )


def compte() -> ColumnElement[bool]:
    """The answers that count: sent to the end, and not set aside."""
    return and_(Intention.complete, Intention.etat != EtatIntention.ECARTEE)


def destinataires(enquete_id: int, type_: str, siren_epci: str, adhesion: str) -> Any:
    """(number, address) of the bodies of that kind who have no letter of the enquête yet: a select to embed."""
    deja = exists().where(Sollicitation.enquete_id == enquete_id, Sollicitation.collectivite_id == Collectivite.id)
    return (
        collectivites("", type_, siren_epci, adhesion)
        .with_only_columns(Collectivite.id, Collectivite.courriel)
        .where(~deja)
        .order_by(None)
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


def compte_des_destinataires(enquete_id: int, type_: str, siren_epci: str, adhesion: str) -> tuple[int, int]:
    """(how many would receive a letter, how many of them have no address)."""
    d = destinataires(enquete_id, type_, siren_epci, adhesion).order_by(None).subquery()
    ligne = db.session.execute(select(func.count(), func.count(case((d.c.courriel == "", 1)))).select_from(d)).one()
    return ligne[0], ligne[1]


def a_repondu() -> ColumnElement[bool]:
    """The body of a letter has answered its enquête, by its link or otherwise."""
    return exists().where(
        Intention.enquete_id == Sollicitation.enquete_id,
        Intention.collectivite_id == Sollicitation.collectivite_id,
        compte(),
    )


def derniere_lettre() -> ColumnElement[datetime]:
    """When the body was last written to."""
    return func.coalesce(Sollicitation.relancee_le, Sollicitation.envoyee_le)


def sans_reponse_par_courriel(enquete_id: int) -> Select[Sollicitation]:
    """The letters sent by mail that nobody answered, body at hand: a select to run or to embed."""
    return _lettres().where(Sollicitation.enquete_id == enquete_id, Sollicitation.courriel != "", ~a_repondu())


def lettres_sur_papier(enquete_id: int) -> Sequence[Sollicitation]:
    """The letters without an address that nobody answered yet, by name."""
    return db.session.scalars(
        _lettres()
        .where(Sollicitation.enquete_id == enquete_id, Sollicitation.courriel == "", ~a_repondu())
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    ).all()


def sollicitations(enquete_id: int, reponse: str = "", canal: str = "") -> Any:
    """Letters of an enquête with whether each was answered, by name: a select for a list.

    `reponse` is « oui », « non » or empty; `canal` « courriel », « papier » or empty.
    """
    requete = (
        select(Sollicitation, Collectivite.nom.label("nom"), a_repondu().label("repondu"))
        .join(Sollicitation.collectivite)
        .where(Sollicitation.enquete_id == enquete_id)
        .order_by(Collectivite.nom_recherche, Sollicitation.id)
    )
    if reponse in ("oui", "non"):
        requete = requete.where(a_repondu() if reponse == "oui" else ~a_repondu())
    if canal in ("courriel", "papier"):
        requete = requete.where(Sollicitation.courriel != "" if canal == "courriel" else Sollicitation.courriel == "")
    return requete


def enquetes_echues(jour: Any) -> Sequence[Enquete]:
    """The open enquêtes whose last day is past."""
    return db.session.scalars(
        select(Enquete).where(Enquete.etat == EtatEnquete.OUVERTE, Enquete.echeance < jour).order_by(Enquete.id)
    ).all()
