"""The link by which an invited person chooses a password: signed, seven days, once."""

import hashlib
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from groupement.adherents.models import Utilisateur
from groupement.adherents.securite.courrier import adresse_publique

VALABLE = timedelta(days=7)


def _serialiseur() -> URLSafeTimedSerializer:
    """Signs with the key of the application, for this use alone."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="invitation")


def _etat_du_mot_de_passe(utilisateur: Utilisateur) -> str:
    """Changes with the password: a link that has served no longer matches."""
    return hashlib.sha256((utilisateur.password or "").encode()).hexdigest()[:16]


def lien_d_invitation(utilisateur: Utilisateur) -> str:
    """The address written in the mail."""
    jeton = _serialiseur().dumps([utilisateur.fs_uniquifier, _etat_du_mot_de_passe(utilisateur)])
    # Not url_for: people are also invited by commands, outside any request.
    chemin = current_app.url_map.bind("").build("connexion.invitation", {"jeton": jeton})
    return adresse_publique(chemin)


def invite(jeton: str) -> Utilisateur | None:
    """The person invited by that link, None when it is forged, too old, already used, or the account is closed."""
    try:
        identifiant, etat = _serialiseur().loads(jeton, max_age=int(VALABLE.total_seconds()))
    except (BadSignature, ValueError):
        return None
    utilisateur = current_app.extensions["security"].datastore.find_user(fs_uniquifier=identifiant)
    if utilisateur is None or not utilisateur.active or etat != _etat_du_mot_de_passe(utilisateur):
        return None
    assert isinstance(utilisateur, Utilisateur)
    return utilisateur
