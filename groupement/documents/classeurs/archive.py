"""What an .xlsx is before anything is read: a zip whose directory is looked at first, then parts read by small pieces.

Refused: too many parts, parts too big or too tightly packed (a zip bomb), a password, macros under any name, values
fetched from other files, and XML that declares its own entities.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from groupement.documents.classeurs.table import ClasseurRefuse

PARTIES_MAX = 2_000
PARTIE_MAX = 80 * 1024 * 1024
TOTAL_MAX = 150 * 1024 * 1024
RAPPORT_MAX = 200  # a real sheet packs 10 to 40 times
RAPPORT_REGARDE_DES = 1024 * 1024
MORCEAU = 64 * 1024
CLASSEUR = "xl/workbook.xml"
MACROS = re.compile(r"vbaproject|(^|/)(macrosheets|activex)/|\.(xlam|xla)$", re.IGNORECASE)
LIENS = re.compile(r"^xl/(externallinks/|connections\.xml)", re.IGNORECASE)
ABIME = "Ce classeur est abîmé\u00a0: ouvrez-le dans le tableur, puis enregistrez-le à nouveau en .xlsx."
BOMBE = (
    "Ce classeur est démesuré une fois ouvert, il n’est pas lu. Copiez le tableau des prix dans un classeur neuf, puis "
    "enregistrez-le en .xlsx."
)
DES_MACROS = (
    "Ce classeur contient des macros, il n’est pas lu. Dans Excel\u00a0: Enregistrer sous, classeur Excel (.xlsx) sans "
    "macros."
)


class Archive:
    """A checked .xlsx: its parts, read by pieces."""

    def __init__(self, contenu: bytes) -> None:
        """Look at the directory. Raises ClasseurRefuse."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(contenu))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise ClasseurRefuse(ABIME) from None
        self._parties = {partie.filename: partie for partie in self._zip.infolist()}
        self._controler()
        self._lus = 0

    def _controler(self) -> None:
        """Everything that can be refused on the directory alone."""
        parties = self._zip.infolist()
        if len(parties) > PARTIES_MAX or len(self._parties) < len(parties):
            raise ClasseurRefuse(BOMBE)
        if sum(partie.file_size for partie in parties) > TOTAL_MAX or any(map(_est_demesuree, parties)):
            raise ClasseurRefuse(BOMBE)
        if any(partie.flag_bits & 1 for partie in parties):
            raise ClasseurRefuse("Ce classeur est protégé par un mot de passe\u00a0: ôtez-le, puis enregistrez-le.")
        if any(MACROS.search(nom) for nom in self._parties) or "xl/workbook.bin" in self._parties:
            raise ClasseurRefuse(DES_MACROS)
        if any(LIENS.match(nom) for nom in self._parties):
            raise ClasseurRefuse(
                "Ce classeur va chercher des valeurs dans un autre fichier. Dans Excel\u00a0: Données, Modifier les "
                "liens, Rompre la liaison, puis enregistrez-le."
            )
        if CLASSEUR not in self._parties:
            raise ClasseurRefuse(
                "Ce fichier n’est pas un classeur Excel. Ouvrez-le dans le tableur, puis Enregistrer sous, classeur "
                "Excel (.xlsx)."
            )

    def pour_cent(self) -> int:
        """How much of the XML was read, over 100."""
        total = sum(partie.file_size for nom, partie in self._parties.items() if nom.endswith(".xml"))
        return min(self._lus * 100 // max(total, 1), 100)

    def __contains__(self, nom: str) -> bool:
        """Whether there is such a part."""
        return nom in self._parties

    def lire(self, nom: str, lecteur: ContentHandler) -> None:
        """Give the XML of a part to `lecteur`, piece by piece. Raises ClasseurRefuse."""
        if nom not in self._parties:
            raise ClasseurRefuse(ABIME)
        analyseur = DefusedExpatParser(forbid_dtd=True)
        analyseur.setContentHandler(lecteur)
        try:
            for morceau in self._morceaux(nom):
                analyseur.feed(morceau)
            analyseur.close()
        except DefusedXmlException:
            raise ClasseurRefuse(
                "Ce classeur contient des définitions qu’un tableur n’écrit jamais, il n’est pas lu. Copiez le tableau "
                "dans un classeur neuf."
            ) from None
        except (SAXException, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
            raise ClasseurRefuse(ABIME) from None

    def _morceaux(self, nom: str) -> Iterator[bytes]:
        """The bytes of a part; what really comes out is counted too, whatever the directory says."""
        with self._zip.open(nom) as flux:
            while morceau := flux.read(MORCEAU):
                self._lus += len(morceau)
                if self._lus > TOTAL_MAX:
                    raise ClasseurRefuse(BOMBE)
                yield morceau


def _est_demesuree(partie: zipfile.ZipInfo) -> bool:
    """Too big a part, or one that unfolds out of nothing."""
    if partie.file_size > PARTIE_MAX:
        return True
    return partie.file_size > RAPPORT_REGARDE_DES and partie.file_size > RAPPORT_MAX * max(partie.compress_size, 1)
