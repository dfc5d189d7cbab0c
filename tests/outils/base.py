"""The database behind `app`: made once by the migrations, handed over as new to every test."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, make_url, text

from groupement.socle.db import db

ENTRETIEN = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA")

# Everything a test may have written goes, in one statement; triggers (append-only tables) and foreign keys sleep
# meanwhile. Rows that the migrations had put in come back, and numbers start again where they stood.
# Nobody vacuums the server of the tests (see `postgresql.REGLAGES`): a table that has grown is made anew.
RANGER = """
DO $$
DECLARE t record; plein boolean; gros text;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  SELECT string_agg(oid::regclass::text, ', ') INTO gros FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
      AND pg_relation_size(oid) > 262144;
  IF gros IS NOT NULL THEN
    BEGIN
      EXECUTE 'TRUNCATE ' || gros || ' CASCADE';
    EXCEPTION WHEN lock_not_available THEN NULL;  -- somebody still reads: emptied below
    END;
  END IF;
  FOR t IN SELECT relname AS nom, quote_ident(relname) AS cite FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version' LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM public.' || t.cite || ')' INTO plein;
    IF plein THEN EXECUTE 'DELETE FROM public.' || t.cite; END IF;
    IF to_regclass('semences.' || t.cite) IS NOT NULL THEN
      EXECUTE 'INSERT INTO public.' || t.cite || ' SELECT * FROM semences.' || t.cite;
    END IF;
  END LOOP;
  PERFORM setval('public.' || quote_ident(s.sequencename), coalesce(i.last_value, s.start_value),
                 i.last_value IS NOT NULL)
    FROM pg_sequences s JOIN semences."sequences initiales" i USING (sequencename)
    WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM i.last_value;
END $$
"""
SEMER = """
DO $$
DECLARE t record; plein boolean;
BEGIN
  CREATE SCHEMA semences;
  CREATE TABLE semences."sequences initiales" AS
    SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
  FOR t IN SELECT quote_ident(relname) AS cite FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version' LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM public.' || t.cite || ')' INTO plein;
    IF plein THEN EXECUTE 'CREATE TABLE semences.' || t.cite || ' AS TABLE public.' || t.cite; END IF;
  END LOOP;
END $$
"""


def monter_le_schema(app: Flask) -> None:
    """Create every table the way production does: by the migrations."""
    with app.app_context():
        upgrade()


def fermer_les_connexions(app: Flask) -> None:
    """Give back every connection of the pool, whoever left it open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class BaseSQLite:
    """A file of its own for this worker; a copy of the migrated one takes its place before each test."""

    def __init__(self, dossier: Path) -> None:
        """`dossier` belongs to this worker."""
        self.dossier, self.fichier = dossier, dossier / "essais.sqlite"
        self.uri = f"sqlite:///{self.fichier}"

    def preparer(self, app: Flask) -> None:
        """Create the tables and keep that state as the model « vide »."""
        monter_le_schema(app)
        self.garder(app, "vide")

    def garder(self, app: Flask, modele: str) -> None:
        """Keep the present content under the name `modele`."""
        fermer_les_connexions(app)
        self._replier()
        shutil.copy(self.fichier, self.dossier / modele)

    def remettre(self, app: Flask, modele: str = "vide") -> None:
        """Put the content kept as `modele` back."""
        fermer_les_connexions(app)
        for suite in ("-wal", "-shm"):
            self.fichier.with_name(self.fichier.name + suite).unlink(missing_ok=True)
        shutil.copy(self.dossier / modele, self.fichier)

    def _replier(self) -> None:
        """Fold the write-ahead log into the file, so that the file is the whole."""
        with create_engine(self.uri).connect() as connexion:
            connexion.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connexion.invalidate()

    def fermer(self) -> None:
        """The folder is pytest's to clean."""


class BasePostgreSQL:
    """A database of its own for this worker, emptied before each test; other models are template databases."""

    def __init__(self, adresse: str, ouvrier: str) -> None:
        """`adresse` is a server where databases may be created; `ouvrier` keeps workers apart."""
        self.nom = f"groupement_essais_{ouvrier}"
        self.serveur = create_engine(adresse, isolation_level="AUTOCOMMIT")
        self.uri = make_url(adresse).set(database=self.nom).render_as_string(hide_password=False)
        self.entretien = create_engine(self.uri, isolation_level="AUTOCOMMIT")
        self.modeles: set[str] = set()
        self.en_place = "vide"
        self._ordonner(f"DROP DATABASE IF EXISTS {self.nom} WITH (FORCE)", f"CREATE DATABASE {self.nom}")

    def _ordonner(self, *ordres: str) -> None:
        """Statements about whole databases."""
        with self.serveur.connect() as connexion:
            for ordre in ordres:
                connexion.execute(text(ordre))

    def preparer(self, app: Flask) -> None:
        """Create the tables, remember the rows the migrations wrote, keep that state as the model « vide »."""
        monter_le_schema(app)
        with self.entretien.connect() as connexion:
            connexion.exec_driver_sql(SEMER)
            maitre = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            self.est_maitre = connexion.execute(maitre).scalar()
        self.garder(app, "vide")

    def garder(self, app: Flask, modele: str) -> None:
        """Keep the present content under the name `modele`."""
        self._liberer(app)
        copie = f"{self.nom}_{modele}"
        self._ordonner(f"DROP DATABASE IF EXISTS {copie} WITH (FORCE)", f"CREATE DATABASE {copie} TEMPLATE {self.nom}")
        self.modeles.add(copie)
        self.en_place = modele

    def remettre(self, app: Flask, modele: str = "vide") -> None:
        """Put the content kept as `modele` back: by emptying the tables where that is enough, else by the template."""
        if modele == self.en_place == "vide" and self.est_maitre:
            with app.app_context():
                self._session_rendue()
            with self.entretien.connect() as connexion:
                connexion.exec_driver_sql("SET lock_timeout = '5s'")
                connexion.exec_driver_sql(RANGER)
            return
        self._liberer(app)
        self._ordonner(
            f"DROP DATABASE {self.nom} WITH (FORCE)", f"CREATE DATABASE {self.nom} TEMPLATE {self.nom}_{modele}"
        )
        self.en_place = modele

    @staticmethod
    def _session_rendue() -> None:
        """End the transaction a test may have left open: it would hold the locks we need."""
        db.session.remove()

    def _liberer(self, app: Flask) -> None:
        """Nobody may be connected while a database is copied."""
        fermer_les_connexions(app)
        self.entretien.dispose()

    def fermer(self) -> None:
        """Leave the server as it was."""
        self.entretien.dispose()
        self._ordonner(*(f"DROP DATABASE IF EXISTS {nom} WITH (FORCE)" for nom in (self.nom, *self.modeles)))
        self.serveur.dispose()


@pytest.fixture(scope="session")
def base_d_essai(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Where this worker's data live, and how to put them back."""
    if request.config.getoption("--base") == "sqlite":
        base: Any = BaseSQLite(tmp_path_factory.mktemp("base"))
    else:
        ouvrier = getattr(request.config, "workerinput", {}).get("workerid", "seul")
        base = BasePostgreSQL(request.getfixturevalue("adresse_postgresql"), ouvrier)
    yield base
    base.fermer()


@pytest.fixture
def base(app: Flask) -> Any:
    """The `db` of the application, on an empty migrated database, inside an application context."""
    return db


@pytest.fixture
def session(base: Any) -> Any:
    """The session of the test. `client` commits it before each request and reads afresh after."""
    return base.session


class Instruction(str):
    """One SQL statement as sent, with its `parametres`."""

    parametres: Any


@pytest.fixture
def sql(base: Any) -> Callable[[], Any]:
    """Record what is sent to the database: `with sql() as envoyees:` … `assert len(envoyees) == 2`.

    Transaction keywords (BEGIN, SAVEPOINT…) are left out: what is counted are questions and writings.
    """

    @contextmanager
    def ecoute() -> Iterator[list[Instruction]]:
        envoyees: list[Instruction] = []

        def noter(connexion, curseur, instruction, parametres, contexte, en_lot) -> None:
            if not instruction.lstrip().upper().startswith(ENTRETIEN):
                notee = Instruction(instruction)
                notee.parametres = parametres
                envoyees.append(notee)

        moteur = base.engine
        event.listen(moteur, "before_cursor_execute", noter)
        try:
            yield envoyees
        finally:
            event.remove(moteur, "before_cursor_execute", noter)

    return ecoute


@pytest.fixture
def en_meme_temps(app: Flask, session: Any) -> Callable[..., list[Any]]:
    """Run functions at the same moment, each in a thread with its own session: results or exceptions, in order."""

    def lancer(*fonctions: Callable[[], Any]) -> list[Any]:
        session.commit()
        depart = threading.Barrier(len(fonctions))
        reponses: list[Any] = [None] * len(fonctions)

        def une(rang: int, fonction: Callable[[], Any]) -> None:
            with app.app_context():
                depart.wait(timeout=10)
                try:
                    reponses[rang] = fonction()
                except Exception as erreur:
                    reponses[rang] = erreur

        fils = [threading.Thread(target=une, args=duo) for duo in enumerate(fonctions)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join(timeout=60)
        session.expire_all()
        return reponses

    return lancer
