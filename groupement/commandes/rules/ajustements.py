"""What the buyer changes in a regroupement before it is done: applied to the lines and the articles, then combined.

A decision bears on a lot, an article, a body's order, or one line of it. Left out or postponed: what it bears on is
not ordered. Up to a tier, or more packs: the article is bought beyond its demand. Where several leave out the same
line, the most precise one gives the reason: the line, then the order, then the article, then the lot.
Quantities are pieces.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.commandes.rules.bons import CodeRefus, Refus
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande
from groupement.commandes.states import GenreAjustement
from groupement.socle.nombres import accorde

SORTANTS = (GenreAjustement.ECARTER, GenreAjustement.REPORTER)
CODES = {GenreAjustement.ECARTER: CodeRefus.ECARTE, GenreAjustement.REPORTER: CodeRefus.REPORTE}
EN_TETE = {
    GenreAjustement.ECARTER: "Laissé de côté par l’acheteur",
    GenreAjustement.REPORTER: "Reporté à la prochaine campagne par l’acheteur",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the buyer, on `lot` (its number), `article_id`, `collectivite_id` (its order), or the last two.

    `unites`: the quantity that counts for the tier to reach (`viser`), or how many pieces more (`ajouter`). `qui`: the
    name of that body.
    """

    decision_id: int
    genre: GenreAjustement
    motif: str
    lot: int | None = None
    article_id: int | None = None
    collectivite_id: int | None = None
    unites: int = 0
    qui: str = ""

    @property
    def est_sortante(self) -> bool:
        """It leaves something out, for good or until the next campagne."""
        return self.genre in SORTANTS


@dataclass(frozen=True, slots=True)
class DemandeEcartee:
    """A line that is not ordered, and the decision that says so."""

    demande: Demande
    decision: Decision


@dataclass(frozen=True, slots=True)
class DemandesAjustees:
    """What is left to combine, and what is left out."""

    articles: Sequence[ArticleARegrouper]
    demandes: Sequence[Demande]
    ecartees: Sequence[DemandeEcartee]


def appliquer(
    decisions: Sequence[Decision], articles: Sequence[ArticleARegrouper], demandes: Sequence[Demande]
) -> DemandesAjustees:
    """The articles and lines (in rank order) to combine once the decisions are followed; the same ones without any."""
    sortantes = _par_cible([decision for decision in decisions if decision.est_sortante])
    ajustes = _articles(articles, [decision for decision in decisions if not decision.est_sortante])
    if not sortantes:
        return DemandesAjustees(ajustes, demandes, ())
    lots = {article.article_id: article.lot for article in articles}
    gardees, ecartees = [], []
    for demande in demandes:
        decision = _decision_sur(demande, lots[demande.article_id], sortantes)
        if decision is None:
            gardees.append(demande)
        else:
            ecartees.append(DemandeEcartee(demande, decision))
    return DemandesAjustees(ajustes, gardees, ecartees)


Cible = tuple[int | None, int | None, int | None]


def _par_cible(decisions: Iterable[Decision]) -> dict[Cible, Decision]:
    """The decisions by (lot, article, body), as they name them."""
    return {(d.lot, d.article_id, d.collectivite_id): d for d in decisions}


def _decision_sur(demande: Demande, lot: int, sortantes: Mapping[Cible, Decision]) -> Decision | None:
    """The most precise decision that leaves this line out; None when it is ordered."""
    corps, article = demande.collectivite_id, demande.article_id
    cibles: tuple[Cible, ...] = ((None, article, corps), (None, None, corps), (None, article, None), (lot, None, None))
    return next((sortantes[cible] for cible in cibles if cible in sortantes), None)


def _articles(articles: Sequence[ArticleARegrouper], decisions: Sequence[Decision]) -> Sequence[ArticleARegrouper]:
    """The articles, those bought beyond their demand saying so."""
    en_plus = {decision.article_id: decision for decision in decisions}
    return [_au_dela(article, en_plus.get(article.article_id)) for article in articles] if en_plus else articles


def _au_dela(article: ArticleARegrouper, decision: Decision | None) -> ArticleARegrouper:
    """One of them."""
    if decision is None:
        return article
    if decision.genre is GenreAjustement.VISER:
        return replace(article, palier_vise=decision.unites)
    return replace(article, colis_en_plus=colis_necessaires(decision.unites, article.unites_par_colis))


def refus_des_decisions(ajustees: DemandesAjustees, decisions: Sequence[Decision]) -> tuple[Refus, ...]:
    """What the decisions leave out, as refusals a file can list: one a lot or article, one a line of an order.

    A decision on something nobody asks for leaves nothing out.
    """
    articles = {article.article_id: article for article in ajustees.articles}
    refus: dict[tuple[int, int | None, int | None], Refus] = {}
    for ecartee in ajustees.ecartees:
        decision, demande = ecartee.decision, ecartee.demande
        article = articles[demande.article_id]
        precise = decision.collectivite_id is not None
        du_lot = decision.lot is not None
        cle = (decision.decision_id, None if du_lot else article.article_id, demande.ligne_id if precise else None)
        if cle not in refus:
            refus[cle] = Refus(
                *(article.lot, None if du_lot else article.article_id, None if du_lot else article.reference),
                *(CODES[decision.genre], _motif(decision, demande, precise)),
            )
    ordre = {decision.decision_id: rang for rang, decision in enumerate(decisions)}
    return tuple(refus[cle] for cle in sorted(refus, key=lambda cle: ordre[cle[0]]))


def _motif(decision: Decision, demande: Demande, precise: bool) -> str:
    """The reason as a file says it; whose line it is, when it is one."""
    qui = decision.qui or f"SIREN {demande.siren}"
    de = f" ({qui}, {accorde(demande.unites, 'unité')})" if precise else ""
    return f"{EN_TETE[decision.genre]}{de}\u00a0: {decision.motif}"
