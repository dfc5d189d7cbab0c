"""Where Flask-Security finds people: the one door that also keeps demonstration accounts out of production."""

from functools import cache
from typing import Any

from flask import current_app
from flask_security import RoleMixin, SQLAlchemyUserDatastore
from sqlalchemy import Select, bindparam, func, select

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
        voulue = _par(attribut, case_insensitive, current_app.config["DEMO"])
        return db.session.scalar(voulue, {"valeur": str(valeur).lower() if case_insensitive else valeur})


@cache
def _par(attribut: str, sans_casse: bool, demo: bool) -> Select[Utilisateur]:
    """The select behind every look-up, built once: each request runs it. Its `valeur` is what is looked for."""
    colonne = getattr(Utilisateur, attribut)
    voulue = select(Utilisateur).where((func.lower(colonne) if sans_casse else colonne) == bindparam("valeur"))
    if demo:
        return voulue
    return voulue.where(func.lower(Utilisateur.email).not_like(f"%@{DOMAINE_DEMONSTRATION}"))
