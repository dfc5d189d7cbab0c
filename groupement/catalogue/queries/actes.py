"""What happened to a marché: avenants, reconductions, papers, essential data."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.catalogue.models import (
    AccesFournisseur,
    Avenant,
    DocumentMarche,
    DonneesEssentielles,
    EffetAvenant,
    Lot,
    Marche,
    Reconduction,
    Titulaire,
)
from groupement.catalogue.rules.avenants import Effet
from groupement.catalogue.rules.decp import SEUIL_HT, SaisieDecp, en_saisie
from groupement.catalogue.states import EtatReconduction, FondementAvenant, VisibiliteDocument
from groupement.socle.db import db


def avenants_du_marche(marche_id: int) -> Sequence[Avenant]:
    """The avenants in the order of their numbers, each with its effects and their lots. Two statements."""
    return db.session.scalars(
        select(Avenant)
        .where(Avenant.marche_id == marche_id)
        .options(selectinload(Avenant.effets).joinedload(EffetAvenant.lot))
        .order_by(Avenant.rang)
    ).all()


def avenant_visible(avenant_id: int, contexte: Contexte) -> Avenant:
    """The avenant, for the Centre de gestion; 404 otherwise."""
    voulu = select(Avenant).where(Avenant.id == avenant_id)
    return db.one_or_404(voulu if contexte.est_cdg else voulu.where(false()))


def effets_par_lot(avenants: Sequence[Avenant]) -> dict[int, tuple[Effet, ...]]:
    """What avenants did to the ceilings, by lot id, in their order."""
    effets: dict[int, tuple[Effet, ...]] = {}
    for avenant in avenants:
        for effet in avenant.effets:
            fait = Effet(avenant.notifie_le, avenant.fondement, effet.plafond_avant_ht, effet.plafond_apres_ht)
            effets[effet.lot_id] = (*effets.get(effet.lot_id, ()), fait)
    return effets


def reconduction_visible(reconduction_id: int, contexte: Contexte, *, verrou: bool = False) -> Reconduction:
    """The reconduction with its marché and the others, for the Centre de gestion; 404 otherwise."""
    voulu = select(Reconduction).where(Reconduction.id == reconduction_id).options(joinedload(Reconduction.marche))
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update(of=Reconduction) if verrou else voulu)


def titulaire_visible(titulaire_id: int, contexte: Contexte, *, verrou: bool = False) -> Titulaire:
    """The titulaire with its lot and marché, for the Centre de gestion; 404 otherwise."""
    voulu = (
        select(Titulaire)
        .where(Titulaire.id == titulaire_id)
        .options(joinedload(Titulaire.lot).joinedload(Lot.marche), joinedload(Titulaire.fournisseur))
    )
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    return db.one_or_404(voulu.with_for_update(of=Titulaire) if verrou else voulu)


def titulaires_du_lot(lot_id: int) -> Sequence[Titulaire]:
    """The titulaires by rank, with their supplier and those they speak for. Two statements."""
    return db.session.scalars(
        select(Titulaire)
        .where(Titulaire.lot_id == lot_id)
        .options(joinedload(Titulaire.fournisseur), selectinload(Titulaire.cotraitants))
        .order_by(Titulaire.rang)
    ).all()


def donnees_du_marche(marche_id: int) -> dict[int, DonneesEssentielles]:
    """The essential data typed so far, by lot id."""
    lignes = db.session.scalars(
        select(DonneesEssentielles).join(Lot, Lot.id == DonneesEssentielles.lot_id).where(Lot.marche_id == marche_id)
    )
    return {ligne.lot_id: ligne for ligne in lignes}


def saisie_de(donnees: DonneesEssentielles | None) -> SaisieDecp | None:
    """What was typed, for the rules."""
    return None if donnees is None else en_saisie(lambda champ: getattr(donnees, champ))


def marche_lisible(marche_id: int, contexte: Contexte) -> Marche:
    """The marché whose papers this person may ask for: the Centre de gestion, bodies, its suppliers; 404 otherwise."""
    voulu = select(Marche).where(Marche.id == marche_id)
    if contexte.a_role(Role.FOURNISSEUR):
        voulu = voulu.where(Marche.lots.any(Lot.id.in_(_lots_tenus_par(contexte))))
    return db.one_or_404(voulu)


def documents(marche_id: int, contexte: Contexte) -> Sequence[DocumentMarche]:
    """The papers of a marché this person may open, those of the whole marché first. One statement."""
    voulus = _documents().where(DocumentMarche.marche_id == marche_id, _ouverts_a(contexte))
    return db.session.scalars(
        voulus.order_by(DocumentMarche.lot_id.is_not(None), Lot.numero, DocumentMarche.nature, DocumentMarche.id)
    ).all()


def document_visible(document_id: int, contexte: Contexte, *, verrou: bool = False) -> DocumentMarche:
    """The paper, for those who may open it; 404 otherwise."""
    voulu = _documents().where(DocumentMarche.id == document_id, _ouverts_a(contexte))
    return db.one_or_404(voulu.with_for_update(of=DocumentMarche) if verrou else voulu)


def _documents() -> Select[DocumentMarche]:
    """Papers still on the list, with the name of their file."""
    return (
        select(DocumentMarche)
        .outerjoin(Lot, Lot.id == DocumentMarche.lot_id)
        .options(joinedload(DocumentMarche.lot), joinedload(DocumentMarche.fichier))
        .where(DocumentMarche.retire_le.is_(None))
    )


def _ouverts_a(contexte: Contexte) -> ColumnElement[bool]:
    """Which papers a person may open: all, those of its lots, or those for everybody."""
    if contexte.est_cdg:
        return DocumentMarche.id.is_not(None)
    if not contexte.a_role(Role.FOURNISSEUR):
        return DocumentMarche.visibilite == VisibiliteDocument.TOUS
    tenus = _lots_tenus_par(contexte)
    du_marche = select(Lot.marche_id).where(Lot.id.in_(tenus))
    a_lui = or_(
        DocumentMarche.lot_id.in_(tenus),
        and_(DocumentMarche.lot_id.is_(None), DocumentMarche.marche_id.in_(du_marche)),
    )
    return and_(a_lui, DocumentMarche.visibilite != VisibiliteDocument.CENTRE_DE_GESTION)


def _lots_tenus_par(contexte: Contexte) -> Select[int]:
    """The lots of the suppliers this person acts for."""
    return (
        select(Titulaire.lot_id)
        .join(AccesFournisseur, AccesFournisseur.fournisseur_id == Titulaire.fournisseur_id)
        .where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    )


def reconductions_a_venir(le: date) -> list[Reconduction]:
    """The next reconduction of each marché that runs, when it is still to be decided. One statement."""
    prevues = db.session.scalars(
        select(Reconduction)
        .join(Reconduction.marche)
        .where(Marche.du <= le, Marche.au >= le, Reconduction.etat == EtatReconduction.PREVUE)
        .options(contains_eager(Reconduction.marche).joinedload(Marche.reconductions))
        .order_by(Marche.id, Reconduction.rang)
    ).unique()
    premieres: dict[int, Reconduction] = {}
    for reconduction in prevues:
        premieres.setdefault(reconduction.marche_id, reconduction)
    return list(premieres.values())


def publications_dues(le: date) -> Sequence[Row[Marche, int, date | None]]:
    """(marché, lots not published, first avenant not published) of those that run, when anything is. One statement."""
    lots = (
        select(func.count(Lot.id))
        .outerjoin(DonneesEssentielles, DonneesEssentielles.lot_id == Lot.id)
        .where(Lot.marche_id == Marche.id, DonneesEssentielles.publiee_le.is_(None))
        .scalar_subquery()
    )
    avenant = (
        select(func.min(Avenant.notifie_le))
        .where(
            Avenant.marche_id == Marche.id,
            Avenant.publie_le.is_(None),
            Avenant.fondement != FondementAvenant.ERREUR_DE_SAISIE,
        )
        .scalar_subquery()
    )
    total = select(func.sum(Lot.plafond_ht)).where(Lot.marche_id == Marche.id).scalar_subquery()
    return db.session.execute(
        select(Marche, lots, avenant)
        .where(Marche.notifie_le <= le, Marche.au >= le, total >= SEUIL_HT, or_(lots > 0, avenant.is_not(None)))
        .order_by(Marche.id)
    ).all()
