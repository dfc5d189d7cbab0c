"""What the groupement asks of each article, and the estimate of an order: a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.offres import Offres, offres
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus
from groupement.commandes.rules.estimation import ArticleDemande, Estimation, estimer
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db

FERMES = (EtatCommande.VALIDEE, EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)
COMPTEES = (EtatCommande.SOUMISE, *FERMES)


def commandes_comptees(campagne: Campagne) -> Collection[EtatCommande]:
    """The orders that count for the prices: once the window is closed, what is not committed will not be bought."""
    return FERMES if campagne.etat in (EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE) else COMPTEES


def demande_du_groupement(
    campagne: Campagne, article_ids: Collection[int], sauf_commande_id: int | None = None
) -> dict[int, int]:
    """The units asked in the campagne by submitted and committed orders, by article id. One statement."""
    demandees = db.session.execute(
        select(LigneCommande.article_id, func.sum(LigneCommande.unites))
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == campagne.id, Commande.id != (sauf_commande_id or 0))
        .where(Commande.etat.in_(commandes_comptees(campagne)), LigneCommande.article_id.in_(article_ids))
        .group_by(LigneCommande.article_id)
    )
    return {article_id: int(unites) for article_id, unites in demandees}


def estimer_lignes(
    campagne: Campagne,
    lignes: Sequence[Any],
    le: date,
    sauf_commande_id: int | None = None,
    tenus: LotsTenus | None = None,
) -> Estimation:
    """The estimate of lines (objects with `article` and `unites`) if the campagne ended on the day `le`.

    Three statements, four when tiers run past a bon, none without lines; one less when the caller has `tenus`, the
    lots of the lines. `sauf_commande_id`: the order the lines are of, not to be counted twice.
    """
    if not lignes:
        return estimer([])
    article_ids = [ligne.article.id for ligne in lignes]
    tenus = tenus or lots_tenus(campagne, le, article_ids)
    lues = offres(tenus, article_ids)
    groupement = demande_du_groupement(campagne, article_ids, sauf_commande_id)
    return estimer(_demande(ligne, tenus, lues, groupement) for ligne in lignes)


def _demande(ligne: Any, tenus: LotsTenus, lues: Offres, groupement: Mapping[int, int]) -> ArticleDemande:
    """A line with everything its estimate rests on."""
    article = ligne.article
    return ArticleDemande(
        article_id=article.id,
        unites=ligne.unites,
        unites_des_autres=groupement.get(article.id, 0),
        unites_par_colis=article.unites_par_colis,
        tva_pct=article.tva_pct,
        paliers=lues.prix.get(article.id, ()),
        deja_achetees=lues.deja_achetees(article.lot_id, article.id),
        repreneur=tenus.nom_du_repreneur(article.lot_id),
    )
