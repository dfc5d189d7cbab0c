"""The need of a town hall, from its audit: shelves, boxes, bindings, weight, and the reasoning line by line.

`calculer_besoins` is the one door; `quantites` holds the arithmetic and `explications` the sentences.
Lengths shown are Decimal metres (ml) to the millimetre; counts are whole; weights are kg.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from groupement.etats_des_lieux.rules.explications import expliquer
from groupement.etats_des_lieux.rules.metres_lineaires import arrondi_entier, ml_arrondis, ml_depuis_mm
from groupement.etats_des_lieux.rules.quantites import EtatDesLieuxMesure, quantites
from groupement.etats_des_lieux.rules.reliures import Volume

__all__ = ["Besoins", "EtatDesLieuxMesure", "calculer_besoins"]


@dataclass(frozen=True)
class Besoins:
    """What an audit says is needed, before any order.

    `…_ml`: metres, rounded to the millimetre for display. `travees`, `boites_…`: pieces, rounded up from the exact
    lengths. `annees_avant_saturation`: years to one decimal once equipped, None when nothing grows. `poids_kg`: exact.
    `…_sans_elimination…`: the same need while the eliminations proposed have no visa.
    """

    net_ml: Decimal
    horizon_ml: Decimal
    requis_ml: Decimal
    a_equiper_ml: Decimal
    travees: int
    boites_definitif: int
    boites_temporaire: int
    volumes_a_relier: tuple[Volume, ...]
    annees_avant_saturation: Decimal | None
    poids_kg: Decimal
    explications: tuple[str, ...]
    net_sans_elimination_ml: Decimal
    a_equiper_sans_elimination_ml: Decimal
    travees_sans_elimination: int


def calculer_besoins(etat: EtatDesLieuxMesure) -> Besoins:
    """The whole need of `etat`, with its sentences.

    Raises ValueError, in French, when a year of a series is given twice. Source: docs/besoins.md.
    """
    calcul = quantites(etat)
    avec, sans = calcul.avec_eliminations, calcul.sans_eliminations
    return Besoins(
        net_ml=ml_depuis_mm(avec.net_mm),
        horizon_ml=ml_depuis_mm(avec.horizon_mm),
        requis_ml=ml_arrondis(avec.requis_mm),
        a_equiper_ml=ml_arrondis(avec.a_equiper_mm),
        travees=avec.travees,
        boites_definitif=calcul.definitif.boites,
        boites_temporaire=calcul.temporaire.boites,
        volumes_a_relier=tuple(volume for periode in calcul.periodes for volume in periode.volumes),
        annees_avant_saturation=_au_dixieme(avec.annees_avant_saturation),
        poids_kg=ml_depuis_mm(calcul.poids_g),  # a thousandth part all the same: grams to kg
        explications=expliquer(etat, calcul),
        net_sans_elimination_ml=ml_depuis_mm(sans.net_mm),
        a_equiper_sans_elimination_ml=ml_arrondis(sans.a_equiper_mm),
        travees_sans_elimination=sans.travees,
    )


def _au_dixieme(annees: Fraction | None) -> Decimal | None:
    """Years to one decimal, halves up: 11.5416… → 11.5."""
    return None if annees is None else Decimal(arrondi_entier(annees * 10)).scaleb(-1)
