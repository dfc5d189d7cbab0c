"""The sample year, for journeys: loaded once for the whole run, put back as new before each test that asks for it."""

import fcntl
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from groupement.adherents.models import Utilisateur
from groupement.demo.chargement import charger
from groupement.demo.personnes import PORTES
from tests.outils.base import BaseSQLite

MODELE = "demo"


@pytest.fixture(scope="session")
def _modele_demo(app: Flask, base_d_essai: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Keep a loaded demonstration as a model; on SQLite the workers share the one the first of them made."""
    if not isinstance(base_d_essai, BaseSQLite):
        _charger(app, base_d_essai)
        return MODELE
    commun = tmp_path_factory.getbasetemp().parent if _est_un_ouvrier(tmp_path_factory) else base_d_essai.dossier
    partage = commun / f"{MODELE}-partagee.sqlite"
    with (commun / f"{MODELE}.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not partage.exists():
            _charger(app, base_d_essai)
            shutil.copy(base_d_essai.dossier / MODELE, partage)
    shutil.copy(partage, base_d_essai.dossier / MODELE)
    return MODELE


def _est_un_ouvrier(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Under xdist, each worker's folder is `popen-gwN`, below the folder of the run."""
    return tmp_path_factory.getbasetemp().name.startswith("popen-")


def _charger(app: Flask, base_d_essai: Any) -> None:
    """Load the demonstration in an empty database and keep it."""
    base_d_essai.remettre(app)
    with app.app_context():
        charger()
    base_d_essai.garder(app, MODELE)


@pytest.fixture
def demo(_modele_demo: str, session: Any) -> Callable[[str], Utilisateur]:
    """The demonstration is loaded; `demo("acheteur")` is the person the sign-in page offers at that address.

    The loading counts its dates from now: a test that needs given dates builds its own data.
    """
    adresses = {porte.adresse: porte.email for porte in PORTES}

    def personne(adresse: str) -> Utilisateur:
        return session.scalars(select(Utilisateur).where(Utilisateur.email == adresses[adresse])).one()

    return personne
