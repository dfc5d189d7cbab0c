"""What the `dims` column of the BPU says, by family. Integer millimetres.

Conventions of the column:
- a box that stands (it has a linear capacity), `330x250x100`: depth on the shelf, height, spine (the last figure);
- a box that lies flat (no linear capacity), `440x320x100`: length, depth, height, no spine;
- everything else with three figures, `1060x350x2200`: length, depth, height;
- fewer figures (a folder, a strap, « sur mesure »): the text is kept, nothing is deduced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.socle.nombres import ESPACE_INSECABLE, decimal_fr, entier_fr

DEBOUT = "boite"


@dataclass(frozen=True, slots=True)
class Mesures:
    """The sides that matter on a shelf, in mm; None when the BPU does not say."""

    dos_mm: int | None = None
    profondeur_mm: int | None = None
    hauteur_mm: int | None = None


def mesures(famille: str, dimensions_mm: Sequence[int], capacite_mm: int | None) -> Mesures:
    """Spine, depth and height of an article of `famille` from the figures of its `dims`."""
    if len(dimensions_mm) != 3:
        return Mesures()
    premiere, deuxieme, troisieme = dimensions_mm
    if famille == DEBOUT and capacite_mm is not None:
        return Mesures(dos_mm=troisieme, profondeur_mm=premiere, hauteur_mm=deuxieme)
    return Mesures(profondeur_mm=deuxieme, hauteur_mm=troisieme)


def en_centimetres(millimetres: int) -> str:
    """A length as people measure it: 100 gives « 10 cm », 95 gives « 9,5 cm »."""
    centimetres, reste = divmod(millimetres, 10)
    return f"{entier_fr(centimetres)}{f',{reste}' if reste else ''}{ESPACE_INSECABLE}cm"


def en_kilogrammes(grammes: int) -> str:
    """A weight as a scale shows it: 260 gives « 0,26 kg »."""
    return decimal_fr(Decimal(grammes) / 1000) + ESPACE_INSECABLE + "kg"


def dimensions_lisibles(dimensions: str) -> str:
    """The `dims` cell as people read it: « 330x250x100 » gives « 330 × 250 × 100 mm »; a text stays a text."""
    cotes = dimensions.split("x")
    if not dimensions or not all(cote.isdigit() for cote in cotes):
        return dimensions
    return " × ".join(entier_fr(int(cote)) for cote in cotes) + ESPACE_INSECABLE + "mm"
