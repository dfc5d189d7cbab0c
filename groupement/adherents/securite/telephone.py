"""The codes of the telephone: each serves once, although the application shows it for half a minute."""

from typing import Any

from flask import current_app
from flask_security.totp import TokenError, Totp
from sqlalchemy import CursorResult, or_, update

from groupement.adherents.models import Utilisateur
from groupement.socle.db import db


class CodesDuTelephone(Totp):
    """The library's codes, with what it leaves to us: a code read over a shoulder opens nothing a second time."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right and new. Mailed codes have a secret each: theirs do not count here."""
        try:
            trouve = self._totp.verify(token, totp_secret, window=window)
        except TokenError:
            return False
        return _est_par_courriel(totp_secret, user) or _retenir(user, trouve.counter, totp_secret)


def _est_par_courriel(secret: str, personne: Any) -> bool:
    """Whether the secret is that of a mailed code."""
    magasin: Any = current_app.extensions["security"].datastore
    return secret in magasin.us_get_totp_secrets(personne).values()


def _retenir(personne: Utilisateur, compteur: int, secret: str) -> bool:
    """Note the half-minute of the code; False when it, or a later one, has served. Two at once: one passes.

    A telephone being put in place starts anew.
    """
    neuf = Utilisateur.totp_compteur < compteur if secret == personne.tf_totp_secret else Utilisateur.id.is_not(None)
    retenu = db.session.execute(
        update(Utilisateur)
        .where(Utilisateur.id == personne.id, or_(Utilisateur.totp_compteur.is_(None), neuf))
        .values(totp_compteur=compteur)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(retenu, CursorResult)
    return retenu.rowcount == 1
