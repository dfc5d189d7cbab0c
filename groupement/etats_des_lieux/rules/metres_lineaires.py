"""Linear metres of shelf: exact conversions, what a shelf or a bay holds, one measured line of an audit.

Lengths are whole millimetres inside; a `Decimal` of metres only at the doors (what is typed, what is shown).
Source: formulas and figures of French archives practice (PIAF, notes of the SIAF), see docs/besoins.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from groupement.socle.nombres import ESPACE_INSECABLE, accorde, decimal_fr, entier_fr

MILLIMETRE = Decimal("0.001")  # of a metre
LONGUEUR_MAX_ML = 1_000_000  # a thousand kilometres: beyond, it is a typing error


def arrondi_entier(valeur: Fraction) -> int:
    """The whole number nearest to `valeur` (any unit), halves away from zero."""
    entier, reste = divmod(abs(valeur), 1)
    entier += reste >= Fraction(1, 2)
    return -entier if valeur < 0 else entier


def entier_superieur(valeur: Fraction) -> int:
    """The smallest whole number not below `valeur` (any unit)."""
    return -(-valeur // 1)


class Forme(StrEnum):
    """How documents stand on the shelf; decides whether they are boxed and whether they count in upright metres."""

    REGISTRES = "registres"
    DOSSIERS = "dossiers"
    VRAC = "vrac"
    CLASSEURS = "classeurs"
    GRAND_FORMAT = "grand_format"

    @property
    def libelle(self) -> str:
        """The French words people read."""
        return LIBELLES_FORMES[self]

    @property
    def se_met_en_boite(self) -> bool:
        """Whether these documents go into upright boxes: registers stand bare, oversize lies flat."""
        return self in {Forme.DOSSIERS, Forme.VRAC, Forme.CLASSEURS}

    @property
    def compte_en_metres_lineaires(self) -> bool:
        """Whether these documents take upright shelf: everything but oversize, kept flat or rolled."""
        return self is not Forme.GRAND_FORMAT


LIBELLES_FORMES = {
    Forme.REGISTRES: "registres",
    Forme.DOSSIERS: "dossiers",
    Forme.VRAC: "vrac",
    Forme.CLASSEURS: "classeurs",
    Forme.GRAND_FORMAT: "grand format",
}


def mm_depuis_ml(metres: Decimal) -> int:
    """Whole millimetres in `metres` (ml, or m): Decimal("14.00") → 14000.

    Raises ValueError, in French, for a value finer than a millimetre, not finite, or beyond 1 000 km.
    """
    if not metres.is_finite() or not -LONGUEUR_MAX_ML <= metres <= LONGUEUR_MAX_ML:
        raise ValueError(f"longueur impossible, indiquez au plus {entier_fr(LONGUEUR_MAX_ML)}{ESPACE_INSECABLE}ml")
    au_millimetre = metres.quantize(MILLIMETRE)
    if au_millimetre != metres:
        raise ValueError("longueur plus fine que le millimètre, gardez trois décimales au plus")
    return int(au_millimetre.scaleb(3))


def ml_depuis_mm(longueur_mm: int) -> Decimal:
    """Metres (ml) in `longueur_mm`, exact: two decimals, and a third only when it is needed (50.95, 69.944)."""
    if longueur_mm % 10:
        return Decimal(longueur_mm).scaleb(-3)
    return Decimal(longueur_mm // 10).scaleb(-2)


def ml_arrondis(longueur_mm: Fraction) -> Decimal:
    """Metres (ml) nearest to an exact length in mm, to the millimetre, halves up: what is shown, never reused."""
    return ml_depuis_mm(arrondi_entier(longueur_mm))


def ecrire_ml(longueur_mm: int | Fraction) -> str:
    """« 50,95 ml », for people; a length that is not a whole number of mm is rounded to the nearest."""
    return f"{decimal_fr(ml_arrondis(Fraction(longueur_mm)), 2)}{ESPACE_INSECABLE}ml"


def capacite_travee_mm(niveaux: int, longueur_utile_mm: int, faces: int = 1) -> int:
    """Length of shelf (mm) offered by a bay: usable levels × useful length × faces (2 for a double bay).

    Raises ValueError when a level count or a length is negative, or `faces` is neither 1 nor 2.
    """
    if niveaux < 0 or longueur_utile_mm < 0 or faces not in {1, 2}:
        taille = f"{accorde(niveaux, 'niveau', 'niveaux')} de {longueur_utile_mm} mm, {accorde(faces, 'face')}"
        raise ValueError(f"travée impossible\u00a0: {taille}")
    return niveaux * longueur_utile_mm * faces


def boites_pour(longueur_mm: int, dos_mm: int) -> int:
    """Boxes of spine `dos_mm` needed to hold `longueur_mm` of documents, rounded up; none for a length below zero.

    Raises ValueError for a spine not positive.
    """
    if dos_mm <= 0:
        raise ValueError(f"dos de boîte impossible\u00a0: {dos_mm} mm")
    return max(0, -(-longueur_mm // dos_mm))


@dataclass(frozen=True)
class Mesure:
    """One measured line of an audit, lengths in mm; measured = eliminable + temporary + definitive, always.

    `eliminable_mm` is only proposed until the departmental archives give their visa. `deja_boite_…` is the length
    already well boxed in that grade; it may exceed the length of its own line, since emptied boxes serve elsewhere.
    Raises ValueError, in French, when a length is negative or the three parts do not make the whole.
    """

    categorie: str
    forme: Forme
    mesure_mm: int
    eliminable_mm: int = 0
    temporaire_mm: int = 0
    definitif_mm: int = 0
    deja_boite_definitif_mm: int = 0
    deja_boite_temporaire_mm: int = 0

    def __post_init__(self) -> None:
        """Hold the invariant."""
        longueurs = (self.mesure_mm, self.eliminable_mm, self.temporaire_mm, self.definitif_mm)
        if min(*longueurs, self.deja_boite_definitif_mm, self.deja_boite_temporaire_mm) < 0:
            raise ValueError("longueur négative, indiquez zéro ou plus")
        parties = self.eliminable_mm + self.temporaire_mm + self.definitif_mm
        if parties != self.mesure_mm:
            raise ValueError(
                f"{ecrire_ml(self.mesure_mm)} mesurés, mais éliminable + temporaire + définitif font "
                f"{ecrire_ml(parties)}\u00a0: corrigez pour que les deux soient égaux"
            )

    @property
    def net_mm(self) -> int:
        """What stays once the proposed eliminations are made, in mm: temporary + definitive."""
        return self.mesure_mm - self.eliminable_mm
