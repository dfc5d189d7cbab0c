"""Reading a file of public bodies (`groupement importer collectivites`): bytes in, lines and faults out.

A SIREN is checked by its key alone: neither its first digit nor the commune's code says anything sure
(rules.md §6: seven communes of Pas-de-Calais do not follow the usual make-up).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from groupement.socle.lecture_csv import Faute, Ligne, dans_l_ordre, lire_tableau

OBLIGATOIRES = ("type", "siren", "nom")
FACULTATIVES = ("code_insee", "code_postal", "population", "siren_epci")
CODE_INSEE = re.compile(r"(\d\d|2[AB])\d{3}")
CODE_POSTAL = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class CollectiviteLue:
    """One body of the file; `ligne` is its line. None: not given."""

    ligne: int
    type: str
    siren: str
    nom: str
    code_insee: str | None
    code_postal: str | None
    population: int | None
    siren_epci: str | None


@dataclass(frozen=True, slots=True)
class LectureCollectivites:
    """The bodies read, in file order, and every fault found; bodies are to be used only without any fault."""

    lignes: tuple[CollectiviteLue, ...]
    fautes: tuple[Faute, ...]


def lire_collectivites(contenu: bytes, types: Collection[str]) -> LectureCollectivites:
    """Read a file of bodies; `types`: the kinds known (`commune`, `CC`…). A SIREN may appear once.

    The columns after `nom` may be absent; a commune must have its code INSEE.
    """
    tableau = lire_tableau(contenu, OBLIGATOIRES, FACULTATIVES)
    fautes, lignes = list(tableau.fautes), []
    deja_vus: dict[str, int] = {}
    for ligne in tableau.lignes:
        lue = _collectivite(ligne, types)
        premiere = deja_vus.setdefault(lue.siren, ligne.numero)
        if lue.siren and premiere != ligne.numero:
            ligne.faute("siren", f"ce SIREN est déjà à la ligne {premiere}.")
        fautes += ligne.fautes
        if ligne.est_correcte:
            lignes.append(lue)
    return LectureCollectivites(tuple(lignes), dans_l_ordre(fautes))


def _collectivite(ligne: Ligne, types: Collection[str]) -> CollectiviteLue:
    """The values of a line; the line notes what is wrong."""
    genre = ligne.parmi("type", types)
    code_insee = _motif(ligne, "code_insee", CODE_INSEE, "un code INSEE de 5 caractères, par exemple 62041.")
    if genre == "commune" and not code_insee and not ligne.cellules.get("code_insee"):
        ligne.faute("code_insee", "une commune a un code INSEE.")
    return CollectiviteLue(
        ligne=ligne.numero,
        type=genre,
        siren=ligne.siren("siren"),
        nom=ligne.texte("nom", 200),
        code_insee=code_insee,
        code_postal=_motif(ligne, "code_postal", CODE_POSTAL, "un code postal de 5 chiffres."),
        population=ligne.entier_ou_rien("population"),
        siren_epci=ligne.siren("siren_epci", obligatoire=False) or None,
    )


def _motif(ligne: Ligne, colonne: str, motif: re.Pattern[str], attendu: str) -> str | None:
    """The text of a cell that must match `motif`; None when the cell is empty."""
    texte = ligne.cellules.get(colonne, "")
    if texte and not motif.fullmatch(texte):
        ligne.faute(colonne, attendu)
    return texte or None
