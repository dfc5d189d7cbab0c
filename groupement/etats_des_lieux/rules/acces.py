"""Can one walk to every bay? A person with a trolley is a 700 mm square sliding on the floor.

Exact, not on a grid: the walls of the places the middle of the square cannot go are the only coordinates that matter
(each blocked rectangle grown by half the square), so the floor is cut along them and walked cell by cell.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from groupement.etats_des_lieux.rules.salle import PASSAGE_MM, Mur, Rectangle, Salle
from groupement.etats_des_lieux.rules.travees import Rangee

DEMI_MM = PASSAGE_MM // 2
INTERDIT, LIBRE, ATTEINT = b"\x00", b"\x01", 2  # what a cell of floor is to the middle of the square


def travees_accessibles(salle: Salle, rangees: Sequence[Rangee]) -> list[list[bool]]:
    """For each row, whether each of its bays can be faced by the square coming from a door; all without a door."""
    if not salle.portes:
        return [[True] * len(rangee.largeurs_mm) for rangee in rangees]
    cibles = [[_devant(rangee, rang) for rang in range(len(rangee.largeurs_mm))] for rangee in rangees]
    blocs = [*(rangee.rectangle for rangee in rangees), *salle.obstacles]
    atteints = _atteints(salle, blocs, [point for ligne in cibles for point in ligne])
    return [[point in atteints for point in ligne] for ligne in cibles]


def _devant(rangee: Rangee, rang: int) -> tuple[int, int]:
    """Where the middle of the square stands when it touches the front of a bay at its middle."""
    cadre = rangee.rectangle if rangee.bande.le_long_de_x else rangee.rectangle.transpose
    front = cadre.y1 + DEMI_MM if rangee.bande.vers_le_haut else cadre.y0 - DEMI_MM
    milieu = rangee.milieu_de(rang)
    return (milieu, front) if rangee.bande.le_long_de_x else (front, milieu)


def _entrees(salle: Salle) -> list[tuple[int, int]]:
    """Where the middle of the square stands just inside each door."""
    points = []
    for porte in salle.portes:
        le_long_de_x = porte.mur in {Mur.SUD, Mur.NORD}
        longueur, fond = (salle.x_mm, salle.y_mm) if le_long_de_x else (salle.y_mm, salle.x_mm)
        milieu = min(max(porte.milieu_mm, DEMI_MM), longueur - DEMI_MM)
        retrait = DEMI_MM if porte.mur in {Mur.SUD, Mur.OUEST} else fond - DEMI_MM
        points.append((milieu, retrait) if le_long_de_x else (retrait, milieu))
    return points


def _atteints(salle: Salle, blocs: Sequence[Rectangle], cibles: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The points of `cibles` the middle of the square can reach from a door."""
    if min(salle.x_mm, salle.y_mm) < PASSAGE_MM:
        return set()
    entrees = _entrees(salle)
    xs = _coordonnees(salle.x_mm, [x for x, _ in (*entrees, *cibles)], [(bloc.x0, bloc.x1) for bloc in blocs])
    ys = _coordonnees(salle.y_mm, [y for _, y in (*entrees, *cibles)], [(bloc.y0, bloc.y1) for bloc in blocs])
    # one row of cells per x, one forbidden cell at the end of each row and a forbidden row at each end
    pas = 2 * len(ys)
    etat = bytearray(pas) + bytearray(LIBRE * (pas - 1) + INTERDIT) * (2 * len(xs) - 1) + bytearray(pas)
    for bloc in blocs:
        lignes = _couvert(ys, bloc.y0, bloc.y1)
        for colonne in _couvert(xs, bloc.x0, bloc.x1):
            debut = (colonne + 1) * pas
            etat[debut + lignes.start : debut + lignes.stop] = bytes(len(lignes))
    rangs_x, rangs_y = ({c: 2 * i for i, c in enumerate(axe)} for axe in (xs, ys))
    cases = {
        (x, y): (rangs_x[x] + 1) * pas + rangs_y[y] for x, y in (*entrees, *cibles) if x in rangs_x and y in rangs_y
    }
    _parcourir(etat, pas, [cases[point] for point in entrees])
    return {point for point in cibles if point in cases and etat[cases[point]] == ATTEINT}


def _coordonnees(longueur_mm: int, points: Iterable[int], intervalles: Iterable[tuple[int, int]]) -> list[int]:
    """Every coordinate where something may change for the middle of the square, in order."""
    bornes = [borne for debut, fin in intervalles for borne in (debut - DEMI_MM, fin + DEMI_MM)]
    limites = (DEMI_MM, longueur_mm - DEMI_MM)
    return sorted({*limites, *(c for c in (*points, *bornes) if limites[0] <= c <= limites[1])})


def _couvert(coordonnees: Sequence[int], debut_mm: int, fin_mm: int) -> range:
    """Cells a block forbids to the middle of the square: strictly between its grown edges.

    Cell 2i is coordinate i itself, cell 2i + 1 what lies between i and i + 1: a passage just as wide as the square
    is a line one can walk.
    """
    bas, haut = debut_mm - DEMI_MM, fin_mm + DEMI_MM
    premier = 0 if bas < coordonnees[0] else 2 * bisect_left(coordonnees, bas) + 1
    dernier = 2 * len(coordonnees) - 1 if haut > coordonnees[-1] else 2 * bisect_left(coordonnees, haut)
    return range(premier, max(premier, dernier))


def _parcourir(etat: bytearray, pas: int, departs: list[int]) -> None:
    """Mark as reached every free cell one can walk to from `departs`; neighbours in x are `pas` cells apart.

    Whole runs of free cells are marked at once; from each, one cell of every free run beside it is walked to next.
    """
    pile = departs
    while pile:
        case = pile.pop()
        if etat[case] != 1:
            continue
        debut, fin = _suite(etat, case, -1), _suite(etat, case, 1)
        etat[debut : fin + 1] = bytes([ATTEINT]) * (fin + 1 - debut)
        for ecart in (-pas, pas):
            voisine = etat.find(1, debut + ecart, fin + ecart + 1)
            while voisine >= 0:
                pile.append(voisine)
                voisine = etat.find(1, _suite(etat, voisine, 1) + 1, fin + ecart + 1)


def _suite(etat: bytearray, case: int, pas: int) -> int:
    """The last cell of a run of free ones, going by `pas`."""
    while etat[case + pas] == 1:
        case += pas
    return case
