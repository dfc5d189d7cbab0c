"""Pictures of articles, drawn: the demonstration ships no photograph of anybody's. JPEG of 1200 × 900."""

import io

from PIL import Image, ImageDraw, ImageFilter

FOND, SOL, TRAIT, PAPIER = (236, 229, 216), (222, 213, 197), (70, 50, 30), (248, 244, 235)
KRAFT, GRIS, TOILE, ACIER = (188, 148, 98), (150, 158, 160), (120, 38, 40), (176, 184, 190)
LARGEUR, HAUTEUR = 1200, 900
Couleur = tuple[int, int, int]


def boite(dos: int, couleur: Couleur = KRAFT, combien: int = 1) -> bytes:
    """Boxes side by side seen by their spine, `dos` pixels wide, a label and a finger hole on each."""
    image, dessin = _table()
    gauche = (LARGEUR - combien * dos - 260) // 2
    for rang in range(combien):
        _une_boite(dessin, gauche + rang * dos, dos, couleur, cote=rang == combien - 1)
    return _jpeg(image)


def rayonnage(niveaux: int, couleur: Couleur = ACIER) -> bytes:
    """A bay, boxes on half of its shelves."""
    image, dessin = _table()
    gauche, droite, haut, bas = 330, 870, 90, 800
    pas = (bas - haut) // niveaux
    for rang in range(niveaux):
        y = bas - rang * pas
        if rang % 2 == 0:
            for place in range(7):
                x = gauche + 30 + 68 * place
                dessin.rectangle((x, y - pas + 34, x + 62, y - 14), fill=KRAFT, outline=TRAIT, width=2)
                dessin.rectangle((x + 12, y - pas + 50, x + 50, y - pas + 76), fill=PAPIER)
        dessin.polygon(
            [(gauche, y - 14), (droite, y - 14), (droite + 40, y - 30), (gauche + 40, y - 30)], fill=_fonce(couleur)
        )
        dessin.rectangle((gauche, y - 14, droite, y), fill=couleur, outline=TRAIT, width=2)
    for x in (gauche, droite):
        dessin.rectangle((x - 10, haut - 30, x + 10, bas + 20), fill=_fonce(couleur), outline=TRAIT, width=2)
    return _jpeg(image)


def registre(epaisseur: int, couleur: Couleur = TOILE) -> bytes:
    """A bound volume standing, its gilt lines and its title."""
    image, dessin = _table()
    gauche = 430
    droite = gauche + epaisseur
    dessin.polygon(
        [(droite, 170), (droite + 330, 130), (droite + 330, 700), (droite, 780)], fill=_fonce(couleur), outline=TRAIT
    )
    dessin.rounded_rectangle((gauche, 170, droite, 780), radius=18, fill=couleur, outline=TRAIT, width=3)
    for y in (240, 256, 690, 706):
        dessin.line([(gauche + 4, y), (droite - 4, y)], fill=(214, 178, 96), width=5)
    dessin.rectangle((gauche + 10, 330, droite - 10, 430), fill=PAPIER, outline=(214, 178, 96), width=3)
    return _jpeg(image)


def chemise(couleur: Couleur = (226, 205, 160)) -> bytes:
    """Folders fanned out."""
    image, dessin = _table()
    for rang in range(3):
        x, y = 330 + 60 * rang, 200 + 50 * rang
        dessin.polygon([(x, y), (x + 420, y - 40), (x + 450, y + 480), (x + 20, y + 520)], fill=couleur, outline=TRAIT)
        dessin.line([(x + 60, y + 70), (x + 330, y + 45)], fill=TRAIT, width=4)
    return _jpeg(image)


def _une_boite(dessin: ImageDraw.ImageDraw, x: int, dos: int, couleur: Couleur, *, cote: bool) -> None:
    """One box; its side too for the last of a row."""
    if cote:
        bord = x + dos
        dessin.polygon(
            [(bord, 210), (bord + 260, 150), (bord + 260, 660), (bord, 760)], fill=_fonce(couleur), outline=TRAIT
        )
    dessin.polygon(
        [(x, 210), (x + 260, 150), (x + dos + 260, 150), (x + dos, 210)], fill=_clair(couleur), outline=TRAIT
    )
    dessin.rectangle((x, 210, x + dos, 760), fill=couleur, outline=TRAIT, width=3)
    marge = dos // 6
    dessin.rectangle((x + marge, 300, x + dos - marge, 470), fill=PAPIER, outline=TRAIT, width=2)
    for rang in range(3):
        dessin.line([(x + 2 * marge, 335 + 45 * rang), (x + dos - 2 * marge, 335 + 45 * rang)], fill=TRAIT, width=3)
    centre, rayon = x + dos // 2, dos // 7
    dessin.ellipse((centre - rayon, 620 - rayon, centre + rayon, 620 + rayon), fill=(60, 44, 28), outline=TRAIT)


def _table() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A wall, a table, a soft shadow: what stands on them is drawn after."""
    image = Image.new("RGB", (LARGEUR, HAUTEUR), FOND)
    dessin = ImageDraw.Draw(image)
    dessin.rectangle((0, 640, LARGEUR, HAUTEUR), fill=SOL)
    dessin.ellipse((250, 720, 980, 840), fill=(196, 186, 168))
    image = image.filter(ImageFilter.GaussianBlur(14))
    return image, ImageDraw.Draw(image)


def _fonce(couleur: Couleur) -> Couleur:
    """The same in the shade."""
    return (couleur[0] * 3 // 4, couleur[1] * 3 // 4, couleur[2] * 3 // 4)


def _clair(couleur: Couleur) -> Couleur:
    """The same in the light."""
    return (min(255, couleur[0] + 28), min(255, couleur[1] + 28), min(255, couleur[2] + 28))


def _jpeg(image: Image.Image) -> bytes:
    """The picture as a camera would send it."""
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=88)
    return sortie.getvalue()
