"""What the machine does for the windows without being asked: open, close, tell. Twice at once does it once.

Each campagne is read again under its lock before anything is decided: whoever comes second finds nothing left to do.
"""

from collections.abc import Callable
from datetime import datetime

from groupement.commandes.actions import campagnes
from groupement.commandes.actions.annonces import envoyer
from groupement.commandes.actions.phase_de_complement import finir
from groupement.commandes.models import Campagne
from groupement.commandes.queries.annonces import annonces_de, campagnes_a_avancer, horaire_de
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.rules.calendrier_campagne import envois_dus, pas_du
from groupement.socle.db import verrouiller_ecriture
from groupement.socle.journal import AUTOMATE

PAS: dict[str, Callable[..., Campagne]] = {"ouvrir": campagnes.ouvrir, "finir": finir}


def avancer_les_campagnes(le: datetime) -> int:
    """Do what every window is owed at `le`; returns how many moved. One select when nothing is due."""
    return sum(avancer(campagne_id, le) for campagne_id in campagnes_a_avancer(le))


def avancer(campagne_id: int, le: datetime) -> bool:
    """Do what one window is owed at `le`, under its lock; whether there was something. The caller commits."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    verbe = pas_du(horaire_de(campagne, annonces_de(campagne_id)), le)
    if verbe is not None:
        PAS[verbe](campagne_id, par=AUTOMATE, le=le)
    envois = envois_dus(horaire_de(campagne, annonces_de(campagne_id)), le)
    for envoi in envois:
        envoyer(campagne, envoi, le)
    return verbe is not None or bool(envois)
