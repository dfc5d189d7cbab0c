"""A body comes to the depot and leaves with what was ready for it."""

from datetime import datetime

from sqlalchemy import select, update

from groupement.commandes.models import Affectation
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.depot import PRETE
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def remettre(livraison_id: int, collectivite_id: int, retiree_par: str, *, par: Auteur, le: datetime) -> None:
    """Hand the body what is ready for it in this delivery. Raises RegleRefusee when all of it has gone already."""
    verrouiller_ecriture()
    siennes = select(Affectation.id).where(Affectation.collectivite_id == collectivite_id)
    ecrites = db.session.execute(
        update(LigneLivraison)
        .where(LigneLivraison.livraison_id == livraison_id, LigneLivraison.affectation_id.in_(siennes), PRETE)
        .values(retiree_le=jour_a_paris(le), retiree_par=retiree_par),
        execution_options={"synchronize_session": False},
    )
    if not ecrites.rowcount:  # type: ignore[attr-defined]
        raise RegleRefusee("Ces fournitures ont déjà été remises\u00a0: rouvrez la page pour voir à qui et quand.")
    details = {"collectivite": collectivite_id, "retiree_par": retiree_par}
    noter(Livraison.__tablename__, livraison_id, "remettre", par=par, le=le, resume=retiree_par, details=details)
