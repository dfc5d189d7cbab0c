"""The plan of a room as an SVG drawing at 1:50: walls, doors, obstacles, numbered bays, aisle widths, legend.

One drawing unit is one millimetre of the room; north is up. Colours and sizes are attributes, never a style sheet, so
that a strict content policy lets the drawing stand in a page. Bays are numbered row-bay-face: « 2-3-B ».
"""

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from groupement.etats_des_lieux.rules.implantation import Implantation, Rang
from groupement.etats_des_lieux.rules.salle import Mur, Porte, Rectangle, Salle
from groupement.socle.nombres import accorde, decimal_fr, entier_fr

ECHELLE = 50
MARGE_MM, LEGENDE_MM = 500, 700
ENCRE, BOIS, GRIS, COTE = "#1f2933", "#e3c9a0", "#9aa5b1", "#0b5c8a"
ALLEE_COTEE_MIN_MM = 500


def plan_svg(plan: Implantation, titre: str = "Plan d’implantation") -> str:
    """The drawing, a whole SVG document; `titre` is read aloud by screen readers and never trusted as markup."""
    salle, marge = plan.salle, _marge(plan.salle)
    largeur, hauteur = max(salle.x_mm, 3000) + 2 * marge, salle.y_mm + 2 * marge + LEGENDE_MM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_papier(largeur)}"'
            f' height="{_papier(hauteur)}" viewBox="{-marge} {-marge} {largeur} {hauteur}"'
            ' font-family="sans-serif" font-size="120">',
            f"<title>{escape(titre)}</title>",
            f"<desc>{escape(description(plan))}</desc>",
            f'<rect x="{-marge}" y="{-marge}" width="{largeur}" height="{hauteur}" fill="#ffffff"/>',
            f'<rect x="0" y="0" width="{salle.x_mm}" height="{salle.y_mm}" fill="#fbf9f4" stroke="{ENCRE}" '
            'stroke-width="60"/>',
            *_reculs(salle),
            *(_rectangle(salle, obstacle, GRIS) for obstacle in salle.obstacles),
            *(trait for numero, rang in enumerate(plan.rangs, 1) for trait in _rang(plan, rang, numero)),
            *(trait for porte in salle.portes for trait in _porte(salle, porte)),
            *_allees(plan),
            *_legende(plan),
            "</svg>",
            "",
        ]
    )


def description(plan: Implantation) -> str:
    """The plan in one French sentence, for those who do not see it."""
    salle = plan.salle
    return (
        f"Salle de {entier_fr(salle.x_mm)} sur {entier_fr(salle.y_mm)} mm\u00a0: {accorde(len(plan.rangs), 'épi')}, "
        f"{accorde(plan.travees, 'travée')} ({accorde(plan.departs, 'départ')}, {accorde(plan.suivants, 'suivant')}), "
        f"{decimal_fr(plan.metres_lineaires, 1)} mètres linéaires sur {accorde(plan.niveaux, 'niveau', 'niveaux')}."
    )


def _marge(salle: Salle) -> int:
    """The paper left around the room, mm of the room: enough for the leaves that open outwards."""
    return max([MARGE_MM, *(porte.largeur_mm + 150 for porte in salle.portes if not porte.vers_interieur)])


def _papier(longueur_mm: int) -> str:
    """A length of the room as a length of paper, in tenths of mm written exactly."""
    dixiemes = longueur_mm * 10 // ECHELLE
    return f"{dixiemes // 10}.{dixiemes % 10}mm"


def _rectangle(salle: Salle, zone: Rectangle, couleur: str) -> str:
    """A filled rectangle of the room."""
    return (
        f'<rect x="{zone.x0}" y="{salle.y_mm - zone.y1}" width="{zone.x1 - zone.x0}" height="{zone.y1 - zone.y0}" '
        f'fill="{couleur}" stroke="{ENCRE}" stroke-width="12"/>'
    )


def _texte(x: int, y: int, texte: str, *, taille: int = 120, couleur: str = ENCRE, ancre: str = "middle") -> str:
    """A line of text, at drawing coordinates."""
    return f'<text x="{x}" y="{y}" font-size="{taille}" fill="{couleur}" text-anchor="{ancre}">{escape(texte)}</text>'


def _trait(x1: int, y1: int, x2: int, y2: int, couleur: str, epaisseur: int, pointille: str = "") -> str:
    """A straight line, at drawing coordinates."""
    tirets = f' stroke-dasharray="{pointille}"' if pointille else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{couleur}" stroke-width="{epaisseur}"{tirets}/>'


def _reculs(salle: Salle) -> Iterator[str]:
    """A dashed line at the distance kept from each wall that takes no shelf."""
    for mur, recul in salle.murs_sans_rayonnage:
        x = recul if mur is Mur.OUEST else salle.x_mm - recul
        y = recul if mur is Mur.NORD else salle.y_mm - recul
        bouts = (0, y, salle.x_mm, y) if mur in {Mur.NORD, Mur.SUD} else (x, 0, x, salle.y_mm)
        yield _trait(*bouts, GRIS, 15, "80 60")


def _rang(plan: Implantation, rang: Rang, numero: int) -> Iterator[str]:
    """The bays of one row, each face drawn and numbered."""
    le_long_de_x = _le_long_de_x(plan, rang)
    cadre = rang.rectangle if le_long_de_x else rang.rectangle.transpose
    profondeur = plan.parametres.profondeur_mm
    yield _rectangle(plan.salle, rang.rectangle, "#ffffff")
    debut = cadre.x0 + plan.parametres.montant_mm
    for travee, largeur in enumerate(rang.largeurs_mm, 1):
        for face in range(rang.faces):
            bas = cadre.y0 + face * profondeur
            droite = Rectangle(debut, bas, debut + largeur, bas + profondeur)
            zone = droite if le_long_de_x else droite.transpose
            yield _rectangle(plan.salle, zone, BOIS)
            lettre = f"-{'AB'[face]}" if rang.faces == 2 else ""
            x, y = (zone.x0 + zone.x1) // 2, plan.salle.y_mm - (zone.y0 + zone.y1) // 2 + 40
            yield _texte(x, y, f"{numero}-{travee}{lettre}", taille=110)
        debut += largeur + plan.parametres.montant_mm


def _le_long_de_x(plan: Implantation, rang: Rang) -> bool:
    """Whether the bays of a row follow one another along x."""
    montants = (len(rang.largeurs_mm) + 1) * plan.parametres.montant_mm
    return rang.rectangle.x1 - rang.rectangle.x0 == sum(rang.largeurs_mm) + montants


def _porte(salle: Salle, porte: Porte) -> Iterator[str]:
    """The opening, the leaf at a right angle, and the quarter circle it sweeps."""
    debut, fin, largeur = porte.decalage_mm, porte.decalage_mm + porte.largeur_mm, porte.largeur_mm
    vers = 1 if porte.vers_interieur else -1
    est, bas = salle.x_mm, salle.y_mm
    gond, bout, feuille = {
        Mur.SUD: ((debut, bas), (fin, bas), (debut, bas - vers * largeur)),
        Mur.NORD: ((debut, 0), (fin, 0), (debut, vers * largeur)),
        Mur.OUEST: ((0, bas - debut), (0, bas - fin), (vers * largeur, bas - debut)),
        Mur.EST: ((est, bas - debut), (est, bas - fin), (est - vers * largeur, bas - debut)),
    }[porte.mur]
    sens = (bout[0] - gond[0]) * (feuille[1] - gond[1]) - (bout[1] - gond[1]) * (feuille[0] - gond[0]) > 0
    yield _trait(*gond, *bout, "#ffffff", 70)
    yield _trait(*gond, *feuille, ENCRE, 25)
    yield (
        f'<path d="M {bout[0]} {bout[1]} A {largeur} {largeur} 0 0 {1 if sens else 0} {feuille[0]} {feuille[1]}" '
        f'fill="none" stroke="{ENCRE}" stroke-width="12" stroke-dasharray="60 40"/>'
    )


def _allees(plan: Implantation) -> Iterator[str]:
    """The width of the main aisle, and of each gap between rows along a line through the longest row."""
    salle = plan.salle
    if plan.allee_principale:
        zone = plan.allee_principale
        largeur = min(zone.x1 - zone.x0, zone.y1 - zone.y0)
        x, y = (zone.x0 + zone.x1) // 2, salle.y_mm - (zone.y0 + zone.y1) // 2
        yield _texte(x, y, entier_fr(largeur), couleur=COTE)
    if not plan.rangs:
        return
    longue = max(plan.rangs, key=lambda rang: sum(rang.largeurs_mm))
    le_long_de_x = _le_long_de_x(plan, longue)
    cadres = [rang.rectangle if le_long_de_x else rang.rectangle.transpose for rang in plan.rangs]
    cadre = longue.rectangle if le_long_de_x else longue.rectangle.transpose
    coupe = cadre.x0 + (cadre.x1 - cadre.x0) // 4
    bornes = sorted((autre.y0, autre.y1) for autre in cadres if autre.x0 < coupe < autre.x1)
    fond = salle.y_mm if le_long_de_x else salle.x_mm
    for (_, bas), (haut, _) in pairwise([(0, 0), *bornes, (fond, fond)]):
        if haut - bas >= ALLEE_COTEE_MIN_MM:
            yield from _cote(salle, coupe, bas, haut, le_long_de_x)


def _cote(salle: Salle, coupe: int, bas: int, haut: int, le_long_de_x: bool) -> Iterator[str]:
    """A dimension line across an aisle, with its width in mm."""
    milieu = (bas + haut) // 2
    if le_long_de_x:
        yield _trait(coupe, salle.y_mm - bas, coupe, salle.y_mm - haut, COTE, 12)
        yield _texte(coupe + 60, salle.y_mm - milieu + 40, entier_fr(haut - bas), couleur=COTE, ancre="start")
    else:
        yield _trait(bas, salle.y_mm - coupe, haut, salle.y_mm - coupe, COTE, 12)
        yield _texte(milieu, salle.y_mm - coupe - 60, entier_fr(haut - bas), couleur=COTE)


def _legende(plan: Implantation) -> Iterator[str]:
    """North, a metre to measure with, what the numbers mean, and the totals."""
    salle = plan.salle
    haut = salle.y_mm + _marge(salle) + 150
    yield _texte(salle.x_mm, -150, "↑ Nord", ancre="end")
    yield _trait(0, haut, 1000, haut, ENCRE, 30)
    yield _texte(1100, haut + 40, f"1 mètre, échelle 1:{ECHELLE}", ancre="start")
    longueur, metres = decimal_fr(plan.metres_lineaires, 1), accorde(plan.travees, "travée")
    yield _texte(0, haut + 280, f"{longueur}\u00a0ml, {metres}, {accorde(len(plan.rangs), 'épi')}", ancre="start")
    yield _texte(0, haut + 480, "Numéros\u00a0: épi-travée-face. Cotes des allées en mm.", ancre="start")
