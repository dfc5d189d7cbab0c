"""Answers: given by a link, attached to a body, corrected, set aside, turned into an adhesion. Nothing commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from groupement.adherents.actions.adhesions import demander, demander_plusieurs
from groupement.adherents.actions.doublons import ecarter_les_doublons
from groupement.adherents.models import Collectivite, Convention, Enquete, Intention, Sollicitation
from groupement.adherents.queries import adhesion_de
from groupement.adherents.queries.enquetes import compte, reponse_a
from groupement.adherents.rules.enquete import accepte_les_reponses
from groupement.adherents.securite.declarations import lien_de_reponse
from groupement.adherents.states import TRANSITIONS_INTENTION, EtatEnquete, EtatIntention, OrigineIntention
from groupement.socle import courriels
from groupement.socle.affichage import date_longue
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, franchir_tous, noter
from groupement.socle.web import ConflitDeVersion


@dataclass(frozen=True, slots=True)
class Repondant:
    """Whoever answered by a signed link: a name, no account."""

    nom: str
    utilisateur_id: int | None = None


def repondre(sollicitation: Sollicitation, valeurs: Mapping[str, Any], version: int, *, le: datetime) -> Intention:
    """Write or change what a body answers by its link, and the mail that confirms it.

    RegleRefusee once the enquête is closed; ConflitDeVersion when somebody answered meanwhile by the same link.
    """
    enquete = sollicitation.enquete
    if not accepte_les_reponses(enquete.etat is EtatEnquete.OUVERTE, enquete.echeance, jour_a_paris(le)):
        raise RegleRefusee("L’enquête est close\u00a0: votre réponse ne peut plus changer ici.")
    par = Repondant(valeurs["repondant"])
    intention = reponse_a(sollicitation.id)
    if version != (intention.version if intention else 0):
        raise ConflitDeVersion(
            "Quelqu’un de votre collectivité a répondu entre-temps avec le même lien. Relisez, puis envoyez de nouveau."
        )
    if intention is None:
        intention = _nouvelle(sollicitation, le)
    _ecrire(intention, valeurs, le)
    noter("intention", intention.id, "repondre", par=par, le=le, resume=sollicitation.collectivite.nom)
    _rattacher_par_le_lien(intention, sollicitation, par, le)
    ecarter_les_doublons(enquete.id, par=par, le=le)
    _confirmer(intention, sollicitation, le)
    return intention


def _nouvelle(sollicitation: Sollicitation, le: datetime) -> Intention:
    """An empty answer of that body."""
    intention = Intention(
        enquete_id=sollicitation.enquete_id,
        origine=OrigineIntention.FORMULAIRE,
        sollicitation_id=sollicitation.id,
        etat=EtatIntention.RECUE,
        nom_declare=sollicitation.collectivite.nom,
        recue_le=le,
        version=0,
    )
    db.session.add(intention)
    return intention


def _ecrire(intention: Intention, valeurs: Mapping[str, Any], le: datetime) -> None:
    """What was typed replaces what was there; figures typed are sure."""
    for champ, valeur in valeurs.items():
        setattr(intention, champ, valeur)
    intention.complete, intention.a_confirmer = True, {}
    intention.modifiee_le = le if intention.version else None
    intention.version += 1
    intention.recue_le = le
    db.session.flush()


def _rattacher_par_le_lien(intention: Intention, sollicitation: Sollicitation, par: Auteur, le: datetime) -> None:
    """The link says which body answers; an answer set aside comes back with its new content."""
    nom = sollicitation.collectivite.nom
    if intention.etat is EtatIntention.ECARTEE:
        franchir(intention, TRANSITIONS_INTENTION, "reprendre", par=par, le=le, resume=nom)
        intention.motif = ""
    if intention.etat is EtatIntention.RECUE:
        intention.collectivite_id, intention.rapprochee_par = sollicitation.collectivite_id, "lien"
        franchir(intention, TRANSITIONS_INTENTION, "rattacher", par=par, le=le, resume=nom)
    db.session.flush()


def _confirmer(intention: Intention, sollicitation: Sollicitation, le: datetime) -> None:
    """The mail that says what was understood, and how to change it."""
    if not intention.courriel:
        return
    courriels.ecrire(
        intention.courriel,
        f"Nous avons bien reçu votre réponse\u00a0: {sollicitation.enquete.titre}"[:255],
        "intention_recue",
        le=le,
        nom=sollicitation.collectivite.nom,
        intention=intention,
        echeance=date_longue(sollicitation.enquete.echeance),
        lien=lien_de_reponse(sollicitation.id),
    )


def rattacher(intention: Intention, collectivite: Collectivite, *, par: Auteur, le: datetime) -> int:
    """A person says which body answered; how many older answers of that body this sets aside."""
    intention.collectivite_id, intention.collectivite = collectivite.id, collectivite
    intention.rapprochee_par = "personne"
    intention.version += 1
    resume = f"{intention.nom_declare or 'Réponse'} → {collectivite.nom}"
    franchir(intention, TRANSITIONS_INTENTION, "rattacher", par=par, le=le, resume=resume[:500])
    db.session.flush()
    return ecarter_les_doublons(intention.enquete_id, par=par, le=le)


def detacher(intention: Intention, *, par: Auteur, le: datetime) -> None:
    """It was not that body: the answer waits again."""
    if intention.sollicitation_id is not None:
        raise RegleRefusee(
            "Cette réponse est venue par le lien de la collectivité\u00a0: elle est forcément la sienne."
        )
    nom = intention.collectivite.nom if intention.collectivite else ""
    franchir(intention, TRANSITIONS_INTENTION, "detacher", par=par, le=le, resume=nom)
    intention.collectivite_id, intention.collectivite, intention.rapprochee_par = None, None, ""
    intention.version += 1


def ecarter(intention: Intention, motif: str, *, par: Auteur, le: datetime) -> None:
    """It will not count, and everybody can read why."""
    if not motif.strip():
        raise RegleRefusee("Dites pourquoi cette réponse est écartée.")
    intention.motif = motif.strip()[:300]
    intention.version += 1
    franchir(intention, TRANSITIONS_INTENTION, "ecarter", par=par, le=le, resume=intention.motif)


def reprendre(intention: Intention, *, par: Auteur, le: datetime) -> None:
    """It counts after all: it waits to be attached again."""
    franchir(intention, TRANSITIONS_INTENTION, "reprendre", par=par, le=le, resume=intention.nom_declare)
    intention.motif, intention.collectivite_id, intention.collectivite = "", None, None
    intention.rapprochee_par = ""
    intention.version += 1


def corriger(intention: Intention, valeurs: Mapping[str, Any], *, par: Auteur, le: datetime) -> None:
    """The buyer confirms or corrects the figures; nothing is left to confirm afterwards."""
    if intention.etat is EtatIntention.ECARTEE:
        raise RegleRefusee("Cette réponse est écartée\u00a0: reprenez-la avant de la corriger.")
    changes = {c: [getattr(intention, c), v] for c, v in valeurs.items() if getattr(intention, c) != v}
    for champ, valeur in valeurs.items():
        setattr(intention, champ, valeur)
    intention.a_confirmer, intention.modifiee_le = {}, le
    intention.version += 1
    noter("intention", intention.id, "corriger", par=par, le=le, resume=intention.nom_declare, details=changes or None)
    db.session.flush()
    ecarter_les_doublons(intention.enquete_id, par=par, le=le)


def convertir(intention: Intention, convention: Convention, *, par: Auteur, le: datetime) -> bool:
    """The body asks to join: an adhesion is opened under the convention; False when it already had one."""
    if not intention.complete:
        raise RegleRefusee("Cette réponse n’a pas été envoyée jusqu’au bout\u00a0: confirmez-la d’abord.")
    collectivite = intention.collectivite
    nom = collectivite.nom if collectivite else ""
    franchir(intention, TRANSITIONS_INTENTION, "convertir", par=par, le=le, resume=nom)
    assert collectivite is not None  # the table: only an attached answer is converted
    intention.version += 1
    if adhesion_de(collectivite.id, convention.id):
        return False
    demander(collectivite, convention, par=par, le=le)
    return True


def convertir_toutes(enquete: Enquete, convention: Convention, *, par: Auteur, le: datetime) -> tuple[int, int]:
    """Every attached answer that wants the groupement: (answers converted, adhesions opened). Five statements.

    Bodies that already have an adhesion keep it.
    """
    visees = (
        (Intention.enquete_id == enquete.id)
        & compte()
        & Intention.veut_groupement
        & (Intention.etat == EtatIntention.RATTACHEE)
    )
    ouvertes = demander_plusieurs(select(Intention.collectivite_id).where(visees), convention, par=par, le=le)
    converties = franchir_tous(
        Intention, visees, TRANSITIONS_INTENTION, "convertir", par=par, le=le, resume=enquete.titre
    )
    db.session.expire_all()
    return converties, ouvertes
