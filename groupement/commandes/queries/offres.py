"""What the titulaires some bons go to ask: their prices of the day, and what they sold that counts for the tiers.

The regroupement, the estimates members read and what the buyer follows all come here, so that what is announced is
what the bons charge.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from groupement.catalogue.models import Lot, Marche
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import BonDeCommande, Campagne, LigneBon
from groupement.commandes.queries.titulaires import LotsTenus, Retenus, bordereaux, compte_pour
from groupement.commandes.states import SANS_EFFET
from groupement.socle.db import db

UnitesParLot = dict[int, dict[int, int]]  # pieces, by lot id then article id


@dataclass(frozen=True, slots=True)
class Offres:
    """`prix`: the tiers by article id (€ HT a piece). `deja`: the pieces sold that count, by lot id then article id."""

    prix: Mapping[int, tuple[Palier, ...]]  # an article without a price is absent
    deja: Mapping[int, Mapping[int, int]]

    def deja_achetees(self, lot_id: int, article_id: int) -> int:
        """The pieces of an article sold before that count for its tiers."""
        return self.deja[lot_id].get(article_id, 0)


def offres(tenus: LotsTenus, perimetre: Marche | Collection[int], *, avant: bool = False) -> Offres:
    """What these titulaires ask for a marché, or for articles (by id) of their lots.

    `avant`: only what was sold before the campagne counts. So it is for whoever counts all its orders, those its bons
    bought included: the pieces are the same. One statement; two when the tiers of a lot run over the campagne or the
    marché.
    """
    articles = None if isinstance(perimetre, Marche) else perimetre
    return Offres(
        prix=prix_a_la_date(perimetre, tenus.le, bordereaux(tenus.retenus)),
        deja=deja_achetees(tenus.campagne, tenus.lots, tenus.retenus, articles, avant=avant),
    )


def deja_achetees(
    campagne: Campagne,
    lots: Sequence[Lot],
    chez: Retenus,
    articles: Collection[int] | None = None,
    *,
    avant: bool = False,
) -> UnitesParLot:
    """Units already bought that count for the tiers, by lot id then article id, each lot at its own scope.

    `chez`: the titulaire of each lot (by id) whose tiers they are: what another sold does not count for them.
    `articles`: only these. `avant`: without the bons of the campagne. One statement; none when the tiers of every lot
    are reached by one bon.
    """
    ventes = ventes_des_lots(lots, sauf=campagne if avant else None)
    if ventes is not None and articles is not None:
        ventes = ventes.where(LigneBon.article_id.in_(articles))
    return compter_les_ventes(db.session.execute(ventes) if ventes is not None else (), campagne, lots, chez)


def ventes_des_lots(lots: Iterable[Lot], *, sauf: Campagne | None = None) -> Any:
    """What the bons of these lots bought: (lot id, campagne id, supplier id, article id, units) of each.

    Only of the lots whose tiers run over the campagne or the marché; None when there is none. `sauf`: the campagne
    whose bons are left out.
    """
    au_dela = [lot.id for lot in lots if lot.portee_palier is not PorteePalier.BON]
    cles = (BonDeCommande.lot_id, BonDeCommande.campagne_id, BonDeCommande.fournisseur_id, LigneBon.article_id)
    ventes = (
        select(*cles, func.sum(LigneBon.unites))
        .join(LigneBon, LigneBon.bon_id == BonDeCommande.id)
        .where(BonDeCommande.lot_id.in_(au_dela), BonDeCommande.etat.not_in(SANS_EFFET))
        .where(BonDeCommande.campagne_id != (sauf.id if sauf else 0))
        .group_by(*cles)
    )
    return ventes if au_dela else None


def compter_les_ventes(ventes: Iterable[Any], campagne: Campagne, lots: Sequence[Lot], chez: Retenus) -> UnitesParLot:
    """What of these sales (rows of `ventes_des_lots`) counts for the tiers of the titulaire of each lot."""
    deja: UnitesParLot = {lot.id: {} for lot in lots}
    portees = {lot.id: lot.portee_palier for lot in lots}
    for lot_id, campagne_id, fournisseur_id, article_id, unites in ventes:
        a_sa_portee = portees[lot_id] is PorteePalier.MARCHE or campagne_id == campagne.id
        if a_sa_portee and compte_pour(chez.get(lot_id), fournisseur_id):
            deja[lot_id][article_id] = deja[lot_id].get(article_id, 0) + int(unites)
    return deja
