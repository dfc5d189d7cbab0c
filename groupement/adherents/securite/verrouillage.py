"""Failures are counted in one statement each, so that two guesses at the same moment count for two."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_security.signals import password_reset, user_authenticated, user_failed_authn
from sqlalchemy import case, update

from groupement.adherents.models import Utilisateur
from groupement.adherents.rules.verrouillage import ESSAIS_PERMIS, REPOS, est_verrouille, phrase_de_verrou
from groupement.socle import journal
from groupement.socle.calendrier import PARIS, maintenant
from groupement.socle.db import db


def motif_de_verrou(utilisateur: Utilisateur | None, le: datetime) -> str | None:
    """The sentence for a locked account, None for one that may try."""
    if utilisateur is None or not est_verrouille(utilisateur.verrouille_jusqu_au, le):
        return None
    assert utilisateur.verrouille_jusqu_au is not None
    return phrase_de_verrou(heure_de(utilisateur.verrouille_jusqu_au))


def heure_de(instant: datetime) -> str:
    """When it opens, on a clock in Paris, rounded up to the minute so that trying then works."""
    local = instant.astimezone(PARIS)
    minutes = local.hour * 60 + local.minute + (1 if local.second or local.microsecond else 0)
    return f"{minutes // 60 % 24} h {minutes % 60:02}"


def _compter(emetteur: Any, user: Utilisateur, **details: Any) -> None:
    """One more failure; the account rests at the fifth. Committed here: the page that refuses writes nothing."""
    le = maintenant()
    suivant = Utilisateur.echecs_de_connexion + 1
    db.session.execute(
        update(Utilisateur)
        .where(Utilisateur.id == user.id)
        .values(
            echecs_de_connexion=case((suivant >= ESSAIS_PERMIS, 0), else_=suivant),
            verrouille_jusqu_au=case((suivant >= ESSAIS_PERMIS, le + REPOS), else_=Utilisateur.verrouille_jusqu_au),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(user, ["echecs_de_connexion", "verrouille_jusqu_au"])
    if user.verrouille_jusqu_au == le + REPOS:
        journal.noter("utilisateur", user.id, "verrouiller", par=journal.AUTOMATE, le=le, resume=user.nom)
    db.session.commit()


def _oublier(emetteur: Any, user: Utilisateur, **details: Any) -> None:
    """A sign-in that succeeds, or a password chosen by mail, wipes the slate; the page commits."""
    if user.echecs_de_connexion or user.verrouille_jusqu_au:
        user.echecs_de_connexion, user.verrouille_jusqu_au = 0, None


def installer(app: Flask) -> None:
    """Listen to what Flask-Security says of this application."""
    user_failed_authn.connect(_compter, app)
    user_authenticated.connect(_oublier, app)
    password_reset.connect(_oublier, app)
