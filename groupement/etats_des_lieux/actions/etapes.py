"""The steps of an audit: finished, taken up again, sent to the body; and the visa of the Archives départementales."""

from datetime import date, datetime

from groupement.adherents.models import Utilisateur
from groupement.adherents.queries import habilites_de
from groupement.adherents.states import Role
from groupement.etats_des_lieux.actions.besoins import ecrire_la_proposition, oublier_si_inchangee
from groupement.etats_des_lieux.actions.ecriture import compter, exiger_version
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.states import TRANSITIONS_ETAT_DES_LIEUX
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.courriels import ecrire
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter


def valider(etat: EtatDesLieux, version: int, *, par: Auteur, le: datetime) -> None:
    """Finish the audit: the body may read it, and the list of articles stops following the measures."""
    exiger_version(etat, version)
    if not etat.mesures:
        raise RegleRefusee("Saisissez au moins une mesure avant de valider l’état des lieux.")
    ecrire_la_proposition(etat, le)
    franchir(etat, TRANSITIONS_ETAT_DES_LIEUX, "valider", par=par, le=le)
    compter(etat)


def reprendre(etat: EtatDesLieux, version: int, *, par: Auteur, le: datetime) -> None:
    """Open a finished audit again; a list nobody changed follows the measures again."""
    exiger_version(etat, version)
    franchir(etat, TRANSITIONS_ETAT_DES_LIEUX, "reprendre", par=par, le=le)
    oublier_si_inchangee(etat, le)
    compter(etat)


def transmettre(etat: EtatDesLieux, version: int, *, par: Auteur, le: datetime) -> list[Utilisateur]:
    """Send the needs to the body, whose basket they will fill; returns its people who got a mail."""
    exiger_version(etat, version)
    franchir(etat, TRANSITIONS_ETAT_DES_LIEUX, "transmettre", par=par, le=le)
    etat.transmis_le = le
    compter(etat)
    db.session.flush()
    destinataires = _agents(etat.collectivite_id, jour_a_paris(le))
    sujet = f"État des lieux de vos archives\u00a0: {etat.collectivite.nom}"
    for personne in destinataires:
        ecrire(personne.email, sujet, "etat_des_lieux_transmis", le=le, etat=etat, personne=personne)
    return destinataires


def enregistrer_visa(
    etat: EtatDesLieux, numero: str, accorde_le: date | None, version: int, *, par: Auteur, le: datetime
) -> None:
    """Write the visa that allows the eliminations, or take back one written by mistake (both empty)."""
    exiger_version(etat, version)
    if bool(numero) != (accorde_le is not None):
        raise RegleRefusee("Le numéro et la date du visa vont ensemble\u00a0: indiquez les deux.")
    if accorde_le is not None and accorde_le > jour_a_paris(le):
        raise RegleRefusee("La date du visa est dans le futur\u00a0: indiquez celle de la lettre des Archives.")
    etat.visa_numero, etat.visa_le = numero, accorde_le
    compter(etat)
    resume = f"Visa n° {numero} du {date_fr(accorde_le)}" if accorde_le else "Visa effacé"
    noter(etat.__tablename__, etat.id, "enregistrer le visa", par=par, le=le, resume=resume)
    db.session.flush()


def _agents(collectivite_id: int, le: date) -> list[Utilisateur]:
    """The agents of the body, or its valideurs when it has none."""
    habilites = habilites_de(collectivite_id, le)
    par_role = {role: {h.utilisateur.id: h.utilisateur for h in habilites if h.role is role} for role in Role}
    return list((par_role[Role.AGENT] or par_role[Role.VALIDEUR]).values())
