"""What the tests of the pages of deliveries share."""

import importlib

import pytest

from tests.fabriques.livraisons import LE

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
