"""The migrations lead to the tables the models describe, up and down, on whichever engine runs the tests."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, make_url, text

from groupement.app import create_app
from groupement.socle.config import RACINE
from groupement.socle.db import Base, db

DOSSIER = str(RACINE / "migrations")


@pytest.fixture
def neuve(app: Flask, base_d_essai, tmp_path) -> Iterator[Flask]:
    """An application on a database of its own, empty, of the same engine as the tests."""
    uri = f"sqlite:///{tmp_path / 'neuve.sqlite'}"
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        nom = f"{base_d_essai.nom}_migrations"
        with base_d_essai.serveur.connect() as connexion:
            connexion.execute(text(f"DROP DATABASE IF EXISTS {nom}"))
            connexion.execute(text(f"CREATE DATABASE {nom}"))
        uri = make_url(base_d_essai.uri).set(database=nom).render_as_string(hide_password=False)
    application = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": uri,
            "GROUPEMENT_INSTANCE": str(tmp_path),
            "GROUPEMENT_MODE": "demonstration",
            "TESTING": True,
        }
    )
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(neuve):
    upgrade(directory=DOSSIER)
    with db.engine.connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": False})
        ecarts = [ecart for ecart in compare_metadata(contexte, Base.metadata) if ecart[0] != "remove_index"]
    assert ecarts == []


def test_they_go_down_and_up_again(neuve):
    upgrade(directory=DOSSIER)
    tables = set(inspect(db.engine).get_table_names())
    assert tables == set(Base.metadata.tables) | {"alembic_version"}
    downgrade(directory=DOSSIER, revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade(directory=DOSSIER)
    assert set(inspect(db.engine).get_table_names()) == tables


@pytest.mark.parametrize("ordre", ["UPDATE evenement SET par = 'autre'", "DELETE FROM evenement"])
def test_the_journal_cannot_be_rewritten(neuve, ordre):
    upgrade(directory=DOSSIER)
    with db.engine.begin() as connexion:
        connexion.execute(
            text("INSERT INTO evenement (le, par, verbe, objet, resume) VALUES ('2026-11-22', 'Amélie', 'v', 'o', '')")
        )
    with pytest.raises(Exception, match="immuable"), db.engine.begin() as connexion:
        connexion.execute(text(ordre))
