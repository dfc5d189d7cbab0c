"""An agent proposes to add pieces in the completion phase: the valideurs get a mail that leads to the page."""

from datetime import datetime

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import Role
from groupement.catalogue.models import Article
from groupement.commandes.actions.complements import admettre, exiger_completable
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes import lignes_affichees, personnes_de
from groupement.commandes.queries.complement import PROPOSITION, derniere_proposition
from groupement.commandes.rules.phrases_du_complement import combien, phrases_du_manque
from groupement.socle.calendrier import date_heure_fr, jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter

SANS_VALIDEUR = "Votre collectivité n’a pas de valideur\u00a0: demandez au Centre de gestion d’en déclarer un."


def proposer(commande: Commande, article: Article, unites: int, *, par: Auteur, le: datetime) -> list[Utilisateur]:
    """Write to the body's valideurs that `unites` of an article could be added; returns them. Nothing is committed.

    Raises RegleRefusee outside the phase, without a valideur, or when they were written to about it today already.
    """
    lignes = lignes_affichees(commande.id)
    exiger_completable(commande, article, lignes, le)
    _, manque = admettre(commande, article, lignes, unites, le)
    _exiger_premiere_fois(commande, article, le)
    valideurs = list(personnes_de(commande.collectivite_id, [Role.VALIDEUR], jour_a_paris(le)))
    if not valideurs:
        raise RegleRefusee(SANS_VALIDEUR)
    quoi = combien(manque.demande, unites)
    resume, details = f"{article.reference}\u00a0: {quoi}", {"article_id": article.id, "unites": unites}
    noter("commande", commande.id, PROPOSITION, par=par, le=le, resume=resume, details=details)
    valeurs = {
        "commande": commande,
        "article": article,
        "phrases": phrases_du_manque(manque),
        "unites": unites,
        "quoi": quoi,
    }
    sujet = f"Un colis à compléter\u00a0: {commande.collectivite.nom}"
    lettres = [(valideur.email, sujet, valeurs | {"personne": valideur, "par": par.nom}) for valideur in valideurs]
    ecrire_plusieurs("complement_propose", lettres, le=le)
    return valideurs


def _exiger_premiere_fois(commande: Commande, article: Article, le: datetime) -> None:
    """One mail a day about an article is enough."""
    derniere = derniere_proposition(commande.id, article.id)
    if derniere and jour_a_paris(derniere.le) == jour_a_paris(le):
        raise RegleRefusee(
            f"{derniere.par} l’a déjà proposé à vos valideurs ({date_heure_fr(derniere.le)}). Parlez-leur-en, ou "
            "proposez-le de nouveau demain."
        )
