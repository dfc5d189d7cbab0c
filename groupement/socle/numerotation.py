"""Gap-free numbers. A database sequence will not do: it keeps the number of a transaction that was rolled back."""

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from groupement.socle.db import Base, db, verrouiller_ecriture


class Verrou(Base):
    """One row whose update takes SQLite's write lock before anything is read."""

    __tablename__ = "verrou"
    id: Mapped[int] = mapped_column(primary_key=True)
    pris: Mapped[int] = mapped_column(default=0)


class Compteur(Base):
    """The last number given in a series and a year."""

    __tablename__ = "compteur"
    __table_args__ = (UniqueConstraint("serie", "annee"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    serie: Mapped[str] = mapped_column(String(20))
    annee: Mapped[int]
    dernier: Mapped[int] = mapped_column(default=0)


def reserver(serie: str, annee: int, combien: int) -> range:
    """Take the `combien` next numbers of (serie, annee), as whole numbers, in the caller's transaction.

    The row stays locked until the commit; a rollback gives the numbers back.
    """
    verrouiller_ecriture()
    # Two first numbers of a year at the same moment: one opens the row, the other waits for it below.
    ouvrir = {"postgresql": postgresql.insert}.get(db.engine.dialect.name, sqlite.insert)
    db.session.execute(ouvrir(Compteur).values(serie=serie, annee=annee, dernier=0).on_conflict_do_nothing())
    compteur = db.session.scalars(
        select(Compteur).filter_by(serie=serie, annee=annee).with_for_update().execution_options(populate_existing=True)
    ).one()
    premier = compteur.dernier + 1
    compteur.dernier += combien
    db.session.flush()
    return range(premier, premier + combien)


def numero(serie: str, annee: int, rang: int) -> str:
    """How a number is written: BC-2026-00012."""
    return f"{serie}-{annee}-{rang:05d}"
