"""The shipping a basket may have to bear, lot by lot, at the terms of the titulaire its bons go to."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from groupement.catalogue.models import Lot
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.estimations import Groupement, estimer_dans, lire_le_groupement
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus, termes_de
from groupement.commandes.rules.estimation import Compte, Estimation, estimer
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


def estimer_avec_le_port(
    commande: Commande, lignes: Sequence[LigneCommande], le: date
) -> tuple[Estimation, list[PortEstime]]:
    """The estimate of an order if its campagne ended on the day `le`, and the shipping of each lot that has some.

    Lots by number. Three statements, none without lines.
    """
    if not lignes:
        return estimer([]), []
    articles = [ligne.article_id for ligne in lignes]
    tenus = lots_tenus(commande.campagne, le, articles)
    avec_port = [lot for lot in tenus.lots if termes_de(lot, tenus.retenus[lot.id]).port_ht]
    groupement = lire_le_groupement(tenus, articles, commande.id, [lot.id for lot in avec_port])
    estimation = estimer_dans(groupement, lignes, commande.mode)
    return estimation, _ports(commande, lignes, estimation, groupement, avec_port)


def _ports(
    commande: Commande,
    lignes: Sequence[LigneCommande],
    estimation: Estimation,
    groupement: Groupement,
    avec_port: Collection[Lot],
) -> list[PortEstime]:
    """The shipping of each of these lots."""
    miens: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        miens[ligne.article.lot_id] += estimation.lignes[ligne.article_id].montant_ht
    tous = _montants_des_bons(lignes, groupement, commande.mode)
    return [
        _port(lot, miens[lot.id], tous[lot.id], groupement.tenus, _de_qui(lot, commande.mode))
        for lot in sorted(avec_port, key=lambda lot: lot.numero)
    ]


def _de_qui(lot: Lot, mode: ModeDeRemise) -> Compte:
    """Whose pieces are on the bon that brings those of an order received that way."""
    if not lot.un_bon_par_lieu:
        return Compte.GROUPEMENT
    return Compte.LIEU if mode is ModeDeRemise.LIVRAISON else Compte.DEPOT


def _port(lot: Lot, mien_ht: Decimal, montants: MontantsDuLot, tenus: LotsTenus, bon: Compte) -> PortEstime:
    """The shipping of one lot; an order alone on its bon pays it for what its place receives."""
    termes = termes_de(lot, tenus.retenus[lot.id])
    if bon is Compte.LIEU:
        mien_ht = montants.membres_ht
    return PortEstime(
        *(lot.numero, lot.intitule, termes.port_ht, termes.franco_ht, montants.achetes_ht),
        part_ht=part_du_port(termes.port_ht, termes.franco_ht, montants, mien_ht=mien_ht),
        bon=bon,
        repreneur=tenus.nom_du_repreneur(lot.id),
    )


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
