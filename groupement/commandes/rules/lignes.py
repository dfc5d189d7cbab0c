"""One article of a regroupement: every piece gets a destination, then every centime an owner.

Quantities are pieces; shares are whole centimes HT.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.bons import Affectation, LigneRegroupee, Origine
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.paliers import ExplicationPalier, cout_isole_total, expliquer_palier
from groupement.socle.argent import en_centimes, en_euros, montant_ligne, repartir_entier

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Service:
    """Who gets how many pieces, aligned on the demands: from stock, from the bon, extra ones among those; the rest."""

    du_stock: list[int]
    du_bon: list[int]
    en_plus: list[int]
    au_depot: int

    @property
    def achetees(self) -> int:
        """Pieces on the bon."""
        return sum(self.du_bon) + self.au_depot


@dataclass(frozen=True, slots=True)
class _Couts:
    """Who pays how many centimes, aligned on the demands (empty where nobody is served), and why."""

    du_stock: list[int]
    du_bon: list[int]
    au_depot: int
    montant_stock_ht: Decimal
    explication: ExplicationPalier | None


def regrouper_article(
    article: ArticleARegrouper, demandes: Sequence[Demande], lot: LotARegrouper, depuis_le_stock: bool
) -> tuple[LigneRegroupee, list[Affectation]] | None:
    """The line of `article` for `demandes` (in rank order) and what each gets; None when it must be bought unpriced."""
    deja = lot.unites_deja_achetees.get(article.article_id, 0)
    du_stock = prendre_au_stock(article, demandes) if depuis_le_stock else [0] * len(demandes)
    reste = a_servir(demandes, du_stock)
    service = servir(demandes, du_stock, article.unites_a_acheter(reste, deja) - reste)
    if not service.achetees:
        return chiffrer(article, demandes, service, range(1, len(demandes) + 1), deja, ZERO)
    if not article.paliers:
        return None
    isole = cout_isole_total(article.paliers, article.unites_par_colis, (d.unites for d in demandes))
    return chiffrer(article, demandes, service, range(1, len(demandes) + 1), deja, isole)


def prendre_au_stock(article: ArticleARegrouper, demandes: Iterable[Demande]) -> list[int]:
    """What the depot's stock serves of each demand, in rank order."""
    stock = max(article.stock_disponible, 0)
    pris = []
    for demande in demandes:
        pris.append(min(demande.unites, stock))
        stock -= pris[-1]
    return pris


def servir(demandes: Sequence[Demande], du_stock: list[int], surplus: int) -> Service:
    """The `surplus` bought beyond the demand goes by rank to who accepts it, the rest to the depot."""
    du_bon, en_plus = [], []
    for demande, pris in zip(demandes, du_stock, strict=True):
        extra = min(demande.unites_acceptees_en_plus, surplus)
        surplus -= extra
        du_bon.append(demande.unites - pris + extra)
        en_plus.append(extra)
    return Service(du_stock, du_bon, en_plus, surplus)


def a_servir(demandes: Iterable[Demande], du_stock: Iterable[int]) -> int:
    """The demand the stock does not serve."""
    return sum(demande.unites for demande in demandes) - sum(du_stock)


def chiffrer(
    article: ArticleARegrouper,
    demandes: Sequence[Demande],
    service: Service,
    rangs: Iterable[int],
    deja_achetees: int,
    cout_isole_ht: Decimal,
) -> tuple[LigneRegroupee, list[Affectation]]:
    """The line and the affectations of what is served; `rangs` are the demands' within the article."""
    couts = _couts(article, service, deja_achetees, cout_isole_ht)
    return _ligne(article, service, couts), _affectations(demandes, service, couts, rangs)


def _couts(article: ArticleARegrouper, service: Service, deja_achetees: int, cout_isole_ht: Decimal) -> _Couts:
    """Price what is bought at the tier it reaches and what is taken from stock at its cost; share both by pieces."""
    montant_stock = montant_ligne(sum(service.du_stock), article.cout_unitaire_ht)
    parts_stock = repartir_entier(en_centimes(montant_stock), service.du_stock) if any(service.du_stock) else []
    achetees = service.achetees
    if not achetees:
        return _Couts(parts_stock, [], 0, montant_stock, None)
    explication = expliquer_palier(
        *(article.paliers, article.unites_par_colis, achetees),
        deja_achetees=deja_achetees,
        cout_isole_ht=cout_isole_ht,
    )
    *parts_bon, au_depot = repartir_entier(en_centimes(explication.montant_ht), [*service.du_bon, service.au_depot])
    return _Couts(parts_stock, parts_bon, au_depot, montant_stock, explication)


def _ligne(article: ArticleARegrouper, service: Service, couts: _Couts) -> LigneRegroupee:
    """The totals of the article."""
    achetees, en_plus, du_stock = service.achetees, sum(service.en_plus), sum(service.du_stock)
    montant = couts.explication.montant_ht if couts.explication else ZERO
    return LigneRegroupee(
        *(article.article_id, article.reference, article.lot, article.unites_par_colis, article.tva_pct),
        unites_demandees=achetees - service.au_depot - en_plus + du_stock,
        unites_du_stock=du_stock,
        colis=achetees // article.unites_par_colis,
        unites_achetees=achetees,
        unites_acceptees_en_plus=en_plus,
        surplus_au_depot=service.au_depot,
        prix_unitaire_ht=couts.explication.prix_unitaire_ht if couts.explication else None,
        montant_ht=montant,
        montant_membres_ht=montant - en_euros(couts.au_depot),
        montant_depot_ht=en_euros(couts.au_depot),
        montant_stock_ht=couts.montant_stock_ht,
        explication=couts.explication,
    )


def _affectations(
    demandes: Sequence[Demande], service: Service, couts: _Couts, rangs: Iterable[int]
) -> list[Affectation]:
    """One affectation per demand and origin; a demand served from both has its stock one first."""
    resultat: list[Affectation] = []
    for indice, (rang, demande) in enumerate(zip(rangs, demandes, strict=True)):
        ligne_id, collectivite_id, siren, article_id, unites, _, lieu, _ = demande
        pris = service.du_stock[indice]
        if pris:
            du_stock = (Origine.STOCK, rang, pris, 0, couts.du_stock[indice], DEPOT)
            resultat.append(Affectation(ligne_id, collectivite_id, siren, article_id, *du_stock))
        if service.du_bon[indice]:
            du_bon = (Origine.BON, rang, unites - pris, service.en_plus[indice], couts.du_bon[indice], lieu)
            resultat.append(Affectation(ligne_id, collectivite_id, siren, article_id, *du_bon))
    return resultat
