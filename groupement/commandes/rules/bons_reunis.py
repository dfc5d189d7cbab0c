"""The bons of a lot that has one per place, read together: the sums a page shows of the lot. Nothing is ordered so."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from groupement.commandes.rules.bons import BonRegroupe, LigneRegroupee, TvaDuBon
from groupement.commandes.rules.demandes import ArticleARegrouper, LotARegrouper
from groupement.commandes.rules.paliers import ExplicationPalier, expliquer_palier

ZERO = Decimal("0.00")


def reunir(lot: LotARegrouper, articles: dict[int, ArticleARegrouper], bons: Sequence[BonRegroupe]) -> BonRegroupe:
    """The lines of the bons summed article by article, in the order of `articles`, and their totals."""
    lignes: dict[int, list[LigneRegroupee]] = defaultdict(list)
    for bon in bons:
        for ligne in bon.lignes:
            lignes[ligne.article_id].append(ligne)
    tva: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for taux in (taux for bon in bons for taux in bon.tva):
        base, montant = tva.get(taux.taux_pct, (ZERO, ZERO))
        tva[taux.taux_pct] = (base + taux.base_ht, montant + taux.montant)
    return BonRegroupe(
        lot=lot.lot,
        lignes=tuple(_reunir_l_article(lot, articles[cle], lignes[cle]) for cle in articles if cle in lignes),
        tva=tuple(TvaDuBon(taux, *sommes) for taux, sommes in sorted(tva.items(), reverse=True)),
        port_ht=sum((bon.port_ht for bon in bons), ZERO),
        total_ht=sum((bon.total_ht for bon in bons), ZERO),
        total_tva=sum((bon.total_tva for bon in bons), ZERO),
        total_ttc=sum((bon.total_ttc for bon in bons), ZERO),
    )


def _reunir_l_article(
    lot: LotARegrouper, article: ArticleARegrouper, lignes: Sequence[LigneRegroupee]
) -> LigneRegroupee:
    """The sums of one article; no price when it differs from a bon to another."""
    prix = {ligne.prix_unitaire_ht for ligne in lignes if ligne.colis}
    return LigneRegroupee(
        *(article.article_id, article.reference, article.lot, article.unites_par_colis, article.tva_pct),
        unites_demandees=sum(ligne.unites_demandees for ligne in lignes),
        unites_du_stock=sum(ligne.unites_du_stock for ligne in lignes),
        colis=sum(ligne.colis for ligne in lignes),
        unites_achetees=sum(ligne.unites_achetees for ligne in lignes),
        unites_acceptees_en_plus=sum(ligne.unites_acceptees_en_plus for ligne in lignes),
        surplus_au_depot=sum(ligne.surplus_au_depot for ligne in lignes),
        montant_ht=sum((ligne.montant_ht for ligne in lignes), ZERO),
        montant_membres_ht=sum((ligne.montant_membres_ht for ligne in lignes), ZERO),
        montant_depot_ht=sum((ligne.montant_depot_ht for ligne in lignes), ZERO),
        montant_stock_ht=sum((ligne.montant_stock_ht for ligne in lignes), ZERO),
        prix_unitaire_ht=prix.pop() if len(prix) == 1 else None,
        explication=_expliquer(lot, article, [ligne.explication for ligne in lignes if ligne.explication]),
    )


def _expliquer(
    lot: LotARegrouper, article: ArticleARegrouper, explications: Sequence[ExplicationPalier]
) -> ExplicationPalier | None:
    """Why the lot pays what it pays. Where each bon reaches its own tier, there is no next one for all of them."""
    if not explications:
        return None
    achetees = sum(explication.unites_achetees for explication in explications)
    isole = sum((explication.cout_isole_ht for explication in explications), ZERO)
    if not lot.palier_par_bon:
        deja = lot.unites_deja_achetees.get(article.article_id, 0)
        colis = article.unites_par_colis
        return expliquer_palier(article.paliers, colis, achetees, deja_achetees=deja, cout_isole_ht=isole)
    return ExplicationPalier(
        unites_achetees=achetees,
        unites_comptees=achetees,
        prix_de_base_ht=explications[0].prix_de_base_ht,
        prix_unitaire_ht=max(explication.prix_unitaire_ht for explication in explications),
        montant_ht=sum((explication.montant_ht for explication in explications), ZERO),
        gain_palier_ht=sum((explication.gain_palier_ht for explication in explications), ZERO),
        cout_isole_ht=isole,
        superieurs=(),
    )
