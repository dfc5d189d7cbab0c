"""Alembic: runs inside the application, on whichever database it is configured for."""

from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import event

base = current_app.extensions["migrate"].db
context.config.set_main_option("sqlalchemy.url", str(base.engine.url).replace("%", "%%"))


def garder(objet, nom, genre, reflete, compare_a):
    """Indexes with a condition are compared by name only: the two engines write conditions back differently."""
    return not (genre == "index" and reflete and compare_a is None and nom.startswith("uq_"))


@contextmanager
def cles_suspendues(connexion):
    """SQLite changes a table by making it anew: foreign keys rest meanwhile, and all are checked before they wake.

    Its driver would run each order of a migration on its own: `BEGIN` makes the migration all or nothing.
    """
    if connexion.dialect.name != "sqlite":
        yield
        return
    connexion.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connexion.rollback()
    event.listen(connexion, "begin", lambda ouverte: ouverte.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        yield
        if connexion.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError(
                "Après la migration, des lignes désignent des lignes disparues\u00a0: restaurez la sauvegarde."
            )
    finally:
        connexion.invalidate()  # the next connection wakes with its foreign keys on


with base.engine.connect() as connexion, cles_suspendues(connexion):
    context.configure(
        connection=connexion,
        target_metadata=base.metadata,
        include_object=garder,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
