"""States of a delivery, after the CCAG-FCS 2021 (art. 27 to 31)."""

from groupement.socle.etats import EtatLibelle, Transitions


class EtatLivraison(EtatLibelle):
    """A delivery: one bon at one place."""

    ANNONCEE = "annoncee", "À recevoir", "Attendue"
    LIVREE = "livree", "Reçue", "Livrée"
    EN_VERIFICATION = "en_verification", "Signalée au Centre de gestion", "À décider"
    ADMISE = "admise", "Acceptée", "Admise"
    ADMISE_TACITE = "admise_tacite", "Acceptée (délai écoulé)", "Admise tacitement"
    AJOURNEE = "ajournee", "À représenter par le fournisseur", "Ajournée"
    ADMISE_AVEC_REFACTION = "admise_avec_refaction", "Acceptée avec rabais", "Admise avec réfaction"
    REJETEE = "rejetee", "Refusée", "Rejetée"


_A_DECIDER = {EtatLivraison.LIVREE, EtatLivraison.EN_VERIFICATION, EtatLivraison.AJOURNEE}

TRANSITIONS_LIVRAISON: Transitions = {
    "receptionner": ({EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE}, EtatLivraison.LIVREE),
    "corriger": ({EtatLivraison.LIVREE, EtatLivraison.EN_VERIFICATION}, EtatLivraison.ANNONCEE),
    "signaler": ({EtatLivraison.LIVREE}, EtatLivraison.EN_VERIFICATION),
    "admettre": (_A_DECIDER, EtatLivraison.ADMISE),
    "admettre_tacitement": ({EtatLivraison.LIVREE, EtatLivraison.EN_VERIFICATION}, EtatLivraison.ADMISE_TACITE),
    "ajourner": ({EtatLivraison.LIVREE, EtatLivraison.EN_VERIFICATION}, EtatLivraison.AJOURNEE),
    "refacter": (_A_DECIDER, EtatLivraison.ADMISE_AVEC_REFACTION),
    "rejeter": (_A_DECIDER, EtatLivraison.REJETEE),
}

ETATS_ADMIS = frozenset({EtatLivraison.ADMISE, EtatLivraison.ADMISE_TACITE, EtatLivraison.ADMISE_AVEC_REFACTION})


class MotifDeRefus(EtatLibelle):
    """Why units were refused at the door."""

    ABIME = "abime", "Abîmé"
    MAUVAISE_REFERENCE = "mauvaise_reference", "Ce n’est pas la bonne référence"
    NON_CONFORME = "non_conforme", "Ne correspond pas à la fiche du catalogue"
    AUTRE = "autre", "Autre"
