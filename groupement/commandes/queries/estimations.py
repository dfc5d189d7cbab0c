"""What the groupement asks of each article, and the estimate of an order: a fixed number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, literal, select, union_all

from groupement.catalogue.models import Lot
from groupement.catalogue.queries import prix_a_la_date
from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import BonDeCommande, Campagne, Commande, LigneBon, LigneCommande
from groupement.commandes.rules.estimation import ArticleDemande, Estimation, estimer
from groupement.commandes.states import SANS_EFFET, EtatCampagne, EtatCommande
from groupement.socle.db import db

FERMES = (EtatCommande.VALIDEE, EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)
COMPTEES = (EtatCommande.SOUMISE, *FERMES)


def commandes_comptees(campagne: Campagne) -> Collection[EtatCommande]:
    """The orders that count for the prices: once the last day is past, what is not committed will not be bought."""
    return FERMES if campagne.etat is EtatCampagne.EN_COMPLEMENT else COMPTEES


def demande_du_groupement(
    campagne: Campagne, article_ids: Iterable[int], sauf_commande_id: int | None = None
) -> dict[int, tuple[int, int]]:
    """(units asked in the campagne by submitted and committed orders, units bought before that count for the tier).

    By article id, in one statement. What was bought before counts where the lot's tiers run over the marché.
    """
    ids = list(article_ids)
    demandees = (
        select(LigneCommande.article_id, func.sum(LigneCommande.unites), literal(0))
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == campagne.id, Commande.id != (sauf_commande_id or 0))
        .where(Commande.etat.in_(commandes_comptees(campagne)), LigneCommande.article_id.in_(ids))
        .group_by(LigneCommande.article_id)
    )
    vivant = BonDeCommande.etat.not_in(SANS_EFFET)
    achetees = (
        select(LigneBon.article_id, literal(0), func.sum(LigneBon.unites))
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .join(Lot, Lot.id == BonDeCommande.lot_id)
        .where(LigneBon.article_id.in_(ids), Lot.portee_palier == PorteePalier.MARCHE, vivant)
        .group_by(LigneBon.article_id)
    )
    sommes = dict.fromkeys(ids, (0, 0))
    for article_id, unites, avant in db.session.execute(union_all(demandees, achetees)):
        demandees_, achetees_ = sommes[article_id]
        sommes[article_id] = (demandees_ + int(unites), achetees_ + int(avant))
    return sommes


def estimer_lignes(
    campagne: Campagne, lignes: Sequence[Any], le: date, sauf_commande_id: int | None = None
) -> Estimation:
    """The estimate of lines (objects with `article` and `unites`) if the campagne ended on the day `le`.

    Two statements, none without lines. `sauf_commande_id`: the order the lines are of, not to be counted twice.
    """
    if not lignes:
        return estimer([])
    article_ids = [ligne.article.id for ligne in lignes]
    prix = prix_a_la_date(article_ids, le)
    groupement = demande_du_groupement(campagne, article_ids, sauf_commande_id)
    return estimer(_demande(ligne, prix, groupement) for ligne in lignes)


def _demande(ligne: Any, prix: Mapping[int, Any], groupement: Mapping[int, tuple[int, int]]) -> ArticleDemande:
    """A line with everything its estimate rests on."""
    article = ligne.article
    autres, avant = groupement[article.id]
    return ArticleDemande(
        article_id=article.id,
        unites=ligne.unites,
        unites_des_autres=autres,
        unites_par_colis=article.unites_par_colis,
        tva_pct=article.tva_pct,
        paliers=prix.get(article.id, ()),
        deja_achetees=avant,
    )
