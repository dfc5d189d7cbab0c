"""Commands run as from a shell: the settings come from the environment, the database is the test's own."""

import contextvars
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from groupement.cli import main
from groupement.socle.db import db


class Sortie:
    """What a command answered."""

    def __init__(self, resultat: Result) -> None:
        """Keep the exit code and both outputs."""
        if resultat.exception and not isinstance(resultat.exception, SystemExit):
            raise resultat.exception
        self.code, self.dit, self.erreurs = resultat.exit_code, resultat.stdout, resultat.stderr

    @property
    def json(self) -> Any:
        """Standard output as a document: it must hold nothing else."""
        return json.loads(self.dit)


@pytest.fixture
def groupement(app, monkeypatch) -> Callable[..., Sortie]:
    """`groupement("campagne", "lister", "--json")` runs the command on the test's database."""
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("GROUPEMENT_MODE", "demonstration")
    monkeypatch.setenv("GROUPEMENT_INSTANCE", app.config["GROUPEMENT_INSTANCE"])

    def lancer(*mots: object) -> Sortie:
        db.session.commit()
        appel = [str(mot) for mot in mots]
        resultat = contextvars.Context().run(CliRunner().invoke, main, appel)
        db.session.rollback()
        db.session.expire_all()
        return Sortie(resultat)

    return lancer
