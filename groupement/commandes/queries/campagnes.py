"""Named selects on the ordering windows, as the buyer sees them: the doors, the lists."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from groupement.adherents.models import Adhesion, Collectivite
from groupement.adherents.queries import Demandeur
from groupement.adherents.states import EtatAdhesion, TypeCollectivite
from groupement.catalogue.models import Marche
from groupement.commandes.models import Campagne, CollectiviteAdmise, Commande
from groupement.commandes.states import AccesCampagne, EtatCommande, NatureCampagne
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement

INACHEVEES = (EtatCommande.BROUILLON, EtatCommande.SOUMISE)
FENETRES = Campagne.nature == NatureCampagne.FENETRE  # the others hold urgent orders, served by the depot


def campagne_verrouillee(campagne_id: int) -> Campagne:
    """The campagne as it is now, locked until the commit. Raises RegleRefusee when there is none."""
    campagne = db.session.scalars(
        select(Campagne).where(Campagne.id == campagne_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if campagne is None:
        raise RegleRefusee(f"La campagne {campagne_id} n’existe pas.")
    return campagne


def campagne_visible(campagne_id: int, contexte: Demandeur, *, verrou: bool = False) -> Campagne:
    """The window with its marché and depot, for the Centre de gestion; 404 otherwise."""
    voulue = select(Campagne).where(Campagne.id == campagne_id, FENETRES)
    if not contexte.est_cdg:
        voulue = voulue.where(false())
    if verrou:
        verrouiller_ecriture()
        return db.one_or_404(voulue.with_for_update(of=Campagne).execution_options(populate_existing=True))
    avec = (joinedload(Campagne.marche, innerjoin=True), joinedload(Campagne.depot, innerjoin=True))
    campagne: Campagne = db.one_or_404(voulue.options(*avec))
    return campagne


def campagnes() -> Select[Any]:
    """(Campagne, orders started, committed, their amount) of every window, the latest first."""
    comptes = (
        select(
            Commande.campagne_id,
            func.count().label("commandes"),
            func.sum(case((Commande.etat.in_(INACHEVEES), 0), else_=1)).label("validees"),
            func.sum(case((Commande.etat.not_in(INACHEVEES), Commande.total_ht), else_=Decimal(0))).label("total_ht"),
        )
        .where(Commande.etat != EtatCommande.ANNULEE)
        .group_by(Commande.campagne_id)
        .subquery()
    )
    return (
        select(Campagne, comptes.c.commandes, comptes.c.validees, comptes.c.total_ht)
        .join(Campagne.marche)
        .outerjoin(comptes, comptes.c.campagne_id == Campagne.id)
        .options(contains_eager(Campagne.marche))
        .where(FENETRES)
        .order_by(Campagne.du.desc(), Campagne.id.desc())
    )


def adherents_de(campagne: Campagne) -> Select[Any]:
    """The bodies that may order in the campagne, by name: a select to run or to embed.

    They are those of its marché (R2162-6), of the kinds or of the list it is open to, which joined a lot of it.
    """
    admises = select(CollectiviteAdmise.collectivite_id).where(CollectiviteAdmise.campagne_id == campagne.id)
    pour_qui = {
        AccesCampagne.TOUS: (),
        AccesCampagne.TYPES: (Collectivite.type.in_([TypeCollectivite(valeur) for valeur in campagne.types]),),
        AccesCampagne.LISTE: (Collectivite.id.in_(admises),),
    }
    return adherents_du(campagne.marche).where(*pour_qui[campagne.acces], *_ont_rejoint(campagne.lots))


def _ont_rejoint(lots: Sequence[int] | None) -> list[ColumnElement[bool]]:
    """The adhesions that joined one of these lots. Their numbers are stored as JSON, « [1, 3] »: read as text."""
    if lots is None:
        return []
    rejoints = func.replace(func.replace(cast(Adhesion.lots, String), "[", ", "), "]", ", ")
    return [or_(Adhesion.lots.is_(None), *(rejoints.contains(f", {numero}, ") for numero in lots))]


def adherents_du(marche: Marche) -> Select[Any]:
    """The bodies that may order on the marché (R2162-6), by name: a select to run or to embed."""
    return (
        select(Collectivite)
        .join(Adhesion, Adhesion.collectivite_id == Collectivite.id)
        .where(
            Adhesion.convention_id == marche.convention_id,
            Adhesion.etat == EtatAdhesion.SIGNEE,
            Adhesion.signee_le <= marche.consultation_le,
        )
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


def adherents_sans_commande(campagne: Campagne, recherche: str = "") -> Select[Any]:
    """The bodies that may order in the campagne and have not begun to."""
    a_commence = exists().where(
        Commande.campagne_id == campagne.id,
        Commande.collectivite_id == Collectivite.id,
        Commande.etat != EtatCommande.ANNULEE,
    )
    return adherents_de(campagne).where(~a_commence, *_cherche(recherche))


def commandes_de_la_campagne(
    campagne_id: int, *, recherche: str = "", etats: Sequence[EtatCommande] = ()
) -> Select[Any]:
    """The orders of a campagne with their body, by name; cancelled ones only when asked for."""
    gardees = Commande.etat.in_(etats) if etats else Commande.etat != EtatCommande.ANNULEE
    return (
        select(Commande)
        .join(Commande.collectivite)
        .options(contains_eager(Commande.collectivite))
        .where(Commande.campagne_id == campagne_id, gardees, *_cherche(recherche))
        .order_by(Collectivite.nom_recherche, Commande.id)
    )


def _cherche(recherche: str) -> list[ColumnElement[bool]]:
    """Bodies whose name holds the words (given without accents), or whose SIREN begins so."""
    if not recherche:
        return []
    return [or_(Collectivite.nom_recherche.contains(recherche, autoescape=True), Collectivite.siren == recherche)]


def histoire_de(objet: str, objet_id: int) -> Sequence[Evenement]:
    """What the journal says of an object, the latest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == objet, Evenement.objet_id == objet_id)
        .order_by(Evenement.le.desc(), Evenement.id.desc())
        .limit(50)
    ).all()


def dernier_fait(objet: str, objet_id: int, verbe: str) -> tuple[str, datetime] | None:
    """Who last did `verbe` to an object, and when."""
    fait = db.session.execute(
        select(Evenement.par, Evenement.le)
        .where(Evenement.objet == objet, Evenement.objet_id == objet_id, Evenement.verbe == verbe)
        .order_by(Evenement.le.desc(), Evenement.id.desc())
        .limit(1)
    ).one_or_none()
    return (fait.par, fait.le) if fait else None
