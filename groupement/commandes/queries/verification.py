"""The sums of a regroupement as its rows are now, and as it kept them: a fixed number of statements."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, case, func, select

from groupement.catalogue.models import Lot
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon, PartDePort, Regroupement
from groupement.commandes.rules.verification import SommesDuBon, Verification
from groupement.commandes.states import SANS_EFFET
from groupement.socle.db import db
from groupement.stock.models import MouvementStock

ZERO = Decimal("0.00")


def verifier(campagne: Campagne) -> Verification:
    """Sum everything again. Three statements; cancelled bons do not count."""
    sorties = select(func.sum(MouvementStock.unites), func.sum(MouvementStock.valeur_ht)).where(
        MouvementStock.piece == f"campagne:{campagne.id}", MouvementStock.unites < 0
    )
    recues = select(func.sum(Affectation.unites), func.sum(Affectation.montant_ht)).where(
        Affectation.campagne_id == campagne.id, Affectation.ligne_bon_id.is_(None)
    )
    unites_sorties, sorties_ht = db.session.execute(sorties).one()
    unites_recues, recues_ht = db.session.execute(recues).one()
    return Verification(
        bons=[_sommes(ligne) for ligne in db.session.execute(_bons(campagne.id))],
        unites_sorties=-int(unites_sorties or 0),
        sorties_ht=-(sorties_ht or ZERO),
        unites_recues=int(unites_recues or 0),
        recues_ht=recues_ht or ZERO,
    )


def figures_gardees(regroupement: Regroupement | None) -> list[dict[str, Any]]:
    """The articles as they were agreed to, amounts as figures again; none for a regroupement older than that."""
    gardees = regroupement.preuves.get("lignes", []) if regroupement else []
    return [
        {nom: Decimal(valeur) if nom.endswith("_ht") and valeur else valeur for nom, valeur in ligne.items()}
        for ligne in gardees
    ]


def _bons(campagne_id: int) -> Any:
    """One row a bon: its head, then its lines, shares and shipping, each summed on its own."""
    lignes, parts, ports = _lignes(campagne_id), _parts(campagne_id), _ports(campagne_id)
    return (
        select(
            *(BonDeCommande.id, BonDeCommande.numero, BonDeCommande.revision, Lot.numero.label("lot")),
            *(BonDeCommande.total_ht, BonDeCommande.port_ht, lignes.c.unites, lignes.c.montant_ht),
            *(parts.c.unites_membres, parts.c.membres_ht, parts.c.unites_depot, parts.c.depot_ht, ports.c.ports_ht),
        )
        .join(Lot, Lot.id == BonDeCommande.lot_id)
        .outerjoin(lignes, lignes.c.bon_id == BonDeCommande.id)
        .outerjoin(parts, parts.c.bon_id == BonDeCommande.id)
        .outerjoin(ports, ports.c.bon_id == BonDeCommande.id)
        .where(BonDeCommande.campagne_id == campagne_id, BonDeCommande.etat.not_in(SANS_EFFET))
        .order_by(BonDeCommande.numero)
    )


def _lignes(campagne_id: int) -> Subquery:
    """The lines of each bon, summed."""
    return (
        select(
            LigneBon.bon_id,
            func.sum(LigneBon.unites).label("unites"),
            func.sum(LigneBon.montant_ht).label("montant_ht"),
        )
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .where(BonDeCommande.campagne_id == campagne_id)
        .group_by(LigneBon.bon_id)
        .subquery()
    )


def _parts(campagne_id: int) -> Subquery:
    """The shares of each bon, summed: the members' on one hand, the depot's on the other."""
    du_depot = Affectation.collectivite_id.is_(None)
    return (
        select(
            LigneBon.bon_id,
            func.sum(case((~du_depot, Affectation.unites))).label("unites_membres"),
            func.sum(case((~du_depot, Affectation.montant_ht))).label("membres_ht"),
            func.sum(case((du_depot, Affectation.unites))).label("unites_depot"),
            func.sum(case((du_depot, Affectation.montant_ht))).label("depot_ht"),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(Affectation.campagne_id == campagne_id)
        .group_by(LigneBon.bon_id)
        .subquery()
    )


def _ports(campagne_id: int) -> Subquery:
    """The shares of the shipping of each bon, summed."""
    return (
        select(PartDePort.bon_id, func.sum(PartDePort.montant_ht).label("ports_ht"))
        .join(BonDeCommande, BonDeCommande.id == PartDePort.bon_id)
        .where(BonDeCommande.campagne_id == campagne_id)
        .group_by(PartDePort.bon_id)
        .subquery()
    )


def _sommes(ligne: Any) -> SommesDuBon:
    """A row, nothing where nothing was summed."""
    return SommesDuBon(
        *(ligne.id, ligne.numero, ligne.revision, ligne.lot, ligne.total_ht, ligne.port_ht),
        *(int(ligne.unites or 0), ligne.montant_ht or ZERO),
        *(int(ligne.unites_membres or 0), ligne.membres_ht or ZERO),
        *(int(ligne.unites_depot or 0), ligne.depot_ht or ZERO),
        ligne.ports_ht or ZERO,
    )
