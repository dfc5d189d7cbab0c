"""Looking for an article with one's own words: accents, capitals, plurals and punctuation do not matter."""

import re
import unicodedata
from dataclasses import dataclass

from groupement.catalogue.rules.familles import famille as famille_de

MOT_LE_PLUS_COURT = 3  # « dos » keeps its s, « sacs » gives « sac »
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "×": "x"})
ENTRE_LES_MOTS = re.compile(r"[\s’',;]+")
UNITE_COLLEE = re.compile(r"(?<=\d)(?=(?:mm|cm|kg|g|m)\b)")
# « dos 10 », « dos de 9,5 cm », « dos 100 mm »
DOS = re.compile(r"\bdos\s*(?:de\s+)?(?P<entiers>\d{1,3})(?:[.,](?P<dixiemes>\d))?(?:\s*(?P<unite>mm|cm))?(?!\w)", re.I)
DOS_EN_MM = 50  # no box is half a metre wide: from 50 on, somebody speaks in millimetres


@dataclass(frozen=True, slots=True)
class Demande:
    """What is looked for: pieces of text that must all be found, and the spine (mm) understood in the words."""

    motifs: tuple[str, ...]
    dos_mm: int | None = None


def normaliser(texte: str) -> str:
    """Lower case, no accents, words parted by one space; « 10cm » reads « 10 cm », « BTE-CON-10 » « bte con 10 »."""
    decompose = unicodedata.normalize("NFD", texte.lower().translate(LIGATURES))
    lettres = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    mots = re.sub(r"[^a-z0-9]+", " ", lettres)
    return UNITE_COLLEE.sub(" ", mots).strip()


def texte_de_recherche(reference: str, designation: str, famille: str, norme: str = "") -> str:
    """What an article is found by: a space at both ends, so that a number can be looked for whole."""
    connue = famille_de(famille)
    return f" {normaliser(' '.join((reference, designation, connue.libelle, connue.mots, norme)))} "


def lire_demande(termes: str) -> Demande:
    """What these words ask for. « boîtes dos 10 » asks for « boite » and for a spine of 100 mm."""
    trouve = DOS.search(termes)
    dos_mm = _dos_en_mm(**trouve.groupdict()) if trouve else None
    if trouve is None or dos_mm is None:
        return Demande(mots_cherches(termes))
    return Demande(mots_cherches(termes[: trouve.start()] + " " + termes[trouve.end() :]), dos_mm)


def _dos_en_mm(entiers: str, dixiemes: str | None, unite: str | None) -> int | None:
    """A spine as people say it, in mm: « 10 » and « 10 cm » give 100, « 9,5 » gives 95, « 100 » gives 100."""
    nombre = int(entiers)
    en_mm = unite.lower() == "mm" if unite else nombre >= DOS_EN_MM
    return (nombre if en_mm else nombre * 10 + int(dixiemes or 0)) or None


def mots_cherches(termes: str) -> tuple[str, ...]:
    """The pieces of text that must all be found in an article: words without their plural, numbers whole.

    What is written in one piece (« BTE-CON-10 », « 10cm ») is looked for in one piece.
    """
    morceaux = (normaliser(morceau) for morceau in ENTRE_LES_MOTS.split(termes))
    return tuple(dict.fromkeys(motif_de(morceau) for morceau in morceaux if morceau))


def motif_de(morceau: str) -> str:
    """The text to look for: a number at either end stands alone (10 is not 100), a plural at the end is dropped."""
    mots = morceau.split()
    premier, dernier = mots[0], mots[-1]
    motif = morceau[:-1] if len(dernier) > MOT_LE_PLUS_COURT and dernier[-1] in "sx" else morceau
    return f"{' ' if premier.isdigit() else ''}{motif}{' ' if dernier.isdigit() else ''}"
