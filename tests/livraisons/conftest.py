"""What the tests of the pages of deliveries share."""

import importlib

import pytest

from groupement.adherents.states import Role
from groupement.socle.db import db
from tests.fabriques import adherents
from tests.fabriques.livraisons import LE, campagne_regroupee, livraisons_de

PAGES = (
    *("livraisons", "receptions", "decisions", "repartitions", "retraits", "fournisseurs"),
    *("cote_fournisseur", "liens"),
)


@pytest.fixture
def deux_jours_apres(monkeypatch):
    """The clock of the pages: the morning of 16 December 2026, two days after the bons of the factories."""
    for nom in PAGES:
        page = importlib.import_module(f"groupement.livraisons.routes.{nom}")
        monkeypatch.setattr(page, "maintenant", lambda: LE, raising=False)
        monkeypatch.setattr(page, "aujourdhui", LE.date, raising=False)


@pytest.fixture
def bon_pour_deux(app):
    """A bon for two members and the depot, a buyer to write to."""
    adherents.utilisateur("Gaëlle Vasseur", email="gaelle@cdg62.example", roles=[Role.ACHETEUR])
    (emis,) = campagne_regroupee(2)
    for livraison in livraisons_de([emis]):
        livraison.collectivite.courriel = f"mairie{livraison.id}@example.org"
    db.session.commit()
    return emis
