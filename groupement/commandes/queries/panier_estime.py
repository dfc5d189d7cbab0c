"""The shipping a basket may have to bear and the minimum orders it must reach, at the terms of whom its bons go to."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from groupement.catalogue.models import Lot
from groupement.catalogue.rules.cascade import TermesDeLivraison
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.estimations import Groupement, estimer_dans, lire_le_groupement
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus, termes_de
from groupement.commandes.rules.estimation import Compte, Estimation, estimer
from groupement.commandes.rules.minimum_estime import MinimumEstime, minimum_estime
from groupement.commandes.rules.par_lieu import unites_livrees
from groupement.commandes.rules.port_estime import (
    MontantsDuLot,
    PortEstime,
    en_colis,
    montants_de_l_article,
    part_du_port,
)
from groupement.commandes.states import ModeDeRemise

ZERO = Decimal("0.00")


class PanierEstime(NamedTuple):
    """The estimate of an order; the shipping of each lot that has some, the minimum of each that stays below its own.

    Lots by number.
    """

    estimation: Estimation
    ports: list[PortEstime]
    minimums: list[MinimumEstime]


def estimer_le_panier(commande: Commande, lignes: Sequence[LigneCommande], le: date) -> PanierEstime:
    """What an order would cost and what it must reach if its campagne ended on the day `le`.

    Three statements, none without lines.
    """
    if not lignes:
        return PanierEstime(estimer([]), [], [])
    articles = [ligne.article_id for ligne in lignes]
    tenus = lots_tenus(commande.campagne, le, articles)
    lots = [_lot(lot, tenus, commande.mode) for lot in sorted(tenus.lots, key=lambda lot: lot.numero)]
    entiers = [lu.lot.id for lu in lots if lu.termes.port_ht or lu.termes.minimum_commande_ht]
    groupement = lire_le_groupement(tenus, articles, commande.id, entiers)
    estimation = estimer_dans(groupement, lignes, commande.mode)
    miens: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        miens[ligne.article.lot_id] += estimation.lignes[ligne.article_id].montant_ht
    tous = _montants_des_bons(lignes, groupement, commande.mode)
    ports = [_port(lu, miens[lu.lot.id], tous[lu.lot.id]) for lu in lots if lu.termes.port_ht]
    minimums = (_minimum(lu, tous[lu.lot.id]) for lu in lots)
    return PanierEstime(estimation, ports, [minimum for minimum in minimums if minimum])


class _LotLu(NamedTuple):
    """A lot, the terms of whom its bons go to, whose pieces are on the bon that brings the order, who took over."""

    lot: Lot
    termes: TermesDeLivraison
    bon: Compte
    repreneur: str


def _lot(lot: Lot, tenus: LotsTenus, mode: ModeDeRemise) -> _LotLu:
    """A lot for an order received that way."""
    termes = termes_de(lot, tenus.retenus[lot.id])
    return _LotLu(lot, termes, _de_qui(lot, mode), tenus.nom_du_repreneur(lot.id))


def _de_qui(lot: Lot, mode: ModeDeRemise) -> Compte:
    """Whose pieces are on the bon that brings those of an order received that way."""
    if not lot.un_bon_par_lieu:
        return Compte.GROUPEMENT
    return Compte.LIEU if mode is ModeDeRemise.LIVRAISON else Compte.DEPOT


def _port(lu: _LotLu, mien_ht: Decimal, montants: MontantsDuLot) -> PortEstime:
    """The shipping of one lot; an order alone on its bon pays it for what its place receives."""
    if lu.bon is Compte.LIEU:
        mien_ht = montants.membres_ht
    return PortEstime(
        *(lu.lot.numero, lu.lot.intitule, lu.termes.port_ht, lu.termes.franco_ht, montants.achetes_ht),
        part_ht=part_du_port(lu.termes.port_ht, lu.termes.franco_ht, montants, mien_ht=mien_ht),
        bon=lu.bon,
        repreneur=lu.repreneur,
    )


def _minimum(lu: _LotLu, montants: MontantsDuLot) -> MinimumEstime | None:
    """What to say of the minimum of one lot; nothing where the bon would bring nothing."""
    if not montants.achetes_ht:
        return None
    minimum_ht = lu.termes.minimum_commande_ht
    return minimum_estime(lu.lot.numero, minimum_ht, montants.achetes_ht, lu.bon, lu.repreneur)


def _montants_des_bons(
    lignes: Sequence[LigneCommande], groupement: Groupement, mode: ModeDeRemise
) -> dict[int, MontantsDuLot]:
    """What the bon of each lot (by id) that brings an order would come to, and what the members' pieces make of it."""
    articles = {numero: (lu.lot_id, lu.unites_par_colis) for numero, lu in groupement.demandes.items()}
    articles |= {ligne.article_id: (ligne.article.lot_id, ligne.article.unites_par_colis) for ligne in lignes}
    miennes = {ligne.article_id: ligne for ligne in lignes}
    lots, par_lieu = {lot.id: lot for lot in groupement.tenus.lots}, groupement.tenus.paliers_par_lieu()
    montants: dict[int, MontantsDuLot] = defaultdict(MontantsDuLot)
    for article_id, (lot_id, par_colis) in articles.items():
        prix, deja = groupement.offres.prix.get(article_id, ()), groupement.offres.deja_achetees(lot_id, article_id)
        sur_le_bon, de_tous = _unites(article_id, miennes.get(article_id), groupement, _de_qui(lots[lot_id], mode))
        if lot_id not in par_lieu:  # the pieces of the other bons count for the tier
            deja += en_colis(de_tous, par_colis) - en_colis(sur_le_bon, par_colis)
        montants[lot_id] += montants_de_l_article(prix, par_colis, sur_le_bon, deja)
    return montants


def _unites(article_id: int, mienne: LigneCommande | None, groupement: Groupement, bon: Compte) -> tuple[int, int]:
    """The pieces of an article asked on the bon that brings an order, and on all those of the lot."""
    a_moi = mienne.unites if mienne else 0
    de_tous = groupement.unites(article_id) + a_moi
    if bon is Compte.GROUPEMENT:
        return de_tous, de_tous
    if bon is Compte.DEPOT:
        return groupement.unites_au_depot(article_id) + a_moi, de_tous
    if mienne is None:
        return 0, de_tous
    return unites_livrees(a_moi, mienne.unites_acceptees_en_plus, mienne.article.unites_par_colis), de_tous
