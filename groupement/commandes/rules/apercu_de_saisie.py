"""What a quick entry would make of a basket: the article, the pieces, what changes; what is wrong, what to choose.

Quantities are pieces. Lines of one article are gathered: their pieces add up, on the first of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from groupement.commandes.rules.quantites import Refus, refus_d_unites_en_plus, refus_de_quantite
from groupement.commandes.rules.saisie_rapide import LigneSaisie, quantite_lue
from groupement.socle.nombres import accorde, entier_fr

RAPPROCHEES_MAX = 60  # lines: beyond, no near reference is looked for, the file is not for this marché
PROCHES = 3
RESSEMBLANCE = 75  # of 100, for designations


@dataclass(frozen=True, slots=True)
class ArticleOffert:
    """An article of the marché, and what the basket holds of it; `motif`: why this body may not order it.

    `partage`: less than a pack may be ordered. `deja`: pieces in the basket, `deja_en_plus` extra ones accepted.
    """

    id: int
    reference: str
    designation: str
    unites_par_colis: int
    partage: bool
    motif: str | None = None
    deja: int = 0
    deja_en_plus: int = 0


@dataclass(frozen=True, slots=True)
class FauteDeSaisie:
    """What is wrong in a line: the column, what it holds, what is expected, and what may be chosen instead."""

    colonne: str
    valeur: str
    attendu: str
    quantites: tuple[int, ...] = ()
    references: tuple[ArticleOffert, ...] = ()

    def phrase(self) -> str:
        """« Quantité « 30 » : … »."""
        valeur = f" «\u00a0{self.valeur}\u00a0»" if self.valeur else ""
        return f"{self.colonne}{valeur}\u00a0: {self.attendu}"


@dataclass(frozen=True, slots=True)
class LigneApercue:
    """A line of the preview: what it would put in the basket, or its fault."""

    saisie: LigneSaisie
    article: ArticleOffert | None = None
    unites: int = 0
    en_plus: int = 0
    avant: int = 0
    apres: int = 0
    en_plus_apres: int = 0
    faute: FauteDeSaisie | None = None
    reunies: tuple[int, ...] = ()  # the other lines of the same article, added to this one

    @property
    def change(self) -> bool:
        """Writing it would change the basket."""
        article = self.article
        return article is not None and (self.apres, self.en_plus_apres) != (article.deja, article.deja_en_plus)


@dataclass(frozen=True, slots=True)
class Apercu:
    """A whole quick entry."""

    lignes: tuple[LigneApercue, ...]

    @property
    def fautives(self) -> tuple[LigneApercue, ...]:
        """The lines that cannot be written."""
        return tuple(ligne for ligne in self.lignes if ligne.faute)

    @property
    def bonnes(self) -> tuple[LigneApercue, ...]:
        """The lines that can."""
        return tuple(ligne for ligne in self.lignes if not ligne.faute)

    @property
    def bilan(self) -> str:
        """« 12 articles ajoutés, 3 quantités changées »."""
        changees = [ligne for ligne in self.bonnes if ligne.change]
        nouvelles = sum(not ligne.avant for ligne in changees)
        dits = [accorde(nouvelles, "article ajouté", "articles ajoutés")] if nouvelles else []
        if len(changees) > nouvelles:
            dits.append(accorde(len(changees) - nouvelles, "quantité changée", "quantités changées"))
        return ", ".join(dits) or "rien ne change"


def cle_de_reference(texte: str) -> str:
    """A reference without case nor separators: « bte con 10 » is « BTE-CON-10 »."""
    return re.sub(r"[\W_]+", "", texte).casefold()


def apercevoir(saisies: Sequence[LigneSaisie], articles: Sequence[ArticleOffert], *, remplacer: bool) -> Apercu:
    """The preview of lines on the articles of a marché; `remplacer`: quantities take the place of those there."""
    connus = {cle_de_reference(article.reference): article for article in articles}
    premieres: dict[int, int] = {}
    lignes: list[LigneApercue] = []
    inconnues = 0
    for saisie in saisies:
        article = connus.get(cle_de_reference(saisie.reference))
        if article is None:
            inconnues += 1
            proches = _proches(saisie.reference, connus) if inconnues <= RAPPROCHEES_MAX else ()
            lignes.append(LigneApercue(saisie, faute=_inconnue(saisie, proches)))
            continue
        ligne = _lue(saisie, article)
        rang = premieres.get(article.id)
        if ligne.faute or rang is None:
            if not ligne.faute:
                premieres[article.id] = len(lignes)
            lignes.append(ligne)
        else:
            lignes[rang] = _reunie(lignes[rang], ligne)
    return Apercu(tuple(_controlee(ligne, remplacer) for ligne in lignes))


def _inconnue(saisie: LigneSaisie, proches: tuple[ArticleOffert, ...]) -> FauteDeSaisie:
    """No article has this reference."""
    if not saisie.reference:
        return FauteDeSaisie("Référence", "", "écrivez la référence de l’article.")
    attendu = "voulez-vous dire…" if proches else "elle n’est pas au marché. Cherchez l’article dans le catalogue."
    return FauteDeSaisie("Référence", saisie.reference, attendu, references=proches)


def _proches(saisi: str, connus: Mapping[str, ArticleOffert]) -> tuple[ArticleOffert, ...]:
    """The articles somebody may have meant: near references first, else like designations."""
    cle = cle_de_reference(saisi)
    if not cle:
        return ()
    admises = max(1, len(cle) // 4)
    par_reference = process.extract(cle, connus.keys(), scorer=OSA.distance, score_cutoff=admises, limit=PROCHES)
    if par_reference:
        return tuple(connus[trouvee] for trouvee, _, _ in par_reference)
    noms = {cle: article.designation.casefold() for cle, article in connus.items()}
    par_nom: Any = process.extract(
        saisi.casefold(), noms, scorer=fuzz.token_set_ratio, score_cutoff=RESSEMBLANCE, limit=PROCHES
    )
    return tuple(connus[cle] for _, _, cle in par_nom)


def _lue(saisie: LigneSaisie, article: ArticleOffert) -> LigneApercue:
    """A line whose article is known: its quantities, or why they cannot be read."""
    if article.motif:
        return LigneApercue(saisie, article, faute=FauteDeSaisie("Référence", saisie.reference, article.motif))
    unites = quantite_lue(saisie.quantite, article.unites_par_colis)
    en_plus = quantite_lue(saisie.en_plus, article.unites_par_colis) if saisie.en_plus else 0
    exemple = (
        f"un nombre entier, par exemple {entier_fr(10 * article.unites_par_colis)}, ou «\u00a02\u00a0colis\u00a0»."
    )
    if unites is None:
        return LigneApercue(saisie, article, faute=FauteDeSaisie("Quantité", saisie.quantite, exemple))
    if en_plus is None:
        return LigneApercue(saisie, article, faute=FauteDeSaisie("Accepté en plus", saisie.en_plus, exemple))
    return LigneApercue(saisie, article, unites, en_plus)


def _reunie(premiere: LigneApercue, suivante: LigneApercue) -> LigneApercue:
    """Two lines of one article as one."""
    return replace(
        premiere,
        unites=premiere.unites + suivante.unites,
        en_plus=max(premiere.en_plus, suivante.en_plus),
        reunies=(*premiere.reunies, suivante.saisie.numero),
    )


def _controlee(ligne: LigneApercue, remplacer: bool) -> LigneApercue:
    """The line with what the basket would hold after it, or what the pack rule says against it."""
    article = ligne.article
    if ligne.faute or article is None:
        return ligne
    colis: dict[str, Any] = {"unites_par_colis": article.unites_par_colis, "fractionnable": article.partage}
    if refus := refus_de_quantite(ligne.unites, **colis):
        return replace(ligne, faute=_refusee("Quantité", ligne.unites, refus))
    if refus := refus_d_unites_en_plus(ligne.en_plus, **colis):
        return replace(ligne, faute=_refusee("Accepté en plus", ligne.en_plus, refus))
    garde = not ligne.saisie.en_plus
    en_plus = (
        article.deja_en_plus if garde else ligne.en_plus if remplacer else max(ligne.en_plus, article.deja_en_plus)
    )
    apres = ligne.unites + (0 if remplacer else article.deja)
    if refus := refus_de_quantite(apres, 1, fractionnable=True):
        return replace(ligne, faute=_refusee("Quantité", ligne.unites, refus))
    return replace(ligne, avant=article.deja, apres=apres, en_plus_apres=en_plus)


def _refusee(colonne: str, unites: int, refus: Refus) -> FauteDeSaisie:
    """A quantity the pack rule refuses, with the nearest ones."""
    return FauteDeSaisie(colonne, entier_fr(unites), refus.motif, refus.propositions)
