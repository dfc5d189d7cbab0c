"""Named selects on the ordering windows, as the buyer sees them."""

from sqlalchemy import select

from groupement.commandes.models import Campagne
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee


def campagne_verrouillee(campagne_id: int) -> Campagne:
    """The campagne as it is now, locked until the commit. Raises RegleRefusee when there is none."""
    campagne = db.session.scalars(
        select(Campagne).where(Campagne.id == campagne_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if campagne is None:
        raise RegleRefusee(f"La campagne {campagne_id} n’existe pas.")
    return campagne
