"""One article of a regroupement: every piece gets a destination, then every centime an owner.

Quantities are pieces; shares are whole centimes HT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.bons import Affectation, LigneRegroupee, Origine
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.paliers import ExplicationPalier, cout_isole_total, expliquer_palier
from groupement.socle.argent import en_centimes, en_euros, montant_ligne, repartir_entier

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class _Service:
    """Who gets how many pieces, aligned on the demands: from stock, from the bon, extra ones among those; the rest."""

    du_stock: list[int]
    du_bon: list[int]
    en_plus: list[int]
    au_depot: int


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
    service = _servir(article, demandes, depuis_le_stock, deja)
    if any(service.du_bon) and not article.paliers:
        return None
    couts = _chiffrer(article, demandes, service, deja)
    return _ligne(article, service, couts), _affectations(demandes, service, couts)


def _servir(
    article: ArticleARegrouper, demandes: Sequence[Demande], depuis_le_stock: bool, deja_achetees: int
) -> _Service:
    """Stock by rank first, then whole packs; the surplus by rank to who accepts it, the rest to the depot."""
    demandees = sum(demande.unites for demande in demandes)
    stock = min(demandees, max(article.stock_disponible, 0)) if depuis_le_stock else 0
    reste = demandees - stock
    surplus = article.unites_a_acheter(reste, deja_achetees) - reste
    du_stock, du_bon, en_plus = [], [], []
    for demande in demandes:
        pris = min(demande.unites, stock)
        extra = min(demande.unites_acceptees_en_plus, surplus)
        stock -= pris
        surplus -= extra
        du_stock.append(pris)
        du_bon.append(demande.unites - pris + extra)
        en_plus.append(extra)
    return _Service(du_stock, du_bon, en_plus, surplus)


def _chiffrer(article: ArticleARegrouper, demandes: Sequence[Demande], service: _Service, deja_achetees: int) -> _Couts:
    """Price what is bought at the tier it reaches and what is taken from stock at its cost; share both by pieces."""
    montant_stock = montant_ligne(sum(service.du_stock), article.cout_unitaire_ht)
    parts_stock = repartir_entier(en_centimes(montant_stock), service.du_stock) if any(service.du_stock) else []
    achetees = sum(service.du_bon) + service.au_depot
    if not achetees:
        return _Couts(parts_stock, [], 0, montant_stock, None)
    explication = expliquer_palier(
        *(article.paliers, article.unites_par_colis, achetees),
        deja_achetees=deja_achetees,
        cout_isole_ht=cout_isole_total(article.paliers, article.unites_par_colis, (d.unites for d in demandes)),
    )
    *parts_bon, au_depot = repartir_entier(en_centimes(explication.montant_ht), [*service.du_bon, service.au_depot])
    return _Couts(parts_stock, parts_bon, au_depot, montant_stock, explication)


def _ligne(article: ArticleARegrouper, service: _Service, couts: _Couts) -> LigneRegroupee:
    """The totals of the article."""
    achetees, en_plus, du_stock = sum(service.du_bon) + service.au_depot, sum(service.en_plus), sum(service.du_stock)
    montant = couts.explication.montant_ht if couts.explication else ZERO
    return LigneRegroupee(
        *(article.article_id, article.reference, article.lot, article.unites_par_colis, article.tva_pct),
        unites_demandees=sum(service.du_bon) - en_plus + du_stock,
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


def _affectations(demandes: Sequence[Demande], service: _Service, couts: _Couts) -> list[Affectation]:
    """One affectation per demand and origin; a demand served from both has its stock one first."""
    resultat: list[Affectation] = []
    for indice, demande in enumerate(demandes):
        ligne_id, collectivite_id, siren, article_id, unites, _, mode, _ = demande
        pris = service.du_stock[indice]
        if pris:
            du_stock = (Origine.STOCK, indice + 1, pris, 0, couts.du_stock[indice], mode)
            resultat.append(Affectation(ligne_id, collectivite_id, siren, article_id, *du_stock))
        if service.du_bon[indice]:
            du_bon = (Origine.BON, indice + 1, unites - pris, service.en_plus[indice], couts.du_bon[indice], mode)
            resultat.append(Affectation(ligne_id, collectivite_id, siren, article_id, *du_bon))
    return resultat
