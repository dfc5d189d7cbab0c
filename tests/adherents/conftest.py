"""The application as in production, on the same database as `app`."""

from collections.abc import Iterator

import pytest
from flask import Flask

from groupement.app import create_app
from groupement.socle.db import db
from tests.outils.application import CONFIGURATION, ClientDEssai

SECRETS = {nom: f"{nom} de quarante caractères au moins, oui !" for nom in ("SECRET_KEY", "TOTP_SECRETS")}


@pytest.fixture
def production(app: Flask) -> Iterator[Flask]:
    """No demonstration: its doors and its people do not exist, the Centre de gestion needs a second factor."""
    reglages = {
        **CONFIGURATION,
        **SECRETS,
        "GROUPEMENT_MODE": "production",
        "SECURITY_PASSWORD_SALT": app.config["SECURITY_PASSWORD_SALT"] + " en production",
        "SESSION_COOKIE_SECURE": False,  # the test client speaks http
        "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    application = create_app(reglages)
    application.test_client_class = ClientDEssai
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
