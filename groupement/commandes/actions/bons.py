"""What happens to a bon after its issue, on the supplier's side."""

from datetime import datetime

from groupement.commandes.models import BonDeCommande
from groupement.commandes.states import TRANSITIONS_BON
from groupement.socle.journal import Auteur, franchir


def accuser(bon: BonDeCommande, *, par: Auteur, le: datetime) -> None:
    """The supplier confirms that it has the bon."""
    franchir(bon, TRANSITIONS_BON, "accuser", par=par, le=le, resume=bon.numero)
    bon.accuse_le = le
