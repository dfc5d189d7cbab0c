"""What is to bill, once it exists: it can only be withdrawn, with a reason."""

from datetime import datetime

from groupement.prestations.models import Prestation
from groupement.prestations.states import TRANSITIONS_PRESTATION
from groupement.socle.journal import Auteur, franchir


def retirer(prestation: Prestation, motif: str, *, par: Auteur, le: datetime) -> None:
    """Give up billing it. Raises TransitionInterdite when it is billed or withdrawn already."""
    franchir(prestation, TRANSITIONS_PRESTATION, "retirer", par=par, le=le, resume=motif)
