"""The best room plan of a family small enough to try them all: linear metres, rows, starters and add-ons.

Pure and deterministic: the same room always gives the same plan. Lengths in mm; `metres_lineaires` leaves as Decimal
metres. Source: docs/implantation.md (PIAF for aisles and ratios, Arcalys for loads).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from groupement.catalogue.rules.rangement import Niveaux, niveaux_utilisables
from groupement.etats_des_lieux.rules.acces import travees_accessibles
from groupement.etats_des_lieux.rules.dispositions import Disposition, dispositions
from groupement.etats_des_lieux.rules.salle import Parametres, Rectangle, Salle
from groupement.etats_des_lieux.rules.travees import Rangee, remplir

HAUTEUR_TRAVEE_MM = 2200
HAUTEUR_BOITE_MM = 250


class Sens(StrEnum):
    """The way rows run."""

    X = "x"
    Y = "y"


@dataclass(frozen=True)
class Rang:
    """One row as it is bought and numbered: its floor, one face or two back to back, its bays from one end."""

    rectangle: Rectangle
    faces: int
    largeurs_mm: tuple[int, ...]

    @property
    def longueur_mm(self) -> int:
        """Shelf length of one level, all faces, mm."""
        return self.faces * sum(self.largeurs_mm)


@dataclass(frozen=True)
class Implantation:
    """A plan. Bays, starters and add-ons are counted by face: a double bay is two.

    `travees_perdues`: bays a door, a pillar or a closed passage took from the layout. `allee_principale`: the floor of
    the main aisle; None when one aisle is all there is.
    """

    salle: Salle
    parametres: Parametres
    niveaux: int
    rangs: tuple[Rang, ...]
    travees_perdues: int = 0
    allee_mm: int | None = None
    allee_principale: Rectangle | None = None

    @property
    def longueur_mm(self) -> int:
        """Shelf length of the room, all levels, mm."""
        return self.niveaux * sum(rang.longueur_mm for rang in self.rangs)

    @property
    def metres_lineaires(self) -> Decimal:
        """Shelf length of the room, metres."""
        return Decimal(self.longueur_mm).scaleb(-3)

    @property
    def travees(self) -> int:
        """Bays, a double one counting for two."""
        return sum(rang.faces * len(rang.largeurs_mm) for rang in self.rangs)

    @property
    def departs(self) -> int:
        """Starter bays: one for each face of a row."""
        return sum(rang.faces for rang in self.rangs)

    @property
    def suivants(self) -> int:
        """Add-on bays."""
        return self.travees - self.departs

    @property
    def transposee(self) -> "Implantation":
        """The same plan turned over the diagonal of the room."""
        return replace(
            self,
            salle=self.salle.transposee,
            rangs=tuple(replace(rang, rectangle=rang.rectangle.transpose) for rang in self.rangs),
            allee_principale=self.allee_principale and self.allee_principale.transpose,
        )


def niveaux_sous_plafond(salle: Salle, parametres: Parametres) -> int:
    """Levels that can be used: those asked, fewer when the ceiling is low."""
    if salle.plafond_mm is None:
        return parametres.niveaux
    hauteur = min(HAUTEUR_TRAVEE_MM, salle.plafond_mm)
    possibles = niveaux_utilisables(Niveaux(hauteur, HAUTEUR_BOITE_MM, plafond_mm=salle.plafond_mm))
    return min(parametres.niveaux, possibles)


@dataclass(frozen=True)
class Essai:
    """One layout to try in the room of the empty plan `vide`, which is turned over when `transposee`."""

    vide: Implantation
    disposition: Disposition
    transposee: bool

    @cached_property
    def possible_mm(self) -> int:
        """The shelf it could offer at most, mm."""
        return self.disposition.metres_possibles_mm(self.vide.parametres) * self.vide.niveaux

    def plans(self, au_moins_mm: int) -> Iterator[Implantation]:
        """Its plans, one per way round the obstacles, in the axes of the room.

        A way that leaves less than `au_moins_mm` of shelf, even if every bay can be reached, is passed over.
        """
        libres = _remplies(self.disposition, (), self.vide.parametres)
        for interdits in self.vide.salle.zones_interdites:
            rangees = _remplies(self.disposition, interdits, self.vide.parametres) if interdits else libres
            if sum(sum(rangee.largeurs_mm) for rangee in rangees) * self.vide.niveaux >= au_moins_mm:
                plan = self._realiser(rangees, _compter(libres))
                yield plan.transposee if self.transposee else plan

    def _realiser(self, rangees: Sequence[Rangee], travees_sans_obstacle: int) -> Implantation:
        """Take out the bays nobody can reach, and put the faces back to back."""
        salle, principale = self.vide.salle, self.disposition.allee_principale
        acces = travees_accessibles(salle, rangees)
        gardees = [reste for rangee, ligne in zip(rangees, acces, strict=True) for reste in rangee.garder(ligne)]
        return replace(
            self.vide,
            rangs=tuple(_dos_a_dos(gardees)),
            travees_perdues=max(0, travees_sans_obstacle - _compter(gardees)),
            allee_mm=self.disposition.allee_mm,
            allee_principale=principale and Rectangle(principale[0], 0, principale[1], salle.y_mm),
        )


def implanter(
    salle: Salle, parametres: Parametres, besoin_mm: int | None = None, sens: Sens | None = None
) -> Implantation:
    """The plan that holds the most; or, when `besoin_mm` of shelf is enough, the one with the fewest rows that hold it.

    `sens` forces the rows along x or y (at a right angle to the windows, say). Ties: fewer bays lost, fewer starters,
    wider aisles, rows along x first. An empty plan when nothing fits.
    """
    vide = Implantation(salle, parametres, niveaux_sous_plafond(salle, parametres), ())
    essais = _essais(vide, [sens is Sens.Y] if sens else [False, True])
    suffisant = None if besoin_mm is None else _plus_econome(essais, besoin_mm)
    return suffisant or _plus_grand(vide, essais)


def _plus_grand(vide: Implantation, essais: Sequence[Essai]) -> Implantation:
    """The plan that holds the most, the first tried in case of a tie.

    Layouts come from the longest shelf they could offer down, until none can offer as much as the best plan found.
    """
    meilleur = vide
    for essai in sorted(essais, key=lambda essai: -essai.possible_mm):
        if essai.possible_mm < max(meilleur.longueur_mm, 1):
            break
        meilleur = max([meilleur, *essai.plans(meilleur.longueur_mm)], key=_merite)
    return meilleur


def _plus_econome(essais: Sequence[Essai], besoin_mm: int) -> Implantation | None:
    """Among the layouts with the fewest rows that hold `besoin_mm`, the best plan; None when no layout holds it."""
    trouves: list[Implantation] = []
    faces = 0
    for essai in sorted(essais, key=lambda essai: len(essai.disposition.bandes)):
        if trouves and len(essai.disposition.bandes) > faces:
            break
        if essai.possible_mm >= besoin_mm:
            faces = len(essai.disposition.bandes)
            trouves += [plan for plan in essai.plans(besoin_mm) if plan.rangs and plan.longueur_mm >= besoin_mm]
    return max(trouves, key=_economie, default=None)


def _essais(vide: Implantation, transposees: Sequence[bool]) -> list[Essai]:
    """Every layout to try, rows along x then along y."""
    return [
        Essai(vide.transposee if transposee else vide, disposition, transposee)
        for transposee in transposees
        for disposition in dispositions(vide.salle.transposee if transposee else vide.salle, vide.parametres)
    ]


def _merite(plan: Implantation) -> tuple[int, ...]:
    """What makes one plan better than another when every metre counts."""
    return plan.longueur_mm, -plan.travees_perdues, -plan.departs, plan.allee_mm or 0


def _economie(plan: Implantation) -> tuple[int, ...]:
    """What makes one plan better than another when both hold the need: cheaper, whole, easy to walk."""
    return -plan.departs, -plan.travees, -plan.travees_perdues, plan.allee_mm or 0


def _remplies(disposition: Disposition, interdits: Sequence[Rectangle], parametres: Parametres) -> list[Rangee]:
    """The rows of every strip."""
    return [
        rangee
        for bande in disposition.bandes
        for rangee in remplir(bande, interdits, parametres.largeurs_mm, parametres.montant_mm)
    ]


def _compter(rangees: Sequence[Rangee]) -> int:
    """How many bays they hold."""
    return sum(len(rangee.largeurs_mm) for rangee in rangees)


def _dos_a_dos(rangees: Sequence[Rangee]) -> Iterator[Rang]:
    """Rows as bought: two faces that share their back, their ends and their bays make one double row."""
    libres = list(rangees)
    while libres:
        rangee = libres.pop(0)
        cadre = rangee.rectangle
        for autre in libres:
            voisin = autre.rectangle
            if (voisin.x0, voisin.x1, voisin.y0) == (cadre.x0, cadre.x1, cadre.y1) and _meme_rang(rangee, autre):
                libres.remove(autre)
                yield Rang(Rectangle(cadre.x0, cadre.y0, cadre.x1, voisin.y1), 2, rangee.largeurs_mm)
                break
        else:
            yield Rang(cadre, 1, rangee.largeurs_mm)


def _meme_rang(basse: Rangee, haute: Rangee) -> bool:
    """Whether two rows, one just above the other, turn their backs to each other with the same bays."""
    return not basse.bande.vers_le_haut and haute.bande.vers_le_haut and basse.largeurs_mm == haute.largeurs_mm
