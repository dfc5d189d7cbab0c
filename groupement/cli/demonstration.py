"""`groupement demo`: load the demonstration in an empty database, or start it again."""

import click
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import func, select

from groupement.adherents.models import Utilisateur
from groupement.cli.sortie import avec_application, dire, finir_en_refus
from groupement.demo.chargement import charger
from groupement.socle.config import RACINE
from groupement.socle.db import Base, db


@click.command()
@click.option("--remettre-a-neuf", is_flag=True, help="Effacer d’abord tout ce que la base contient.")
@avec_application
def demo(remettre_a_neuf: bool) -> None:
    """Charger la démonstration (refusé en production)."""
    if not current_app.config["DEMO"]:
        finir_en_refus(["La démonstration ne se charge pas en production."])
    if remettre_a_neuf:
        db.session.close()
        with db.engine.begin() as connexion:
            Base.metadata.drop_all(connexion)
            connexion.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
            if connexion.dialect.name == "postgresql":
                connexion.exec_driver_sql("DROP FUNCTION IF EXISTS refuser_ecriture()")
    upgrade(directory=str(RACINE / "migrations"))
    if db.session.scalar(select(func.count()).select_from(Utilisateur)):
        finir_en_refus(["La base n’est pas vide : ajoutez --remettre-a-neuf pour tout effacer d’abord."])
    charger(avancement=True)
    dire("La démonstration est chargée.")
