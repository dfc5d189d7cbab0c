"""The door to a passkey."""

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload

from groupement.adherents.models import CleDAcces
from groupement.adherents.queries import Demandeur
from groupement.adherents.states import Role
from groupement.socle.db import db


def cle_visible(cle_id: int, contexte: Demandeur, moi: int, *, verrou: bool = False) -> CleDAcces:
    """The passkey, for its person and for an administrateur; 404 otherwise."""
    permis = true() if contexte.a_role(Role.ADMINISTRATEUR) else CleDAcces.utilisateur_id == moi
    voulue = select(CleDAcces).options(joinedload(CleDAcces.utilisateur)).where(CleDAcces.id == cle_id, permis)
    return db.one_or_404(voulue.with_for_update(of=CleDAcces) if verrou else voulue)
