"""Where each lot of a marché stands: bons issued, orders waiting, goods admitted, billed. Few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce

from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.queries.actes import avenants_du_marche, effets_par_lot
from groupement.catalogue.rules.avenants import plafond_initial
from groupement.commandes.models import (
    Affectation,
    AlertePlafond,
    BonDeCommande,
    Campagne,
    Commande,
    LigneBon,
    LigneCommande,
    PartDePort,
)
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.rules.suivi_plafond import ChiffresDuLot
from groupement.commandes.states import SANS_EFFET, EtatCampagne, EtatCommande
from groupement.socle.argent import arrondir, en_euros
from groupement.socle.db import db

DIX_MILLIEMES = 10000  # how a unit price is stored
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LotSuivi:
    """A lot and its figures."""

    lot: Lot
    chiffres: ChiffresDuLot


def lots_suivis(marche: Marche) -> list[LotSuivi]:
    """Every lot of the marché with its figures. Seven statements, whatever the lots, the bodies and the lines."""
    lots = db.session.scalars(select(Lot).where(Lot.marche_id == marche.id).order_by(Lot.numero)).all()
    effets = effets_par_lot(avenants_du_marche(marche.id))
    bons, valides = _bons(marche.id), _valides(marche.id)
    suites, ports = _suites(marche.id), _ports_factures(marche.id)
    return [
        LotSuivi(
            lot,
            ChiffresDuLot(
                initial_ht=plafond_initial(lot.plafond_ht, effets.get(lot.id, ())),
                plafond_ht=lot.plafond_ht,
                minimum_ht=lot.minimum_ht,
                bons=bons.get(lot.id, (0, ZERO))[0],
                commande_ht=bons.get(lot.id, (0, ZERO))[1],
                valide_ht=valides.get(lot.id, ZERO),
                admis_ht=suites.get(lot.id, (ZERO, ZERO))[0],
                facture_ht=suites.get(lot.id, (ZERO, ZERO))[1] + ports.get(lot.id, ZERO),
            ),
        )
        for lot in lots
    ]


def _bons(marche_id: int) -> dict[int, tuple[int, Decimal]]:
    """(how many, sum) of the bons of each lot; cancelled ones do not count."""
    lignes = db.session.execute(
        select(BonDeCommande.lot_id, func.count(), func.sum(BonDeCommande.total_ht))
        .join(Lot, Lot.id == BonDeCommande.lot_id)
        .where(Lot.marche_id == marche_id, BonDeCommande.etat.not_in(SANS_EFFET))
        .group_by(BonDeCommande.lot_id)
    )
    return {lot_id: (combien, somme) for lot_id, combien, somme in lignes}


def _valides(marche_id: int) -> dict[int, Decimal]:
    """What bodies have validated and no bon holds yet, at the unit price announced when they did."""
    prix = type_coerce(func.coalesce(LigneCommande.prix_unitaire_ht, ZERO), BigInteger)
    lignes = db.session.execute(
        select(Article.lot_id, func.sum(LigneCommande.unites * prix))
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Article, Article.id == LigneCommande.article_id)
        .join(Campagne, Campagne.id == Commande.campagne_id)
        .where(Campagne.marche_id == marche_id, Commande.etat == EtatCommande.VALIDEE)
        .group_by(Article.lot_id)
    )
    return {lot_id: arrondir(Decimal(int(somme)) / DIX_MILLIEMES) for lot_id, somme in lignes}


def _suites(marche_id: int) -> dict[int, tuple[Decimal, Decimal]]:
    """(admitted, billed) of the goods on the bons of each lot; an admitted part is worth its share, half up."""
    montant, unites = type_coerce(Affectation.montant_ht, BigInteger), Affectation.unites
    admis = (2 * montant * Affectation.unites_admises + unites) // (2 * unites)
    lignes = db.session.execute(
        _par_lot(
            marche_id,
            func.sum(admis),
            func.sum(type_coerce(Affectation.montant_facture_ht, BigInteger)),
        )
        .join(LigneBon, LigneBon.bon_id == BonDeCommande.id)
        .join(Affectation, Affectation.ligne_bon_id == LigneBon.id)
    )
    return {lot_id: (en_euros(int(a)), en_euros(int(f))) for lot_id, a, f in lignes}


def _ports_factures(marche_id: int) -> dict[int, Decimal]:
    """The shipping of the bons of each lot already billed to bodies."""
    somme = func.sum(type_coerce(PartDePort.montant_facture_ht, BigInteger))
    lignes = db.session.execute(_par_lot(marche_id, somme).join(PartDePort, PartDePort.bon_id == BonDeCommande.id))
    return {lot_id: en_euros(int(total)) for lot_id, total in lignes}


def _par_lot(marche_id: int, *sommes: ColumnElement[Any]) -> Any:
    """Sums by lot, over the bons that count."""
    return (
        select(BonDeCommande.lot_id, *sommes)
        .join(Lot, Lot.id == BonDeCommande.lot_id)
        .where(Lot.marche_id == marche_id, BonDeCommande.etat.not_in(SANS_EFFET))
        .group_by(BonDeCommande.lot_id)
    )


def engage_jusqu_au(marche_id: int) -> date | None:
    """The last day of a window of orders not cancelled, opened or planned."""
    return db.session.scalar(
        select(func.max(Campagne.au)).where(
            Campagne.marche_id == marche_id, FENETRES, Campagne.etat != EtatCampagne.ANNULEE
        )
    )


def lots_au_seuil(seuil_pct: int, le: date) -> Sequence[tuple[Lot, Decimal]]:
    """The lots of the marchés that run on a day whose bons reach that share of the ceiling. One statement."""
    somme = func.sum(BonDeCommande.total_ht)
    lignes = db.session.execute(
        select(Lot, Marche, somme)
        .join(Marche, Marche.id == Lot.marche_id)
        .join(BonDeCommande, BonDeCommande.lot_id == Lot.id)
        .where(BonDeCommande.etat.not_in(SANS_EFFET), Marche.du <= le, Marche.au >= le)
        .group_by(Lot.id, Marche.id)
        .having(type_coerce(somme, BigInteger) * 100 >= type_coerce(Lot.plafond_ht, BigInteger) * seuil_pct)
        .order_by(Marche.id, Lot.numero)
    )
    return [(lot, total) for lot, _, total in lignes]


def alertes_donnees(lots: Sequence[int]) -> set[tuple[int, int, Decimal]]:
    """(lot, threshold, ceiling) of the alerts already given on these lots."""
    lignes = db.session.execute(
        select(AlertePlafond.lot_id, AlertePlafond.seuil_pct, AlertePlafond.plafond_ht).where(
            AlertePlafond.lot_id.in_(lots)
        )
    )
    return {(lot_id, seuil, plafond) for lot_id, seuil, plafond in lignes}
