"""What a tier of the price list saves, said beside each tier. Amounts in € HT."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.prix import Palier
from groupement.socle.argent import arrondir, montant_ligne


@dataclass(frozen=True, slots=True)
class Economie:
    """Against the base price: the percent saved (two decimals), and the amount at the threshold; zero on the first."""

    palier: Palier
    pourcent: Decimal
    au_seuil_ht: Decimal


def economies(paliers: Sequence[Palier]) -> tuple[Economie, ...]:
    """What each tier saves; `paliers` with the lowest threshold first."""
    return tuple(_economie(palier, paliers[0].prix_unitaire_ht) for palier in paliers)


def _economie(palier: Palier, base: Decimal) -> Economie:
    """One tier against the base price."""
    baisse = base - palier.prix_unitaire_ht
    au_seuil = montant_ligne(palier.a_partir_de, base) - montant_ligne(palier.a_partir_de, palier.prix_unitaire_ht)
    return Economie(palier, arrondir(baisse * 100 / base), au_seuil)
