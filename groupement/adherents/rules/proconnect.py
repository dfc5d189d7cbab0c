"""What ProConnect says of how somebody signed in there."""

from collections.abc import Iterable

# Levels that ask for a second factor. Source: documentation of ProConnect, « niveaux de garantie » (acr).
ACR_A_DEUX_FACTEURS = frozenset(
    {
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    }
)


def a_deux_facteurs(acr: object, amr: object) -> bool:
    """Whether two factors were shown: the level says so, or the means used do (« mfa », RFC 8176).

    Anything unforeseen counts as one factor: the application then asks for its own.
    """
    moyens = amr if isinstance(amr, Iterable) and not isinstance(amr, str | bytes) else ()
    return (isinstance(acr, str) and acr in ACR_A_DEUX_FACTEURS) or "mfa" in list(moyens)
