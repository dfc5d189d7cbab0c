"""Units as papers write them: names agreed with their count, room dimensions, bank accounts."""

import re
from decimal import Decimal

from groupement.socle.affichage import nombre

MESURE = re.compile(r"(?<=\d) (?=(?:[ckm]?m|k?g|ml|l|tablettes)\b)|(?<=\d|m) (?=×)|(?<=×) (?=\d)")


def sans_coupure(texte: str) -> str:
    """The text whose measures stay on one line: « dos 10 cm », « 1,00 m × 0,35 m »."""
    return MESURE.sub("\u00a0", texte)


def accorde_a(unite: str, unites: int | Decimal) -> str:
    """The name of a unit agreed with its count: (pièce, 2) gives pièces, (rouleau, 2) gives rouleaux."""
    if -2 < unites < 2:
        return unite
    nom, espace, suite = unite.partition(" ")
    if not nom or nom[-1] in "sxz":
        return unite
    return nom + ("x" if nom.endswith("au") else "s") + espace + suite


def metres(millimetres: int | None) -> str:
    """A dimension of a room, from whole millimetres: 4200 gives 4,2 m."""
    return "–" if millimetres is None else nombre(Decimal(millimetres) / 1000) + "\u00a0m"


def iban(compte: str) -> str:
    """An IBAN by groups of four, as banks print it."""
    compact = "".join(compte.split())
    return "\u00a0".join(compact[debut : debut + 4] for debut in range(0, len(compact), 4))
