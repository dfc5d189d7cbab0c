"""How a change begins: the page must be up to date, and rare acts on the whole go one at a time."""

from sqlalchemy import select

from groupement.prestations.models import Mission
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import qui_a_change
from groupement.socle.numerotation import Verrou
from groupement.socle.web import ConflitDeVersion


def exiger_version(mission: Mission, version: int) -> None:
    """Raise ConflitDeVersion, naming who changed the mission, when the page is out of date."""
    if mission.version == version:
        return
    qui = qui_a_change(Mission.__tablename__, mission.id)
    raise ConflitDeVersion(
        f"Cette mission a été modifiée entre-temps par {qui}. Rien de ce que vous venez d’envoyer n’a été "
        "enregistré\u00a0: regardez ce qui s’y trouve maintenant, puis recommencez."
    )


def compter(mission: Mission) -> None:
    """A new version: pages shown before are out of date."""
    mission.version += 1
    db.session.flush()


def un_a_la_fois() -> None:
    """Until the commit, nobody else votes a rate, takes part in SESAM, calls contributions or pays over.

    These acts rest on rows that may not exist yet, which no row lock could hold.
    """
    verrouiller_ecriture()
    db.session.execute(select(Verrou.id).where(Verrou.id == 1).with_for_update())
