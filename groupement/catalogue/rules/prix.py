"""Prices by tier: which one applies, what the next one would cost, which quantity is the cheapest to buy.

Unit prices are euros a piece excluding tax, up to four decimals; amounts are in whole centimes.
A tier says « from so many pieces on, each costs so much »; the cost of a need is therefore not monotone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.socle.argent import montant_ligne
from groupement.socle.nombres import entier_fr, euros_fr


@dataclass(frozen=True, slots=True)
class Palier:
    """From `a_partir_de` pieces on, each piece costs `prix_unitaire_ht` (€ excluding tax)."""

    a_partir_de: int
    prix_unitaire_ht: Decimal


@dataclass(frozen=True, slots=True)
class OptionAchat:
    """One way to cover a need: `unites` pieces in `colis` packs, at one unit price (€ HT), for `montant_ht` (€)."""

    unites: int
    colis: int
    prix_unitaire_ht: Decimal
    montant_ht: Decimal


@dataclass(frozen=True, slots=True)
class AchatsConseilles:
    """The ways to cover `besoin` pieces: the rounded-up quantity first, then every higher tier.

    `economie_ht` (€) is what the cheapest spares against the rounded-up quantity; 0 when that one is the cheapest.
    """

    besoin: int
    options: tuple[OptionAchat, ...]
    moins_chere: OptionAchat
    economie_ht: Decimal

    @property
    def au_plus_juste(self) -> OptionAchat:
        """The smallest quantity that covers the need in whole packs."""
        return self.options[0]


def palier_applicable(paliers: Sequence[Palier], unites: int) -> Palier:
    """The tier of the highest threshold not above `unites`; below the first threshold, the first tier.

    `paliers` in any order. Raises ValueError when there is none: an article without a price cannot be ordered.
    """
    if not paliers:
        raise ValueError("article sans prix")
    atteints = [palier for palier in paliers if palier.a_partir_de <= unites]
    if atteints:
        return max(atteints, key=_seuil)
    return min(paliers, key=_seuil)


def palier_suivant(paliers: Sequence[Palier], unites: int) -> Palier | None:
    """The tier just above the one that applies to `unites`, or None when the last is reached."""
    applique = palier_applicable(paliers, unites)
    plus_hauts = [palier for palier in paliers if palier.a_partir_de > applique.a_partir_de]
    return min(plus_hauts, key=_seuil, default=None)


def achats_conseilles(paliers: Sequence[Palier], unites_par_colis: int, besoin: int) -> AchatsConseilles:
    """Every sensible way to buy at least `besoin` pieces in whole packs, and the cheapest of them.

    The need rounded up to whole packs is evaluated, and every tier threshold above it (rounded up to whole packs):
    901 boxes cost more than 1 000 when the price drops there. At equal cost the smallest quantity wins.
    It is advice: buying above the need is for a person to decide.
    Raises ValueError without a price, for a need below one piece, or a pack below one. Source: archives.md §8.
    """
    if besoin < 1:
        raise ValueError(f"besoin impossible : {besoin}")
    arrondi = colis_necessaires(besoin, unites_par_colis)
    seuils = {colis_necessaires(palier.a_partir_de, unites_par_colis) for palier in paliers}
    options = tuple(
        _option(paliers, unites_par_colis, colis)
        for colis in sorted({arrondi} | {seuil for seuil in seuils if seuil > arrondi})
    )
    moins_chere = min(options, key=lambda option: (option.montant_ht, option.unites))
    return AchatsConseilles(besoin, options, moins_chere, options[0].montant_ht - moins_chere.montant_ht)


def controler_paliers(paliers: Sequence[Palier], unites_par_colis: int = 1) -> list[str]:
    """French sentences on what is wrong with a price list; an empty list when it can be used.

    Thresholds must rise, start at one at least and be multiples of the pack; prices must be positive, hold four
    decimals at most, and fall from each tier to the next.
    """
    if not paliers:
        return ["Indiquez au moins un prix."]
    fautes = [faute for palier in paliers for faute in _fautes_du_palier(palier, unites_par_colis)]
    for avant, apres in zip(paliers, paliers[1:], strict=False):
        if apres.a_partir_de <= avant.a_partir_de:
            fautes.append(
                f"Les seuils doivent augmenter\u00a0: {entier_fr(apres.a_partir_de)} vient après "
                f"{entier_fr(avant.a_partir_de)}."
            )
        elif apres.prix_unitaire_ht >= avant.prix_unitaire_ht:
            fautes.append(
                f"Le prix doit baisser à chaque palier\u00a0: à partir de {entier_fr(apres.a_partir_de)}, "
                f"{euros_fr(apres.prix_unitaire_ht)} n’est pas inférieur à {euros_fr(avant.prix_unitaire_ht)}."
            )
    return fautes


def _seuil(palier: Palier) -> int:
    """Sorting key: the threshold."""
    return palier.a_partir_de


def _option(paliers: Sequence[Palier], unites_par_colis: int, colis: int) -> OptionAchat:
    """What `colis` whole packs cost at the tier they reach."""
    unites = colis * unites_par_colis
    prix = palier_applicable(paliers, unites).prix_unitaire_ht
    return OptionAchat(unites, colis, prix, montant_ligne(unites, prix))


def _fautes_du_palier(palier: Palier, unites_par_colis: int) -> list[str]:
    """What is wrong with one tier taken alone."""
    seuil, prix, fautes = palier.a_partir_de, palier.prix_unitaire_ht, []
    if seuil < 1:
        fautes.append(f"Le seuil d’un palier est d’au moins 1\u00a0: {entier_fr(seuil)} ne convient pas.")
    elif seuil % unites_par_colis:
        fautes.append(
            f"Le seuil {entier_fr(seuil)} n’est pas un multiple du conditionnement ({entier_fr(unites_par_colis)})."
        )
    if prix <= 0:
        fautes.append(f"Un prix est supérieur à zéro\u00a0: {euros_fr(prix)} ne convient pas.")
    elif prix != prix.quantize(Decimal("0.0001")):
        fautes.append(f"Un prix a au plus quatre décimales\u00a0: {euros_fr(prix)} en a davantage.")
    return fautes
