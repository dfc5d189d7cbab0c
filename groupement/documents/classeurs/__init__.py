"""Reading the tables people send, CSV or XLSX, without trusting the file: checked first, then read by streams.

`lire_classeur` gives the same frozen table whatever the file was; what cannot be read for sure raises ClasseurRefuse,
a French sentence that says what to do. Why it is written so: docs/decisions/0013-lire-les-tableurs.md.
"""

from pathlib import PurePath

from groupement.documents.classeurs.archive import Archive
from groupement.documents.classeurs.table import Avancement, Cellules, Classeur, ClasseurRefuse, Feuille, Rangee, lettre
from groupement.documents.classeurs.textes import lire_csv
from groupement.documents.classeurs.xlsx import lire_xlsx

__all__ = [
    "Avancement",
    "Cellules",
    "Classeur",
    "ClasseurRefuse",
    "Feuille",
    "Rangee",
    "controler_classeur",
    "lettre",
    "lire_classeur",
]

TAILLE_MAX = 15 * 1024 * 1024
ANCIEN_OU_CHIFFRE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: .xls, or any workbook under a password
ARCHIVE = b"PK"
MAUVAISE_EXTENSION = "Choisissez un classeur Excel (.xlsx) ou un fichier .csv\u00a0: «\u00a0{}\u00a0» n’en est pas un."


def lire_classeur(nom: str, contenu: bytes, avancement: Avancement | None = None) -> Classeur:
    """The sheets of a file; `avancement` is told how far it is, now and then. Raises ClasseurRefuse."""
    if controler_classeur(nom, contenu) == ".xlsx":
        return lire_xlsx(nom, contenu, avancement)
    return lire_csv(nom, contenu)


def controler_classeur(nom: str, contenu: bytes) -> str:
    """The extension of a file that may be opened without danger; no row is read. Raises ClasseurRefuse."""
    extension = PurePath(nom.strip()).suffix.lower()
    if len(contenu) > TAILLE_MAX:
        raise ClasseurRefuse("Ce fichier dépasse 15 Mo\u00a0: enlevez les images et les feuilles inutiles.")
    if not contenu.strip():
        raise ClasseurRefuse("Le fichier est vide\u00a0: choisissez celui qui porte les prix.")
    if contenu.startswith(ANCIEN_OU_CHIFFRE):
        raise ClasseurRefuse(
            "Ce fichier est à l’ancien format .xls, ou protégé par un mot de passe. Ouvrez-le dans le tableur, ôtez le "
            "mot de passe, puis Enregistrer sous, classeur Excel (.xlsx)."
        )
    if extension in (".xlsm", ".xlsb", ".xltm"):
        raise ClasseurRefuse(
            "Ce classeur peut contenir des macros, il n’est pas ouvert. Dans Excel\u00a0: Enregistrer sous, classeur "
            "Excel (.xlsx)."
        )
    if extension not in (".xlsx", ".csv", ".txt"):
        raise ClasseurRefuse(MAUVAISE_EXTENSION.format(nom.strip()[:80] or "sans nom"))
    _controler_le_contenu(extension, contenu)
    return extension


def _controler_le_contenu(extension: str, contenu: bytes) -> None:
    """The content is what the name says, and its directory holds no trap."""
    est_une_archive = contenu.startswith(ARCHIVE)
    if extension == ".xlsx":
        if not est_une_archive:
            raise ClasseurRefuse(
                "Ce fichier porte le nom .xlsx, mais n’est pas un classeur Excel. Ouvrez-le dans le tableur, puis "
                "Enregistrer sous, classeur Excel (.xlsx)."
            )
        Archive(contenu)
    elif est_une_archive:
        raise ClasseurRefuse(
            f"Ce fichier porte le nom {extension}, mais c’est un classeur ou une archive\u00a0: renommez-le en .xlsx, "
            "ou enregistrez-le au format CSV."
        )
