"""Signed papers people send: what the bytes really are, whatever the name of the file says. PDF and XLSX only."""

import io
import zipfile
from dataclasses import dataclass

import pikepdf

from groupement.documents.images import lire_image
from groupement.documents.tableur import MIME_XLSX
from groupement.socle.etats import RegleRefusee

OCTETS_MAX = 20 * 1024 * 1024
DEPLIES_MAX = 200 * 1024 * 1024
MIME_PDF = "application/pdf"
CLASSEUR = "xl/workbook.xml"


class PieceRefusee(RegleRefusee):
    """The file sent is not a paper we can keep."""


@dataclass(frozen=True, slots=True)
class PieceVerifiee:
    """A paper fit to be kept, with its true media type."""

    octets: bytes
    type_mime: str
    extension: str


def lire_piece(octets: bytes) -> PieceVerifiee:
    """The paper in `octets`. Raises PieceRefusee, with a sentence for the sender."""
    if not octets:
        raise PieceRefusee("Ce fichier est vide\u00a0: choisissez le document signé.")
    if len(octets) > OCTETS_MAX:
        raise PieceRefusee("Ce fichier dépasse 20\u00a0Mo\u00a0: réduisez-le ou coupez-le en deux.")
    if octets.startswith(b"%PDF-"):
        return _pdf(octets)
    if octets.startswith(b"PK\x03\x04"):
        return _classeur(octets)
    raise PieceRefusee("Ce fichier n’est ni un PDF ni un classeur Excel (XLSX)\u00a0: choisissez-en un autre.")


def lire_scan(octets: bytes) -> PieceVerifiee:
    """A signed page as town halls send it: a PDF, or a photograph, which is written anew as a JPEG.

    Raises PieceRefusee or ImageRefusee, with a sentence for the sender.
    """
    if octets.startswith(b"PK\x03\x04"):
        raise PieceRefusee("Ce fichier est un document de bureautique\u00a0: enregistrez-le en PDF.")
    if not octets or octets.startswith(b"%PDF-"):
        return lire_piece(octets)
    if not octets.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")):
        raise PieceRefusee("Ce fichier n’est ni un PDF ni une photo (JPEG, PNG, WebP)\u00a0: choisissez-en un autre.")
    image = lire_image(octets)
    return PieceVerifiee(image.jpeg, image.type_mime, "jpg")


def _pdf(octets: bytes) -> PieceVerifiee:
    """A PDF that opens without a password and has a page."""
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise PieceRefusee("Ce PDF est protégé par un mot de passe\u00a0: déposez-le sans protection.") from None
    except Exception:  # whatever a broken file makes the reader say
        raise PieceRefusee("Ce PDF est abîmé\u00a0: il ne s’ouvre pas. Enregistrez-le à nouveau.") from None
    if not pages:
        raise PieceRefusee("Ce PDF n’a aucune page.")
    return PieceVerifiee(octets, MIME_PDF, "pdf")


def _classeur(octets: bytes) -> PieceVerifiee:
    """An XLSX: a zip that holds a workbook, no macro, and does not swell out of measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            fiches = archive.infolist()
    except zipfile.BadZipFile:
        raise PieceRefusee("Ce classeur est abîmé\u00a0: il ne s’ouvre pas. Enregistrez-le à nouveau.") from None
    noms = {fiche.filename for fiche in fiches}
    if CLASSEUR not in noms:
        raise PieceRefusee("Ce fichier n’est ni un PDF ni un classeur Excel (XLSX)\u00a0: choisissez-en un autre.")
    if any(nom.lower().endswith("vbaproject.bin") for nom in noms):
        raise PieceRefusee("Ce classeur contient des macros\u00a0: enregistrez-le au format XLSX, sans macro.")
    if sum(fiche.file_size for fiche in fiches) > DEPLIES_MAX:
        raise PieceRefusee("Ce classeur est trop grand une fois ouvert\u00a0: enregistrez-le en PDF.")
    return PieceVerifiee(octets, MIME_XLSX, "xlsx")
