"""Named selects on bodies and people."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from groupement.adherents.models import Habilitation
from groupement.socle.db import db


def habilitations_en_cours(utilisateur_id: int, le: date) -> Sequence[Habilitation]:
    """The habilitations of a person on a day, with their body."""
    return db.session.scalars(
        select(Habilitation)
        .options(joinedload(Habilitation.collectivite))
        .where(
            Habilitation.utilisateur_id == utilisateur_id,
            Habilitation.du <= le,
            or_(Habilitation.au.is_(None), Habilitation.au >= le),
        )
    ).all()
