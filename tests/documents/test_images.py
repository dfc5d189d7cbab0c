"""Photographs: what is kept is upright, small and tells nothing; what is not a photograph is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from groupement.documents.images import COTE_MAX, COTE_VIGNETTE, OCTETS_MAX, ImageRefusee, lire_image
from groupement.socle.etats import RegleRefusee

ORIENTATION, GPS, MARQUE = 0x0112, 0x8825, 0x010F


def photo(format_: str = "JPEG", taille: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and right half blue."""
    image = Image.new(mode, taille, "blue")
    image.paste("red", (0, 0, taille[0] // 2, taille[1]))
    sortie = io.BytesIO()
    image.save(sortie, format_, **options)
    return sortie.getvalue()


def ouvrir(octets: bytes) -> Image.Image:
    """A picture we wrote, decoded."""
    image = Image.open(io.BytesIO(octets))
    image.load()
    return image


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_of_telephones_become_jpeg(format_):
    lue = lire_image(photo(format_))
    assert ouvrir(lue.jpeg).format == ouvrir(lue.vignette).format == "JPEG"
    assert (lue.largeur, lue.hauteur) == (400, 300)
    assert lue.type_mime == "image/jpeg"


def test_a_large_photo_is_reduced_and_has_its_thumbnail():
    lue = lire_image(photo(taille=(4000, 3000)))
    assert ouvrir(lue.jpeg).size == (lue.largeur, lue.hauteur) == (COTE_MAX, 1200)
    assert max(ouvrir(lue.vignette).size) == COTE_VIGNETTE


def test_a_small_photo_is_not_enlarged():
    lue = lire_image(photo(taille=(80, 60)))
    assert ouvrir(lue.jpeg).size == ouvrir(lue.vignette).size == (80, 60)


def test_a_photo_held_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn a quarter clockwise: the red left half goes to the top
    lue = lire_image(photo(exif=exif))
    image = ouvrir(lue.jpeg)
    assert image.size == (lue.largeur, lue.hauteur) == (300, 400)
    rouge, _, bleu = image.getpixel((150, 50))
    assert rouge > 200 > 60 > bleu
    assert image.getpixel((150, 350))[2] > 200


def test_neither_place_nor_device_survives():
    exif = Image.Exif()
    exif[MARQUE] = "Telephone de la secretaire"
    exif.get_ifd(GPS)[1] = "N"
    brute = photo(exif=exif, comment=b"note cachee")
    assert b"Telephone" in brute and b"note cachee" in brute
    lue = lire_image(brute)
    for octets in (lue.jpeg, lue.vignette):
        assert not ouvrir(octets).getexif()
        assert b"Exif" not in octets and b"Telephone" not in octets and b"note cachee" not in octets


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode):
    format_ = "JPEG" if mode == "CMYK" else "PNG"
    sortie = io.BytesIO()
    Image.new(mode, (40, 30)).save(sortie, format_)
    assert ouvrir(lire_image(sortie.getvalue()).jpeg).mode == "RGB"


def test_what_is_transparent_becomes_white():
    sortie = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(sortie, "PNG")
    assert ouvrir(lire_image(sortie.getvalue()).jpeg).getpixel((20, 15)) == (255, 255, 255)


def test_a_truncated_photo_is_refused():
    brute = photo(taille=(2000, 1500))
    with pytest.raises(ImageRefusee, match="incomplète ou abîmée"):
        lire_image(brute[: len(brute) // 2])


def test_a_text_named_jpg_is_refused():
    with pytest.raises(ImageRefusee, match="n’est pas une photo"):
        lire_image(b"Bonjour, ceci n'est pas une photo.")


@pytest.mark.parametrize("format_", ["GIF", "BMP", "TIFF", "PDF"])
def test_other_formats_are_refused(format_):
    with pytest.raises(ImageRefusee, match="JPEG, PNG ou WebP"):
        lire_image(photo(format_))


@pytest.mark.parametrize("cote", [9_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused(cote):
    with pytest.raises(ImageRefusee, match="trop grande"):
        lire_image(bombe(cote))


def bombe(cote: int) -> bytes:
    """A PNG of a few bytes that declares `cote` × `cote` pixels."""

    def morceau(nom: bytes, contenu: bytes) -> bytes:
        return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))

    entete = struct.pack(">IIBBBBB", cote, cote, 8, 2, 0, 0, 0)
    pixels = morceau(b"IDAT", zlib.compress(b"\0" * 10_000))
    return b"\x89PNG\r\n\x1a\n" + morceau(b"IHDR", entete) + pixels + morceau(b"IEND", b"")


def test_an_empty_file_and_a_heavy_one_are_refused():
    with pytest.raises(ImageRefusee, match="vide"):
        lire_image(b"")
    with pytest.raises(ImageRefusee, match="10\u00a0Mo"):
        lire_image(b"\xff\xd8" + b"\0" * OCTETS_MAX)


def test_a_refusal_is_a_rule_of_the_domain():
    assert issubclass(ImageRefusee, RegleRefusee)
