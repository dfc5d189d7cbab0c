"""Looking for an article with one's own words: accents, capitals, plurals and punctuation do not matter."""

import re
import unicodedata

from groupement.catalogue.rules.familles import famille as famille_de

MOT_LE_PLUS_COURT = 3  # « dos » keeps its s, « sacs » gives « sac »
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "×": "x"})
ENTRE_LES_MOTS = re.compile(r"[\s’',;]+")
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
    """The pieces of text that must all be found in an article: words without their plural, numbers whole.

    What is written in one piece (« BTE-CON-10 », « 10cm ») is looked for in one piece.
    """
    morceaux = (normaliser(morceau) for morceau in ENTRE_LES_MOTS.split(termes))
    return tuple(dict.fromkeys(_motif(morceau) for morceau in morceaux if morceau))


def _motif(morceau: str) -> str:
    """The text to look for: a number at either end stands alone (10 is not 100), a plural at the end is dropped."""
    mots = morceau.split()
    premier, dernier = mots[0], mots[-1]
    motif = morceau[:-1] if len(dernier) > MOT_LE_PLUS_COURT and dernier[-1] in "sx" else morceau
    return f"{' ' if premier.isdigit() else ''}{motif}{' ' if dernier.isdigit() else ''}"
