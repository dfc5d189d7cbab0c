"""The test session: which database, which marks, which plugins. The fixtures live in `tests/outils/`."""

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.outils", "tests.fabriques", "tests.exemples")

pytest_plugins = (
    "tests.outils.reseau",
    "tests.outils.postgresql",
    "tests.outils.base",
    "tests.outils.application",
    "tests.outils.demonstration",
    "tests.exemples.fixtures",
    "tests.outils.courrier",
    "tests.outils.fournisseur_d_identite",
    "tests.outils.navigateur",
)

# No deadline: the machines that run this differ in speed by a factor of two. Derandomised in CI, so that a push
# fails for what it changed; at home every run draws new cases.
settings.register_profile("local", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--base` chooses the engine behind `app`."""
    parser.addoption(
        "--base", choices=("sqlite", "postgresql"), default="sqlite", help="database engine behind the tests"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what a test uses, so that nobody can forget: `page` → navigateur, `app` → base."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "navigateur" in fixtures:
            item.add_marker("navigateur")
        elif "app" in fixtures:
            item.add_marker("base")
