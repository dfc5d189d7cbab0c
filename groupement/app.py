"""The roof: builds the application; the only module that knows every package."""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from groupement import menus, tableau_de_bord
from groupement.adherents import acces, securite
from groupement.adherents import routes as adherents
from groupement.catalogue import routes as catalogue
from groupement.commandes import routes as commandes
from groupement.commandes.actions import attentes, regroupement
from groupement.etats_des_lieux import routes as etats_des_lieux
from groupement.livraisons import routes as livraisons
from groupement.livraisons.actions import annonce
from groupement.livraisons.actions import attentes as livraisons_attendues
from groupement.prestations import routes as prestations
from groupement.refacturation import routes as refacturation
from groupement.socle import config, web
from groupement.socle.db import db
from groupement.stock import routes as stock

migrate = Migrate(directory=str(config.RACINE / "migrations"), render_as_batch=True, compare_type=True)


def create_app(configuration: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured by the environment and then by `configuration` (tests, commands)."""
    app = Flask(
        "groupement",
        root_path=str(config.RACINE / "groupement"),
        template_folder=str(config.RACINE / "templates"),
        static_folder=str(config.RACINE / "groupement" / "static"),
    )
    app.config.from_mapping(
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.from_mapping(config.lire(os.environ, configuration))
    app.config.setdefault("SESSION_COOKIE_SECURE", not app.config["DEMO"])
    db.init_app(app)
    migrate.init_app(app, db)
    web.installer(app)
    securite.installer(app)
    acces.installer(app)
    menus.installer(app)
    regroupement.apres_emission[:] = [annonce.annoncer]
    attentes.branchees[:] = [livraisons_attendues]
    for paquet in PAQUETS:
        for plan in paquet.BLUEPRINTS:
            app.register_blueprint(plan)
    return app


PAQUETS = (
    tableau_de_bord,
    adherents,
    catalogue,
    etats_des_lieux,
    stock,
    commandes,
    livraisons,
    prestations,
    refacturation,
)
