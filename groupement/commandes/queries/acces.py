"""The list of the bodies a campagne is open to: as it was pasted, and as it is read back."""

from collections.abc import Collection

from sqlalchemy import and_, func, select

from groupement.adherents.models import Adhesion, Collectivite
from groupement.adherents.rules.adhesion import FaitsAdhesion, motif_de_refus_de_commander
from groupement.catalogue.models import Marche
from groupement.commandes.models import Campagne, CollectiviteAdmise
from groupement.commandes.states import AccesCampagne
from groupement.socle.db import db


def collectivites_par_siren(marche: Marche, sirens: Collection[str]) -> dict[str, tuple[int, str, str | None]]:
    """SIREN → (id, name, why the body may not order on the marché) of those that exist. One statement."""
    lignes = db.session.execute(
        select(Collectivite.siren, Collectivite.id, Collectivite.nom, Adhesion.etat, Adhesion.signee_le)
        .outerjoin(
            Adhesion,
            and_(Adhesion.collectivite_id == Collectivite.id, Adhesion.convention_id == marche.convention_id),
        )
        .where(Collectivite.siren.in_(sirens))
    )
    return {
        siren: (
            numero,
            nom,
            motif_de_refus_de_commander(FaitsAdhesion(etat, signee) if etat else None, marche.consultation_le),
        )
        for siren, numero, nom, etat, signee in lignes
    }


def liste_des_admises(campagne_id: int) -> list[tuple[str, str]]:
    """(SIREN, name) of the bodies of the list, by name."""
    lignes = db.session.execute(
        select(Collectivite.siren, Collectivite.nom)
        .join(CollectiviteAdmise, CollectiviteAdmise.collectivite_id == Collectivite.id)
        .where(CollectiviteAdmise.campagne_id == campagne_id)
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )
    return [(siren, nom) for siren, nom in lignes]


def combien_d_admises(campagne: Campagne) -> int:
    """How many bodies its list holds; nothing is read when it has none."""
    if campagne.acces is not AccesCampagne.LISTE:
        return 0
    compte = select(func.count()).select_from(CollectiviteAdmise).where(CollectiviteAdmise.campagne_id == campagne.id)
    return db.session.scalar(compte) or 0
