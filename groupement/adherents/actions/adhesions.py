"""Membership of the convention: asked, deliberated, signed, withdrawn. Nothing commits."""

from datetime import date, datetime

from sqlalchemy import Integer, Select, insert, literal, select

from groupement.adherents.models import Adhesion, Collectivite, Convention
from groupement.adherents.queries import adhesion_de
from groupement.adherents.rules.adhesion import motif_de_refus_des_dates
from groupement.adherents.states import TRANSITIONS_ADHESION, EtatAdhesion
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Evenement, franchir, noter


def enregistrer_adhesion(
    collectivite: Collectivite,
    convention: Convention,
    *,
    deliberation_numero: str,
    deliberee_le: date | None,
    signee_le: date | None,
    par: Auteur,
    le: datetime,
) -> Adhesion:
    """Write what has arrived: the délibération, the signature, or a correction of them.

    RegleRefusee when the dates cannot be, or when the body has withdrawn.
    """
    for motif in motif_de_refus_des_dates(deliberee_le, signee_le, jour_a_paris(le)).values():
        raise RegleRefusee(motif)
    adhesion = adhesion_de(collectivite.id, convention.id) or demander(collectivite, convention, par=par, le=le)
    if adhesion.etat is EtatAdhesion.RETIREE:
        raise RegleRefusee(f"{collectivite.nom} s’est retirée de cette convention\u00a0: elle adhérera à la suivante.")
    if adhesion.etat is EtatAdhesion.SIGNEE and signee_le is None:
        raise RegleRefusee("La convention est signée\u00a0: gardez sa date de signature, ou enregistrez un retrait.")
    if adhesion.etat is not EtatAdhesion.DEMANDEE and deliberee_le is None:
        raise RegleRefusee("La délibération est enregistrée\u00a0: corrigez sa date plutôt que de l’effacer.")
    _corriger(adhesion, deliberation_numero, deliberee_le, signee_le, par, le)
    if adhesion.etat is EtatAdhesion.DEMANDEE and deliberee_le is not None:
        franchir(adhesion, TRANSITIONS_ADHESION, "deliberer", par=par, le=le, resume=collectivite.nom)
    if adhesion.etat is EtatAdhesion.DELIBEREE and signee_le is not None:
        franchir(adhesion, TRANSITIONS_ADHESION, "signer", par=par, le=le, resume=collectivite.nom)
    return adhesion


def retirer_adhesion(adhesion: Adhesion, *, par: Auteur, le: datetime) -> None:
    """The body leaves the groupement."""
    franchir(adhesion, TRANSITIONS_ADHESION, "retirer", par=par, le=le, resume=adhesion.collectivite.nom)


def demander(collectivite: Collectivite, convention: Convention, *, par: Auteur, le: datetime) -> Adhesion:
    """The body asks to join."""
    adhesion = Adhesion(
        collectivite_id=collectivite.id,
        collectivite=collectivite,
        convention_id=convention.id,
        etat=EtatAdhesion.DEMANDEE,
        deliberation_numero="",
    )
    db.session.add(adhesion)
    db.session.flush()
    noter("adhesion", adhesion.id, "demander", par=par, le=le, resume=collectivite.nom, apres=adhesion.etat)
    return adhesion


def demander_plusieurs(collectivites: Select[int | None], convention: Convention, *, par: Auteur, le: datetime) -> int:
    """The bodies of the select that have no adhesion yet ask to join; how many. Three statements, however many."""
    deja = select(Adhesion.collectivite_id).where(Adhesion.convention_id == convention.id)
    nouvelles = list(
        db.session.scalars(
            select(Collectivite.id).where(Collectivite.id.in_(collectivites), Collectivite.id.not_in(deja))
        )
    )
    if not nouvelles:
        return 0
    valeurs = {"convention_id": convention.id, "etat": EtatAdhesion.DEMANDEE, "deliberation_numero": ""}
    db.session.execute(insert(Adhesion.__table__), [valeurs | {"collectivite_id": numero} for numero in nouvelles])
    faits = (
        select(
            *(literal(le, DateHeure), literal(par.nom), literal(par.utilisateur_id, Integer), literal("demander")),
            *(literal("adhesion"), Adhesion.id, Collectivite.nom, literal(EtatAdhesion.DEMANDEE.value)),
        )
        .join(Adhesion.collectivite)
        .where(Adhesion.convention_id == convention.id, Adhesion.collectivite_id.in_(nouvelles))
    )
    champs = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume", "apres")
    db.session.execute(insert(Evenement).from_select(champs, faits))
    return len(nouvelles)


def _corriger(
    adhesion: Adhesion, numero: str, deliberee_le: date | None, signee_le: date | None, par: Auteur, le: datetime
) -> None:
    """Write the number and the dates; a change of what was already recorded is a line of the journal."""
    nouveaux = {"deliberation_numero": numero, "deliberee_le": deliberee_le, "signee_le": signee_le}
    corrections = {
        champ: [str(getattr(adhesion, champ)), str(valeur)]
        for champ, valeur in nouveaux.items()
        if getattr(adhesion, champ) and getattr(adhesion, champ) != valeur
    }
    for champ, valeur in nouveaux.items():
        setattr(adhesion, champ, valeur)
    if corrections:
        nom = adhesion.collectivite.nom
        noter("adhesion", adhesion.id, "corriger", par=par, le=le, resume=nom, details=corrections)
