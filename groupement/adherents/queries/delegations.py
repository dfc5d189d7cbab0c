"""Habilitations lent for a time: what may be lent, to whom, and what is."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import Demandeur, delegant_au_passage, en_cours
from groupement.adherents.states import DELEGABLES, DOMAINE_DEMONSTRATION, ROLES_CDG, Role
from groupement.socle.db import db


def _avec_ses_gens() -> Select[Habilitation]:
    """Habilitations with their holder, their body and who delegates them."""
    return select(Habilitation).options(
        joinedload(Habilitation.utilisateur), joinedload(Habilitation.collectivite), delegant_au_passage()
    )


def delegables(utilisateur_id: int, le: date) -> Sequence[Habilitation]:
    """The roles a person may lend on that day: their own, never one that was lent to them."""
    return db.session.scalars(
        select(Habilitation)
        .options(joinedload(Habilitation.collectivite))
        .where(
            Habilitation.utilisateur_id == utilisateur_id,
            Habilitation.deleguee_par_id.is_(None),
            Habilitation.role.in_(sorted(DELEGABLES)),
            en_cours(le),
        )
        .order_by(Habilitation.id)
    ).all()


def collegues(habilitations: Sequence[Habilitation], sauf: int, le: date) -> Sequence[Utilisateur]:
    """The people who act today for the bodies (or the Centre de gestion) of these roles, but `sauf`, by name."""
    corps = {h.collectivite_id for h in habilitations if h.collectivite_id is not None}
    cdg = any(h.role in ROLES_CDG for h in habilitations)
    eux = select(Habilitation.utilisateur_id).where(
        en_cours(le),
        or_(
            Habilitation.collectivite_id.in_(sorted(corps)),
            Habilitation.role.in_(sorted(ROLES_CDG)) if cdg else false(),
        ),
    )
    return db.session.scalars(
        select(Utilisateur)
        .where(Utilisateur.id.in_(eux), Utilisateur.id != sauf, Utilisateur.active)
        .order_by(Utilisateur.nom_recherche, Utilisateur.id)
    ).all()


def compte_a_l_adresse(adresse: str, *, demo: bool) -> Utilisateur | None:
    """The open account with that address; outside the demonstration its people do not exist."""
    reel = true() if demo else func.lower(Utilisateur.email).not_like(f"%@{DOMAINE_DEMONSTRATION}")
    return db.session.scalars(
        select(Utilisateur).where(func.lower(Utilisateur.email) == adresse.strip().lower(), Utilisateur.active, reel)
    ).one_or_none()


def delegations_de(utilisateur_id: int, le: date) -> tuple[list[Habilitation], list[Habilitation]]:
    """What the person lends, and what is lent to them: in force on that day or to come. One statement."""
    origine = aliased(Habilitation)
    lignes = db.session.scalars(
        _avec_ses_gens()
        .join(origine, origine.id == Habilitation.deleguee_par_id)
        .where(
            or_(Habilitation.utilisateur_id == utilisateur_id, origine.utilisateur_id == utilisateur_id),
            Habilitation.au >= le,
        )
        .order_by(Habilitation.du, Habilitation.id)
    ).all()
    donnees = [h for h in lignes if h.utilisateur_id != utilisateur_id]
    return donnees, [h for h in lignes if h.utilisateur_id == utilisateur_id]


def delegations_issues_de(habilitation_id: int) -> Sequence[Habilitation]:
    """What was lent from one role, with whom it was lent to."""
    return db.session.scalars(_avec_ses_gens().where(Habilitation.deleguee_par_id == habilitation_id)).all()


def delegation_visible(delegation_id: int, contexte: Demandeur, moi: int, *, verrou: bool = False) -> Habilitation:
    """The delegation, for whoever gave it and for an administrateur; 404 otherwise."""
    origine = aliased(Habilitation)
    permis = true() if contexte.a_role(Role.ADMINISTRATEUR) else origine.utilisateur_id == moi
    voulue = (
        select(Habilitation)
        .join(origine, origine.id == Habilitation.deleguee_par_id)
        .join(Habilitation.utilisateur)
        .options(contains_eager(Habilitation.utilisateur), joinedload(Habilitation.collectivite), delegant_au_passage())
        .where(Habilitation.id == delegation_id, permis)
    )
    return db.one_or_404(voulue.with_for_update(of=Habilitation) if verrou else voulue)
