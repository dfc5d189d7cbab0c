"""States of the ordering window, of a member's order and of a bon de commande: the tables are the specification."""

from groupement.socle.etats import EtatLibelle, Transitions


class NatureCampagne(EtatLibelle):
    """Who serves its orders: the suppliers once the window is closed, or the depot's stock between windows."""

    FENETRE = "fenetre", "Campagne"
    DEPANNAGE = "depannage", "Dépannages"


class EtatCampagne(EtatLibelle):
    """An ordering window."""

    PREPAREE = "preparee", "Bientôt ouverte", "En préparation"
    OUVERTE = "ouverte", "Ouverte"
    EN_COMPLEMENT = "en_complement", "Close, colis à compléter", "Phase de complément"
    CLOSE = "close", "Close", "Close, à regrouper"
    REGROUPEE = "regroupee", "Commandes passées", "Regroupée"
    SOLDEE = "soldee", "Terminée", "Soldée"
    ANNULEE = "annulee", "Annulée"


TRANSITIONS_CAMPAGNE: Transitions = {
    "ouvrir": ({EtatCampagne.PREPAREE}, EtatCampagne.OUVERTE),
    "completer": ({EtatCampagne.OUVERTE}, EtatCampagne.EN_COMPLEMENT),
    "clore": ({EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT}, EtatCampagne.CLOSE),
    "rouvrir": ({EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE}, EtatCampagne.OUVERTE),
    "regrouper": ({EtatCampagne.CLOSE}, EtatCampagne.REGROUPEE),
    "solder": ({EtatCampagne.REGROUPEE}, EtatCampagne.SOLDEE),
    "annuler": (
        {EtatCampagne.PREPAREE, EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE},
        EtatCampagne.ANNULEE,
    ),
}


class AccesCampagne(EtatLibelle):
    """Which bodies, among those of the marché, may order in a campagne."""

    TOUS = "tous", "Toutes les collectivités du marché"
    TYPES = "types", "Certains types de collectivités"
    LISTE = "liste", "Une liste de collectivités"


class GenreAnnonce(EtatLibelle):
    """The mails of the calendar of a campagne."""

    OUVERTURE = "ouverture", "Ouverture"
    J7 = "j7", "Rappel, 7 jours avant la fin"
    J1 = "j1", "Rappel, la veille de la fin"
    COLIS = "colis", "Colis à compléter, la veille de la fin"
    REPORT = "report", "Report du dernier jour"
    COMPLEMENT = "complement", "Phase de complément"
    CLOTURE = "cloture", "Clôture"
    REOUVERTURE = "reouverture", "Réouverture"
    ANNULATION = "annulation", "Annulation"


class EtatCommande(EtatLibelle):
    """A member's order."""

    BROUILLON = "brouillon", "À compléter", "Panier en cours"
    SOUMISE = "soumise", "À valider", "Attend le valideur"
    VALIDEE = "validee", "Validée", "À regrouper"
    REGROUPEE = "regroupee", "Commandée au fournisseur", "Regroupée"
    SERVIE = "servie", "Livrée", "Servie"
    SOLDEE = "soldee", "Facturée", "Soldée"
    ANNULEE = "annulee", "Annulée"


TRANSITIONS_COMMANDE: Transitions = {
    "soumettre": ({EtatCommande.BROUILLON}, EtatCommande.SOUMISE),
    "reprendre": ({EtatCommande.SOUMISE}, EtatCommande.BROUILLON),
    "renvoyer": ({EtatCommande.SOUMISE}, EtatCommande.BROUILLON),
    "valider": ({EtatCommande.SOUMISE}, EtatCommande.VALIDEE),
    "rouvrir": ({EtatCommande.VALIDEE}, EtatCommande.BROUILLON),
    "regrouper": ({EtatCommande.VALIDEE}, EtatCommande.REGROUPEE),
    "servir": ({EtatCommande.REGROUPEE}, EtatCommande.SERVIE),
    "solder": ({EtatCommande.SERVIE}, EtatCommande.SOLDEE),
    "annuler": ({EtatCommande.BROUILLON, EtatCommande.SOUMISE, EtatCommande.VALIDEE}, EtatCommande.ANNULEE),
    # Its bon is cancelled or revised and nothing of it is left: never a member's own doing.
    "abandonner": ({EtatCommande.REGROUPEE}, EtatCommande.ANNULEE),
    # Urgent orders: served by the depot the moment they are committed, given up before they are handed over.
    "servir_en_partie": ({EtatCommande.REGROUPEE}, EtatCommande.SERVIE),
    "sortir_du_stock": ({EtatCommande.VALIDEE}, EtatCommande.REGROUPEE),
    "remettre_en_stock": ({EtatCommande.REGROUPEE}, EtatCommande.ANNULEE),
}


# How the states of an urgent order read: it goes to no supplier. (the body, the Centre de gestion)
ETATS_DE_DEPANNAGE = {
    EtatCommande.REGROUPEE: ("À retirer au dépôt", "À remettre"),
    EtatCommande.SERVIE: ("Remise", "Remise"),
}


class MotifDEcart(EtatLibelle):
    """Why the depot hands over fewer units of an urgent order than were committed."""

    PAS_PRIS = "pas_pris", "Pas pris à la remise", "Pas pris par la collectivité"
    INTROUVABLE = "introuvable", "Introuvable au dépôt"
    ABIME = "abime", "Abîmé au dépôt"


PERTES = (MotifDEcart.INTROUVABLE, MotifDEcart.ABIME)  # what the depot does not have: written off its stock


class ModeDeRemise(EtatLibelle):
    """How the member gets its goods."""

    LIVRAISON = "livraison", "Livraison sur place"
    DEPOT = "depot", "Retrait au dépôt"


class RegleDeReliquat(EtatLibelle):
    """Who is served first when less arrives than was ordered: a setting of the campagne."""

    RANG = "rang", "Par ordre de validation des commandes"
    QUANTITE = "quantite", "Au prorata des quantités commandées"
    VALEUR = "valeur", "Au prorata des montants commandés"


class GenreAjustement(EtatLibelle):
    """What the buyer decides of a lot, an article, an order or a line before the regroupement."""

    ECARTER = "ecarter", "Pas commandé", "Laissé de côté"
    REPORTER = "reporter", "Reporté à la prochaine campagne", "Reporté"
    VISER = "viser", "Acheté jusqu’à un palier"
    AJOUTER = "ajouter", "Colis achetés en plus"


class EffetDuBudget(EtatLibelle):
    """What happens when an order passes the budget its body gave itself."""

    PREVENIR = "prevenir", "Prévenir, sans arrêter"
    BLOQUER = "bloquer", "Arrêter la commande"


class EtatBonDeCommande(EtatLibelle):
    """An order sent to a supplier."""

    EMIS = "emis", "Envoyé au fournisseur", "Émis"
    ACCUSE = "accuse", "Confirmé par le fournisseur", "Accusé de réception"
    EN_LIVRAISON = "en_livraison", "En cours de livraison", "En livraison"
    SOLDE = "solde", "Entièrement livré", "Soldé"
    MODIFIE = "modifie", "Révisé, à confirmer", "Révisé, attend l’accusé"
    ANNULE = "annule", "Annulé"


EN_COURS_D_EXECUTION = (
    EtatBonDeCommande.EMIS,
    EtatBonDeCommande.MODIFIE,
    EtatBonDeCommande.ACCUSE,
    EtatBonDeCommande.EN_LIVRAISON,
)
A_CONFIRMER = (EtatBonDeCommande.EMIS, EtatBonDeCommande.MODIFIE)
SANS_EFFET = (EtatBonDeCommande.ANNULE,)  # what no ceiling, tier or proof counts
_PAS_LIVRE = {EtatBonDeCommande.EMIS, EtatBonDeCommande.MODIFIE, EtatBonDeCommande.ACCUSE}

TRANSITIONS_BON: Transitions = {
    "accuser": ({EtatBonDeCommande.EMIS, EtatBonDeCommande.MODIFIE}, EtatBonDeCommande.ACCUSE),
    "livrer": (_PAS_LIVRE, EtatBonDeCommande.EN_LIVRAISON),
    "solder": (_PAS_LIVRE | {EtatBonDeCommande.EN_LIVRAISON}, EtatBonDeCommande.SOLDE),
    # A revision asks for the supplier's word again, unless deliveries have begun.
    "reviser": (_PAS_LIVRE, EtatBonDeCommande.MODIFIE),
    "reviser_en_livraison": ({EtatBonDeCommande.EN_LIVRAISON}, EtatBonDeCommande.EN_LIVRAISON),
    "annuler": (_PAS_LIVRE, EtatBonDeCommande.ANNULE),
}


class EtatProposition(EtatLibelle):
    """Another delivery date, asked by a supplier."""

    PROPOSEE = "proposee", "Attend la réponse", "À répondre"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"


TRANSITIONS_PROPOSITION: Transitions = {
    "accepter": ({EtatProposition.PROPOSEE}, EtatProposition.ACCEPTEE),
    "refuser": ({EtatProposition.PROPOSEE}, EtatProposition.REFUSEE),
}


class EtatObservation(EtatLibelle):
    """A supplier's observation on a bon."""

    RECUE = "recue", "Attend la réponse", "À répondre"
    REPONDUE = "repondue", "Répondue"


TRANSITIONS_OBSERVATION: Transitions = {"donner_suite": ({EtatObservation.RECUE}, EtatObservation.REPONDUE)}
