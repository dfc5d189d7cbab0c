"""Lock-out: after too many failed sign-ins an account rests a quarter of an hour."""

from datetime import datetime, timedelta

ESSAIS_PERMIS = 5
REPOS = timedelta(minutes=15)


def verrou(echecs: int, le: datetime) -> datetime | None:
    """Until when the account is locked once `echecs` failures have followed each other, None when it is not yet."""
    return le + REPOS if echecs >= ESSAIS_PERMIS else None


def est_verrouille(jusqu_au: datetime | None, le: datetime) -> bool:
    """Whether the lock still holds at that instant."""
    return jusqu_au is not None and le < jusqu_au


def phrase_de_verrou(heure: str) -> str:
    """What the person is told; `heure` is when the lock opens, as read on a clock in Paris ("14 h 05")."""
    return (
        f"Trop d’essais ont échoué pour cette adresse. Réessayez à partir de {heure}, "
        "ou demandez un nouveau mot de passe."
    )
