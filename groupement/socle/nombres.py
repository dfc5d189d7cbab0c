"""Numbers as French readers write them: « 1 000 », « 0,118 € », « 12,50 € ».

Thousands, and the sign that follows, are parted by a no-break space (U+00A0), so that a number is never cut at the
end of a line; `socle.affichage` says why not by U+202F. Pure; nothing is rounded here.
"""

from decimal import Decimal

ESPACE_INSECABLE = "\u00a0"


def entier_fr(nombre: int) -> str:
    """`nombre` with its thousands parted: 1234567 → « 1 234 567 »."""
    return f"{nombre:,}".replace(",", ESPACE_INSECABLE)


def decimal_fr(nombre: Decimal, decimales_min: int = 0) -> str:
    """`nombre` in full with a comma, idle zeros dropped but for `decimales_min` places: 1234.5 → « 1 234,5 »."""
    entiers, _, decimales = f"{nombre:,f}".partition(".")
    decimales = decimales.rstrip("0").ljust(decimales_min, "0")
    return entiers.replace(",", ESPACE_INSECABLE) + ("," + decimales if decimales else "")


def euros_fr(montant: Decimal) -> str:
    """An amount or a unit price in euros, two places at least: « 1 449,00 € », « 0,118 € »."""
    return decimal_fr(montant, 2) + ESPACE_INSECABLE + "€"


def accorde(nombre: int, singulier: str, pluriel: str | None = None) -> str:
    """`nombre` with its noun: « 1 colis », « 2 boîtes ». French takes the plural from two on."""
    nom = singulier if abs(nombre) < 2 else (pluriel or singulier + "s")
    return entier_fr(nombre) + ESPACE_INSECABLE + nom
