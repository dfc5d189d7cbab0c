"""The picture of a crushed box, drawn: the demonstration ships no photograph of anybody's."""

import io

from PIL import Image, ImageDraw

FOND, CARTON, OMBRE, TRAIT = (222, 214, 200), (188, 148, 98), (150, 112, 68), (70, 50, 30)


def boite_abimee() -> bytes:
    """A JPEG of 900 × 700: a cardboard box, one corner caved in, torn along its edge."""
    image = Image.new("RGB", (900, 700), FOND)
    dessin = ImageDraw.Draw(image)
    dessin.ellipse((120, 560, 820, 660), fill=(196, 187, 172))
    dessin.polygon([(200, 240), (560, 180), (600, 560), (230, 600)], fill=CARTON, outline=TRAIT)
    dessin.polygon([(560, 180), (720, 250), (740, 520), (600, 560)], fill=OMBRE, outline=TRAIT)
    dessin.polygon([(200, 240), (380, 150), (720, 250), (560, 180)], fill=(206, 168, 118), outline=TRAIT)
    creux = [(470, 196), (560, 180), (640, 214), (590, 300), (540, 268), (505, 320), (480, 250)]
    dessin.polygon(creux, fill=(118, 84, 48), outline=TRAIT)
    for rang in range(6):
        dessin.line([(500 + 14 * rang, 205 + 6 * rang), (488 + 18 * rang, 262 + 9 * rang)], fill=TRAIT, width=3)
    dessin.line([(230, 420), (600, 382)], fill=(160, 122, 78), width=6)
    dessin.rectangle((270, 450, 420, 540), fill=(240, 234, 220), outline=TRAIT)
    for rang in range(3):
        dessin.line([(285, 472 + 22 * rang), (405 - 20 * rang, 470 + 22 * rang)], fill=TRAIT, width=4)
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=82)
    return sortie.getvalue()
