"""What a BPU changes in a marché: a pure comparison, shown before anything is saved, and the same when it is.

Prices in € HT a piece. A price is never edited: a changed one starts on a day of its own, after every price known.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.catalogue.rules.bordereau import LigneBordereau
from groupement.catalogue.rules.dimensions import mesures
from groupement.catalogue.rules.familles import AUTRE
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.recherche import normaliser, texte_de_recherche
from groupement.socle.lecture_csv import Faute

# Columns of an article that a person reads, with their French name; the others are deduced from these.
TEXTES = {
    "designation": "désignation",
    "famille": "famille",
    "unite": "unité",
    "unites_par_colis": "unités par colis",
    "tva_pct": "taux de TVA",
    "dimensions": "dimensions",
    "poids_g": "poids (g)",
    "norme": "norme",
    "capacite_mm": "capacité (mm)",
    "charge_kg_par_tablette": "charge par tablette (kg)",
    "nb_tablettes": "nombre de tablettes",
    "feuillets_max": "feuillets au plus",
}


@dataclass(frozen=True, slots=True)
class ArticleConnu:
    """An article of the marché as it is saved, with its tiers in force on the day and the start of its last price."""

    id: int
    lot: int
    reference: str
    actif: bool
    valeurs: Mapping[str, Any]
    paliers: tuple[Palier, ...]
    dernier_prix_du: date | None


@dataclass(frozen=True, slots=True)
class PrixChange:
    """An article whose price changes: tiers before and after."""

    article: ArticleConnu
    ligne: LigneBordereau

    @property
    def ecart_pct(self) -> Decimal | None:
        """How much the base price moves, in %, unrounded; None when there was no price."""
        if not self.article.paliers:
            return None
        avant = self.article.paliers[0].prix_unitaire_ht
        return (self.ligne.prix_unitaire_ht - avant) * 100 / avant


@dataclass(frozen=True, slots=True)
class TexteChange:
    """An article whose description changes; `ecarts` are (French name, before, after)."""

    article: ArticleConnu
    ligne: LigneBordereau
    ecarts: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Renommage:
    """An article that seems to bear a new reference: the one that vanished, and the new line that describes it."""

    article: ArticleConnu
    ligne: LigneBordereau


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Everything a BPU would change from `du` on. With a refusal, nothing can be saved."""

    du: date
    nouveaux: tuple[LigneBordereau, ...]
    prix: tuple[PrixChange, ...]
    textes: tuple[TexteChange, ...]
    disparus: tuple[ArticleConnu, ...]
    inchanges: tuple[ArticleConnu, ...]
    refus: tuple[Faute, ...]
    renommages: tuple[Renommage, ...] = ()  # among `nouveaux` and `disparus`, until the buyer says so
    sans_prix: tuple[ArticleConnu, ...] = ()  # in the BPU of another rank: sold, and still without a price of its own

    @property
    def empreinte(self) -> str:
        """A mark of all that would change: what is confirmed is what was shown, or it is shown again."""
        prix = [(c.article.id, c.article.paliers, c.ligne.paliers) for c in self.prix]
        textes = [(c.article.id, c.ecarts) for c in self.textes]
        faits = (self.du, self.nouveaux, prix, textes, [a.id for a in self.disparus], self.refus)
        return hashlib.sha256(repr(faits).encode()).hexdigest()[:16]

    @property
    def est_sans_effet(self) -> bool:
        """The marché already says all this."""
        return not (self.nouveaux or self.prix or self.textes or self.disparus)


def valeurs_article(ligne: LigneBordereau) -> dict[str, Any]:
    """The columns of an article that a line of the BPU gives, deduced ones included; its prices apart."""
    textes = _textes(ligne)
    famille = textes["famille"]
    cotes = mesures(famille, ligne.mesures_mm, ligne.capacite_mm)
    return textes | {
        "recherche": texte_de_recherche(ligne.reference, ligne.designation, famille, ligne.norme),
        "dos_mm": cotes.dos_mm,
        "profondeur_mm": cotes.profondeur_mm,
        "hauteur_mm": cotes.hauteur_mm,
    }


def _textes(ligne: LigneBordereau) -> dict[str, Any]:
    """The columns of an article that a person reads, as a line gives them (those of `TEXTES`)."""
    return {
        "designation": ligne.designation,
        "famille": ligne.type_element or AUTRE,
        "unite": ligne.unite,
        "unites_par_colis": ligne.unites_par_colis,
        "tva_pct": ligne.tva_pct,
        "dimensions": ligne.dimensions,
        "poids_g": ligne.poids_g,
        "norme": ligne.norme,
        "capacite_mm": ligne.capacite_mm,
        "charge_kg_par_tablette": ligne.charge_kg_par_tablette,
        "nb_tablettes": ligne.nb_tablettes,
        "feuillets_max": ligne.feuillets_max,
    }


def comparer(connus: Iterable[ArticleConnu], lignes: Sequence[LigneBordereau], du: date) -> Comparaison:
    """What saving these lines from `du` on would change.

    Only the lots the file speaks of are compared: a file of lot 1 makes nothing of lot 2 vanish.
    """
    connus = tuple(connus)
    par_cle = {(article.lot, article.reference): article for article in connus}
    lots_par_reference = {article.reference: article.lot for article in connus}
    couples = [(par_cle.get((ligne.lot, ligne.reference)), ligne) for ligne in lignes]
    nouveaux = tuple(ligne for article, ligne in couples if article is None)
    trouves = [(a, _completee(ligne, a)) for a, ligne in couples if a is not None]
    prix = tuple(PrixChange(article, ligne) for article, ligne in trouves if article.paliers != ligne.paliers)
    textes = tuple(TexteChange(a, ligne, ecarts) for a, ligne in trouves if (ecarts := _ecarts(a, ligne)))
    touches = {change.article.id for change in prix} | {change.article.id for change in textes}
    lots = {ligne.lot for ligne in lignes}
    presents = {article.id for article, _ in trouves}
    disparus = tuple(a for a in connus if a.actif and a.paliers and a.lot in lots and a.id not in presents)
    return Comparaison(
        du=du,
        nouveaux=nouveaux,
        prix=prix,
        textes=textes,
        disparus=disparus,
        inchanges=tuple(article for article, _ in trouves if article.id not in touches),
        refus=(*_changements_de_lot(nouveaux, lots_par_reference), *prix_impossibles(prix, du)),
        renommages=_renommages(nouveaux, disparus),
    )


def renommer(comparaison: Comparaison, article_ids: Collection[int]) -> Comparaison:
    """The comparison once the buyer said which articles only changed reference: they keep their history.

    Raises ValueError for an article that was not proposed.
    """
    proposes = {renommage.article.id: renommage for renommage in comparaison.renommages}
    if not proposes.keys() >= set(article_ids):
        raise ValueError("article qui n’est pas proposé au renommage")
    choisis = [(proposes[i].article, _completee(proposes[i].ligne, proposes[i].article)) for i in article_ids]
    references = {ligne.reference for _, ligne in choisis}
    prix = tuple(PrixChange(article, ligne) for article, ligne in choisis if article.paliers != ligne.paliers)
    textes = tuple(
        TexteChange(article, ligne, (("référence", article.reference, ligne.reference), *_ecarts(article, ligne)))
        for article, ligne in choisis
    )
    return replace(
        comparaison,
        nouveaux=tuple(ligne for ligne in comparaison.nouveaux if ligne.reference not in references),
        disparus=tuple(article for article in comparaison.disparus if article.id not in set(article_ids)),
        prix=(*comparaison.prix, *prix),
        textes=(*comparaison.textes, *textes),
        refus=(*comparaison.refus, *prix_impossibles(prix, comparaison.du)),
        renommages=tuple(r for r in comparaison.renommages if r.article.id not in set(article_ids)),
    )


def _renommages(nouveaux: Iterable[LigneBordereau], disparus: Iterable[ArticleConnu]) -> tuple[Renommage, ...]:
    """New lines and vanished articles of one lot that say the same thing, when each has only the other to look like.

    Dimensions must agree too, unless the table of the line has none.
    """
    anciens: dict[tuple[int, str, str], list[ArticleConnu]] = {}
    for article in disparus:
        designation, cotes = normaliser(article.valeurs["designation"]), normaliser(article.valeurs["dimensions"])
        for dites in (cotes, SANS_COTES):
            anciens.setdefault((article.lot, designation, dites), []).append(article)
    neufs: dict[tuple[int, str, str], list[LigneBordereau]] = {}
    for ligne in nouveaux:
        dites = SANS_COTES if "dims" in ligne.absentes else normaliser(ligne.dimensions)
        neufs.setdefault((ligne.lot, normaliser(ligne.designation), dites), []).append(ligne)
    couples = [(anciens.get(cle, []), lignes) for cle, lignes in neufs.items()]
    return tuple(Renommage(vieux[0], lignes[0]) for vieux, lignes in couples if len(vieux) == len(lignes) == 1)


SANS_COTES = "*"  # no dimensions normalise to this
CHAMPS_FACULTATIFS = {  # column of the file: (attribute of a line, column of an article)
    "dims": ("dimensions", "dimensions"),
    "poids_kg": ("poids_g", "poids_g"),
    "norme": ("norme", "norme"),
    "capacite_ml": ("capacite_mm", "capacite_mm"),
    "charge_kg_par_tablette": ("charge_kg_par_tablette", "charge_kg_par_tablette"),
    "type_element": ("type_element", "famille"),
    "nb_tablettes": ("nb_tablettes", "nb_tablettes"),
    "feuillets_max": ("feuillets_max", "feuillets_max"),
}


def _completee(ligne: LigneBordereau, article: ArticleConnu) -> LigneBordereau:
    """A line with what no column of its table says as the article already has it."""
    gardes = {CHAMPS_FACULTATIFS[nom][0]: article.valeurs[CHAMPS_FACULTATIFS[nom][1]] for nom in ligne.absentes}
    return replace(ligne, **gardes) if gardes else ligne


def _ecarts(article: ArticleConnu, ligne: LigneBordereau) -> tuple[tuple[str, Any, Any], ...]:
    """What changes in the description; an article taken off the catalogue comes back."""
    apres = _textes(ligne)
    ecarts = [
        (intitule, article.valeurs[champ], apres[champ])
        for champ, intitule in TEXTES.items()
        if article.valeurs[champ] != apres[champ]
    ]
    if not article.actif:
        ecarts.append(("au catalogue", "non", "oui"))
    return tuple(ecarts)


def _changements_de_lot(nouveaux: Iterable[LigneBordereau], lots: Mapping[str, int]) -> list[Faute]:
    """A reference known in another lot: an article does not change lots, its past orders would be unreadable."""
    return [
        Faute(
            *(ligne.ligne, "lot", str(ligne.lot)),
            f"la référence «\u00a0{ligne.reference}\u00a0» est déjà au lot {lots[ligne.reference]}. Un article ne "
            "change pas de lot\u00a0: corrigez le lot, ou donnez une autre référence.",
            ligne.feuille,
        )
        for ligne in nouveaux
        if ligne.reference in lots
    ]


def prix_impossibles(changes: Iterable[PrixChange], du: date) -> list[Faute]:
    """A new price on the day of a price already saved, or before it: neither may be rewritten."""
    fautes = []
    for change in changes:
        dernier, ligne = change.article.dernier_prix_du, change.ligne
        if dernier is None or dernier < du:
            continue
        cas = "commence déjà ce jour-là" if dernier == du else "est plus récent"
        fautes.append(
            Faute(
                *(ligne.ligne, "prix_unitaire_ht", str(ligne.prix_unitaire_ht)),
                f"un autre prix de «\u00a0{ligne.reference}\u00a0» {cas} (à partir du {dernier:%d/%m/%Y}), et un prix "
                "enregistré ne se modifie pas. Choisissez une date d’effet postérieure.",
                ligne.feuille,
            )
        )
    return fautes
