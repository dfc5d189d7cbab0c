"""Photographs people send: read, checked, straightened, stripped of what they tell, and made small.

What is kept is never the file received: a new JPEG is written from its pixels, so that neither the place of the
photograph nor anything hidden in the file survives.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from groupement.socle.etats import RegleRefusee

OCTETS_MAX = 10 * 1024 * 1024
PIXELS_MAX = 50_000_000
COTE_MAX = 1600
COTE_VIGNETTE = 240
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITE = 82


class ImageRefusee(RegleRefusee):
    """The file sent is not a photograph we can keep."""


@dataclass(frozen=True, kw_only=True)
class ImageVerifiee:
    """A photograph fit to be kept: both files are JPEG, upright, without metadata."""

    jpeg: bytes
    vignette: bytes
    largeur: int
    hauteur: int
    type_mime: str = "image/jpeg"


def lire_image(octets: bytes) -> ImageVerifiee:
    """The photograph in `octets`, at most 1600 px wide or high, with its 240 px thumbnail.

    Raises ImageRefusee, with a sentence for the sender, for a file that is empty, too heavy, not a JPEG, PNG or
    WebP picture, cut short, or too large once unpacked.
    """
    if not octets:
        raise ImageRefusee("Ce fichier est vide\u00a0: choisissez une photo.")
    if len(octets) > OCTETS_MAX:
        raise ImageRefusee("Cette photo dépasse 10\u00a0Mo\u00a0: réduisez-la ou choisissez-en une autre.")
    image = _ouvrir(octets)
    grande = _reduire(image, COTE_MAX)
    return ImageVerifiee(
        jpeg=_ecrire(grande),
        vignette=_ecrire(_reduire(grande, COTE_VIGNETTE)),
        largeur=grande.width,
        hauteur=grande.height,
    )


def reduire(jpeg: bytes, cote: int) -> bytes:
    """A smaller copy of a photograph kept already, its longer side `cote` pixels at most."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        return _ecrire(_reduire(image, cote))


def _ouvrir(octets: bytes) -> Image.Image:
    """The picture, decoded in full and turned upright, on white where it was transparent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a picture we judge ourselves, just below
            image = Image.open(io.BytesIO(octets), formats=FORMATS)
            if image.width * image.height > PIXELS_MAX:
                raise ImageRefusee("Cette image est trop grande\u00a0: 50 millions de points au plus.")
            image.draft("RGB", (COTE_MAX, COTE_MAX))  # a JPEG is then decoded at a fraction of its size
            image.load()
            droite = ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        raise ImageRefusee("Ce fichier n’est pas une photo\u00a0: envoyez une image JPEG, PNG ou WebP.") from None
    except Image.DecompressionBombError:
        raise ImageRefusee("Cette image est trop grande\u00a0: 50 millions de points au plus.") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ImageRefusee("Cette photo est incomplète ou abîmée\u00a0: reprenez-la ou envoyez-en une autre.") from None
    return _sur_blanc(droite)


def _sur_blanc(image: Image.Image) -> Image.Image:
    """The picture in RGB, laid on white where it lets light through."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    calque = image.convert("RGBA")
    fond = Image.new("RGB", image.size, "white")
    fond.paste(calque, mask=calque.getchannel("A"))
    return fond


def _reduire(image: Image.Image, cote: int) -> Image.Image:
    """A copy whose longer side is `cote` pixels at most."""
    copie = image.copy()
    copie.thumbnail((cote, cote), Image.Resampling.LANCZOS)
    return copie


def _ecrire(image: Image.Image) -> bytes:
    """The pixels as a new JPEG: nothing else of the file received is kept."""
    neuve = Image.new("RGB", image.size)
    neuve.paste(image)
    sortie = io.BytesIO()
    neuve.save(sortie, "JPEG", quality=QUALITE, optimize=True, progressive=True)
    return sortie.getvalue()
