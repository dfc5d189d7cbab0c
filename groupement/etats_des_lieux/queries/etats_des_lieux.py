"""Audits: the one door to one of them, the select of the list, who made them, what happened to them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.adherents.queries import Demandeur
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.adherents.states import Role
from groupement.catalogue.models import Article
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux, Local, Mesure
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import Evenement

EN_COURS = (EtatEtatDesLieux.PLANIFIE, EtatEtatDesLieux.RELEVE)
MONTRES_A_LA_COLLECTIVITE = (EtatEtatDesLieux.VALIDE, EtatEtatDesLieux.SUIVI)


def perimetre(contexte: Demandeur) -> ColumnElement[bool]:
    """Every audit for the Centre de gestion and the Archives; for a body its own, once they are finished."""
    if contexte.est_cdg or contexte.a_role(Role.CONTROLE):
        return true()
    if contexte.collectivite_id is None:
        return false()
    return (EtatDesLieux.collectivite_id == contexte.collectivite_id) & EtatDesLieux.etat.in_(MONTRES_A_LA_COLLECTIVITE)


def etat_visible(etat_id: int, contexte: Demandeur, *, verrou: bool = False) -> EtatDesLieux:
    """The audit with all it holds, if this person may see it; 404 otherwise. Five statements, whatever its size.

    With `verrou`, it is held against any other change and read afresh.
    """
    voulu = (
        select(EtatDesLieux)
        .where(EtatDesLieux.id == etat_id, perimetre(contexte))
        .options(
            joinedload(EtatDesLieux.collectivite, innerjoin=True),
            joinedload(EtatDesLieux.archiviste, innerjoin=True),
            selectinload(EtatDesLieux.locaux).joinedload(Local.rayonnages),
            selectinload(EtatDesLieux.mesures),
            selectinload(EtatDesLieux.reliures),
            selectinload(EtatDesLieux.besoins).joinedload(Besoin.article, innerjoin=True).joinedload(Article.lot),
        )
    )
    if verrou:
        verrouiller_ecriture()
        voulu = voulu.with_for_update(of=EtatDesLieux).execution_options(populate_existing=True)
    etat: EtatDesLieux = db.one_or_404(voulu)
    return etat


def etats_des_lieux(
    contexte: Demandeur, recherche: str = "", etat: str = "", archiviste_id: int | None = None, siren_epci: str = ""
) -> Select[tuple[EtatDesLieux, int, int]]:
    """(audit, mm measured, mm proposed for elimination), the latest visit first: a select for a list."""
    sommes = (
        select(
            Mesure.etat_des_lieux_id,
            func.sum(Mesure.mesure_mm).label("mesure_mm"),
            func.sum(Mesure.eliminable_mm).label("eliminable_mm"),
        )
        .group_by(Mesure.etat_des_lieux_id)
        .subquery()
    )
    voulus = (
        select(EtatDesLieux, func.coalesce(sommes.c.mesure_mm, 0).label("mesure_mm"))
        .add_columns(func.coalesce(sommes.c.eliminable_mm, 0).label("eliminable_mm"))
        .join(EtatDesLieux.collectivite)
        .join(EtatDesLieux.archiviste)
        .outerjoin(sommes, sommes.c.etat_des_lieux_id == EtatDesLieux.id)
        .options(contains_eager(EtatDesLieux.collectivite), contains_eager(EtatDesLieux.archiviste))
        .where(perimetre(contexte), *[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(EtatDesLieux.visite_le.desc(), EtatDesLieux.id.desc())
    )
    if etat in set(EtatEtatDesLieux):
        voulus = voulus.where(EtatDesLieux.etat == etat)
    if archiviste_id is not None:
        voulus = voulus.where(EtatDesLieux.archiviste_id == archiviste_id)
    if siren_epci:
        voulus = voulus.where(or_(Collectivite.siren_epci == siren_epci, Collectivite.siren == siren_epci))
    return voulus


def archivistes() -> Sequence[tuple[int, str]]:
    """(id, name) of everyone who has made an audit, by name."""
    auteurs = select(EtatDesLieux.archiviste_id)
    lignes = db.session.execute(
        select(Utilisateur.id, Utilisateur.nom).where(Utilisateur.id.in_(auteurs)).order_by(Utilisateur.nom_recherche)
    )
    return [(numero, nom) for numero, nom in lignes]


def en_cours_de(collectivite_id: int) -> EtatDesLieux | None:
    """The audit of a body that is planned or being entered, if any."""
    return db.session.scalars(
        select(EtatDesLieux)
        .where(EtatDesLieux.collectivite_id == collectivite_id, EtatDesLieux.etat.in_(EN_COURS))
        .order_by(EtatDesLieux.id)
        .limit(1)
    ).one_or_none()


def historique_de(etat_id: int, limite: int = 30) -> Sequence[Evenement]:
    """What the journal says of an audit, the latest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == EtatDesLieux.__tablename__, Evenement.objet_id == etat_id)
        .order_by(Evenement.id.desc())
        .limit(limite)
    ).all()
