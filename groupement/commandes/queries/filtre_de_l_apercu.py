"""Three hundred articles on one page, readable: one lot, what needs a decision, the order asked for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groupement.commandes.queries.vue_regroupement import ApercuVue, LigneVue, LotVue

PAR_LOT = 25  # articles shown of each lot when all the lots are
TRIS: Mapping[str, tuple[str, Callable[[LigneVue], Any]]] = {
    "": ("Ordre du marché", lambda vue: 0),
    "montant": ("Montant, du plus grand", lambda vue: -vue.ligne.montant_ht),
    "depot": ("Coût pour le dépôt, du plus grand", lambda vue: -vue.ligne.montant_depot_ht),
    "epargne": ("Épargné ensemble, du plus grand", lambda vue: -vue.ligne.gain_groupement_ht),
    "reference": ("Référence", lambda vue: vue.ligne.reference),
}


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the address asks for: a lot by its number, only what needs a decision, a key of `TRIS`."""

    lot: int | None = None
    a_decider: bool = False
    tri: str = ""

    @property
    def est_actif(self) -> bool:
        """Whether anything is hidden or moved."""
        return self != Filtre()


@dataclass(frozen=True, slots=True)
class LotFiltre:
    """A lot of the page with the articles shown, and how many of it are not."""

    vue: LotVue
    lignes: list[LigneVue]
    caches: int


def filtre_lu(args: Mapping[str, str]) -> Filtre:
    """The filter of an address; a word nobody offers is ignored."""
    lot, tri = args.get("lot", ""), args.get("tri", "")
    return Filtre(int(lot) if lot.isdecimal() else None, args.get("voir") == "a-decider", tri if tri in TRIS else "")


def filtrer(vue: ApercuVue, filtre: Filtre, decides: Collection[int]) -> list[LotFiltre]:
    """The lots with the articles to show. `decides`: the articles the buyer has decided something of."""
    lots = [lot for lot in vue.lots if filtre.lot in (None, lot.lot.numero)]
    affiches = []
    for lot in lots:
        lignes = [li for li in lot.lignes if not filtre.a_decider or raisons(li) or li.ligne.article_id in decides]
        lignes.sort(key=TRIS[filtre.tri][1])
        if filtre.lot is None and not filtre.a_decider:
            lignes = lignes[:PAR_LOT]
        if lignes or not filtre.a_decider:
            affiches.append(LotFiltre(lot, lignes, len(lot.lignes) - len(lignes)))
    return affiches


def raisons(vue: LigneVue) -> list[str]:
    """Why somebody should look at this article before the bons leave; empty when nothing is to be decided."""
    ligne = vue.ligne
    phrases = [vue.conseil] if vue.conseil else []
    if ligne.gain_groupement_ht < Decimal(0):
        phrases.append("Acheter ensemble coûte plus cher que séparément, à cause des colis complétés.")
    if ligne.surplus_au_depot * 2 > ligne.unites_achetees:
        phrases.append("Plus de la moitié de ce qui est acheté irait au dépôt.")
    return phrases


def a_decider(vue: ApercuVue) -> int:
    """How many articles need a decision."""
    return sum(bool(raisons(ligne)) for lot in vue.lots for ligne in lot.lignes)
