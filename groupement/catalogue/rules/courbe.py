"""A value that holds until the next one, as a line of steps to draw, in whole units of a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LARGEUR, HAUTEUR, MARGE = 600, 160, 12


@dataclass(frozen=True, slots=True)
class Point:
    """Where a value starts, on the grid."""

    x: int
    y: int
    du: date
    valeur: Decimal


@dataclass(frozen=True, slots=True)
class Escalier:
    """The drawing: `trace` is an SVG path of horizontal and vertical strokes over LARGEUR × HAUTEUR."""

    points: tuple[Point, ...]
    trace: str
    basse: Decimal
    haute: Decimal
    au: date


def escalier(valeurs: Sequence[tuple[date, Decimal]], au: date) -> Escalier | None:
    """The steps of (day it starts, value), in order, drawn until `au`; None for fewer than two: nothing to compare.

    The lowest value lies above the bottom by the margin, the highest below the top; values all equal lie half way.
    """
    rangees = sorted(valeurs)
    if len(rangees) < 2:
        return None
    debut, fin = rangees[0][0], max(au, rangees[-1][0])
    jours = max(1, (fin - debut).days)
    basse, haute = min(v for _, v in rangees), max(v for _, v in rangees)
    points = tuple(Point(_abscisse(jour, debut, jours), _ordonnee(v, basse, haute), jour, v) for jour, v in rangees)
    traits = [f"M{points[0].x} {points[0].y}"]
    traits += [f"H{point.x}V{point.y}" for point in points[1:]]
    return Escalier(points, f"{''.join(traits)}H{LARGEUR - MARGE}", basse, haute, fin)


def _abscisse(jour: date, debut: date, jours: int) -> int:
    """Days from the start, on the width left between the margins."""
    return MARGE + (jour - debut).days * (LARGEUR - 2 * MARGE) // jours


def _ordonnee(valeur: Decimal, basse: Decimal, haute: Decimal) -> int:
    """Up is more."""
    hauteur = HAUTEUR - 2 * MARGE
    if basse == haute:
        return HAUTEUR // 2
    return HAUTEUR - MARGE - int((valeur - basse) * hauteur / (haute - basse))
