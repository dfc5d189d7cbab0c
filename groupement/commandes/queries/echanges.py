"""What suppliers ask and remark: by bon, and what waits for the buyer's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, cast, exists, func, literal, null, or_, select, union_all

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import Role
from groupement.commandes.models import BonDeCommande, ObservationDeFournisseur, PropositionDeDate
from groupement.commandes.states import EN_COURS_D_EXECUTION, EtatObservation, EtatProposition
from groupement.socle.db import db
from groupement.socle.etats import EtatLibelle

EN_ATTENTE = PropositionDeDate.etat == EtatProposition.PROPOSEE
SANS_REPONSE = ObservationDeFournisseur.etat == EtatObservation.RECUE


@dataclass(frozen=True, slots=True)
class Attente:
    """What waits for an answer: how many, the bon of the first, its clock (a day) or since when (a moment)."""

    combien: int
    bon_id: int | None = None
    echeance: date | None = None
    depuis: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ecrit:
    """What a supplier wrote on a bon, and the answer: a date asked (`proposition`), or a remark (`observation`)."""

    genre: str
    id: int
    etat: EtatLibelle
    texte: str
    par: str
    le: datetime
    repondue_le: datetime | None
    repondue_par: str
    reponse: str
    revision: int | None
    a_livrer_avant_le: date | None
    date_proposee: date | None
    cause_le: date | None
    a_repondre_avant_le: date | None


def ecrits_de(bon_id: int) -> list[Ecrit]:
    """What a supplier wrote on a bon, the latest first. One statement."""
    p, o = PropositionDeDate, ObservationDeFournisseur
    reponses = ("repondue_le", "repondue_par", "reponse")
    dates = ("a_livrer_avant_le", "date_proposee", "cause_le", "a_repondre_avant_le")
    demandes = select(
        *(literal("proposition", String), p.id, cast(p.etat, String), p.motif, p.proposee_par, p.proposee_le),
        *(getattr(p, champ) for champ in reponses),
        cast(null(), Integer),
        *(getattr(p, champ) for champ in dates),
    ).where(p.bon_id == bon_id)
    remarques = select(
        *(literal("observation", String), o.id, cast(o.etat, String), o.texte, o.faite_par, o.faite_le),
        *(getattr(o, champ) for champ in reponses),
        o.revision,
        *(cast(null(), Date) for _ in dates),
    ).where(o.bon_id == bon_id)
    lus = (Ecrit(*ligne) for ligne in db.session.execute(union_all(demandes, remarques)))
    etats: dict[str, type[EtatLibelle]] = {"proposition": EtatProposition, "observation": EtatObservation}
    ecrits = [replace(lu, etat=etats[lu.genre](lu.etat)) for lu in lus]
    return sorted(ecrits, key=lambda ecrit: (ecrit.le, ecrit.id), reverse=True)


def proposition_de(bon: BonDeCommande, proposition_id: int) -> PropositionDeDate:
    """One of them; 404 when it is of another bon. The caller has the bon through its own door."""
    voulue = select(PropositionDeDate).where(PropositionDeDate.bon_id == bon.id, PropositionDeDate.id == proposition_id)
    proposition: PropositionDeDate = db.one_or_404(voulue.execution_options(populate_existing=True))
    return proposition


def observation_de(bon: BonDeCommande, observation_id: int) -> ObservationDeFournisseur:
    """One of them; 404 when it is of another bon."""
    voulue = select(ObservationDeFournisseur).where(
        ObservationDeFournisseur.bon_id == bon.id, ObservationDeFournisseur.id == observation_id
    )
    observation: ObservationDeFournisseur = db.one_or_404(voulue.execution_options(populate_existing=True))
    return observation


def proposition_en_attente(bon_id: int) -> PropositionDeDate | None:
    """The date asked that waits for an answer."""
    return db.session.scalars(
        select(PropositionDeDate).where(PropositionDeDate.bon_id == bon_id, EN_ATTENTE)
    ).one_or_none()


def a_repondre() -> ColumnElement[bool]:
    """The bons whose supplier waits for an answer: a date or an observation, as long as something is to deliver."""
    dates = exists().where(PropositionDeDate.bon_id == BonDeCommande.id, EN_ATTENTE)
    remarques = exists().where(ObservationDeFournisseur.bon_id == BonDeCommande.id, SANS_REPONSE)
    return BonDeCommande.etat.in_(EN_COURS_D_EXECUTION) & or_(dates, remarques)


def dates_a_repondre() -> Attente:
    """The dates asked that wait, the first to fall due named. One statement."""
    return _attente(PropositionDeDate, EN_ATTENTE, "echeance", PropositionDeDate.a_repondre_avant_le)


def observations_a_repondre() -> Attente:
    """The observations that wait, the oldest named. One statement."""
    return _attente(ObservationDeFournisseur, SANS_REPONSE, "depuis", ObservationDeFournisseur.faite_le)


def _attente(modele: Any, condition: ColumnElement[bool], champ: str, horloge: Any) -> Attente:
    """How many rows wait on bons that run, and the first of them."""
    premier = db.session.execute(
        select(func.count().over(), modele.bon_id, horloge)
        .join(BonDeCommande, BonDeCommande.id == modele.bon_id)
        .where(condition, BonDeCommande.etat.in_(EN_COURS_D_EXECUTION))
        .order_by(horloge, modele.id)
        .limit(1)
    ).one_or_none()
    return Attente(0) if premier is None else Attente(int(premier[0]), premier[1], **{champ: premier[2]})


def adresses_des_acheteurs(le: date) -> Sequence[str]:
    """Where the buyers read, on a day. One statement."""
    return db.session.scalars(
        select(Utilisateur.email)
        .join(Habilitation, Habilitation.utilisateur_id == Utilisateur.id)
        .where(Habilitation.role == Role.ACHETEUR, Utilisateur.active, en_cours(le))
        .distinct()
        .order_by(Utilisateur.email)
    ).all()
