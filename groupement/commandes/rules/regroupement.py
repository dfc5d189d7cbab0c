"""The regroupement: members' lines combined into one order per lot, and every piece and centime given to someone.

One function serves the preview and the real thing. Per article: firm demand, less what the depot's stock serves (by
rank, when asked), rounded up to whole packs; the surplus goes first to the members who accepted extra, by rank, then
to the depot; the tier is that of the units really bought. Then, per lot: shipping below the franco, minimum order,
ceiling. A lot that is refused gets nothing at all, its stock units included. Source: design.md §4.2.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from groupement.commandes.rules.bons import (
    Affectation,
    BonRegroupe,
    CodeRefus,
    LigneRegroupee,
    Origine,
    PartPort,
    PreuveLot,
    Refus,
    ResultatRegroupement,
    TvaDuBon,
)
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.lignes import regrouper_article
from groupement.commandes.rules.plafond import motif_depassement
from groupement.socle.argent import bases_par_taux, en_centimes, en_euros, repartir_entier, tva_par_taux
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


def regrouper(
    lots: Sequence[LotARegrouper],
    articles: Sequence[ArticleARegrouper],
    demandes: Sequence[Demande],
    *,
    depuis_le_stock: bool = False,
) -> ResultatRegroupement:
    """Combine `demandes` (one line per body and article, in rank order) into one bon per lot.

    Lots come out in the order given, articles in the order given within their lot. An article nobody asks for is
    left out. With `depuis_le_stock`, the depot serves first what it holds.
    Raises ValueError when the demands are not in rank order, hold a quantity below one (or a negative extra), or name
    an unknown article, or when an article names an unknown lot.
    """
    par_article = _par_article(demandes)
    par_lot = _par_lot(lots, articles, par_article)
    calculs = [_Lot(lot, par_lot[lot.lot], par_article, depuis_le_stock) for lot in lots]
    return ResultatRegroupement(
        bons=tuple(calcul.bon for calcul in calculs if calcul.bon),
        affectations=[affectation for calcul in calculs for affectation in calcul.affectations],
        ports=[part for calcul in calculs for part in calcul.ports],
        refus=tuple(refus for calcul in calculs for refus in calcul.refus),
        preuves=tuple(_preuve(calcul.bon, calcul.affectations, calcul.ports) for calcul in calculs if calcul.bon),
    )


class _Lot:
    """The calculation of one lot: either a bon with its affectations, or refusals."""

    def __init__(
        self,
        lot: LotARegrouper,
        articles: Sequence[ArticleARegrouper],
        par_article: dict[int, list[Demande]],
        depuis_le_stock: bool,
    ) -> None:
        """Compute the lot from its articles and the demands of each, in rank order."""
        self.bon: BonRegroupe | None = None
        self.affectations: list[Affectation] = []
        self.ports: list[PartPort] = []
        self.refus: list[Refus] = []
        lignes: list[LigneRegroupee] = []
        for article in articles:
            resultat = regrouper_article(article, par_article[article.article_id], lot, depuis_le_stock)
            if resultat is None:
                self.refus.append(_refus_sans_prix(article))
            else:
                lignes.append(resultat[0])
                self.affectations += resultat[1]
        if lignes:
            self._conclure(lot, lignes, par_article)

    def _conclure(
        self, lot: LotARegrouper, lignes: list[LigneRegroupee], par_article: dict[int, list[Demande]]
    ) -> None:
        """Close the bon, share its shipping, or refuse the whole lot."""
        bon = _bon(lot, lignes)
        refus = _refus_du_lot(lot, bon)
        if refus:
            self.refus.append(refus)
            self.affectations = []
            return
        self.bon = bon
        if bon.port_ht:
            premiers = _premiers_rangs(demande for ligne in lignes for demande in par_article[ligne.article_id])
            self.ports = _partager_port(lot.lot, bon.port_ht, self.affectations, premiers)


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


def _bon(lot: LotARegrouper, lignes: Sequence[LigneRegroupee]) -> BonRegroupe:
    """Total of the lot's lines, with its shipping when it stays below the franco, and VAT per rate."""
    marchandises = sum((ligne.montant_ht for ligne in lignes), ZERO)
    sous_le_franco = lot.franco_ht is not None and marchandises < lot.franco_ht and any(ligne.colis for ligne in lignes)
    port = lot.port_ht if sous_le_franco else ZERO
    paires = [(ligne.montant_ht, ligne.tva_pct) for ligne in lignes if ligne.colis]
    paires += [(port, lot.tva_port_pct)] if port else []
    bases, taxes = bases_par_taux(paires), tva_par_taux(paires)
    total_tva = sum(taxes.values(), ZERO)
    return BonRegroupe(
        lot=lot.lot,
        lignes=tuple(lignes),
        port_ht=port,
        total_ht=marchandises + port,
        tva=tuple(TvaDuBon(taux, bases[taux], taxe) for taux, taxe in taxes.items()),
        total_tva=total_tva,
        total_ttc=marchandises + port + total_tva,
    )


def _refus_du_lot(lot: LotARegrouper, bon: BonRegroupe) -> Refus | None:
    """Why the bon of this lot cannot be issued: below the minimum order, or above the ceiling. None when it can."""
    marchandises = bon.total_ht - bon.port_ht
    if bon.est_a_emettre and marchandises < lot.minimum_commande_ht:
        motif = (
            f"Commande trop petite pour le fournisseur\u00a0: {euros_fr(marchandises)} HT, "
            f"pour un minimum de {euros_fr(lot.minimum_commande_ht)}. Il manque "
            f"{euros_fr(lot.minimum_commande_ht - marchandises)}."
        )
        return Refus(lot.lot, None, None, CodeRefus.MINIMUM, motif)
    depassement = motif_depassement(lot.plafond_ht, lot.deja_engage_ht, bon.total_ht) if bon.est_a_emettre else None
    return Refus(lot.lot, None, None, CodeRefus.PLAFOND, depassement) if depassement else None


def _refus_sans_prix(article: ArticleARegrouper) -> Refus:
    """The refusal of an article nobody has given a price to."""
    motif = f"L’article {article.reference} n’a pas de prix à cette date\u00a0: chargez son prix avant de regrouper."
    return Refus(article.lot, article.article_id, article.reference, CodeRefus.SANS_PRIX, motif)


def _premiers_rangs(demandes: Iterable[Demande]) -> dict[int, int]:
    """The best rank each body holds in the lot, bodies from the first served to the last."""
    premiers: dict[int, int] = {}
    for demande in demandes:
        connu = premiers.get(demande.collectivite_id)
        if connu is None or demande.rang < connu:
            premiers[demande.collectivite_id] = demande.rang
    return dict(sorted(premiers.items(), key=lambda couple: couple[1]))


def _partager_port(
    lot: int, port_ht: Decimal, affectations: Iterable[Affectation], premiers: dict[int, int]
) -> list[PartPort]:
    """Share the shipping over the bodies by their HT amount on the bon; by pieces when every amount is nil."""
    centimes, unites, sirens = dict.fromkeys(premiers, 0), dict.fromkeys(premiers, 0), {}
    for affectation in affectations:
        if affectation.origine is Origine.BON:
            centimes[affectation.collectivite_id] += affectation.centimes
            unites[affectation.collectivite_id] += affectation.unites
            sirens[affectation.collectivite_id] = affectation.siren
    poids = centimes if any(centimes.values()) else unites
    parts = repartir_entier(en_centimes(port_ht), list(poids.values()))
    return [PartPort(lot, qui, sirens[qui], part) for qui, part in zip(poids, parts, strict=True) if part]


def _preuve(bon: BonRegroupe, affectations: Iterable[Affectation], ports: Iterable[PartPort]) -> PreuveLot:
    """Count both sides of a lot again, from the lines on one hand and from the affectations on the other."""
    unites, centimes = dict.fromkeys(Origine, 0), dict.fromkeys(Origine, 0)
    for affectation in affectations:
        unites[affectation.origine] += affectation.unites_demandees + affectation.unites_en_plus
        centimes[affectation.origine] += affectation.centimes
    return PreuveLot(
        lot=bon.lot,
        unites_achetees=sum(ligne.unites_achetees for ligne in bon.lignes),
        unites_membres=unites[Origine.BON],
        unites_depot=sum(ligne.surplus_au_depot for ligne in bon.lignes),
        total_ht=bon.total_ht,
        montant_membres_ht=en_euros(centimes[Origine.BON]),
        port_membres_ht=en_euros(sum(part.centimes for part in ports)),
        montant_depot_ht=sum((ligne.montant_depot_ht for ligne in bon.lignes), ZERO),
        unites_du_stock=sum(ligne.unites_du_stock for ligne in bon.lignes),
        unites_stock_membres=unites[Origine.STOCK],
        montant_stock_ht=sum((ligne.montant_stock_ht for ligne in bon.lignes), ZERO),
        montant_stock_membres_ht=en_euros(centimes[Origine.STOCK]),
    )
