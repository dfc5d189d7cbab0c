"""Online payments: the door to one, the one to take up again, the lists the comptable reads."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from groupement.adherents.queries import Demandeur
from groupement.refacturation.models import EvenementPaiement, Facture, PaiementEnLigne
from groupement.refacturation.queries.factures import FRAICHE, perimetre_factures
from groupement.refacturation.queries.montants import centimes, en_montant
from groupement.refacturation.states import EtatPaiementEnLigne
from groupement.socle.db import db, verrouiller_ecriture


def _visibles(contexte: Demandeur) -> Select[PaiementEnLigne]:
    """The payments of the factures somebody may see."""
    return (
        select(PaiementEnLigne)
        .join(PaiementEnLigne.facture)
        .where(perimetre_factures(contexte))
        .options(contains_eager(PaiementEnLigne.facture).joinedload(Facture.collectivite))
    )


def paiement_visible(paiement_id: int, contexte: Demandeur) -> PaiementEnLigne:
    """The payment, if this person may see its facture; 404 otherwise."""
    return db.one_or_404(_visibles(contexte).where(PaiementEnLigne.id == paiement_id))


def paiement_de_session_visible(session_id: str, contexte: Demandeur) -> PaiementEnLigne:
    """The payment opened under this session, if this person may see its facture; 404 otherwise."""
    return db.one_or_404(_visibles(contexte).where(PaiementEnLigne.session_id == session_id))


def paiement_a_reprendre(facture_id: int, montant_ttc: Decimal) -> PaiementEnLigne | None:
    """A payment of that amount the gateway never answered for: asked again, it is the same one."""
    return db.session.scalars(
        select(PaiementEnLigne)
        .where(
            PaiementEnLigne.facture_id == facture_id,
            PaiementEnLigne.montant_ttc == montant_ttc,
            PaiementEnLigne.session_id.is_(None),
            PaiementEnLigne.etat == EtatPaiementEnLigne.OUVERT,
        )
        .order_by(PaiementEnLigne.id)
        .limit(1)
    ).one_or_none()


def paiement_de_la_session(session_id: str, paiement_id: int | None) -> PaiementEnLigne | None:
    """The payment an event is about, held until the commit: by its session, else by the number we gave it.

    The number is believed only for a payment whose session was never noted.
    """
    verrouiller_ecriture()
    notee = PaiementEnLigne.session_id == session_id
    numerotee = (PaiementEnLigne.id == paiement_id) & PaiementEnLigne.session_id.is_(None)
    return db.session.scalars(
        select(PaiementEnLigne)
        .where(notee if paiement_id is None else or_(notee, numerotee))
        .with_for_update(of=PaiementEnLigne)
        .execution_options(**FRAICHE)
    ).one_or_none()


def est_deja_recu(evenement_id: str) -> bool:
    """The event was taken in before."""
    return bool(db.session.scalar(select(EvenementPaiement.id).where(EvenementPaiement.evenement_id == evenement_id)))


def paiements(a_rembourser: bool = False) -> Select[Any]:
    """Every online payment, the latest first; with `a_rembourser`, those with money to give back."""
    requete = (
        select(PaiementEnLigne)
        .join(PaiementEnLigne.facture)
        .join(Facture.collectivite)
        .order_by(PaiementEnLigne.id.desc())
        .options(contains_eager(PaiementEnLigne.facture).contains_eager(Facture.collectivite))
    )
    return requete.where(PaiementEnLigne.trop_percu_ttc > 0) if a_rembourser else requete


def evenements(a_verifier: bool = False) -> Select[Any]:
    """Every event received, the latest first; with `a_verifier`, those somebody must look at."""
    requete = select(EvenementPaiement).order_by(EvenementPaiement.id.desc())
    return requete.where(EvenementPaiement.a_verifier) if a_verifier else requete


def trop_percus_ttc() -> Decimal:
    """Money received by card beyond what was owed."""
    total: Decimal | None = db.session.scalar(
        select(en_montant(func.coalesce(func.sum(centimes(PaiementEnLigne.trop_percu_ttc)), 0), "total"))
    )
    return total or Decimal("0.00")


def evenements_a_verifier() -> int:
    """How many events somebody must look at."""
    return db.session.scalar(select(func.count(EvenementPaiement.id)).where(EvenementPaiement.a_verifier)) or 0


def facture_du_paiement(paiement: PaiementEnLigne) -> Facture:
    """Its facture, held until the commit."""
    return db.session.scalars(
        select(Facture)
        .where(Facture.id == paiement.facture_id)
        .options(joinedload(Facture.collectivite))
        .with_for_update(of=Facture)
        .execution_options(**FRAICHE)
    ).one()
