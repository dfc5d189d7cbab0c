"""What the BPU of a titulaire of another rank changes: its own prices of articles already known, and nothing else.

The articles are those of the lot: a line that is none of them, or sells them otherwise, is refused with a sentence.
Prices in € HT a piece.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from groupement.catalogue.rules.bordereau import LigneBordereau
from groupement.catalogue.rules.comparaison import ArticleConnu, Comparaison, PrixChange, prix_impossibles
from groupement.socle.lecture_csv import Faute
from groupement.socle.nombres import decimal_fr, entier_fr


def comparer_les_prix(
    connus: Iterable[ArticleConnu], lignes: Sequence[LigneBordereau], du: date, nom: str
) -> Comparaison:
    """What saving these lines as the prices of the titulaire `nom` from `du` on would change.

    `connus`: the articles of the lots it holds at its rank, with its own tiers. `sans_prix` of the answer: the
    articles sold that would still have no price of its own.
    """
    connus = tuple(connus)
    par_cle = {(article.lot, article.reference): article for article in connus}
    lots = {article.lot for article in connus}
    couples = [(par_cle.get((ligne.lot, ligne.reference)), ligne) for ligne in lignes]
    trouves = [(article, ligne) for article, ligne in couples if article is not None]
    prix = tuple(PrixChange(article, ligne) for article, ligne in trouves if article.paliers != ligne.paliers)
    presents = {article.id for article, _ in trouves}
    inconnues = tuple(_inconnue(ligne, lots, nom) for article, ligne in couples if article is None)
    autrement = tuple(faute for article, ligne in trouves if (faute := _vendu_autrement(article, ligne)))
    return Comparaison(
        du=du,
        nouveaux=(),
        prix=prix,
        textes=(),
        disparus=(),
        inchanges=tuple(article for article, ligne in trouves if article.paliers == ligne.paliers),
        refus=(*inconnues, *autrement, *prix_impossibles(prix, du)),
        sans_prix=tuple(a for a in connus if a.actif and not a.paliers and a.id not in presents),
    )


def _inconnue(ligne: LigneBordereau, lots: set[int], nom: str) -> Faute:
    """A line of a lot it does not hold, or of an article the lot does not have."""
    if ligne.lot not in lots:
        siens = ", ".join(entier_fr(lot) for lot in sorted(lots))
        attendu = f"{nom} n’a de prix à elle qu’au lot {siens}\u00a0: retirez cette ligne du fichier."
        return Faute(ligne.ligne, "lot", str(ligne.lot), attendu, ligne.feuille)
    attendu = (
        f"aucun article du lot {ligne.lot} n’a cette référence. Un bordereau de rang 2 ou plus donne des prix aux "
        "articles du lot\u00a0: corrigez la référence, ou retirez la ligne."
    )
    return Faute(ligne.ligne, "reference", ligne.reference, attendu, ligne.feuille)


def _vendu_autrement(article: ArticleConnu, ligne: LigneBordereau) -> Faute | None:
    """A line whose pack or VAT is not the article's: the members order the article as the lot sells it."""
    colis, tva = article.valeurs["unites_par_colis"], article.valeurs["tva_pct"]
    if ligne.unites_par_colis != colis:
        attendu = f"le lot vend cet article par {entier_fr(colis)}\u00a0: donnez le prix pour ce conditionnement."
        return Faute(ligne.ligne, "unites_par_colis", str(ligne.unites_par_colis), attendu, ligne.feuille)
    if ligne.tva_pct != tva:
        attendu = f"le taux de cet article est {decimal_fr(tva)} %."
        return Faute(ligne.ligne, "tva", decimal_fr(ligne.tva_pct), attendu, ligne.feuille)
    return None
