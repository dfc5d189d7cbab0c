"""An archive room on paper: rectangles in mm, origin at the south-west corner, x to the east, y to the north.

Every plan is worked out with rows along x; a room is turned over its diagonal (`transposee`) to try rows along y.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

PASSAGE_MM = 700  # a person with a trolley
DEVANT_PORTE_MM = 800  # kept free before a door that opens outwards


class Mur(StrEnum):
    """A wall, by the side it stands on."""

    NORD = "N"
    SUD = "S"
    EST = "E"
    OUEST = "O"

    @property
    def transpose(self) -> "Mur":
        """The wall it becomes when the room is turned over its diagonal."""
        return TRANSPOSES[self]


TRANSPOSES = {Mur.NORD: Mur.EST, Mur.EST: Mur.NORD, Mur.SUD: Mur.OUEST, Mur.OUEST: Mur.SUD}


@dataclass(frozen=True)
class Rectangle:
    """What lies between two corners, in mm."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def transpose(self) -> "Rectangle":
        """The same with x and y exchanged."""
        return Rectangle(self.y0, self.x0, self.y1, self.x1)

    def chevauche(self, autre: "Rectangle") -> bool:
        """Whether the two share more than an edge."""
        return self.x0 < autre.x1 and autre.x0 < self.x1 and self.y0 < autre.y1 and autre.y0 < self.y1


@dataclass(frozen=True)
class Porte:
    """A door: its wall, its distance from the west (N, S) or south (E, O) end, its width, which way it swings."""

    mur: Mur
    decalage_mm: int
    largeur_mm: int
    vers_interieur: bool = False

    @property
    def milieu_mm(self) -> int:
        """Its middle along the wall."""
        return self.decalage_mm + self.largeur_mm // 2


@dataclass(frozen=True)
class Parametres:
    """What a plan is drawn with, mm and kg; `allee_principale_mm` None: 900 below 30 m², else 1 200."""

    allee_mm: int = 800
    allee_principale_mm: int | None = None
    recul_mm: int = 100
    profondeur_mm: int = 350
    montant_mm: int = 30
    largeurs_mm: tuple[int, ...] = (1000, 1200)
    niveaux: int = 6
    kg_par_ml: int = 60


@dataclass(frozen=True)
class Salle:
    """A rectangular room; `murs_sans_rayonnage` gives the distance kept from each wall that takes no shelf (mm)."""

    x_mm: int
    y_mm: int
    plafond_mm: int | None = None
    portes: tuple[Porte, ...] = ()
    obstacles: tuple[Rectangle, ...] = ()
    murs_sans_rayonnage: tuple[tuple[Mur, int], ...] = ()
    charge_admissible_kg_m2: int | None = None

    @property
    def surface_mm2(self) -> int:
        """Floor area, mm²."""
        return self.x_mm * self.y_mm

    @property
    def transposee(self) -> "Salle":
        """The same room turned over its diagonal."""
        return replace(
            self,
            x_mm=self.y_mm,
            y_mm=self.x_mm,
            portes=tuple(replace(porte, mur=porte.mur.transpose) for porte in self.portes),
            obstacles=tuple(obstacle.transpose for obstacle in self.obstacles),
            murs_sans_rayonnage=tuple((mur.transpose, recul) for mur, recul in self.murs_sans_rayonnage),
        )

    def accepte_rayonnage(self, mur: Mur) -> bool:
        """Whether a row may stand against this wall."""
        return mur not in dict(self.murs_sans_rayonnage)

    def recul_mm(self, mur: Mur, parametres: Parametres) -> int:
        """Distance kept between this wall and any shelving, mm."""
        return max(dict(self.murs_sans_rayonnage).get(mur, 0), parametres.recul_mm)

    @property
    def zones_interdites(self) -> tuple[tuple[Rectangle, ...], ...]:
        """Where no bay may stand, in each way worth trying: obstacles, and the floor before each door.

        The floor before a door is its leaf when it swings in, else 0.80 m. When there are obstacles, two more ways
        keep a passage of 0.70 m along their north side or their south side, since a pillar alone may close an aisle.
        """
        devant = tuple(self._devant(porte) for porte in self.portes)
        if not self.obstacles:
            return (devant,)
        au_nord = (Rectangle(o.x0 - PASSAGE_MM, o.y0, o.x1 + PASSAGE_MM, o.y1 + PASSAGE_MM) for o in self.obstacles)
        au_sud = (Rectangle(o.x0 - PASSAGE_MM, o.y0 - PASSAGE_MM, o.x1 + PASSAGE_MM, o.y1) for o in self.obstacles)
        return (*self.obstacles, *devant), (*au_nord, *devant), (*au_sud, *devant)

    def _devant(self, porte: Porte) -> Rectangle:
        """The floor kept free before a door."""
        debut, fin = porte.decalage_mm, porte.decalage_mm + porte.largeur_mm
        fond = porte.largeur_mm if porte.vers_interieur else DEVANT_PORTE_MM
        zones = {
            Mur.SUD: Rectangle(debut, 0, fin, fond),
            Mur.NORD: Rectangle(debut, self.y_mm - fond, fin, self.y_mm),
            Mur.OUEST: Rectangle(0, debut, fond, fin),
            Mur.EST: Rectangle(self.x_mm - fond, debut, self.x_mm, fin),
        }
        return zones[porte.mur]


def allee_principale_mm(salle: Salle, parametres: Parametres) -> int:
    """Width of the main aisle, mm: the one asked, else 900 in a room below 30 m² and 1 200 above."""
    if parametres.allee_principale_mm is not None:
        return parametres.allee_principale_mm
    return 900 if salle.surface_mm2 < 30_000_000 else 1200
