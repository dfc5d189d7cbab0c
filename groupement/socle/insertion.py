"""Many rows at once, in stored form: COPY on PostgreSQL, one prepared statement elsewhere.

Values are those the columns hold (centimes, ten-thousandths, names of states): no column type looks at them, which is
what makes it fast. For rows a rule has just computed; what people type goes through the models.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table

from groupement.socle.db import db


def inserer(table: Table, colonnes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> None:
    """Add `lignes`, their values in the order of `colonnes`, in the transaction of the session."""
    connexion = db.session.connection()
    noms = ", ".join(colonnes)
    if connexion.dialect.name == "postgresql":
        psycopg: Any = connexion.connection.driver_connection
        with psycopg.cursor() as curseur, curseur.copy(f"COPY {table.name} ({noms}) FROM STDIN") as copie:
            for ligne in lignes:
                copie.write_row(ligne)
        return
    # Straight to the driver, which takes them one by one: SQLAlchemy would want the million in a list.
    sqlite: Any = connexion.connection.driver_connection
    places = ", ".join("?" * len(colonnes))
    sqlite.executemany(f"INSERT INTO {table.name} ({noms}) VALUES ({places})", lignes)
