"""Two people on one page: who comes second is told so, and nothing is overwritten."""

from typing import Any

from groupement.socle.journal import qui_a_change
from groupement.socle.web import ConflitDeVersion


def exiger_version(objet: Any, version: int | None, constat: str) -> None:
    """Raise ConflitDeVersion, naming who changed it, when the page showed another version than `objet` has.

    `constat` opens the sentence: « Ce lieu a été modifié ». `version` None: the machine writes, no page was shown.
    """
    if version is None or version == objet.version:
        return
    qui = qui_a_change(objet.__tablename__, objet.id)
    raise ConflitDeVersion(
        f"{constat} entre-temps par {qui}. Rien n’est encore enregistré de ce que vous avez écrit\u00a0: c’est gardé "
        "ci-dessous. Relisez, puis enregistrez de nouveau."
    )
