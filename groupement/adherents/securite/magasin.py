"""Where Flask-Security finds people: the one door that also keeps demonstration accounts out of production."""

from typing import Any

from flask import current_app
from flask_security import RoleMixin, SQLAlchemyUserDatastore
from sqlalchemy import func, select

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import DOMAINE_DEMONSTRATION
from groupement.socle.db import db


class RolePlat(RoleMixin):
    """Flask-Security wants a role class; rights come from the habilitations, so this one has no table."""


class Magasin(SQLAlchemyUserDatastore):
    """Every look-up of a person passes here: sign-in, code, reset, and the session of each request."""

    def __init__(self) -> None:
        super().__init__(db, Utilisateur, RolePlat)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Utilisateur | None:
        """The person, or None; outside the demonstration a demonstration account does not exist. One statement."""
        (attribut, valeur) = kwargs.popitem()
        colonne = getattr(Utilisateur, attribut)
        critere = func.lower(colonne) == str(valeur).lower() if case_insensitive else colonne == valeur
        voulue = select(Utilisateur).where(critere)
        if not current_app.config["DEMO"]:
            voulue = voulue.where(func.lower(Utilisateur.email).not_like(f"%@{DOMAINE_DEMONSTRATION}"))
        return db.session.scalar(voulue)
