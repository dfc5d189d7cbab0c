"""Revising prices by index: the formula of a lot, the coefficient it gives, the prices that follow.

P = P0 × (part fixe + (1 − part fixe) × Σ poids × I / I0). Prices are € HT a piece; shares and limits in percent.
Sources: CCAG-FCS 2021 article 10.2.3 (the coefficient is rounded up to the thousandth), CCP R2112-13; rules.md §1.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext
from enum import Enum
from fractions import Fraction

from groupement.catalogue.rules.prix import Palier
from groupement.socle.nombres import decimal_fr

CENT = Fraction(100)
MILLIEME = Decimal("0.001")
DECIMALES_PERMISES = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Indice:
    """An index of the formula: its share of the variable part (%), its value when prices were set."""

    code: str
    libelle: str
    poids_pct: Decimal
    valeur_base: Decimal


@dataclass(frozen=True, slots=True)
class Formule:
    """The revision clause of a lot. Limits are in % of the initial price; None: the contract has no such limit.

    `seuil_pct`: below this change nothing moves. `butoir_pct`: a rise stops there. `sauvegarde_pct`: above, the buyer
    may end what is left of the contract. `decimales`: places kept in a unit price.
    """

    part_fixe_pct: Decimal
    indices: tuple[Indice, ...]
    decimales: int = 4
    seuil_pct: Decimal | None = None
    butoir_pct: Decimal | None = None
    sauvegarde_pct: Decimal | None = None


class Verdict(Enum):
    """What the limits of the contract made of the coefficient."""

    APPLIQUE = "applique"
    SOUS_LE_SEUIL = "sous_le_seuil"
    AU_BUTOIR = "au_butoir"


@dataclass(frozen=True, slots=True)
class Terme:
    """One index in the calculation: its value then and now, and what it weighs in the coefficient."""

    indice: Indice
    valeur: Decimal
    rapport: Decimal  # I / I0, six decimals, for the eye
    poids: Decimal  # share of the whole price, in %


@dataclass(frozen=True, slots=True)
class Coefficient:
    """The result, and each step to it: `brut` (six decimals, for the eye), `arrondi` up, `retenu` after the limits."""

    termes: tuple[Terme, ...]
    brut: Decimal
    arrondi: Decimal
    retenu: Decimal
    verdict: Verdict
    sauvegarde_ouverte: bool


@dataclass(frozen=True, slots=True)
class PrixRevise:
    """The tiers of an article: at the start of the contract, now, and once revised."""

    initiaux: tuple[Palier, ...]
    actuels: tuple[Palier, ...]
    nouveaux: tuple[Palier, ...]

    @property
    def change(self) -> bool:
        """Whether the revision writes a new price."""
        return self.nouveaux != self.actuels


def fautes_de_la_formule(formule: Formule) -> dict[str, str]:
    """What is wrong with a formula, by field; empty when it can be used."""
    fautes = {}
    if not 0 <= formule.part_fixe_pct < 100:
        fautes["part_fixe_pct"] = (
            "La part fixe va de 0 à moins de 100\u00a0%\u00a0: à 100\u00a0%, le prix serait ferme."
        )
    if not formule.indices:
        fautes["indices"] = "Indiquez au moins un indice\u00a0: c’est lui qui fait varier le prix."
    elif (somme := sum((indice.poids_pct for indice in formule.indices), Decimal(0))) != 100:
        fautes["indices"] = (
            f"Les poids des indices font 100\u00a0% ensemble\u00a0: ceux-ci font {decimal_fr(somme)}\u00a0%."
        )
    elif any(indice.valeur_base <= 0 or indice.poids_pct <= 0 for indice in formule.indices):
        fautes["indices"] = "Le poids et la valeur de départ d’un indice sont supérieurs à zéro."
    elif len({indice.code for indice in formule.indices}) < len(formule.indices):
        fautes["indices"] = "Un même indice est écrit deux fois."
    if formule.decimales not in DECIMALES_PERMISES:
        fautes["decimales"] = "Un prix unitaire garde 2, 3 ou 4 décimales."
    if None not in (formule.seuil_pct, formule.butoir_pct) and formule.butoir_pct < formule.seuil_pct:  # type: ignore[operator]
        fautes["butoir_pct"] = "Le butoir est au moins égal au seuil de déclenchement."
    return fautes


def faute_de_valeur(indice: Indice, valeur: Decimal | None) -> str | None:
    """Why the value read for an index cannot be used; None when it can."""
    if valeur is None:
        return f"Indiquez la valeur de l’indice {indice.code}\u00a0: sans elle, le coefficient ne se calcule pas."
    if valeur <= 0:
        return f"L’indice {indice.code} est supérieur à zéro\u00a0: relisez sa publication."
    return None


def coefficient(formule: Formule, valeurs: Mapping[str, Decimal]) -> Coefficient:
    """The coefficient for the index values read (by code), exact until it is rounded up to the thousandth.

    The limits then apply to the rounded coefficient: below the trigger it stays 1, a rise stops at the cap. A change
    equal to a limit does not pass it. Raises ValueError for a wrong formula, an index missing, zero or negative.
    """
    fautes = fautes_de_la_formule(formule)
    if fautes:
        raise ValueError(" ".join(fautes.values()))
    for indice in formule.indices:
        if faute := faute_de_valeur(indice, valeurs.get(indice.code)):
            raise ValueError(faute)
    fixe = Fraction(formule.part_fixe_pct) / CENT
    rapports = [Fraction(valeurs[indice.code]) / Fraction(indice.valeur_base) for indice in formule.indices]
    poids = [(1 - fixe) * Fraction(indice.poids_pct) / CENT for indice in formule.indices]
    brut = fixe + sum(part * rapport for part, rapport in zip(poids, rapports, strict=True))
    arrondi = _vers_le_haut(brut)
    retenu, verdict = _limiter(formule, arrondi)
    termes = tuple(
        Terme(indice, valeurs[indice.code], _lisible(rapport), _lisible(part * CENT))
        for indice, rapport, part in zip(formule.indices, rapports, poids, strict=True)
    )
    variation = _variation_pct(arrondi)
    ouverte = formule.sauvegarde_pct is not None and variation > formule.sauvegarde_pct
    return Coefficient(termes, _lisible(brut), arrondi, retenu, verdict, ouverte)


def reviser(initiaux: Sequence[Palier], coefficient_retenu: Decimal, decimales: int) -> tuple[Palier, ...]:
    """The initial tiers times the coefficient, each unit price rounded half up to `decimales` places.

    A price never falls to nothing: it keeps at least its last decimal. Thresholds do not move.
    """
    pas = Decimal(1).scaleb(-decimales)
    return tuple(
        Palier(
            palier.a_partir_de,
            max(pas, (palier.prix_unitaire_ht * coefficient_retenu).quantize(pas, ROUND_HALF_UP)),
        )
        for palier in initiaux
    )


def prix_revises(
    initiaux: Mapping[int, tuple[Palier, ...]],
    actuels: Mapping[int, tuple[Palier, ...]],
    retenu: Decimal,
    decimales: int,
) -> dict[int, PrixRevise]:
    """What the revision makes of each article (by id): from its initial price, next to the one in force."""
    return {
        article_id: PrixRevise(depart, actuels.get(article_id, ()), reviser(depart, retenu, decimales))
        for article_id, depart in initiaux.items()
    }


def _vers_le_haut(brut: Fraction) -> Decimal:
    """A fraction rounded up to the thousandth, without a detour by a cut decimal."""
    milliemes = -(-brut.numerator * 1000 // brut.denominator)
    return (Decimal(milliemes) * MILLIEME).quantize(MILLIEME, ROUND_CEILING)


def _limiter(formule: Formule, arrondi: Decimal) -> tuple[Decimal, Verdict]:
    """The coefficient after the trigger and the cap."""
    un = Decimal("1.000")
    variation = _variation_pct(arrondi)
    if formule.seuil_pct is not None and abs(variation) <= formule.seuil_pct:
        return un, Verdict.SOUS_LE_SEUIL
    if formule.butoir_pct is not None and variation > formule.butoir_pct:
        return un + formule.butoir_pct / 100, Verdict.AU_BUTOIR
    return arrondi, Verdict.APPLIQUE


def _variation_pct(valeur: Decimal) -> Decimal:
    """1.028 is a change of 2.8 %."""
    return (valeur - 1) * 100


def _lisible(valeur: Fraction) -> Decimal:
    """Six decimals, for a person to follow the calculation."""
    with localcontext(Context(prec=40)):
        return (Decimal(valeur.numerator) / Decimal(valeur.denominator)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
