"""States of a mission and of what it leaves to bill; the natures of service whose rate is voted."""

from groupement.socle.etats import EtatLibelle, Transitions


class NaturePrestation(EtatLibelle):
    """A service of the Centre de gestion; each has its rate, voted and dated."""

    MISSION_JOUR = "mission_jour", "Mission d’archiviste, à la journée"
    MISSION_HEURE = "mission_heure", "Mission d’archiviste, à l’heure"
    SESAM = "sesam", "Contribution annuelle SESAM"


NATURES_DE_MISSION = (NaturePrestation.MISSION_JOUR, NaturePrestation.MISSION_HEURE)


class EtatMission(EtatLibelle):
    """An archivist's mission in a body."""

    PREVUE = "prevue", "Prévue"
    EN_COURS = "en_cours", "En cours"
    TERMINEE = "terminee", "Terminée"
    ANNULEE = "annulee", "Annulée"


TRANSITIONS_MISSION: Transitions = {
    "commencer": ({EtatMission.PREVUE}, EtatMission.EN_COURS),
    "terminer": ({EtatMission.EN_COURS}, EtatMission.TERMINEE),
    "reprendre": ({EtatMission.TERMINEE}, EtatMission.EN_COURS),  # only while nothing of it is billed
    "annuler": ({EtatMission.PREVUE, EtatMission.EN_COURS}, EtatMission.ANNULEE),
}


class EtatPrestation(EtatLibelle):
    """A service rendered, as it is billed."""

    A_FACTURER = "a_facturer", "Sera facturée", "À facturer"
    FACTUREE = "facturee", "Facturée"
    RETIREE = "retiree", "Retirée"


TRANSITIONS_PRESTATION: Transitions = {
    "facturer": ({EtatPrestation.A_FACTURER}, EtatPrestation.FACTUREE),
    "rendre_facturable": ({EtatPrestation.FACTUREE}, EtatPrestation.A_FACTURER),  # an avoir says so
    "retirer": ({EtatPrestation.A_FACTURER}, EtatPrestation.RETIREE),
}
