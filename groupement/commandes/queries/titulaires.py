"""Whom the bons of a lot go to: the first titulaire in rank that has not declined, and what is its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from groupement.catalogue.models import Article, Lot, Titulaire
from groupement.catalogue.queries.prix import DU_LOT, prix_a_la_date
from groupement.catalogue.rules.cascade import TermesDeLivraison
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import BonDeCommande, Campagne, Desistement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db

Retenus = Mapping[int, Titulaire | None]  # by lot id; None: all have declined
SANS_TITULAIRE = -1  # the bordereau of nobody: no price is found in it


@dataclass(frozen=True, slots=True)
class LotsTenus:
    """Some lots of a campagne, and the titulaire the bons of each go to on the day `le`."""

    campagne: Campagne
    lots: Sequence[Lot]
    retenus: Retenus
    le: date

    def paliers_par_lieu(self) -> set[int]:
        """The lots (by id) where the bon of each delivery place reaches its own tiers: nobody else's pieces count."""
        return {lot.id for lot in self.lots if lot.un_bon_par_lieu and lot.portee_palier is PorteePalier.BON}

    def nom_du_repreneur(self, lot_id: int) -> str:
        """The titulaire of a lot where one before it has declined; empty where the first takes the bons."""
        titulaire = self.retenus[lot_id]
        return titulaire.fournisseur.nom if titulaire and titulaire is not titulaire.lot.titulaires[0] else ""


def lots_tenus(campagne: Campagne, le: date, article_ids: Collection[int] | None = None) -> LotsTenus:
    """The lots of the marché of a campagne, or those of these articles, by id, with their titulaires. One statement."""
    parmi = Lot.marche_id == campagne.marche_id
    if article_ids is not None:
        parmi = Lot.id.in_(select(Article.lot_id).where(Article.id.in_(article_ids)))
    lignes = db.session.execute(
        select(Lot, Desistement.fournisseur_id)
        .outerjoin(Desistement, and_(Desistement.lot_id == Lot.id, _tient_sur(campagne.id)))
        .where(parmi)
        .order_by(Lot.id)
        .options(joinedload(Lot.titulaires).joinedload(Titulaire.fournisseur))
    ).unique()
    lots: dict[int, Lot] = {}
    declines: dict[int, set[int]] = defaultdict(set)
    for lot, fournisseur_id in lignes:
        lots[lot.id] = lot
        if fournisseur_id is not None:
            declines[lot.id].add(fournisseur_id)
    return LotsTenus(campagne, list(lots.values()), _retenir(lots.values(), le, declines), le)


def lot_tenu_par_campagne(lot: Lot, campagnes: Sequence[Campagne], le: date) -> dict[int, LotsTenus]:
    """A lot with its titulaire for each of these campagnes, by campagne id. One statement, none without campagnes."""
    declines: dict[int | None, set[int]] = defaultdict(set)
    tiennent = select(Desistement.campagne_id, Desistement.fournisseur_id).where(
        Desistement.campagne_id.in_([c.id for c in campagnes]),
        Desistement.lot_id == lot.id,
        Desistement.leve_le.is_(None),
    )
    for campagne_id, fournisseur_id in db.session.execute(tiennent) if campagnes else ():
        declines[campagne_id].add(fournisseur_id)
    return {
        campagne.id: LotsTenus(campagne, [lot], {lot.id: lot.titulaire_le(le, declines[campagne.id])}, le)
        for campagne in campagnes
    }


def retenir(lots: Iterable[Lot], le: date, desistements: Iterable[Desistement]) -> dict[int, Titulaire | None]:
    """The titulaire of each lot for the bons of the day `le`, from what was declined."""
    return _retenir(lots, le, declines_de(desistements))


def _retenir(lots: Iterable[Lot], le: date, declines: Mapping[int, set[int]]) -> dict[int, Titulaire | None]:
    """The same, from the suppliers that declined, by lot id."""
    return {lot.id: lot.titulaire_le(le, declines.get(lot.id, ())) for lot in lots}


def desistements_de_la_campagne(campagne_id: int) -> Sequence[Desistement]:
    """Those recorded on a campagne that still hold, first recorded first. One statement."""
    return db.session.scalars(
        select(Desistement)
        .where(_tient_sur(campagne_id))
        .options(joinedload(Desistement.fournisseur), joinedload(Desistement.lot))
        .order_by(Desistement.id)
    ).all()


def _tient_sur(campagne_id: int) -> ColumnElement[bool]:
    """That a desistement was recorded on a campagne, and still holds."""
    return and_(Desistement.campagne_id == campagne_id, Desistement.leve_le.is_(None))


def declines_de(desistements: Iterable[Desistement]) -> dict[int, set[int]]:
    """The suppliers that declined, by lot id."""
    declines: dict[int, set[int]] = defaultdict(set)
    for desistement in desistements:
        declines[desistement.lot_id].add(desistement.fournisseur_id)
    return declines


def declines_de_la_campagne(campagne_id: int) -> dict[int, set[int]]:
    """The suppliers that declined this campagne, by lot id. One statement."""
    return declines_de(desistements_de_la_campagne(campagne_id))


def bordereaux(retenus: Retenus) -> dict[int, int]:
    """The bordereau of each lot's titulaire, by lot id."""
    return {lot_id: titulaire.bordereau if titulaire else SANS_TITULAIRE for lot_id, titulaire in retenus.items()}


def compte_pour(titulaire: Titulaire | None, fournisseur_id: int) -> bool:
    """Whether what this supplier sold counts for the tiers of this titulaire.

    The prices of the lot are those of whoever has none of its own: the first in rank, and those it took over from.
    """
    if titulaire is None:
        return True
    if titulaire.prix_du_lot:
        return all(autre.fournisseur_id != fournisseur_id or autre is titulaire for autre in titulaire.lot.titulaires)
    return titulaire.fournisseur_id == fournisseur_id


def termes_de(lot: Lot, titulaire: Titulaire | None) -> TermesDeLivraison:
    """The delivery terms of the bons of a lot: those of the titulaire they go to; of the first when nobody is left."""
    return (titulaire or lot.titulaires[0]).termes


def motif_sans_prix(titulaire: Titulaire | None) -> str:
    """What is said of an article this titulaire gives no price of; empty when nothing has to be said of it."""
    if titulaire is None:
        return "tous les titulaires du lot ont décliné. Retirez un désistement, ou changez le titulaire du marché."
    if titulaire.rang == 1:
        return ""
    return (
        f"{titulaire.fournisseur.nom}, titulaire de rang {titulaire.rang}, ne l’a pas à son bordereau. Chargez son "
        "prix, ou laissez l’article de côté."
    )


def titulaire_du_bon(bon: BonDeCommande) -> Titulaire | None:
    """The titulaire a bon was sent to; None when its supplier no longer holds the lot."""
    return next((t for t in bon.lot.titulaires if t.fournisseur_id == bon.fournisseur_id), None)


def prix_du_bon(bon: BonDeCommande, articles: Sequence[int]) -> dict[int, tuple[Palier, ...]]:
    """The tiers of the supplier of a bon, of the day its prices were taken, by article. Two statements at most."""
    le, chez = jour_a_paris(bon.chiffre_le), titulaire_du_bon(bon)
    siens = prix_a_la_date(articles, le, {bon.lot_id: chez.bordereau if chez else bon.fournisseur_id})
    manquants = [article_id for article_id in articles if article_id not in siens]
    if not manquants:
        return siens
    return siens | prix_a_la_date(manquants, le, {bon.lot_id: DU_LOT})  # a bon of before there were others


def termes_du_bon(bon: BonDeCommande) -> TermesDeLivraison:
    """The delivery terms a bon obeys."""
    return termes_de(bon.lot, titulaire_du_bon(bon))
