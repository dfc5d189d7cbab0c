"""Whom the bons of a lot go to: the first titulaire in rank that has not declined, and what is its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from groupement.catalogue.models import Lot, Titulaire
from groupement.catalogue.queries.prix import DU_LOT, prix_a_la_date
from groupement.catalogue.rules.cascade import TermesDeLivraison
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.models import BonDeCommande, Campagne, Desistement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db

Retenus = Mapping[int, Titulaire | None]  # by lot id; None: all have declined
SANS_TITULAIRE = -1  # the bordereau of nobody: no price is found in it


def titulaires_retenus(campagne: Campagne, lots: Sequence[Lot], le: date) -> dict[int, Titulaire | None]:
    """The titulaire of each lot for the bons of a campagne on the day `le`. One statement."""
    return retenir(lots, le, desistements_de_la_campagne(campagne.id))


def retenir(lots: Sequence[Lot], le: date, desistements: Iterable[Desistement]) -> dict[int, Titulaire | None]:
    """The same, from what was declined."""
    declines = declines_de(desistements)
    return {lot.id: lot.titulaire_le(le, declines[lot.id]) for lot in lots}


def desistements_de_la_campagne(campagne_id: int) -> Sequence[Desistement]:
    """Those recorded on a campagne that still hold, first recorded first. One statement."""
    return db.session.scalars(
        select(Desistement)
        .where(Desistement.campagne_id == campagne_id, Desistement.leve_le.is_(None))
        .options(joinedload(Desistement.fournisseur), joinedload(Desistement.lot))
        .order_by(Desistement.id)
    ).all()


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
    return (titulaire_du_bon(bon) or bon.lot.titulaires[0]).termes
