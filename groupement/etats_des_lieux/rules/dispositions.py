"""Every way worth trying to stand rows along x in a room: the family of layouts, before doors and pillars cut them.

Lengths in mm. Rows run along x, the main aisle crosses them at the west or the east end; one single row may stand
against the south wall, one against the north wall, and k double rows between, an aisle between all of them: always
k + 1 aisles. Without double row the only aisle can be the main one, and a row may close its far end (a « U »).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Rectangle, Salle, allee_principale_mm
from groupement.etats_des_lieux.rules.travees import Bande, meilleures_largeurs


@dataclass(frozen=True)
class Disposition:
    """Strips for shelving in one room, with what ranks it: its narrowest aisle, and where its main aisle lies.

    `allee_principale`: the ends of the main aisle along x, mm; None when the aisle between the rows is the only one.
    """

    bandes: tuple[Bande, ...]
    allee_mm: int
    allee_principale: tuple[int, int] | None

    def metres_possibles_mm(self, parametres: Parametres) -> int:
        """Shelf length of one level (mm) if nothing were in the way: no layout of these strips can hold more."""
        return sum(
            sum(meilleures_largeurs(bande.etendue[1] - bande.etendue[0], parametres.largeurs_mm, parametres.montant_mm))
            for bande in self.bandes
        )


@dataclass(frozen=True)
class _Etagement:
    """Rows stacked from south to north: (y0, y1, looks north) of each face, and the narrowest aisle."""

    faces: tuple[tuple[int, int, bool], ...]
    allee_mm: int


def dispositions(salle: Salle, parametres: Parametres) -> Iterator[Disposition]:
    """Every layout of the family with rows along x."""
    for sud, nord in product((False, True), repeat=2):
        if (sud and not salle.accepte_rayonnage(Mur.SUD)) or (nord and not salle.accepte_rayonnage(Mur.NORD)):
            continue
        for doubles in range(doubles_max(salle, parametres, sud, nord) + 1):
            for etagement in _etagements(salle, parametres, sud, nord, doubles):
                yield from _avec_allee_principale(salle, parametres, etagement)
                if not doubles:
                    yield from _sans_allee_principale(salle, parametres, etagement)
                    yield from _en_u(salle, parametres, etagement, sud, nord)


def doubles_max(salle: Salle, parametres: Parametres, sud: bool, nord: bool) -> int:
    """The most double rows that fit between the south and north walls; −1 when not even one aisle does."""
    fixe = sum(_bords(salle, parametres, sud, nord))
    reste = salle.y_mm - fixe
    return (reste - parametres.allee_mm) // (2 * parametres.profondeur_mm + parametres.allee_mm) if reste > 0 else -1


def _bords(salle: Salle, parametres: Parametres, sud: bool, nord: bool) -> tuple[int, int]:
    """What the south and north sides take before the first and last aisle, mm.

    A wall row takes its distance to the wall and its depth. Without row, the aisle runs along the wall and takes
    nothing, unless the distance to keep from that wall is more than an aisle.
    """
    return (
        _bord(salle, parametres, Mur.SUD, avec_rang=sud),
        _bord(salle, parametres, Mur.NORD, avec_rang=nord),
    )


def _bord(salle: Salle, parametres: Parametres, mur: Mur, *, avec_rang: bool) -> int:
    """The part of one side."""
    recul = salle.recul_mm(mur, parametres)
    return recul + parametres.profondeur_mm if avec_rang else max(0, recul - parametres.allee_mm)


def _etagements(salle: Salle, parametres: Parametres, sud: bool, nord: bool, doubles: int) -> Iterator[_Etagement]:
    """The rows stacked, the room left over shared by all aisles, given to the first, or given to the last."""
    if not (sud or nord or doubles):
        return
    bord_sud, bord_nord = _bords(salle, parametres, sud, nord)
    profondeur, allees = parametres.profondeur_mm, doubles + 1
    jeu = salle.y_mm - bord_sud - bord_nord - allees * parametres.allee_mm - 2 * doubles * profondeur
    partages = {tuple(jeu // allees + (rang < jeu % allees) for rang in range(allees))}
    partages |= {(jeu, *[0] * doubles), (*[0] * doubles, jeu)}
    for partage in sorted(partages):
        largeurs = [parametres.allee_mm + supplement for supplement in partage]
        faces = [(bord_sud - profondeur, bord_sud, True)] if sud else []
        y = bord_sud
        for largeur in largeurs[:-1]:
            y += largeur
            faces += [(y, y + profondeur, False), (y + profondeur, y + 2 * profondeur, True)]
            y += 2 * profondeur
        if nord:
            faces.append((salle.y_mm - bord_nord, salle.y_mm - bord_nord + profondeur, False))
        yield _Etagement(tuple(faces), min(largeurs))


def _avec_allee_principale(salle: Salle, parametres: Parametres, etagement: _Etagement) -> Iterator[Disposition]:
    """The rows served by a main aisle along the west wall, then along the east wall."""
    principale = allee_principale_mm(salle, parametres)
    allee = min(etagement.allee_mm, principale)
    ouest, est = salle.recul_mm(Mur.OUEST, parametres), salle.recul_mm(Mur.EST, parametres)
    debut, fin = max(principale, ouest), salle.x_mm - max(principale, est)
    yield Disposition(_bandes(etagement, debut, salle.x_mm - est, ancree_a_la_fin=True), allee, (0, debut))
    yield Disposition(_bandes(etagement, ouest, fin, ancree_a_la_fin=False), allee, (fin, salle.x_mm))


def _sans_allee_principale(salle: Salle, parametres: Parametres, etagement: _Etagement) -> Iterator[Disposition]:
    """One aisle, onto which the door opens: rows from wall to wall, packed to either end."""
    debut, fin = salle.recul_mm(Mur.OUEST, parametres), salle.x_mm - salle.recul_mm(Mur.EST, parametres)
    for ancree in (False, True):
        yield Disposition(_bandes(etagement, debut, fin, ancree_a_la_fin=ancree), etagement.allee_mm, None)


def _en_u(salle: Salle, parametres: Parametres, etagement: _Etagement, sud: bool, nord: bool) -> Iterator[Disposition]:
    """The same with one more row across the west or east end; its two corners are dead, its front must stay free."""
    reculs = {mur: salle.recul_mm(mur, parametres) for mur in Mur}
    debut, fin = reculs[Mur.OUEST], salle.x_mm - reculs[Mur.EST]
    bas = reculs[Mur.SUD] + (parametres.profondeur_mm if sud else 0)
    haut = salle.y_mm - reculs[Mur.NORD] - (parametres.profondeur_mm if nord else 0)
    if fin - debut < parametres.profondeur_mm:
        return  # the row across would stand in the distance to keep from the wall it faces
    for mur in (Mur.OUEST, Mur.EST):
        a_l_ouest = mur is Mur.OUEST
        fond = (debut, debut + parametres.profondeur_mm) if a_l_ouest else (fin - parametres.profondeur_mm, fin)
        libre = salle.x_mm - fond[1] if a_l_ouest else fond[0]
        if not salle.accepte_rayonnage(mur) or libre < parametres.allee_mm or haut <= bas:
            continue
        cotes = (fond[1], fin) if a_l_ouest else (debut, fond[0])
        for ancree in (False, True):
            travers = Bande(Rectangle(fond[0], bas, fond[1], haut), a_l_ouest, ancree, le_long_de_x=False)
            bandes = _bandes(etagement, *cotes, ancree_a_la_fin=a_l_ouest)
            yield Disposition((*bandes, travers), min(etagement.allee_mm, libre), None)


def _bandes(etagement: _Etagement, debut_mm: int, fin_mm: int, *, ancree_a_la_fin: bool) -> tuple[Bande, ...]:
    """One strip per face, all of the same length; none when there is no length left."""
    if fin_mm <= debut_mm:
        return ()
    return tuple(
        Bande(Rectangle(debut_mm, y0, fin_mm, y1), vers_le_haut, ancree_a_la_fin)
        for y0, y1, vers_le_haut in etagement.faces
    )
