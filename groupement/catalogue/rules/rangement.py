"""Boxes on shelves: how they stand, how many, on how many levels, and what a shelf carries. Integer mm and kg.

A box of the BPU, `330x250x100`, is laid on its long side (« sur chant »: 330 deep, 250 high) or stood up (« debout »:
250 deep, 330 high); its spine is always what it takes of the length. Sources: rules of storage in docs/implantation.md
(SIAF, AD81, PD 5454) and docs/besoins.md.
"""

from dataclasses import dataclass
from functools import lru_cache

PLUS_HAUTE_TABLETTE_MM = 1800  # PIAF, AD64: nobody lifts a full box higher
DEGAGEMENT_PLAFOND_MM = 300  # lighting and sprinklers, PD 5454
KG_PAR_METRE = 60  # of boxed papers, the figure shelving is designed for


def boites_par_tablette(longueur_utile_mm: int, dos_mm: int) -> int:
    """Boxes of spine `dos_mm` that really stand on one shelf; the rest of the shelf is lost.

    1200 mm and 100 mm give 12: with floats 1.2 / 0.1 would give 11. Raises ValueError for a spine not positive.
    """
    if dos_mm <= 0 or longueur_utile_mm < 0:
        raise ValueError(f"mesures impossibles\u00a0: tablette de {longueur_utile_mm} mm, dos de {dos_mm} mm")
    return longueur_utile_mm // dos_mm


@dataclass(frozen=True)
class Niveaux:
    """What decides the number of levels of a bay; every length in mm, measured from the floor or along the height."""

    hauteur_travee_mm: int
    hauteur_boite_mm: int
    air_mm: int = 50
    epaisseur_tablette_mm: int = 30
    premiere_tablette_mm: int = 150
    plafond_mm: int | None = None
    tablettes_fournies: int | None = None


def niveaux_utilisables(mesures: Niveaux) -> int:
    """Levels of a bay on which boxes can stand, 0 when even the first shelf is too high.

    The highest loaded shelf stays at or below 1 800 mm, its boxes stay inside the bay and 300 mm under the ceiling,
    and no more levels than the shelves supplied. Raises ValueError when a level would have no height.
    """
    pas = mesures.hauteur_boite_mm + mesures.air_mm + mesures.epaisseur_tablette_mm
    if pas <= 0:
        raise ValueError(f"hauteur de niveau impossible\u00a0: {pas} mm")
    plus_haute = min(PLUS_HAUTE_TABLETTE_MM, mesures.hauteur_travee_mm - mesures.hauteur_boite_mm)
    if mesures.plafond_mm is not None:
        plus_haute = min(plus_haute, mesures.plafond_mm - DEGAGEMENT_PLAFOND_MM - mesures.hauteur_boite_mm)
    niveaux = max(0, (plus_haute - mesures.premiere_tablette_mm) // pas + 1)
    return niveaux if mesures.tablettes_fournies is None else min(niveaux, mesures.tablettes_fournies)


@dataclass(frozen=True, slots=True)
class Boite:
    """A box that stands on a shelf, as the BPU measures it: depth and height when laid « sur chant », and spine."""

    profondeur_mm: int
    hauteur_mm: int
    dos_mm: int


@dataclass(frozen=True, slots=True)
class Tablettes:
    """What an article of shelving offers: `travees` bays of `faces` faces, each with `par_face` shelves.

    `hauteur_mm` is the height of the bay; None for shelves sold alone. `charge_kg`: what one shelf carries.
    """

    longueur_utile_mm: int
    profondeur_mm: int
    par_face: int
    charge_kg: int | None = None
    hauteur_mm: int | None = None
    faces: int = 1
    travees: int = 1


@dataclass(frozen=True, slots=True)
class Rangement:
    """How boxes stand on shelves. `perdu_mm`: the depth of shelf left empty; `par_poids`: the load, not the length,
    limits how many stand on a shelf."""

    pose: str
    profondeur_boite_mm: int
    par_tablette: int
    niveaux: int
    boites: int
    poids_kg: int
    perdu_mm: int
    par_poids: bool = False


@lru_cache(maxsize=4096)
def ranger(boite: Boite, tablettes: Tablettes) -> Rangement | None:
    """How this box stands on these shelves: « sur chant » when they are deep enough, else « debout ».

    None when it cannot: too deep either way, no level high enough, or not even one box for the length or the load.
    """
    poses = (("sur chant", boite.profondeur_mm, boite.hauteur_mm), ("debout", boite.hauteur_mm, boite.profondeur_mm))
    for pose, profondeur_mm, hauteur_mm in poses:
        if profondeur_mm > tablettes.profondeur_mm:
            continue
        niveaux = _niveaux(tablettes, hauteur_mm)
        en_longueur = boites_par_tablette(tablettes.longueur_utile_mm, boite.dos_mm)
        par_tablette = _selon_la_charge(en_longueur, boite.dos_mm, tablettes.charge_kg)
        if niveaux and par_tablette:
            return Rangement(
                pose=pose,
                profondeur_boite_mm=profondeur_mm,
                par_tablette=par_tablette,
                niveaux=niveaux,
                boites=par_tablette * niveaux * tablettes.faces * tablettes.travees,
                poids_kg=poids_de(par_tablette * boite.dos_mm),
                perdu_mm=tablettes.profondeur_mm - profondeur_mm,
                par_poids=par_tablette < en_longueur,
            )
    return None


def poids_de(longueur_mm: int) -> int:
    """What so much length of full boxes weighs, in kg, rounded up."""
    return -(-longueur_mm * KG_PAR_METRE // 1000)


def _niveaux(tablettes: Tablettes, hauteur_boite_mm: int) -> int:
    """The levels boxes of that height can use; a shelf sold alone is one level."""
    if tablettes.hauteur_mm is None:
        return tablettes.par_face
    mesures = Niveaux(tablettes.hauteur_mm, hauteur_boite_mm, tablettes_fournies=tablettes.par_face)
    return niveaux_utilisables(mesures)


def _selon_la_charge(boites: int, dos_mm: int, charge_kg: int | None) -> int:
    """As many boxes as the shelf carries, full."""
    if charge_kg is None:
        return boites
    return min(boites, charge_kg * 1000 // (KG_PAR_METRE * dos_mm))
