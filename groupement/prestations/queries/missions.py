"""Missions: the one door to one of them, the select of the list, what they amount to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import Demandeur, en_cours
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.adherents.states import Role
from groupement.prestations.models import Intervention, Mission, Prestation
from groupement.prestations.queries.tarifs import tarifs_de
from groupement.prestations.rules.missions import (
    Avancement,
    Journee,
    LigneDeMission,
    avancement,
    lignes_de_mission,
)
from groupement.prestations.rules.tarifs import SansTarif
from groupement.prestations.states import EtatMission
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import Evenement

LECTEURS_CDG = (Role.ARCHIVISTE, Role.COMPTABLE, Role.ADMINISTRATEUR)


def perimetre(contexte: Demandeur) -> ColumnElement[bool]:
    """Every mission for those of the Centre de gestion who plan, bill or administer; for a body, its own."""
    if contexte.a_role(*LECTEURS_CDG):
        return true()
    if contexte.collectivite_id is None:
        return false()
    return Mission.collectivite_id == contexte.collectivite_id


def mission_visible(mission_id: int, contexte: Demandeur, *, verrou: bool = False) -> Mission:
    """The mission with its days, if this person may see it; 404 otherwise. Two statements, whatever its length.

    With `verrou`, it is held against any other change and read afresh.
    """
    voulue = (
        select(Mission)
        .where(Mission.id == mission_id, perimetre(contexte))
        .options(
            joinedload(Mission.collectivite, innerjoin=True),
            joinedload(Mission.archiviste, innerjoin=True),
            selectinload(Mission.interventions),
        )
    )
    if verrou:
        verrouiller_ecriture()
        voulue = voulue.with_for_update(of=Mission).execution_options(populate_existing=True)
    mission: Mission = db.one_or_404(voulue)
    return mission


def missions(contexte: Demandeur, recherche: str = "", etat: str = "", annee: int | None = None) -> Select[Any]:
    """(mission, time noted, mm treated), the latest first: a select for a list. `annee`: those with a day in it."""
    sommes = (
        select(
            Intervention.mission_id,
            func.sum(Intervention.quantite).label("quantite"),
            func.sum(Intervention.traites_mm).label("traites_mm"),
        )
        .group_by(Intervention.mission_id)
        .subquery()
    )
    voulues = (
        select(Mission, sommes.c.quantite, func.coalesce(sommes.c.traites_mm, 0).label("traites_mm"))
        .join(Mission.collectivite)
        .join(Mission.archiviste)
        .outerjoin(sommes, sommes.c.mission_id == Mission.id)
        .options(contains_eager(Mission.collectivite), contains_eager(Mission.archiviste))
        .where(perimetre(contexte), *[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Mission.du.desc(), Mission.id.desc())
    )
    if etat in set(EtatMission):
        voulues = voulues.where(Mission.etat == etat)
    if annee is not None:
        voulues = voulues.where(Mission.du <= date(annee, 12, 31), Mission.au >= date(annee, 1, 1))
    return voulues


def missions_a_suivre(archiviste_id: int, le: date) -> Sequence[Mission]:
    """Missions of an archivist that wait for something: today not noted yet, or gone past their last day."""
    notee_ce_jour = (
        select(Intervention.id).where(Intervention.mission_id == Mission.id, Intervention.jour == le).exists()
    )
    du_jour = (Mission.du <= le) & (Mission.au >= le) & Mission.etat.in_((EtatMission.PREVUE, EtatMission.EN_COURS))
    finie = (Mission.au < le) & (Mission.etat == EtatMission.EN_COURS)
    return db.session.scalars(
        select(Mission)
        .options(joinedload(Mission.collectivite, innerjoin=True))
        .where(Mission.archiviste_id == archiviste_id, or_(du_jour & ~notee_ce_jour, finie))
        .order_by(Mission.au, Mission.id)
        .limit(20)
    ).all()


def annees_de_missions() -> list[int]:
    """The years missions start or end in, the latest first."""
    premiere, derniere = db.session.execute(select(func.min(Mission.du), func.max(Mission.au))).one()
    return [] if premiere is None else list(range(derniere.year, premiere.year - 1, -1))


def archivistes(le: date) -> list[tuple[int, str]]:
    """(id, name) of the archivists of the Centre de gestion on that day, by name."""
    lignes = db.session.execute(
        select(Utilisateur.id, Utilisateur.nom)
        .join(Habilitation, Habilitation.utilisateur_id == Utilisateur.id)
        .where(Habilitation.role == Role.ARCHIVISTE, en_cours(le), Utilisateur.active)
        .distinct()
        .order_by(Utilisateur.nom, Utilisateur.id)
    )
    return [(numero, nom) for numero, nom in lignes]


def historique_de(mission_id: int, limite: int = 30) -> Sequence[Evenement]:
    """What the journal says of a mission, the latest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == Mission.__tablename__, Evenement.objet_id == mission_id)
        .order_by(Evenement.id.desc())
        .limit(limite)
    ).all()


def prestations_de(mission_id: int) -> Sequence[Prestation]:
    """What the mission leaves to bill, in the order of its rates; what was withdrawn last."""
    return db.session.scalars(
        select(Prestation)
        .where(Prestation.mission_id == mission_id)
        .options(joinedload(Prestation.tarif, innerjoin=True))
        .order_by(Prestation.etat == "retiree", Prestation.id)
    ).all()


@dataclass(frozen=True, slots=True)
class VueMission:
    """What the page of a mission shows besides its rows: sums, cost line by line, or why no cost can be told."""

    avancement: Avancement
    lignes: list[LigneDeMission]
    estimation: bool  # nothing is noted yet: the lines are those of the time planned
    sans_tarif: str = ""


def journees(mission: Mission) -> list[Journee]:
    """The days as the rules take them."""
    return [Journee(un.jour, un.quantite, un.traites_mm, un.elimines_mm) for un in mission.interventions]


def vue_mission(mission: Mission) -> VueMission:
    """The sums and the cost of a mission: of what is noted, or of what is planned while nothing is. One statement."""
    faites = journees(mission)
    ou = avancement(faites, mission.quantite_prevue)
    comptees = faites or [Journee(mission.du, mission.quantite_prevue)]
    tarifs, population = tarifs_de(mission.nature), mission.collectivite.population or 0
    try:
        return VueMission(ou, lignes_de_mission(comptees, tarifs, mission.nature, population), not faites)
    except SansTarif as refus:
        return VueMission(ou, [], not faites, str(refus))
