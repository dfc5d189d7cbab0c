"""How the figures of a need are written in the sentences shown to people.

Only for reading: no calculation ever starts from one of these texts.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from groupement.etats_des_lieux.rules.metres_lineaires import arrondi_entier
from groupement.socle.nombres import ESPACE_INSECABLE, decimal_fr


def quotient(valeur: Fraction, decimales: int = 2) -> str:
    """`valeur` with at most `decimales` decimals, « 243,5 »; « environ 7,66 » when that is not exact."""
    echelle = 10**decimales
    arrondi = arrondi_entier(valeur * echelle)
    texte = decimal_fr(Decimal(arrondi).scaleb(-decimales))
    return texte if valeur * echelle == arrondi else f"environ{ESPACE_INSECABLE}{texte}"


def enumeration(termes: Sequence[str], conjonction: str = "et") -> str:
    """« a », « a et b », « a, b et c »; empty for no term. `conjonction` may be « ou »."""
    if len(termes) < 2:
        return "".join(termes)
    return f"{', '.join(termes[:-1])} {conjonction} {termes[-1]}"


def ecrire_annees(annees: Sequence[int]) -> str:
    """Years in order as people write them: « 2021 », « 2021-2025 » when consecutive, else « 2011, 2013 »."""
    premiere, derniere = annees[0], annees[-1]
    if len(annees) > 1 and list(annees) == list(range(premiere, derniere + 1)):
        return f"{premiere}-{derniere}"
    return ", ".join(str(annee) for annee in annees)
