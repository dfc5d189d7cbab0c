"""From what bodies need to what a tender must foresee: quantities by article and by year, a ceiling by lot.

Needs come from two places and a body counts once: what an archivist measured, else what the body estimated itself.
They are shared out over the years of the marché; archives grow meanwhile, and a margin covers what nobody foresaw.
Everything is exact until the end, then rounded up: to whole packs, and to a round ceiling. Amounts in € HT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from groupement.socle.argent import montant_ligne, repartir_entier
from groupement.socle.nombres import accorde, decimal_fr, entier_fr, euros_fr

BOITES_PAR_ML = 10  # of a spine of 10 cm; source: docs/besoins.md, geometry
CENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What the buyer assumes. Rates in %; `arrondi_ht` in €: the ceiling is a multiple of it."""

    annees: int = 4
    croissance_pct: Decimal = Decimal("2.5")  # of the need, each year
    marge_pct: Decimal = Decimal(10)
    part_en_boites_pct: Decimal = Decimal(40)  # of the archives a body keeps, when it gave no number of boxes
    boites_par_ml: int = BOITES_PAR_ML
    arrondi_ht: Decimal = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the bodies nobody visited estimate, in all; each `sur_…` says how many gave that figure. Lengths in mm.

    `archives_mm` sums those that gave a length of archives and no number of boxes.
    """

    boites: int = 0
    sur_boites: int = 0
    archives_mm: int = 0
    sur_archives: int = 0
    rayonnages_mm: int = 0
    sur_rayonnages: int = 0
    reliures: int = 0
    sur_reliures: int = 0


@dataclass(frozen=True, slots=True)
class ArticleRecense:
    """An article of the lot; `prix_ht` without any discount for quantity, None when it has no price."""

    id: int
    reference: str
    designation: str
    unite: str
    unites_par_colis: int
    lot: int
    prix_ht: Decimal | None
    capacite_mm: int | None = None


@dataclass(frozen=True, slots=True)
class LigneRecensee:
    """What to foresee of one article: pieces measured, pieces estimated, then year by year in whole packs."""

    article: ArticleRecense
    unites_mesurees: int
    unites_estimees: int
    par_annee: tuple[int, ...]
    raisonnement: tuple[str, ...]

    @property
    def unites(self) -> int:
        """Pieces over the whole marché."""
        return sum(self.par_annee)

    @property
    def montant_ht(self) -> Decimal | None:
        """What they cost, None without a price."""
        return None if self.article.prix_ht is None else montant_ligne(self.unites, self.article.prix_ht)


@dataclass(frozen=True, slots=True)
class Plafond:
    """The ceiling suggested for a lot, with its reasoning line by line."""

    lot: int
    montant_ht: Decimal
    plafond_ht: Decimal
    raisonnement: tuple[str, ...]


def boites_estimees(declaration: Declaration, hypotheses: Hypotheses) -> tuple[int, tuple[str, ...]]:
    """Boxes the bodies estimate, and the sentences: those they count, then those their metres would fill."""
    h = hypotheses
    deduites = _plafonner(
        Fraction(declaration.archives_mm) * h.boites_par_ml * Fraction(h.part_en_boites_pct) / 100 / 1000
    )
    phrases = []
    if declaration.sur_boites:
        collectivites = accorde(declaration.sur_boites, "collectivité estime", "collectivités estiment")
        phrases.append(f"{collectivites} {accorde(declaration.boites, 'boîte')}.")
    if declaration.sur_archives:
        collectivites = accorde(declaration.sur_archives, "collectivité donne", "collectivités donnent")
        phrases.append(
            f"{collectivites} seulement la longueur de leurs archives, {_ml(declaration.archives_mm)}\u00a0: "
            f"{decimal_fr(h.part_en_boites_pct)}\u00a0% à mettre en boîtes, à {h.boites_par_ml} boîtes par mètre, "
            f"font {accorde(deduites, 'boîte')}."
        )
    return declaration.boites + deduites, tuple(phrases)


def travees_estimees(declaration: Declaration, capacite_mm: int) -> tuple[int, tuple[str, ...]]:
    """Pieces of shelving holding `capacite_mm` each for the length the bodies estimate. ValueError below one mm."""
    if capacite_mm < 1:
        raise ValueError(f"capacité impossible : {capacite_mm} mm")
    if not declaration.sur_rayonnages:
        return 0, ()
    unites = -(-declaration.rayonnages_mm // capacite_mm)
    collectivites = accorde(declaration.sur_rayonnages, "collectivité estime", "collectivités estiment")
    phrase = (
        f"{collectivites} {_ml(declaration.rayonnages_mm)} de rayonnages\u00a0: à {_ml(capacite_mm)} par élément, "
        f"{accorde(unites, 'élément')}."
    )
    return unites, (phrase,)


def reliures_estimees(declaration: Declaration) -> tuple[int, tuple[str, ...]]:
    """Registers the bodies want bound."""
    if not declaration.sur_reliures:
        return 0, ()
    collectivites = accorde(declaration.sur_reliures, "collectivité estime", "collectivités estiment")
    return declaration.reliures, (f"{collectivites} {accorde(declaration.reliures, 'registre')} à relier.",)


def estimees_par_article(
    declaration: Declaration,
    articles: Mapping[int, ArticleRecense],
    choisis: Mapping[str, int],
    hypotheses: Hypotheses,
) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Article → (pieces estimated, sentences), from the article chosen for boxes, shelving and bindings.

    An article that is not there, or a shelf whose capacity nobody knows, is left out.
    """
    rayonnage = articles.get(choisis.get("rayonnage", 0))
    calculs = {
        "boite": boites_estimees(declaration, hypotheses),
        "reliure": reliures_estimees(declaration),
        "rayonnage": travees_estimees(declaration, rayonnage.capacite_mm)
        if rayonnage and rayonnage.capacite_mm
        else (0, ()),
    }
    estimees: dict[int, tuple[int, tuple[str, ...]]] = {}
    for genre, (unites, phrases) in calculs.items():
        article = choisis.get(genre, 0)
        if article in articles and unites:
            avant, deja = estimees.get(article, (0, ()))
            estimees[article] = (avant + unites, deja + phrases)
    return estimees


def recenser(
    article: ArticleRecense, mesurees: int, visitees: int, estimees: int, phrases: Sequence[str], h: Hypotheses
) -> LigneRecensee:
    """What to foresee of an article: `mesurees` by `visitees` audits, `estimees` by the others, with their sentences.

    Growth is the need × rate × years; the margin applies to need and growth; the total is rounded up to whole packs,
    and packs are spread evenly over the years, the first ones taking what is left.
    """
    besoin = mesurees + estimees
    croissance = Fraction(besoin) * Fraction(h.croissance_pct) * h.annees / 100
    voulu = (besoin + croissance) * (1 + Fraction(h.marge_pct) / 100)
    colis = -(-_plafonner(voulu) // article.unites_par_colis)
    par_annee = tuple(n * article.unites_par_colis for n in repartir_entier(colis, [1] * h.annees))
    raisonnement = [*phrases]
    if mesurees:
        etats = accorde(visitees, "état des lieux demande", "états des lieux demandent")
        raisonnement.insert(0, f"{etats} {accorde(mesurees, 'unité')}.")
    ans, taux, marge = accorde(h.annees, "an"), decimal_fr(h.croissance_pct), decimal_fr(h.marge_pct)
    raisonnement.append(
        f"Besoin recensé\u00a0: {entier_fr(besoin)}. Croissance de {taux}\u00a0% par an pendant {ans}\u00a0: "
        f"+ {_au_centieme(croissance)}. Marge de {marge}\u00a0%\u00a0: {_au_centieme(voulu)} en tout."
    )
    raisonnement.append(
        f"Arrondi au colis de {entier_fr(article.unites_par_colis)}\u00a0: {entier_fr(sum(par_annee))}, "
        f"soit {accorde(colis, 'colis', 'colis')}."
    )
    return LigneRecensee(article, mesurees, estimees, par_annee, tuple(raisonnement))


def plafond_suggere(lot: int, lignes: Iterable[LigneRecensee], h: Hypotheses) -> Plafond:
    """The ceiling of a lot: the amounts of its lines, rounded up to a multiple of `arrondi_ht`; never zero."""
    phrases, total = [], Decimal("0.00")
    for ligne in lignes:
        montant, article = ligne.montant_ht, ligne.article
        if montant is None or article.prix_ht is None:
            phrases.append(f"{article.reference}\u00a0: sans prix aujourd’hui, non compté.")
            continue
        total += montant
        phrases.append(
            f"{article.reference}\u00a0: {entier_fr(ligne.unites)} × {euros_fr(article.prix_ht)} = {euros_fr(montant)}."
        )
    multiples = max((total / h.arrondi_ht).to_integral_value(ROUND_CEILING), Decimal(1))
    plafond = (multiples * h.arrondi_ht).quantize(Decimal("0.01"))
    phrases.append(
        f"Total\u00a0: {euros_fr(total)}, arrondi au multiple de {euros_fr(h.arrondi_ht)} supérieur\u00a0: "
        f"{euros_fr(plafond)} HT."
    )
    return Plafond(lot, total, plafond, tuple(phrases))


def _plafonner(exact: Fraction) -> int:
    """The next whole number up."""
    return -(-exact.numerator // exact.denominator)


def _ml(millimetres: int) -> str:
    """A length in metres, as people write it."""
    return f"{decimal_fr(Decimal(millimetres) / 1000)}\u00a0ml"


def _au_centieme(exact: Fraction) -> str:
    """A figure of the reasoning, two decimals at most."""
    centiemes = (exact * 100 + Fraction(1, 2)).__floor__()
    return decimal_fr(Decimal(centiemes) / CENT)
