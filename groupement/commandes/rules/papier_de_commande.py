"""What the paper of an order is worth, said at its head: a draft binds nobody, a committed order does."""

from datetime import date

from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import date_fr

MOTS = {
    EtatCommande.BROUILLON: "PROJET",
    EtatCommande.SOUMISE: "Envoyée au valideur",
    EtatCommande.VALIDEE: "Commande validée",
    EtatCommande.REGROUPEE: "Commandée au fournisseur",
    EtatCommande.SERVIE: "Livrée",
    EtatCommande.SOLDEE: "Facturée",
    EtatCommande.ANNULEE: "ANNULÉE",
}


def mot_de_l_etat(etat: EtatCommande) -> str:
    """The word at the head of the paper."""
    return MOTS[etat]


def avertissement(etat: EtatCommande, fin: date) -> str:
    """What the paper is worth, in one sentence; `fin`: the last day of the campagne."""
    if etat is EtatCommande.BROUILLON:
        return (
            f"Rien n’est commandé\u00a0: envoyez-la et faites-la valider avant la fin de campagne, le {date_fr(fin)}."
        )
    if etat is EtatCommande.SOUMISE:
        return f"Elle attend son valideur\u00a0: sans sa validation d’ici au {date_fr(fin)}, elle ne partira pas."
    if etat is EtatCommande.VALIDEE:
        return f"La dépense est engagée. La commande part avec celles du groupement après le {date_fr(fin)}."
    if etat is EtatCommande.ANNULEE:
        return "Cette commande a été annulée\u00a0: ce papier ne vaut plus rien."
    return "Voici ce qui a été acheté pour vous, aux prix définitifs, et votre part du port."
