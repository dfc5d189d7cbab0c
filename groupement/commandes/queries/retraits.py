"""What a body that leaves would leave behind."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from groupement.adherents.models import Adhesion
from groupement.catalogue.models import Marche
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db

EN_COURS = (EtatCommande.SOUMISE, EtatCommande.VALIDEE, EtatCommande.REGROUPEE)


def commandes_en_cours(adhesion: Adhesion, *, verrou: bool = False) -> Sequence[Commande]:
    """The orders of the body, under that convention, that are sent and not served.

    With `verrou`, the open campagnes are held first: no order of the body is sent or validated meanwhile.
    """
    if verrou:
        du_marche = select(Marche.id).where(Marche.convention_id == adhesion.convention_id)
        ouvertes = select(Campagne.id).where(
            Campagne.marche_id.in_(du_marche), Campagne.etat.in_((EtatCampagne.OUVERTE, EtatCampagne.CLOSE))
        )
        db.session.execute(ouvertes.order_by(Campagne.id).with_for_update()).all()
    voulues = (
        select(Commande)
        .join(Commande.campagne)
        .join(Marche, Marche.id == Campagne.marche_id)
        .options(contains_eager(Commande.campagne))
        .where(
            Commande.collectivite_id == adhesion.collectivite_id,
            Marche.convention_id == adhesion.convention_id,
            Commande.etat.in_(EN_COURS),
        )
        .order_by(Campagne.du, Commande.id)
    )
    return db.session.scalars(voulues).all()
