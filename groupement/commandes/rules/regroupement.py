"""The regroupement: members' lines combined into one order per lot, and every piece and centime given to someone.

One function serves the preview and the real thing. Per article: firm demand, less what the depot's stock serves (by
rank, when asked), rounded up to whole packs; the surplus goes first to the members who accepted extra, by rank, then
to the depot; the tier is that of the units really bought. Then, per lot: shipping below the franco, minimum order,
ceiling. A lot that is refused gets nothing at all, its stock units included. Source: design.md §4.2.
Lots that want one bon per delivery place are combined place by place: `rules/par_lieu.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from groupement.commandes.rules.bons import LigneRegroupee, ResultatRegroupement
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.lignes import regrouper_article
from groupement.commandes.rules.par_lieu import regrouper_par_lieu
from groupement.commandes.rules.totaux_du_bon import (
    LotRegroupe,
    former_le_bon,
    partager_le_port,
    premiers_rangs,
    prouver,
    refus_du_minimum,
    refus_du_plafond,
    refus_sans_prix,
)


def regrouper(
    lots: Sequence[LotARegrouper],
    articles: Sequence[ArticleARegrouper],
    demandes: Sequence[Demande],
    *,
    depuis_le_stock: bool = False,
    lieux: Mapping[int, str] | None = None,
) -> ResultatRegroupement:
    """Combine `demandes` (one line per body and article, in rank order) into one bon per lot, or per lot and place.

    `lieux`: the names of the delivery places in the order of their bons, for the lots that want one bon per place.
    Lots come out in the order given, articles in the order given within their lot. An article nobody asks for is
    left out. With `depuis_le_stock`, the depot serves first what it holds.
    Raises ValueError when the demands are not in rank order, hold a quantity below one (or a negative extra), or name
    an unknown article, or when an article names an unknown lot.
    """
    par_article = _par_article(demandes)
    par_lot = _par_lot(lots, articles, par_article)
    calculs = [
        regrouper_par_lieu(lot, par_lot[lot.lot], par_article, depuis_le_stock, lieux or {})
        if lot.un_bon_par_lieu
        else _regrouper_lot(lot, par_lot[lot.lot], par_article, depuis_le_stock)
        for lot in lots
    ]
    return ResultatRegroupement(
        bons=tuple(bon for calcul in calculs for bon in calcul.bons),
        affectations=[affectation for calcul in calculs for affectation in calcul.affectations],
        ports=[part for calcul in calculs for part in calcul.ports],
        refus=tuple(refus for calcul in calculs for refus in calcul.refus),
        preuves=tuple(preuve for calcul in calculs for preuve in calcul.preuves),
    )


def _regrouper_lot(
    lot: LotARegrouper,
    articles: Sequence[ArticleARegrouper],
    par_article: Mapping[int, list[Demande]],
    depuis_le_stock: bool,
) -> LotRegroupe:
    """One bon for all the places of the lot with its affectations, or refusals."""
    calcul = LotRegroupe()
    lignes: list[LigneRegroupee] = []
    for article in articles:
        resultat = regrouper_article(article, par_article[article.article_id], lot, depuis_le_stock)
        if resultat is None:
            calcul.refus.append(refus_sans_prix(article))
        else:
            lignes.append(resultat[0])
            calcul.affectations += resultat[1]
    if not lignes:
        return calcul
    bon = former_le_bon(lot, lignes)
    refus = refus_du_minimum(lot, bon) or refus_du_plafond(lot, [bon])
    if refus:
        return LotRegroupe(refus=[*calcul.refus, refus])
    if bon.port_ht:
        premiers = premiers_rangs(demande for ligne in lignes for demande in par_article[ligne.article_id])
        calcul.ports = partager_le_port(bon, calcul.affectations, premiers)
    calcul.bons = [bon]
    calcul.preuves = [prouver(bon, calcul.affectations, calcul.ports)]
    return calcul


def _par_article(demandes: Sequence[Demande]) -> dict[int, list[Demande]]:
    """The demands of each article, in rank order; refuses what a line of an order cannot be."""
    par_article: dict[int, list[Demande]] = defaultdict(list)
    for demande in demandes:
        if demande.unites < 1 or demande.unites_acceptees_en_plus < 0:
            raise ValueError(f"quantité impossible sur la ligne {demande.ligne_id}")
        par_article[demande.article_id].append(demande)
    if any(avant.rang > apres.rang for avant, apres in pairwise(demandes)):
        raise ValueError("les demandes ne sont pas dans l’ordre des rangs")
    return dict(par_article)


def _par_lot(
    lots: Iterable[LotARegrouper], articles: Iterable[ArticleARegrouper], par_article: dict[int, list[Demande]]
) -> dict[int, list[ArticleARegrouper]]:
    """The articles somebody asks for, by lot; refuses an unknown lot or article."""
    par_lot: dict[int, list[ArticleARegrouper]] = {lot.lot: [] for lot in lots}
    inconnus = set(par_article)
    for article in articles:
        if article.lot not in par_lot:
            raise ValueError(f"lot inconnu : {article.lot} (article {article.reference})")
        if article.article_id in par_article:
            par_lot[article.lot].append(article)
            inconnus.discard(article.article_id)
    if inconnus:
        raise ValueError(f"article inconnu : {min(inconnus)}")
    return par_lot
