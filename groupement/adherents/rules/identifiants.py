"""SIREN and SIRET: what a person may type, and the sentence when it is wrong.

La Poste's SIRETs (SIREN 356000000) follow a rule of their own, which python-stdnum knows.
A SIREN is never refused for its first digit, and a SIRET never made up from a SIREN.
"""

import re

from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

ESPACES = re.compile(r"[\s\u00a0\u202f.\-]")


def compacter(saisi: str) -> str:
    """The number without the spaces, dots and dashes people put in it."""
    return ESPACES.sub("", saisi)


def motif_de_refus_du_siren(siren: str) -> str | None:
    """Why this is not a SIREN, None when it is one. `siren` is already compact."""
    if not (siren.isascii() and siren.isdigit() and len(siren) == 9):
        return "Un SIREN compte 9 chiffres, par exemple 216200014."
    if not stdnum_siren.is_valid(siren):
        return f"Le SIREN {siren} est impossible\u00a0: sa clé de contrôle est fausse. Vérifiez chaque chiffre."
    return None


def motif_de_refus_du_siret(siret: str, siren: str) -> str | None:
    """Why this SIRET cannot be that of the body `siren`, None when it can. Both are compact."""
    if not (siret.isascii() and siret.isdigit() and len(siret) == 14):
        return "Un SIRET compte 14 chiffres\u00a0: le SIREN, puis 5 chiffres."
    if not siret.startswith(siren):
        return f"Ce SIRET n’est pas celui de cette collectivité\u00a0: il doit commencer par son SIREN, {siren}."
    if not stdnum_siret.is_valid(siret):
        return f"Le SIRET {siret} est impossible\u00a0: sa clé de contrôle est fausse. Vérifiez chaque chiffre."
    return None
