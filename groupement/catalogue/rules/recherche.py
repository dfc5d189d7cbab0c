"""Looking for an article with one's own words: accents, capitals, plurals and punctuation do not matter."""

import re
import unicodedata

from groupement.catalogue.rules.familles import famille as famille_de

MOT_LE_PLUS_COURT = 3  # « dos » keeps its s, « sacs » gives « sac »
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "×": "x"})
UNITE_COLLEE = re.compile(r"(?<=\d)(?=(?:mm|cm|kg|g|m)\b)")


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


def mots_cherches(termes: str) -> tuple[str, ...]:
    """The pieces of text that must all be found in an article: words without their plural, numbers whole."""
    return tuple(dict.fromkeys(_motif(mot) for mot in normaliser(termes).split()))


def _motif(mot: str) -> str:
    """The piece of text a word stands for."""
    if mot.isdigit():
        return f" {mot} "  # 10 is not 100
    if len(mot) > MOT_LE_PLUS_COURT and mot[-1] in "sx":
        return mot[:-1]
    return mot
