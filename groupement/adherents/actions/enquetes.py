"""An enquête: prepared, sent, reminded, closed. By sets, whatever the number of bodies; nothing commits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from groupement.adherents.models import Collectivite, Enquete, Sollicitation
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.rules.enquete import (
    motif_de_refus_de_l_echeance,
    motif_de_refus_de_preparer,
    motif_de_refus_de_relancer,
)
from groupement.adherents.securite.declarations import lien_de_reponse
from groupement.adherents.states import TRANSITIONS_ENQUETE, EtatEnquete
from groupement.socle import courriels
from groupement.socle.affichage import date_longue
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Auteur, franchir, noter

LETTRE = "lettre_d_intention"  # the attachment of the mail: the letter as a PDF


@dataclass(frozen=True, slots=True)
class Envoi:
    """What left: letters by mail, and letters to print for those without an address."""

    courriels: int
    papier: int


def creer(titre: str, texte: str, echeance: date, grace_jours: int, *, par: Auteur, le: datetime) -> Enquete:
    """A new enquête, not sent yet. RegleRefusee for a deadline too far away."""
    if motif := motif_de_refus_de_preparer(echeance, jour_a_paris(le)):
        raise RegleRefusee(motif)
    enquete = Enquete(titre=titre, texte=texte, echeance=echeance, grace_jours=grace_jours, creee_le=le)
    enquete.etat, enquete.version = EtatEnquete.PREPAREE, 1
    db.session.add(enquete)
    db.session.flush()
    noter("enquete", enquete.id, "preparer", par=par, le=le, resume=titre)
    return enquete


def modifier(enquete: Enquete, valeurs: Mapping[str, Any], *, par: Auteur, le: datetime) -> None:
    """Change an enquête nobody received yet."""
    if enquete.etat is not EtatEnquete.PREPAREE:
        raise RegleRefusee(
            "Les lettres sont parties\u00a0: leur texte ne change plus. Vous pouvez reporter l’échéance."
        )
    if motif := motif_de_refus_de_preparer(valeurs["echeance"], jour_a_paris(le)):
        raise RegleRefusee(motif)
    for champ, valeur in valeurs.items():
        setattr(enquete, champ, valeur)
    enquete.version += 1
    noter("enquete", enquete.id, "modifier", par=par, le=le, resume=enquete.titre)


def reporter(enquete: Enquete, echeance: date, *, par: Auteur, le: datetime) -> None:
    """Give more time; a closed enquête opens again."""
    if enquete.etat is EtatEnquete.PREPAREE:
        raise RegleRefusee("Cette enquête n’est pas encore envoyée\u00a0: modifiez-la.")
    if motif := motif_de_refus_de_l_echeance(echeance, jour_a_paris(le)):
        raise RegleRefusee(motif)
    if enquete.etat is EtatEnquete.CLOSE:
        franchir(enquete, TRANSITIONS_ENQUETE, "rouvrir", par=par, le=le, resume=enquete.titre)
    avant, enquete.echeance = enquete.echeance, echeance
    enquete.version += 1
    details = {"echeance": [avant.isoformat(), echeance.isoformat()]}
    noter("enquete", enquete.id, "reporter", par=par, le=le, resume=enquete.titre, details=details)


def envoyer(enquete: Enquete, type_: str, siren_epci: str, adhesion: str, *, par: Auteur, le: datetime) -> Envoi:
    """Write to the bodies of that kind that have no letter yet. Five statements, however many bodies.

    RegleRefusee when the enquête is over, or when there is nobody to write to.
    """
    if enquete.etat is EtatEnquete.CLOSE or enquete.echeance < jour_a_paris(le):
        raise RegleRefusee("L’échéance est passée\u00a0: reportez-la avant d’envoyer d’autres lettres.")
    nouvelles = queries.destinataires(enquete.id, type_, siren_epci, adhesion).order_by(None).subquery()
    valeurs = select(literal(enquete.id), nouvelles.c.id, nouvelles.c.courriel, literal(le, DateHeure), literal(0))
    champs = ("enquete_id", "collectivite_id", "courriel", "envoyee_le", "relances")
    db.session.execute(insert(Sollicitation).from_select(champs, valeurs))
    if enquete.etat is EtatEnquete.PREPAREE:
        franchir(enquete, TRANSITIONS_ENQUETE, "ouvrir", par=par, le=le, resume=enquete.titre)
    envoi = _poster(enquete, le)
    if not (envoi.courriels or envoi.papier):
        raise RegleRefusee("Personne à qui écrire\u00a0: ces collectivités ont déjà reçu leur lettre.")
    resume = f"{enquete.titre}\u00a0: {envoi.courriels} par courriel, {envoi.papier} sur papier"
    noter("enquete", enquete.id, "envoyer", par=par, le=le, resume=resume)
    return envoi


def _poster(enquete: Enquete, le: datetime) -> Envoi:
    """The mails of the letters written at that moment; those without an address are counted for the printer."""
    lettres = db.session.execute(
        select(Sollicitation.id, Sollicitation.courriel, Collectivite.nom)
        .join(Collectivite, Collectivite.id == Sollicitation.collectivite_id)
        .where(Sollicitation.enquete_id == enquete.id, Sollicitation.envoyee_le == le)
        .order_by(Sollicitation.id)
    ).all()
    avec = [ligne for ligne in lettres if ligne.courriel]
    _ecrire("intention_demandee", f"Vos archives\u00a0: {enquete.titre}", enquete, avec, le)
    return Envoi(len(avec), len(lettres) - len(avec))


def _ecrire(gabarit: str, sujet: str, enquete: Enquete, lettres: Iterable[Any], le: datetime) -> None:
    """One mail a letter (id, address, name), in one statement."""
    communs = {
        "titre": enquete.titre,
        "texte": enquete.texte,
        "echeance": date_longue(enquete.echeance),
    }
    courriels.ecrire_plusieurs(
        gabarit,
        [
            (
                ligne.courriel,
                sujet[:255],
                communs | {"nom": ligne.nom, "lien": lien_de_reponse(ligne.id), "pieces": [f"{LETTRE}:{ligne.id}"]},
            )
            for ligne in lettres
        ],
        le=le,
    )


def relancer(enquete: Enquete, *, par: Auteur, le: datetime) -> int:
    """Write again to those who have an address and did not answer, a week after the last letter at the earliest.

    Five statements at most. RegleRefusee when the enquête is over, when it is too early, or when all answered.
    """
    if enquete.etat is not EtatEnquete.OUVERTE or enquete.echeance < jour_a_paris(le):
        raise RegleRefusee("L’enquête n’est pas ouverte\u00a0: reportez son échéance avant de relancer.")
    sans_reponse = queries.sans_reponse_par_courriel(enquete.id)
    ids = sans_reponse.with_only_columns(Sollicitation.id).order_by(None)
    derniere = db.session.scalar(
        select(func.max(queries.derniere_lettre())).where(Sollicitation.id.in_(ids.scalar_subquery()))
    )
    if motif := motif_de_refus_de_relancer(derniere, le):
        raise RegleRefusee(motif)
    lettres = db.session.execute(
        sans_reponse.with_only_columns(Sollicitation.id, Sollicitation.courriel, Collectivite.nom)
    ).all()
    _ecrire("intention_relancee", f"Rappel\u00a0: {enquete.titre}", enquete, lettres, le)
    db.session.execute(
        update(Sollicitation)
        .where(Sollicitation.id.in_(ids.scalar_subquery()))
        .values(relancee_le=le, relances=Sollicitation.relances + 1),
        execution_options={"synchronize_session": False},
    )
    noter("enquete", enquete.id, "relancer", par=par, le=le, resume=f"{enquete.titre}\u00a0: {len(lettres)} courriels")
    return len(lettres)


def clore(enquete: Enquete, *, par: Auteur, le: datetime) -> None:
    """No more answers by the links."""
    franchir(enquete, TRANSITIONS_ENQUETE, "clore", par=par, le=le, resume=enquete.titre)


def clore_les_echues(le: datetime) -> int:
    """Close the enquêtes whose last day is past; how many."""
    echues = queries.enquetes_echues(jour_a_paris(le))
    for enquete in echues:
        clore(enquete, par=AUTOMATE, le=le)
    return len(echues)
