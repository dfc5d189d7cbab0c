"""The application under test and the clients that talk to it, isolated from the test as a browser would be."""

import contextvars
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from groupement.app import create_app
from groupement.socle.config import REGLAGES
from groupement.socle.db import db
from tests.outils.base import fermer_les_connexions

# Fixtures that want a filled database; each has a `_modele_…` beside it that makes it once.
MODELES = ("demo", "exemples")
# As in production, but for what would slow the tests or reach outside.
# One salt for every worker: they share a loaded demonstration, passwords included.
CONFIGURATION = {
    "TESTING": True,
    "GROUPEMENT_MODE": "demonstration",
    "RATELIMIT_ENABLED": False,
    "SECURITY_PASSWORD_SALT": "le-sel-commun-des-essais",
}


class ClientDEssai(FlaskClient):
    """A Flask test client with the token of every form, and no memory shared with the test.

    - Each request runs in a context of its own: `g`, the session of the database and the signed-in user are those
      of the request alone, although the test holds an application context too.
    - What the test has prepared is committed before the request; its objects are read afresh afterwards.
    - CSRF protection stays on, as in production: a POST carries the token unless `csrf=False`.
    """

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        """Send the request."""
        if csrf and kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"):
            kwargs["headers"] = [*_paires(kwargs.get("headers")), ("X-CSRFToken", self._jeton())]
        db.session.commit()
        try:
            return contextvars.Context().run(super().open, *args, **kwargs)
        finally:
            db.session.rollback()
            db.session.expire_all()

    def _jeton(self) -> str:
        """The signed token of this client's session, made when it has none."""
        with self.session_transaction() as session:
            brut = session.setdefault("csrf_token", "jeton-des-essais")
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(brut)

    def connecter(self, utilisateur: Any, **en_session: Any) -> "ClientDEssai":
        """Sign `utilisateur` in without the page; `en_session` is written in the session besides."""
        with self.session_transaction() as session:
            session.update({"_user_id": utilisateur.fs_uniquifier, "_fresh": True})
            session.update({"fs_cc": "set", "fs_paa": time.time()}, **en_session)
        return self


def _paires(entetes: Any) -> list[tuple[str, str]]:
    """Headers in whatever form a test gives them."""
    return list(entetes.items()) if hasattr(entetes, "items") else list(entetes or [])


@pytest.fixture(scope="session")
def app(base_d_essai: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, built once a worker on its migrated database, whatever the environment of the machine says."""
    for reglage in REGLAGES:
        os.environ.pop(reglage.nom, None)
    lieux = {
        "SQLALCHEMY_DATABASE_URI": base_d_essai.uri,
        "GROUPEMENT_INSTANCE": str(tmp_path_factory.mktemp("instance")),
    }
    application = create_app({**CONFIGURATION, **lieux})
    application.test_client_class = ClientDEssai
    base_d_essai.preparer(application)
    yield application
    fermer_les_connexions(application)


@pytest.fixture(autouse=True)
def _push_request_context(request: pytest.FixtureRequest) -> Iterator[None]:
    """Replaces pytest-flask's: a database as new and an *application* context around each test that uses `app`.

    pytest-flask would push a request context, and code that wrongly needs one would pass its tests.
    """
    if "app" not in request.fixturenames:
        yield
        return
    application = request.getfixturevalue("app")
    modele = next((nom for nom in MODELES if nom in request.fixturenames), "vide")
    if modele != "vide":
        request.getfixturevalue(f"_modele_{modele}")
    request.getfixturevalue("base_d_essai").remettre(application, modele)
    with application.app_context():
        yield
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> ClientDEssai:
    """A visitor who has not signed in."""
    return app.test_client()


@pytest.fixture
def client_de(app: Flask, session: Any) -> Callable[..., ClientDEssai]:
    """`client_de(utilisateur)`: a client of their own for each person."""

    def ouvrir(utilisateur: Any, **en_session: Any) -> ClientDEssai:
        session.commit()
        return app.test_client().connecter(utilisateur, **en_session)

    return ouvrir
