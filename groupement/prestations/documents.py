"""The report of a mission: its rows and sums, frozen into a paper."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from groupement.adherents.documents import organisme
from groupement.documents.papiers import CoutPapier, JourneePapier, MissionPapier, coordonnateur
from groupement.documents.rendu import rendre_mission
from groupement.prestations.models import Mission, Prestation
from groupement.prestations.queries.missions import VueMission
from groupement.prestations.rules.missions import total_ht
from groupement.prestations.rules.tarifs import UNITES, quantite_en_mots
from groupement.prestations.states import EtatPrestation
from groupement.socle.argent import CENTIME
from groupement.socle.nombres import euros_fr


def rendre(
    mission: Mission, vue: VueMission, prestations: Sequence[Prestation], le: date, reglages: Mapping[str, Any]
) -> bytes:
    """The report as a PDF. `le`: the day it is made; `reglages`: the configuration, for our own name."""
    ou, unite = vue.avancement, UNITES[mission.nature.value]
    couts = _couts_figes(prestations) or _couts(vue)
    return rendre_mission(
        MissionPapier(
            numero=f"MIS-{mission.du.year}-{mission.id:03}",
            objet=mission.objet,
            etat=mission.etat.libelle(),
            du=mission.du,
            au=mission.au,
            etabli_le=le,
            coordonnateur=coordonnateur(reglages),
            collectivite=organisme(mission.collectivite),
            archiviste=mission.archiviste.nom,
            temps=quantite_en_mots(ou.quantite, unite),
            temps_prevu=quantite_en_mots(ou.prevue, unite),
            traites_mm=ou.traites_mm,
            elimines_mm=ou.elimines_mm,
            rendement_mm=ou.rendement_mm,
            unite=unite,
            journees=tuple(_journee(une, unite) for une in mission.interventions),
            couts=couts,
            total_ht=sum((cout.montant_ht for cout in couts), 0 * CENTIME),
            bilan=mission.bilan,
        )
    )


def _journee(intervention: Any, unite: str) -> JourneePapier:
    """A day."""
    return JourneePapier(
        jour=intervention.jour,
        temps=quantite_en_mots(intervention.quantite, unite),
        travail=intervention.travail,
        traites_mm=intervention.traites_mm,
        elimines_mm=intervention.elimines_mm,
    )


def _couts_figes(prestations: Sequence[Prestation]) -> tuple[CoutPapier, ...]:
    """What the end of the mission froze, but for what was withdrawn."""
    return tuple(
        CoutPapier(
            explication=f"{quantite_en_mots(une.quantite, une.unite)} × {euros_fr(une.prix_unitaire_ht)}",
            montant_ht=une.montant_ht,
            tva_pct=une.tva_pct,
        )
        for une in prestations
        if une.etat is not EtatPrestation.RETIREE
    )


def _couts(vue: VueMission) -> tuple[CoutPapier, ...]:
    """What the days noted so far cost; nothing while none is."""
    if vue.estimation or not total_ht(vue.lignes):
        return ()
    return tuple(
        CoutPapier(explication=li.explication, montant_ht=li.montant_ht, tva_pct=li.tarif.tva_pct) for li in vue.lignes
    )
