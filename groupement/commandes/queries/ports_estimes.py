"""The shipping a basket may have to bear, lot by lot, at the terms of the titulaire its bons go to."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from groupement.catalogue.models import Lot
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.estimations import Groupement, estimer_dans, lire_le_groupement
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus, termes_de
from groupement.commandes.rules.estimation import Estimation, estimer
from groupement.commandes.rules.port_estime import MontantsDuLot, PortEstime, montants_de_l_article, part_du_port
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
    estimation = estimer_dans(groupement, lignes)
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
    tous = _montants_du_groupement(lignes, groupement)
    livree = commande.mode is ModeDeRemise.LIVRAISON
    return [
        _port(lot, miens[lot.id], tous[lot.id], groupement.tenus, seule=lot.un_bon_par_lieu and livree)
        for lot in sorted(avec_port, key=lambda lot: lot.numero)
    ]


def _port(lot: Lot, mien_ht: Decimal, montants: MontantsDuLot, tenus: LotsTenus, *, seule: bool) -> PortEstime:
    """The shipping of one lot."""
    termes = termes_de(lot, tenus.retenus[lot.id])
    if seule:
        montants = MontantsDuLot(mien_ht, mien_ht)
    return PortEstime(
        *(lot.numero, lot.intitule, termes.port_ht, termes.franco_ht, montants.achetes_ht),
        part_ht=part_du_port(termes.port_ht, termes.franco_ht, montants, mien_ht=mien_ht),
        par_lieu=seule,
        repreneur=tenus.nom_du_repreneur(lot.id),
    )


def _montants_du_groupement(lignes: Sequence[LigneCommande], groupement: Groupement) -> dict[int, MontantsDuLot]:
    """What the bon of each lot (by id) would come to, and what the members' pieces make of it."""
    articles = {numero: (lu.lot_id, lu.unites_par_colis) for numero, lu in groupement.demandes.items()}
    articles |= {ligne.article_id: (ligne.article.lot_id, ligne.article.unites_par_colis) for ligne in lignes}
    miennes = {ligne.article_id: ligne.unites for ligne in lignes}
    montants: dict[int, MontantsDuLot] = defaultdict(MontantsDuLot)
    for article_id, (lot_id, par_colis) in articles.items():
        prix, deja = groupement.offres.prix.get(article_id, ()), groupement.offres.deja_achetees(lot_id, article_id)
        unites = groupement.unites(article_id) + miennes.get(article_id, 0)
        montants[lot_id] += montants_de_l_article(prix, par_colis, unites, deja)
    return montants
