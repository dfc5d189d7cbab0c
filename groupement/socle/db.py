"""The database floor: base class, column types, and the two engine settings SQLite needs.

Amounts are stored as whole centimes, unit prices as ten-thousandths of a euro, rates as hundredths of a percent,
moments as UTC: the same integers and timestamps on SQLite and PostgreSQL, and never a float.
"""

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Enum, Integer, MetaData, Table, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from groupement.socle.etats import EtatLibelle

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the application."""

    metadata = MetaData(naming_convention=CONVENTION)
    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # SQLAlchemy only promises a FromClause, which cannot be inserted into


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class _DecimalEntier(TypeDecorator[Decimal]):
    """A Decimal kept as an integer number of `pas`; refuses a value that is not a multiple of it."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = BigInteger
    cache_ok = True
    pas = Decimal(1)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal → integer; ValueError when digits would be lost."""
        if value is None:
            return None
        nombre = Decimal(value) / self.pas
        if nombre != nombre.to_integral_value():
            raise ValueError(f"{value} n’est pas un multiple de {self.pas}")
        return int(nombre)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Integer → Decimal with the places of `pas`."""
        return None if value is None else int(value) * self.pas


class Montant(_DecimalEntier):
    """An amount in €, whole centimes."""

    cache_ok = True
    pas = Decimal("0.01")


class PrixUnitaire(_DecimalEntier):
    """A unit price in €, four decimals."""

    cache_ok = True
    pas = Decimal("0.0001")


class Taux(_DecimalEntier):
    """A rate in %, two decimals (20.00)."""

    impl = Integer
    cache_ok = True
    pas = Decimal("0.01")


class DateHeure(TypeDecorator[datetime]):
    """A moment: aware datetime in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware → UTC; ValueError for a naive moment, whose zone nobody could tell."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moment sans fuseau horaire")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive UTC → aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def colonne_etat(etats: type[EtatLibelle]) -> Enum:
    """The column type of a state: its stored value, checked by the database."""
    return Enum(
        etats,
        native_enum=False,
        length=32,
        values_callable=lambda membres: [membre.value for membre in membres],
        create_constraint=True,
        name=f"{etats.__name__.lower()}_connu",  # PostgreSQL refuses two constraints of one name in a table
    )


@event.listens_for(Engine, "connect")
def _regler_sqlite(connexion: Any, _enregistrement: Any) -> None:
    """Foreign keys on, write-ahead log, and patience of half a minute when somebody else is writing."""
    if isinstance(connexion, sqlite3.Connection):
        curseur = connexion.cursor()
        for reglage in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            curseur.execute(f"PRAGMA {reglage}")
        curseur.close()


def verrouiller_ecriture() -> None:
    """Take the write lock now, before reading what the decision rests on.

    SQLite has one writer: `BEGIN IMMEDIATE` makes the second wait (or fail) before it reads. PostgreSQL locks rows
    with FOR UPDATE in the queries instead, so there is nothing to do.
    """
    if db.engine.dialect.name == "sqlite":
        db.session.execute(db.text("UPDATE verrou SET pris = pris + 1 WHERE id = 1"))
