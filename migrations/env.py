"""Alembic: runs inside the application, on whichever database it is configured for."""

from alembic import context
from flask import current_app

base = current_app.extensions["migrate"].db
context.config.set_main_option("sqlalchemy.url", str(base.engine.url).replace("%", "%%"))


def garder(objet, nom, genre, reflete, compare_a):
    """Indexes with a condition are compared by name only: the two engines write conditions back differently."""
    return not (genre == "index" and reflete and compare_a is None and nom.startswith("uq_"))


with base.engine.connect() as connexion:
    context.configure(
        connection=connexion,
        target_metadata=base.metadata,
        include_object=garder,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
