"""One line of a to-do list."""

from dataclasses import dataclass
from datetime import date

from groupement.socle.affichage import jours_restants


@dataclass(frozen=True, slots=True)
class Tache:
    """What to do, why, by when, and where. `ton` colours what is late or waits."""

    icone: str
    phrase: str
    url: str
    action: str
    detail: str = ""
    echeance: str = ""
    ton: str = ""


def avant_le(jour: date | None, le: date) -> str:
    """« avant le 04/12/2026, dans 12 jours »."""
    return "" if jour is None else f"{jour:%d/%m/%Y}, {jours_restants(jour, le)}"


def plusieurs(combien: int, singulier: str, pluriel: str) -> str:
    """« 1 livraison », « 3 livraisons »."""
    return f"{combien} {pluriel if combien > 1 else singulier}"
