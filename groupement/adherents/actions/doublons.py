"""One answer counts for each body: the latest that was sent to the end; the others are set aside, and say so."""

from datetime import datetime

from sqlalchemy import func, select, update

from groupement.adherents.models import Intention
from groupement.adherents.states import TRANSITIONS_INTENTION, EtatIntention
from groupement.socle.db import db
from groupement.socle.journal import Auteur, franchir_tous

MOTIF = "Une réponse plus récente de la même collectivité la remplace."


def ecarter_les_doublons(enquete_id: int, *, par: Auteur, le: datetime) -> int:
    """Set aside, body by body, all the attached answers but one. Four statements, however many answers.

    A complete answer wins over one that is not, then the latest, then the last entered. The adhesion an older answer
    led to lives on by itself.
    """
    i = Intention
    rang = func.row_number().over(
        partition_by=i.collectivite_id, order_by=(i.complete.desc(), i.recue_le.desc(), i.id.desc())
    )
    classees = (
        select(i.id, rang.label("rang"))
        .where(i.enquete_id == enquete_id, i.etat.in_((EtatIntention.RATTACHEE, EtatIntention.CONVERTIE)))
        .subquery()
    )
    perdantes = select(classees.c.id).where(classees.c.rang > 1)
    if db.session.scalars(perdantes.limit(1)).first() is None:
        return 0
    visees = (i.__table__.c.enquete_id == enquete_id) & (i.__table__.c.motif == MOTIF)
    db.session.execute(
        update(i).where(i.id.in_(perdantes)).values(motif=MOTIF), execution_options={"synchronize_session": False}
    )
    remplacees = franchir_tous(i, visees, TRANSITIONS_INTENTION, "remplacer", par=par, le=le, resume=MOTIF)
    db.session.expire_all()
    return remplacees
