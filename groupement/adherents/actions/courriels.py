"""A mail that did not leave is sent again. Nothing commits."""

from datetime import datetime

from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def reessayer(courriel: Courriel, *, par: Auteur, le: datetime) -> None:
    """Put the mail at the head of the queue, its tries counted afresh. RegleRefusee when it has left."""
    if courriel.etat == EtatCourriel.ENVOYE:
        raise RegleRefusee("Ce courriel est déjà parti\u00a0: il n’est pas envoyé deux fois.")
    courriel.etat, courriel.essais, courriel.prochain_essai_le = EtatCourriel.EN_ATTENTE, 0, le
    noter("courriel", courriel.id, "réessayer", par=par, le=le, resume=f"{courriel.sujet}, à {courriel.destinataire}")
