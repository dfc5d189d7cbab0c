"""Sign-in: Flask-Security with our users, in French."""

from flask import Flask
from flask_babel import Babel
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore

from groupement.adherents.models import Utilisateur
from groupement.socle.db import db


class RolePlat(RoleMixin):
    """Flask-Security wants a role class; rights come from the habilitations, so this one has no table."""


datastore = SQLAlchemyUserDatastore(db, Utilisateur, RolePlat)
security = Security()


def installer(app: Flask) -> None:
    """Plug sign-in into the application."""
    app.config.from_mapping(
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",
        SECURITY_I18N_DIRNAME="builtin",
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_TRACKABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/",
    )
    Babel(app)
    security.init_app(app, datastore, register_blueprint=True)
