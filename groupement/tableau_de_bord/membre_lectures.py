"""What the upper floors know of one body, in four statements: figures, latest objects, rights by lot, the campagne."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, String, case, cast, func, literal, null, select, union_all

from groupement.adherents.models import Intention
from groupement.adherents.states import EtatIntention
from groupement.catalogue.models import Lot, Marche
from groupement.commandes.models import BonDeCommande, Campagne, Commande
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.queries.commandes import ENGAGEES
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.livraisons import est_en_retard
from groupement.livraisons.states import EtatLivraison
from groupement.prestations.models import AdhesionSesam, Mission, Prestation
from groupement.refacturation.models import Facture
from groupement.refacturation.queries.factures import RESTE_DU, en_retard
from groupement.refacturation.queries.montants import centimes, en_montant
from groupement.refacturation.states import ETATS_DUS
from groupement.socle.db import Montant, db

PAR_LISTE = 5
A_RECEVOIR = (EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE)


@dataclass(frozen=True, slots=True)
class Ligne:
    """One object of a body, as its list shows it."""

    genre: str
    id: int
    libelle: str
    jour: date | None
    etat: str
    montant: Decimal | None
    echeance: date | None


def _somme(condition: Any, valeur: Any) -> Any:
    """The sum, in centimes, of what meets the condition."""
    return en_montant(func.coalesce(func.sum(case((condition, valeur), else_=0)), 0), "montant")


def _compte(condition: Any) -> Any:
    """How many meet the condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def chiffres(collectivite_id: int, le: date) -> Any:
    """The figures of the head of the page. One statement."""

    def une(voulue: Any, modele: Any, *conditions: ColumnElement[bool]) -> Any:
        """One figure of a table."""
        return select(voulue).where(modele.collectivite_id == collectivite_id, *conditions).scalar_subquery()

    du = Facture.etat.in_(ETATS_DUS) & (RESTE_DU > 0)
    retard = en_retard(le)
    comptees = Commande.etat.in_(ENGAGEES)
    recue = Intention.etat.in_((EtatIntention.RATTACHEE, EtatIntention.CONVERTIE))
    attendue = Livraison.etat.in_(A_RECEVOIR)
    return db.session.execute(
        select(
            une(func.count(Commande.id), Commande, comptees).label("commandes"),
            une(_somme(comptees, centimes(Commande.total_ht)), Commande).label("commande_ht"),
            une(_compte(attendue), Livraison).label("a_recevoir"),
            une(_compte(~attendue), Livraison).label("recues"),
            une(_compte(attendue & est_en_retard(le)), Livraison).label("livraisons_en_retard"),
            une(func.count(Facture.id), Facture).label("factures"),
            une(_somme(du, RESTE_DU), Facture).label("du_ttc"),
            une(_compte(du), Facture).label("dues"),
            une(_somme(retard, RESTE_DU), Facture).label("retard_ttc"),
            une(_compte(retard), Facture).label("en_retard"),
            une(func.min(Facture.echeance_le), Facture, du).label("echeance_le"),
            une(func.count(EtatDesLieux.id), EtatDesLieux).label("audits"),
            une(func.count(Mission.id), Mission).label("missions"),
            une(func.max(Intention.recue_le), Intention, recue).label("intention_le"),
            une(func.max(AdhesionSesam.depuis), AdhesionSesam, AdhesionSesam.jusqu_en.is_(None)).label("sesam_depuis"),
        )
    ).one()


def derniers(collectivite_id: int, genres: Sequence[str]) -> list[Ligne]:
    """The latest objects of each kind asked for, five of each at most. One statement."""
    parts = [select(DERNIERS[genre](collectivite_id).limit(PAR_LISTE).subquery()) for genre in genres]
    if not parts:
        return []
    tous = union_all(*parts).subquery()
    colonnes = (tous.c.genre, tous.c.id, tous.c.libelle, tous.c.jour, tous.c.etat, tous.c.montant, tous.c.echeance)
    return [Ligne(*ligne) for ligne in db.session.execute(select(*colonnes).order_by(tous.c.genre, tous.c.rang))]


def _lignes(genre: str, modele: Any, libelle: Any, jour: Any, montant: Any = None, echeance: Any = None) -> Select[Any]:
    """The columns every kind shares, the latest first."""
    ordre = (jour.desc(), modele.id.desc())
    return (
        select(
            literal(genre, String).label("genre"),
            modele.id.label("id"),
            cast(libelle, String).label("libelle"),
            jour.label("jour"),
            cast(modele.etat, String).label("etat"),
            (cast(null(), Montant) if montant is None else montant).label("montant"),
            (cast(null(), Date) if echeance is None else echeance).label("echeance"),
            func.row_number().over(order_by=ordre).label("rang"),
        )
        .select_from(modele)
        .order_by(*ordre)
    )


def _commandes(collectivite_id: int) -> Select[Any]:
    """Its orders, by campagne."""
    return (
        _lignes("commandes", Commande, Campagne.intitule, Campagne.du, Commande.total_ht)
        .join(Campagne, Campagne.id == Commande.campagne_id)
        .where(Commande.collectivite_id == collectivite_id, Commande.etat != EtatCommande.ANNULEE)
    )


def _livraisons(collectivite_id: int) -> Select[Any]:
    """What came or is to come, named by its bon."""
    jour = func.coalesce(Livraison.livree_le, Livraison.attendue_le)
    return (
        _lignes("livraisons", Livraison, BonDeCommande.numero, jour)
        .join(BonDeCommande, BonDeCommande.id == Livraison.bon_id)
        .where(Livraison.collectivite_id == collectivite_id)
    )


def _factures(collectivite_id: int) -> Select[Any]:
    """What it was billed."""
    lignes = _lignes("factures", Facture, Facture.numero, Facture.emise_le, Facture.total_ttc, Facture.echeance_le)
    return lignes.where(Facture.collectivite_id == collectivite_id)


def _etats_des_lieux(collectivite_id: int) -> Select[Any]:
    """Its audits."""
    lignes = _lignes("etats_des_lieux", EtatDesLieux, literal("État des lieux"), EtatDesLieux.visite_le)
    return lignes.where(EtatDesLieux.collectivite_id == collectivite_id)


def _missions(collectivite_id: int) -> Select[Any]:
    """The archivists' missions there."""
    return _lignes("missions", Mission, Mission.objet, Mission.du).where(Mission.collectivite_id == collectivite_id)


def _sesam(collectivite_id: int) -> Select[Any]:
    """Its SESAM contributions."""
    return _lignes("sesam", Prestation, Prestation.designation, Prestation.rendue_le, Prestation.montant_ht).where(
        Prestation.collectivite_id == collectivite_id, Prestation.annee_sesam.is_not(None)
    )


DERNIERS: dict[str, Callable[[int], Select[Any]]] = {
    "commandes": _commandes,
    "livraisons": _livraisons,
    "factures": _factures,
    "etats_des_lieux": _etats_des_lieux,
    "missions": _missions,
    "sesam": _sesam,
}


def marches_et_lots(conventions: Sequence[int]) -> Sequence[Row[Marche, Lot]]:
    """The marchés of these conventions with their lots, the latest first. One statement."""
    return db.session.execute(
        select(Marche, Lot)
        .join(Lot, Lot.marche_id == Marche.id)
        .where(Marche.convention_id.in_(conventions))
        .order_by(Marche.du.desc(), Marche.id.desc(), Lot.numero)
    ).all()


def derniere_campagne(collectivite_id: int, conventions: Sequence[int]) -> Row[Campagne, str] | None:
    """The latest window of the marchés of these conventions, and the state of the body's order there. One statement."""
    sienne = (Commande.campagne_id == Campagne.id) & (Commande.collectivite_id == collectivite_id)
    return db.session.execute(
        select(Campagne, Commande.etat)
        .join(Marche, Marche.id == Campagne.marche_id)
        .outerjoin(Commande, sienne & (Commande.etat != EtatCommande.ANNULEE))
        .where(
            Marche.convention_id.in_(conventions),
            FENETRES,
            Campagne.etat.not_in((EtatCampagne.PREPAREE, EtatCampagne.ANNULEE)),
        )
        .order_by(Campagne.du.desc(), Campagne.id.desc())
        .limit(1)
    ).one_or_none()
