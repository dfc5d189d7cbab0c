"""What a body is told when the depot hands over less than was committed."""

from collections.abc import Sequence
from datetime import datetime

from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.models import Commande, Depannage
from groupement.commandes.queries.commandes import personnes_de
from groupement.commandes.rules import remises as regle
from groupement.commandes.rules.remises import LigneRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs


def dire_ce_qui_est_remis(
    commande: Commande, depannage: Depannage, lignes: Sequence[LigneRemise], le: datetime
) -> None:
    """A mail to the agents and valideurs: what was received, what was not and why, what is owed, what to do next."""
    total_ht = regle.total_ht(lignes)
    valeurs = {
        "commande": commande,
        "depannage": depannage,
        "remises": [ligne for ligne in lignes if ligne.remises],
        "manquants": regle.manquants(lignes),
        "total_ht": total_ht,
        "total_ttc": regle.total_ttc(lignes),
        "en_moins_ht": sum((ligne.rendu_ht for ligne in lignes), regle.ZERO),
    }
    sujet = f"Votre dépannage est remis en partie\u00a0: {commande.collectivite.nom}"
    personnes = personnes_de(commande.collectivite_id, sorted(ROLES_COLLECTIVITE), jour_a_paris(le))
    lettres = [(personne.email, sujet, {**valeurs, "personne": personne}) for personne in personnes]
    ecrire_plusieurs("depannage_remis_en_partie", lettres, le=le)
