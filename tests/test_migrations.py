"""The migrations lead to the tables the models describe, up and down, on whichever engine runs the tests."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import IntegrityError

from groupement.app import create_app
from groupement.livraisons.actions.envois import annoncer_un_envoi
from groupement.livraisons.rules.envois import Envoi
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.socle.config import RACINE
from groupement.socle.db import Base, db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import livraisons
from tests.fabriques import refacturation as fabrique

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


COMPTABLES = ("refacturation", "facture", "ligne_facture", "avoir", "ligne_avoir", "encaissement", "evenement")
QUI_ECHOUE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{tete}", None, None


def upgrade():
    op.create_table("essai", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("avoir") as lot:
        lot.add_column(sa.Column("essai", sa.Integer(), nullable=True))
        lot.alter_column("motif", existing_type=sa.Text(), nullable=True)
    raise ValueError("panne au milieu")


def downgrade():
    op.drop_table("essai")
"""


def lignes_de(table: str) -> list[Any]:
    """Every row of a table, in order, as the database holds it."""
    colonnes = ", ".join(colonne["name"] for colonne in inspect(db.engine).get_columns(table))
    with db.engine.connect() as connexion:
        return list(connexion.execute(text(f"SELECT {colonnes} FROM {table} ORDER BY id")).mappings())


def version() -> str:
    """The migration the database stands at."""
    with db.engine.connect() as connexion:
        return str(connexion.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@pytest.fixture
def facturee(neuve: Flask) -> Iterator[Flask]:
    """A database at the last migration that holds a facture of supplies and an avoir on it."""
    upgrade(directory=DOSSIER)
    facture = fabrique.facture(unites=(100,))
    demande = Demande("Une boîte de trop", unites={fabrique.lignes_de(facture)[0].id: 1})
    emettre_avoir(facture.id, demande, par=AUTOMATE, le=fabrique.FACTUREE_LE)
    db.session.commit()
    db.session.remove()
    yield neuve


def test_factures_and_avoirs_go_down_and_up_with_every_row(facturee):
    avant = {table: lignes_de(table) for table in COMPTABLES}
    assert avant["avoir"] and avant["ligne_facture"]
    downgrade(directory=DOSSIER, revision="0001")
    assert "prestation" not in inspect(db.engine).get_table_names()
    assert len(lignes_de("ligne_facture")) == len(avant["ligne_facture"])
    upgrade(directory=DOSSIER)
    assert {table: lignes_de(table) for table in COMPTABLES} == avant


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE ligne_facture SET montant_ht = 1",
        "UPDATE ligne_facture SET quantite = 1",
        "DELETE FROM ligne_avoir",
        "UPDATE facture SET total_ht = 1",
    ],
)
def test_after_the_journey_frozen_rows_are_still_frozen(facturee, ordre):
    downgrade(directory=DOSSIER, revision="0001")
    upgrade(directory=DOSSIER)
    with pytest.raises(Exception, match="immuable"), db.engine.begin() as connexion:
        connexion.execute(text(ordre))


def test_after_the_journey_a_line_still_needs_its_facture(facturee):
    downgrade(directory=DOSSIER, revision="0001")
    upgrade(directory=DOSSIER)
    ligne = dict(lignes_de("ligne_facture")[0]) | {"id": 900, "facture_id": 900}
    noms = ", ".join(ligne)
    valeurs = ", ".join(f":{nom}" for nom in ligne)
    with pytest.raises(IntegrityError), db.engine.begin() as connexion:
        connexion.execute(text(f"INSERT INTO ligne_facture ({noms}) VALUES ({valeurs})"), ligne)


def test_shipments_announced_before_are_replaced_where_they_say_more_than_is_expected(neuve):
    upgrade(directory=DOSSIER)
    (bon,) = livraisons.campagne_regroupee(2)
    une, autre = (livraison.id for livraison in livraisons.livraisons_de([bon]))
    boites, noel = bon.lignes[0].id, date(2026, 12, 21)
    for ids, jour, partie in (([une], 0, None), ([une], 14, None), ([autre], 0, {boites: 12}), ([autre], 14, None)):
        envoi = Envoi(noel + timedelta(days=jour))
        annoncer_un_envoi(bon, ids, envoi, partie=partie, par=AUTOMATE, le=livraisons.LE)
    db.session.commit()
    db.session.remove()
    avant = lignes_de("ligne_envoi")
    assert {ligne["livraison_id"] for ligne in avant if ligne["remplacee_par_id"]} == {une}
    downgrade(directory=DOSSIER, revision="0023")
    assert "remplacee_par_id" not in lignes_de("ligne_envoi")[0]
    upgrade(directory=DOSSIER)
    assert lignes_de("ligne_envoi") == avant


def test_a_migration_that_fails_half_way_leaves_nothing(facturee, tmp_path):
    avant, tete = lignes_de("avoir"), version()
    dossier = tmp_path / "migrations"
    shutil.copytree(DOSSIER, dossier)
    (dossier / "versions" / "9999_qui_echoue.py").write_text(QUI_ECHOUE.format(tete=tete), encoding="utf-8")
    with pytest.raises(ValueError, match="panne au milieu"):
        upgrade(directory=str(dossier))
    db.engine.dispose()
    assert "essai" not in inspect(db.engine).get_table_names()
    assert "essai" not in {colonne["name"] for colonne in inspect(db.engine).get_columns("avoir")}
    assert (lignes_de("avoir"), version()) == (avant, tete)
    with pytest.raises(Exception, match="immuable"), db.engine.begin() as connexion:
        connexion.execute(text("DELETE FROM avoir"))
