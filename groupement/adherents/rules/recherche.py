"""Words as they are searched: lower case, no accents, nothing but letters, digits and single spaces."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
AUTRES = re.compile(r"[^a-z0-9]+")


def normaliser(texte: str) -> str:
    """`texte` as `nom_recherche` keeps it: « Hesdin-l’Abbé » → « hesdin l abbe »."""
    decompose = unicodedata.normalize("NFKD", texte.lower().translate(LIGATURES))
    sans_accents = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    return AUTRES.sub(" ", sans_accents).strip()


def mots(recherche: str) -> list[str]:
    """The words to look for, at most eight; figures written by groups (216 200 014) are put together again."""
    propre = normaliser(recherche)
    if propre.replace(" ", "").isdigit():
        return [propre.replace(" ", "")] if propre else []
    return propre.split()[:8]
