"""The link by which a body answers an enquête without an account: signed, its own, valid as long as its enquête says.

The link holds the number of the letter and nothing else; when it ends is read from the enquête, whose deadline may be
put off.
"""

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from groupement.adherents.securite.courrier import adresse_publique


def _serialiseur() -> URLSafeSerializer:
    """Signs with the key of the application, for this use alone."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="declaration-intention")


def jeton_de_reponse(sollicitation_id: int) -> str:
    """What tells that letter in an address."""
    return str(_serialiseur().dumps(sollicitation_id))


def lien_de_reponse(sollicitation_id: int) -> str:
    """The address written in the letter."""
    # Not url_for: letters are also written by commands, outside any request.
    chemin = current_app.url_map.bind("").build("declarations.edit", {"jeton": jeton_de_reponse(sollicitation_id)})
    return adresse_publique(chemin)


def sollicitation_designee(jeton: str) -> int | None:
    """The number of the letter, None when the link was forged or damaged."""
    try:
        numero = _serialiseur().loads(jeton)
    except (BadData, ValueError):
        return None
    return numero if isinstance(numero, int) else None
