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
