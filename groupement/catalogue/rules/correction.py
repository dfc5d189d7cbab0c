"""The word somebody meant: the nearest one of the catalogue, by the number of letters to change.

A letter added, dropped, replaced or swapped with its neighbour counts for one (optimal string alignment).
"""

from collections.abc import Collection, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

ASSEZ_LONG = 4  # letters: below, everything is near everything


def fautes_admises(longueur: int) -> int:
    """How many letters of a word of that length may be wrong."""
    if longueur < ASSEZ_LONG:
        return 0
    return 1 if longueur < 7 else 2


def mot_le_plus_proche(mot: str, connus: Mapping[str, int]) -> str | None:
    """Of the known words (with the number of articles of each), the nearest, then the most frequent, then the first.

    A word being typed is compared with the beginnings of the known ones when no whole word is near.
    """
    admises = fautes_admises(len(mot))
    if not admises or any(lettre.isdigit() for lettre in mot):
        return None
    entier = _plus_proche(mot, connus, {connu: connu for connu in connus}, admises)
    if entier or len(mot) < ASSEZ_LONG + 1:
        return entier
    debuts = {connu: connu[: len(mot)] for connu in connus if len(connu) > len(mot)}
    return _plus_proche(mot, connus, debuts, 1)


def reference_la_plus_proche(serree: str, connues: Collection[str]) -> str | None:
    """Of the references written without separators, the nearest to one that nobody knows; None when none is near."""
    if len(serree) < ASSEZ_LONG or not any(signe.isdigit() for signe in serree):
        return None
    proches = process.extract(serree, connues, scorer=OSA.distance, score_cutoff=1, limit=1)
    return proches[0][0] if proches else None


def _plus_proche(mot: str, frequences: Mapping[str, int], formes: Mapping[str, str], admises: int) -> str | None:
    """The known word whose form is nearest."""
    proches = process.extract(mot, formes, scorer=OSA.distance, score_cutoff=admises, limit=20)
    classes = [(distance, -frequences[connu], connu) for _, distance, connu in proches]
    return min(classes)[2] if classes else None
