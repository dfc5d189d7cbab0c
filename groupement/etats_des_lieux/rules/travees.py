"""Rows of bays: which widths fill a length best, cut by what stands in the way. Lengths in mm.

Neighbouring bays share an upright, so n bays take the sum of their useful lengths and n + 1 uprights.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from groupement.etats_des_lieux.rules.salle import Rectangle

LONGUEUR_MAX_RANG_MM = 10_000  # PIAF; also the usual limit of a dead end


@dataclass(frozen=True)
class Bande:
    """A strip of floor meant for one face of shelving, bays set along x (`le_long_de_x`) or along y.

    `vers_le_haut`: its front looks to growing y (along x) or growing x (along y). `ancree_a_la_fin`: bays are packed
    against the far end of the strip.
    """

    rectangle: Rectangle
    vers_le_haut: bool
    ancree_a_la_fin: bool = False
    le_long_de_x: bool = True

    @property
    def etendue(self) -> tuple[int, int]:
        """Its two ends along the bays."""
        cadre = self.rectangle if self.le_long_de_x else self.rectangle.transpose
        return cadre.x0, cadre.x1


@dataclass(frozen=True)
class Rangee:
    """Bays side by side on one face: where the first upright starts, and the useful lengths in order."""

    bande: Bande
    debut_mm: int
    largeurs_mm: tuple[int, ...]
    montant_mm: int

    @property
    def rectangle(self) -> Rectangle:
        """The floor it covers, uprights included."""
        fin = self.debut_mm + sum(self.largeurs_mm) + (len(self.largeurs_mm) + 1) * self.montant_mm
        cadre = self.bande.rectangle if self.bande.le_long_de_x else self.bande.rectangle.transpose
        droit = Rectangle(self.debut_mm, cadre.y0, fin, cadre.y1)
        return droit if self.bande.le_long_de_x else droit.transpose

    def debut_de(self, rang: int) -> int:
        """Where the useful length of bay `rang` starts."""
        return self.debut_mm + sum(self.largeurs_mm[:rang]) + (rang + 1) * self.montant_mm

    def milieu_de(self, rang: int) -> int:
        """The middle of bay `rang`."""
        return self.debut_de(rang) + self.largeurs_mm[rang] // 2

    def garder(self, gardees: Sequence[bool]) -> list["Rangee"]:
        """The rows left when only the bays marked in `gardees` stay, in their place."""
        restes: list[Rangee] = []
        precedente = False
        for rang, gardee in enumerate(gardees):
            if gardee and precedente:
                restes[-1] = replace(restes[-1], largeurs_mm=(*restes[-1].largeurs_mm, self.largeurs_mm[rang]))
            elif gardee:
                debut = self.debut_de(rang) - self.montant_mm
                restes.append(replace(self, debut_mm=debut, largeurs_mm=(self.largeurs_mm[rang],)))
            precedente = gardee
        return restes


@lru_cache(maxsize=4096)
def meilleures_largeurs(longueur_mm: int, largeurs_mm: tuple[int, ...], montant_mm: int) -> tuple[int, ...]:
    """The useful lengths that fill `longueur_mm` best, widest first; empty when not even one bay fits.

    The most shelf first, then the fewest bays, then the widest bays. No row is longer than 10 m.
    """
    place = min(longueur_mm, LONGUEUR_MAX_RANG_MM) - montant_mm
    meilleures: dict[int, tuple[int, ...]] = {0: ()}
    a_prolonger = [0]
    while a_prolonger:
        pris = a_prolonger.pop()
        for largeur in largeurs_mm:
            suite = pris + largeur + montant_mm
            contenu = tuple(sorted((*meilleures[pris], largeur), reverse=True))
            if suite <= place and (suite not in meilleures or _valeur(contenu) > _valeur(meilleures[suite])):
                meilleures[suite] = contenu
                a_prolonger.append(suite)
    return max(meilleures.values(), key=_valeur)


def _valeur(contenu: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
    """What makes one filling better than another."""
    return sum(contenu), -len(contenu), contenu


def remplir(
    bande: Bande, interdits: Iterable[Rectangle], largeurs_mm: tuple[int, ...], montant_mm: int
) -> list[Rangee]:
    """The rows that fill a strip once what stands in the way is taken out, each packed to the anchored end."""
    rangees = []
    for debut, fin in _segments(bande, interdits):
        contenu = meilleures_largeurs(fin - debut, largeurs_mm, montant_mm)
        if contenu:
            emprise = sum(contenu) + (len(contenu) + 1) * montant_mm
            rangees.append(Rangee(bande, fin - emprise if bande.ancree_a_la_fin else debut, contenu, montant_mm))
    return rangees


def _segments(bande: Bande, interdits: Iterable[Rectangle]) -> list[tuple[int, int]]:
    """The free stretches of a strip."""
    debut, fin = bande.etendue
    coupes = [zone for zone in interdits if zone.chevauche(bande.rectangle)]
    bornes = sorted((zone.x0, zone.x1) if bande.le_long_de_x else (zone.y0, zone.y1) for zone in coupes)
    segments = []
    for avant, apres in bornes:
        segments.append((debut, avant))
        debut = max(debut, apres)
    return [(depart, arret) for depart, arret in [*segments, (debut, fin)] if arret > depart]
