"""What a regroupement leaves out of the orders because a rule says so, and the reason each member reads.

Quantities are pieces. What the buyer leaves out by a decision is in `rules/ajustements.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from groupement.commandes.rules.bons import Affectation, Refus
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande
from groupement.socle.nombres import accorde, entier_fr


class EcartDeRegle(NamedTuple):
    """A line not ordered, or not all of it: the pieces served of those asked, and why not the others."""

    demande: Demande
    servies: int
    motif: str

    @property
    def manquantes(self) -> int:
        """Pieces asked and not ordered."""
        return self.demande.unites - self.servies


def ecarts_de_regle(
    articles: Iterable[ArticleARegrouper],
    demandes: Iterable[Demande],
    affectations: Iterable[Affectation],
    refus: Sequence[Refus],
) -> Iterator[EcartDeRegle]:
    """The lines some of which could not be ordered: no price, a lot or a place below its minimum order.

    With one bon per place, the depot's bon may be the only one left out: a line sent to its place in whole packs is
    then served without its last pieces, which the depot was to buy.
    """
    if not refus:
        return
    servies: Counter[int] = Counter()
    for affectation in affectations:
        servies[affectation.ligne_id] += affectation.unites_demandees
    connus = {article.article_id: article for article in articles}
    motifs = {(r.lot, r.article_id, r.lieu): r for r in refus}
    for demande in demandes:
        if servies[demande.ligne_id] < demande.unites:
            article = connus[demande.article_id]
            yield _ecart(demande, servies[demande.ligne_id], article, motifs)


def _ecart(
    demande: Demande,
    servies: int,
    article: ArticleARegrouper,
    motifs: Mapping[tuple[int, int | None, int | None], Refus],
) -> EcartDeRegle:
    """The refusal that is the nearest to the line, in words its body understands."""
    cles = ((article.article_id, None), (None, demande.lieu), (None, DEPOT), (None, None))
    refus = next(motifs[article.lot, *cle] for cle in cles if (article.lot, *cle) in motifs)
    if refus.lieu != DEPOT or demande.lieu == DEPOT:
        return EcartDeRegle(demande, servies, refus.motif)
    reste = accorde(demande.unites - servies, "unité")
    colis = entier_fr(article.unites_par_colis)
    pourquoi = (
        f"Le fournisseur n’envoie à chaque lieu que des colis entiers, de {colis}. "
        f"Ce qui n’en remplit pas un ({reste}) devait être acheté avec le bon du dépôt, qui ne part pas. {refus.motif}"
    )
    return EcartDeRegle(demande, servies, pourquoi)
