"""Random campagnes as the rule takes them: lots, articles, lines in rank order. Same draw, same campagne."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper

D = Decimal
LOTS = (1, 2)
CORPS = range(1, 8)
LARGE = D(10**8)


class CampagneAuHasard(NamedTuple):
    """What `regrouper` is given."""

    lots: list[LotARegrouper]
    articles: list[ArticleARegrouper]
    demandes: list[Demande]
    depuis_le_stock: bool


def centimes(au_plus: int = 100_000) -> st.SearchStrategy[Decimal]:
    """An amount."""
    return st.integers(0, au_plus).map(lambda c: D(c).scaleb(-2))


def _paliers(draw: Callable[..., Any], par_colis: int) -> tuple[Palier, ...]:
    """No price, or a base price and some tiers; now and then a tier that costs more, as a BPU may hold."""
    seuils = sorted(draw(st.sets(st.integers(1, 20), min_size=draw(st.sampled_from([0, 1, 2, 2])), max_size=3)))
    prix = draw(st.lists(st.integers(1, 99_999), min_size=len(seuils), max_size=len(seuils)))
    if draw(st.booleans()):
        prix.sort(reverse=True)
    return tuple(Palier(seuil * par_colis, D(p).scaleb(-4)) for seuil, p in zip(seuils, prix, strict=True))


def _article(draw: Callable[..., Any], article_id: int) -> ArticleARegrouper:
    """An article of one of the lots, perhaps wanted beyond its demand by the buyer."""
    par_colis = draw(st.sampled_from([1, 1, 3, 10, 25]))
    return ArticleARegrouper(
        *(article_id, f"A{article_id}", draw(st.sampled_from(LOTS)), par_colis),
        draw(st.sampled_from([D(20), D("5.5"), D("2.1")])),
        _paliers(draw, par_colis),
        draw(st.integers(-5, 60)),
        D(draw(st.integers(0, 99_999))).scaleb(-5),
        palier_vise=draw(st.just(0) | st.integers(0, 600)),
        colis_en_plus=draw(st.just(0) | st.integers(0, 4)),
    )


def _lot(draw: Callable[..., Any], numero: int, articles: int) -> LotARegrouper:
    """The terms of a lot, often generous, sometimes such that nothing can be ordered."""
    par_bon = draw(st.booleans())
    avant = {a: draw(st.integers(0, 300)) for a in range(1, articles + 1)}
    return LotARegrouper(
        numero,
        plafond_ht=draw(st.just(LARGE) | centimes(1_000_000)),
        deja_engage_ht=draw(centimes()),
        minimum_commande_ht=draw(st.just(D(0)) | centimes(20_000)),
        franco_ht=draw(st.none() | st.just(LARGE) | centimes()),
        port_ht=draw(centimes(10_000)),
        unites_deja_achetees={} if par_bon else avant,
        un_bon_par_lieu=draw(st.sampled_from([True, True, False])),
        palier_par_bon=par_bon,
    )


@st.composite
def campagnes(draw: Callable[..., Any]) -> CampagneAuHasard:
    """Two lots, a few articles, bodies in a drawn order, each to its place, to one it shares, or to collect."""
    articles = [_article(draw, article_id) for article_id in range(1, draw(st.integers(1, 4)) + 1)]
    lieux = {corps: draw(st.sampled_from([DEPOT, 100 + corps, 100 + corps, 50])) for corps in CORPS}
    couples = draw(st.permutations([(qui, a.article_id) for qui in CORPS for a in articles]))
    demandes = [
        Demande(rang, qui, f"{qui:09}", quoi, draw(st.integers(1, 90)), draw(st.integers(0, 30)), lieux[qui], rang)
        for rang, (qui, quoi) in enumerate(couples[draw(st.just(0) | st.integers(0, len(couples))) :], 1)
    ]
    lots = [_lot(draw, numero, len(articles)) for numero in LOTS]
    return CampagneAuHasard(lots, articles, demandes, draw(st.booleans()))
