"""A mission from its planning to its end, which leaves what is to bill."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.prestations.actions.ecriture import compter, exiger_version
from groupement.prestations.models import Mission, Prestation
from groupement.prestations.queries.missions import journees
from groupement.prestations.queries.tarifs import tarifs_de
from groupement.prestations.rules.missions import (
    JourneeRefusee,
    LigneDeMission,
    Projet,
    controler_les_dates,
    designation,
    lignes_de_mission,
)
from groupement.prestations.states import (
    TRANSITIONS_MISSION,
    TRANSITIONS_PRESTATION,
    EtatMission,
    EtatPrestation,
)
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, etat_suivant
from groupement.socle.journal import Auteur, franchir, franchir_tous, noter
from groupement.socle.nombres import euros_fr

MODIFIABLES = (EtatMission.PREVUE, EtatMission.EN_COURS)


def planifier(collectivite: Collectivite, projet: Projet, *, par: Auteur, le: datetime) -> Mission:
    """Write a mission to come. Raises JourneeRefusee when its dates are out of order."""
    controler_les_dates(projet.du, projet.au, ())
    mission = Mission(collectivite_id=collectivite.id, **asdict(projet))
    mission.collectivite = collectivite
    db.session.add(mission)
    db.session.flush()
    resume = f"{collectivite.nom}, {projet.objet}, du {date_fr(projet.du)} au {date_fr(projet.au)}"
    noter(mission.__tablename__, mission.id, "planifier", par=par, le=le, resume=resume[:500], apres=mission.etat)
    return mission


def modifier(mission: Mission, projet: Projet, version: int, *, par: Auteur, le: datetime) -> None:
    """Change what was agreed, while the mission is not over; the journal keeps what changed.

    Days already noted stay inside the dates, and keep the unit they were counted in.
    """
    exiger_version(mission, version)
    if mission.etat not in MODIFIABLES:
        raise RegleRefusee(f"Cette mission est «\u00a0{mission.etat.libelle()}\u00a0»\u00a0: elle ne change plus.")
    controler_les_dates(projet.du, projet.au, [journee.jour for journee in mission.interventions])
    if mission.interventions and projet.nature is not mission.nature:
        raise JourneeRefusee(
            "nature", "Des journées sont déjà notées dans cette unité\u00a0: retirez-les d’abord, puis changez-la."
        )
    changes = {
        champ: [str(getattr(mission, champ)), str(valeur)]
        for champ, valeur in asdict(projet).items()
        if getattr(mission, champ) != valeur
    }
    if not changes:
        return
    for champ, valeur in asdict(projet).items():
        setattr(mission, champ, valeur)
    noter(mission.__tablename__, mission.id, "modifier", par=par, le=le, resume=mission.objet, details=changes)
    compter(mission)


def commencer(mission: Mission, version: int, *, par: Auteur, le: datetime) -> None:
    """The archivist is there: days may be noted."""
    exiger_version(mission, version)
    franchir(mission, TRANSITIONS_MISSION, "commencer", par=par, le=le)
    compter(mission)


def annuler(mission: Mission, motif: str, version: int, *, par: Auteur, le: datetime) -> None:
    """Give the mission up, with the reason; what was noted is kept and never billed."""
    exiger_version(mission, version)
    franchir(mission, TRANSITIONS_MISSION, "annuler", par=par, le=le, resume=motif)
    compter(mission)


def terminer(mission: Mission, bilan: str, version: int, *, par: Auteur, le: datetime) -> list[Prestation]:
    """Finish the mission and freeze what it leaves to bill: one row for each rate its days met.

    Raises RegleRefusee without a day noted, SansTarif when a day has no rate; nothing is written then.
    """
    exiger_version(mission, version)
    etat_suivant(mission.etat, TRANSITIONS_MISSION, "terminer")  # said before anything about its days
    if not mission.interventions:
        raise RegleRefusee("Aucune journée n’est notée\u00a0: notez-en au moins une, ou annulez la mission.")
    lignes = lignes_de_mission(
        journees(mission), tarifs_de(mission.nature), mission.nature, mission.collectivite.population or 0
    )
    mission.bilan, mission.terminee_le = bilan, jour_a_paris(le)
    franchir(mission, TRANSITIONS_MISSION, "terminer", par=par, le=le)
    prestations = [_prestation(mission, ligne) for ligne in lignes]
    db.session.add_all(prestations)
    compter(mission)
    for prestation in prestations:
        resume = f"{prestation.designation}\u00a0: {euros_fr(prestation.montant_ht)} HT"
        noter("prestation", prestation.id, "creer", par=par, le=le, resume=resume[:500], apres=prestation.etat)
    return prestations


def _prestation(mission: Mission, ligne: LigneDeMission) -> Prestation:
    """What a line becomes once the mission is over."""
    if not ligne.montant_ht:
        raise RegleRefusee(f"Le temps noté au {date_fr(ligne.du)} ne vaut pas un centime\u00a0: corrigez-le.")
    return Prestation(
        collectivite_id=mission.collectivite_id,
        mission_id=mission.id,
        tarif_id=ligne.tarif.id,
        etat=EtatPrestation.A_FACTURER,
        designation=designation(mission.objet, ligne),
        rendue_le=mission.interventions[-1].jour,
        quantite=ligne.quantite,
        unite=ligne.unite,
        prix_unitaire_ht=ligne.tarif.prix_unitaire_ht,
        tva_pct=ligne.tarif.tva_pct,
        montant_ht=ligne.montant_ht,
        part_cdg62_ht=ligne.montant_ht,
        part_cdg59_ht=Decimal(0),
    )


def reprendre(mission: Mission, version: int, *, par: Auteur, le: datetime) -> None:
    """Open a finished mission again and withdraw what it left to bill. Refused once part of it is billed."""
    exiger_version(mission, version)
    siennes = Prestation.mission_id == mission.id
    etats = db.session.scalars(select(Prestation.etat).where(siennes).with_for_update()).all()
    if EtatPrestation.FACTUREE in etats:
        raise RegleRefusee(
            "Cette mission est déjà facturée\u00a0: elle ne se reprend qu’une fois la facture annulée par un avoir."
        )
    franchir(mission, TRANSITIONS_MISSION, "reprendre", par=par, le=le)
    mission.terminee_le = None
    motif = "Mission reprise"
    franchir_tous(Prestation, siennes, TRANSITIONS_PRESTATION, "retirer", par=par, le=le, resume=motif)
    compter(mission)
