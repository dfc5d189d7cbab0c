"""The days of a mission, noted one by one while it goes on."""

from datetime import datetime

from groupement.prestations.actions.ecriture import compter, exiger_version
from groupement.prestations.models import Intervention, Mission
from groupement.prestations.rules.missions import Journee, controler_la_journee
from groupement.prestations.rules.tarifs import UNITES, quantite_en_mots
from groupement.prestations.states import EtatMission
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def noter_journee(
    mission: Mission, journee: Journee, travail: str, version: int, *, par: Auteur, le: datetime
) -> Intervention:
    """Write a day. Raises JourneeRefusee, with the field in fault, when it cannot be."""
    exiger_version(mission, version)
    _exiger_en_cours(mission)
    deja = {une.jour for une in mission.interventions}
    controler_la_journee(journee, mission.nature, mission.du, mission.au, deja, jour_a_paris(le))
    intervention = Intervention(
        mission_id=mission.id,
        jour=journee.jour,
        quantite=journee.quantite,
        traites_mm=journee.traites_mm,
        elimines_mm=journee.elimines_mm,
        travail=travail,
    )
    db.session.add(intervention)
    _marquer(mission, "noter", intervention, par=par, le=le)
    return intervention


def retirer_journee(mission: Mission, intervention: Intervention, version: int, *, par: Auteur, le: datetime) -> None:
    """Take a day out, to note it otherwise or not at all."""
    exiger_version(mission, version)
    _exiger_en_cours(mission)
    db.session.delete(intervention)
    _marquer(mission, "retirer", intervention, par=par, le=le)


def _exiger_en_cours(mission: Mission) -> None:
    """Days belong to a mission that goes on."""
    if mission.etat is not EtatMission.EN_COURS:
        quoi = "commencez-la" if mission.etat is EtatMission.PREVUE else "reprenez-la si rien n’est facturé"
        raise RegleRefusee(
            f"Cette mission est «\u00a0{mission.etat.libelle()}\u00a0»\u00a0: {quoi} pour noter ou retirer une journée."
        )


def _marquer(mission: Mission, verbe: str, intervention: Intervention, *, par: Auteur, le: datetime) -> None:
    """Write it in the journal of the mission, read its days again, and make a new version."""
    quoi = f"{date_fr(intervention.jour)}, {quantite_en_mots(intervention.quantite, UNITES[mission.nature])}"
    noter(mission.__tablename__, mission.id, f"{verbe} une journée", par=par, le=le, resume=quoi)
    compter(mission)
    db.session.expire(mission, ["interventions"])
