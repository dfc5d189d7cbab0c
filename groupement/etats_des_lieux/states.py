"""States of an audit, forms of documents, grades."""

from groupement.socle.etats import EtatLibelle, Transitions


class EtatEtatDesLieux(EtatLibelle):
    """An audit of a body's records rooms."""

    PLANIFIE = "planifie", "Visite prévue", "Planifié"
    RELEVE = "releve", "Relevé en cours", "Relevé"
    VALIDE = "valide", "Terminé", "Validé"
    SUIVI = "suivi", "Besoins transmis", "Transmis à la collectivité"


TRANSITIONS_ETAT_DES_LIEUX: Transitions = {
    "relever": ({EtatEtatDesLieux.PLANIFIE}, EtatEtatDesLieux.RELEVE),
    "valider": ({EtatEtatDesLieux.RELEVE}, EtatEtatDesLieux.VALIDE),
    "reprendre": ({EtatEtatDesLieux.VALIDE}, EtatEtatDesLieux.RELEVE),
    "transmettre": ({EtatEtatDesLieux.VALIDE}, EtatEtatDesLieux.SUIVI),
}


class Forme(EtatLibelle):
    """How documents are kept; registers are never boxed, large formats do not stand on upright shelf."""

    REGISTRES = "registres", "Registres reliés"
    DOSSIERS = "dossiers", "Dossiers"
    VRAC = "vrac", "Vrac"
    CLASSEURS = "classeurs", "Classeurs"
    GRAND_FORMAT = "grand_format", "Plans et grands formats"
