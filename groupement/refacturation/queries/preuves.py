"""The bons of a campagne, cut into what was billed, what is being billed, what the depot keeps and what is left.

The parts are summed from the shares of the members; the total is the bon's own: both must meet (`rules.preuve`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, PartDePort
from groupement.commandes.states import SANS_EFFET
from groupement.refacturation.queries.montants import affectations_de_membres, centimes, port_du, quand
from groupement.refacturation.rules.composition import STOCK
from groupement.refacturation.rules.preuve import PreuveBon
from groupement.socle.argent import en_euros
from groupement.socle.db import db


def preuves_des_bons(campagne_id: int, maintenant: Mapping[str, Decimal] | None = None) -> tuple[PreuveBon, ...]:
    """One row a bon, and one for the stock; `maintenant` gives the lines of the run by bon, instead of the database's.

    Four statements.
    """
    membres = {ligne.bon_id: ligne for ligne in db.session.execute(_membres(campagne_id))}
    depots = dict(db.session.execute(_depot(campagne_id)).all())
    ports = {ligne.bon_id: ligne for ligne in db.session.execute(_ports(campagne_id))}
    bons = db.session.execute(
        select(BonDeCommande.id, BonDeCommande.numero, BonDeCommande.total_ht)
        .where(BonDeCommande.campagne_id == campagne_id, BonDeCommande.etat.not_in(SANS_EFFET))
        .order_by(BonDeCommande.id)
    )
    preuves = [
        _preuve(bon.numero, bon.total_ht, membres.get(bon.id), ports.get(bon.id), int(depots.get(bon.id, 0)))
        for bon in bons
    ]
    if None in membres:
        stock = membres[None]
        preuves.append(_preuve(STOCK, en_euros(int(stock.part)), stock, None, 0))
    return tuple(preuves if maintenant is None else [_avec(p, maintenant) for p in preuves])


def _avec(preuve: PreuveBon, maintenant: Mapping[str, Decimal]) -> PreuveBon:
    """The proof with the lines of the run in the place of what the database would bill."""
    parts = {champ: getattr(preuve, champ) for champ in preuve.__slots__}
    return PreuveBon(**parts | {"facture_maintenant_ht": maintenant.get(preuve.numero, Decimal("0.00"))})


def _membres(campagne_id: int) -> Any:
    """The members' shares of each bon (null: stock), in centimes."""
    a = affectations_de_membres().where(Affectation.campagne_id == campagne_id).subquery("affectations")
    facturable = (a.c.unites > 0) & (a.c.net >= 0)
    return select(
        a.c.bon_id,
        func.sum(a.c.part).label("part"),
        func.sum(a.c.facture).label("avant"),
        quand(facturable, a.c.net).label("maintenant"),
        func.sum(a.c.refaction).label("refactions"),
        func.sum(a.c.cumul_refuse - a.c.cumul).label("refuse"),
        func.sum(a.c.part - a.c.cumul_refuse).label("a_venir"),
        quand(~facturable, -a.c.net).label("a_crediter"),
    ).group_by(a.c.bon_id)


def _depot(campagne_id: int) -> Any:
    """What the depot keeps of each bon, in centimes."""
    return (
        select(LigneBon.bon_id, func.sum(centimes(Affectation.montant_ht)))
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(Affectation.campagne_id == campagne_id, Affectation.collectivite_id.is_(None))
        .group_by(LigneBon.bon_id)
    )


def _ports(campagne_id: int) -> Any:
    """The shipping of each bon, in centimes: billed, due now, the depot's, waiting for goods to be admitted."""
    membre = PartDePort.collectivite_id.is_not(None)
    reste = centimes(PartDePort.montant_ht) - centimes(PartDePort.montant_facture_ht)
    return (
        select(
            PartDePort.bon_id,
            quand(membre, centimes(PartDePort.montant_facture_ht)).label("avant"),
            quand(port_du(), reste).label("maintenant"),
            quand(~membre, centimes(PartDePort.montant_ht)).label("depot"),
            quand(membre & ~port_du(), reste).label("a_venir"),
        )
        .join(BonDeCommande, BonDeCommande.id == PartDePort.bon_id)
        .where(BonDeCommande.campagne_id == campagne_id)
        .group_by(PartDePort.bon_id)
    )


def _preuve(numero: str, total: Decimal, biens: Any, port: Any, depot: int) -> PreuveBon:
    """Goods and shipping of a bon together."""

    def somme(nom: str) -> int:
        """One part, goods and shipping."""
        return int(getattr(biens, nom, 0) or 0) + int(getattr(port, nom, 0) or 0)

    return PreuveBon(
        numero=numero,
        total_ht=total,
        facture_avant_ht=en_euros(somme("avant")),
        facture_maintenant_ht=en_euros(somme("maintenant")),
        refactions_ht=en_euros(somme("refactions")),
        depot_ht=en_euros(depot + int(getattr(port, "depot", 0) or 0)),
        refuse_ht=en_euros(somme("refuse")),
        a_venir_ht=en_euros(somme("a_venir")),
        a_crediter_ht=en_euros(somme("a_crediter")),
    )
