"""The chain of hashes of a series of frozen documents: changing one, or taking one out, shows.

Each link is SHA-256 over the previous link and the canonical JSON of what the document says.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

ORIGINE = "0" * 64
CERTAINS = frozenset({str, int, bool, type(None)})  # one JSON writing each: left as they are, the usual case first


@dataclass(frozen=True, slots=True)
class Maillon:
    """A document of a series as it is stored: its number, what it says, and its two hashes."""

    numero: str
    contenu: Mapping[str, Any]
    empreinte_precedente: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class Rupture:
    """The first link that breaks the chain: its place (1 is the first), its number and why, in French."""

    rang: int
    numero: str
    motif: str


def json_canonique(contenu: Mapping[str, Any]) -> str:
    """One way only to write `contenu`: sorted keys, no idle space, Decimal and dates as text.

    A Decimal and its text give the same JSON, so a snapshot hashes alike before and after it was stored.
    Raises TypeError for a float (its text is not sure), a key that is not text, or any other type.
    """
    return json.dumps(_sur(contenu), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def empreinte(contenu: Mapping[str, Any], precedente: str = ORIGINE) -> str:
    """The link (64 hexadecimal digits) of a document that says `contenu` after the link `precedente`."""
    return hashlib.sha256(f"{precedente}\n{json_canonique(contenu)}".encode()).hexdigest()


def verifier_chaine(maillons: Iterable[Maillon], origine: str = ORIGINE) -> Rupture | None:
    """The first break of a series given in order of issue, None when it is whole.

    `origine`: the link before the first document given (to check the end of a long series).
    """
    attendue = origine
    for rang, maillon in enumerate(maillons, 1):
        if maillon.empreinte_precedente != attendue:
            motif = "ce document ne suit pas le précédent\u00a0: il en manque un, ou l’ordre a changé."
            return Rupture(rang, maillon.numero, motif)
        if empreinte(maillon.contenu, attendue) != maillon.empreinte:
            return Rupture(rang, maillon.numero, "le contenu de ce document a été modifié après son émission.")
        attendue = maillon.empreinte
    return None


def _sur(valeur: Any) -> Any:
    """`valeur` in types whose JSON is certain."""
    if type(valeur) in CERTAINS:
        return valeur
    if isinstance(valeur, Mapping):
        if not all(isinstance(cle, str) for cle in valeur):
            raise TypeError("clé qui n’est pas un texte")
        return {cle: v if type(v) in CERTAINS else _sur(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_sur(contenue) for contenue in valeur]
    if isinstance(valeur, Decimal):
        return f"{valeur:f}"
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, str | int):
        return valeur
    raise TypeError(f"valeur sans écriture certaine : {valeur!r}")
