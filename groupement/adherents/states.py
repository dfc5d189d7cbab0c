"""Roles and states of the member bodies."""

from groupement.socle.etats import EtatLibelle, Transitions


class Role(EtatLibelle):
    """What a person may do, for a body of the groupement or for the Centre de gestion."""

    AGENT = "agent", "Agent (prépare les commandes)"
    VALIDEUR = "valideur", "Valideur (engage la dépense)"
    ACHETEUR = "acheteur", "Acheteur du Centre de gestion"
    COMPTABLE = "comptable", "Comptable du Centre de gestion"
    ARCHIVISTE = "archiviste", "Archiviste du Centre de gestion"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    CONTROLE = "controle", "Archives départementales (contrôle)"
    FOURNISSEUR = "fournisseur", "Fournisseur"


ROLES_COLLECTIVITE = frozenset({Role.AGENT, Role.VALIDEUR})
ROLES_CDG = frozenset({Role.ACHETEUR, Role.COMPTABLE, Role.ARCHIVISTE, Role.ADMINISTRATEUR})
TOUS = frozenset(Role)
# What may be lent to somebody while one is away: an account of the Archives or of a supplier names its own person.
DELEGABLES = ROLES_COLLECTIVITE | ROLES_CDG
DOMAINE_DEMONSTRATION = "demo.example.org"  # addresses of fictitious people; they do not exist in production


class TypeCollectivite(EtatLibelle):
    """Kinds of public bodies that may join."""

    COMMUNE = "commune", "Commune"
    CC = "CC", "Communauté de communes"
    CA = "CA", "Communauté d’agglomération"
    CU = "CU", "Communauté urbaine"
    SYNDICAT = "syndicat", "Syndicat"
    CCAS = "ccas", "CCAS"
    AUTRE = "autre", "Autre établissement public"


class EtatAdhesion(EtatLibelle):
    """A body's membership of the convention."""

    DEMANDEE = "demandee", "Demandée"
    DELIBEREE = "deliberee", "Délibérée"
    SIGNEE = "signee", "Signée"
    RETIREE = "retiree", "Retirée"


TRANSITIONS_ADHESION: Transitions = {
    "deliberer": ({EtatAdhesion.DEMANDEE}, EtatAdhesion.DELIBEREE),
    "signer": ({EtatAdhesion.DELIBEREE}, EtatAdhesion.SIGNEE),
    "retirer": ({EtatAdhesion.DEMANDEE, EtatAdhesion.DELIBEREE, EtatAdhesion.SIGNEE}, EtatAdhesion.RETIREE),
}


class EtatEnquete(EtatLibelle):
    """A campaign of letters asking the bodies what they intend."""

    PREPAREE = "preparee", "En préparation"
    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"


TRANSITIONS_ENQUETE: Transitions = {
    "ouvrir": ({EtatEnquete.PREPAREE}, EtatEnquete.OUVERTE),
    "clore": ({EtatEnquete.PREPAREE, EtatEnquete.OUVERTE}, EtatEnquete.CLOSE),  # run elsewhere, it never opens here
    "rouvrir": ({EtatEnquete.CLOSE}, EtatEnquete.OUVERTE),
}


class OrigineIntention(EtatLibelle):
    """Where an answer comes from."""

    FORMULAIRE = "formulaire", "Formulaire en ligne"
    LIMESURVEY = "limesurvey", "Fichier LimeSurvey"


class EtatIntention(EtatLibelle):
    """What a body answered to an enquête."""

    RECUE = "recue", "Reçue", "À rattacher"
    RATTACHEE = "rattachee", "Reçue", "Rattachée"
    CONVERTIE = "convertie", "Adhésion demandée"
    ECARTEE = "ecartee", "Écartée"


TRANSITIONS_INTENTION: Transitions = {
    "rattacher": ({EtatIntention.RECUE}, EtatIntention.RATTACHEE),
    "detacher": ({EtatIntention.RATTACHEE}, EtatIntention.RECUE),
    "convertir": ({EtatIntention.RATTACHEE}, EtatIntention.CONVERTIE),
    "ecarter": ({EtatIntention.RECUE, EtatIntention.RATTACHEE}, EtatIntention.ECARTEE),
    "remplacer": ({EtatIntention.RATTACHEE, EtatIntention.CONVERTIE}, EtatIntention.ECARTEE),
    "reprendre": ({EtatIntention.ECARTEE}, EtatIntention.RECUE),
}
