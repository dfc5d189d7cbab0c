"""Real pages in a real Chromium: the served application, and a page that fails for what a person would suffer from."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright
from werkzeug.serving import make_server

from tests.outils.chromium import chromium

PATIENCE_MS = 20_000  # for a page on a machine that does other things
expect.set_options(timeout=PATIENCE_MS)
ECHECS = Path(__file__).parents[2] / "build" / "echecs"
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)  # fmt: skip
ORDINATEUR = {"width": 1280, "height": 900}
TELEPHONE = {"width": 390, "height": 844}
# A form sent back with its faults, a conflict: answers a page is right to give.
REPONSES_ADMISES = {400, 409, 422}
RESSOURCE_EN_ERREUR = "Failed to load resource"  # said again by the console; judged from the response instead
RAPPORT: pytest.StashKey[pytest.TestReport] = pytest.StashKey()


class Serveur:
    """The application on a port of the loopback, each request in a thread, as the sample server does."""

    def __init__(self, app: Flask) -> None:
        """Listen at once."""
        self.app, self._en_cours, self._verrou = app, 0, threading.Condition()
        self._serveur = make_server("127.0.0.1", 0, self._compter, threaded=True)
        self.adresse = f"http://127.0.0.1:{self._serveur.server_port}"
        self._fil = threading.Thread(target=self._serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._fil.start()

    def _compter(self, environ: Any, start_response: Any) -> Any:
        """Know how many requests run, so that no database is put back under one of them."""
        with self._verrou:
            self._en_cours += 1
        try:
            return self.app.wsgi_app(environ, start_response)
        finally:
            with self._verrou:
                self._en_cours -= 1
                self._verrou.notify_all()

    def attendre_le_calme(self) -> None:
        """Until no request runs."""
        with self._verrou:
            assert self._verrou.wait_for(lambda: not self._en_cours, timeout=20), "une requête ne finit pas"

    def fermer(self) -> None:
        """Stop listening."""
        self._serveur.shutdown()
        self._fil.join(timeout=10)
        self._serveur.server_close()


class Surveillance:
    """What goes wrong on the pages of one browser context; `tolerer(404)` when the test wants that answer."""

    def __init__(self, contexte: BrowserContext, adresse: str) -> None:
        """Listen to every page of `contexte`."""
        self.fautes: list[str] = []
        self.adresse, self.admises = adresse, set(REPONSES_ADMISES)
        contexte.on("console", self._console)
        contexte.on("weberror", lambda erreur: self.fautes.append(f"erreur JavaScript : {erreur.error}"))
        contexte.on("response", self._reponse)
        contexte.on("request", self._requete)

    def tolerer(self, *statuts: int) -> None:
        """Answers this test provokes on purpose."""
        self.admises.update(statuts)

    def _console(self, message: ConsoleMessage) -> None:
        """Errors, and every refusal of the content security policy."""
        texte = message.text
        if RESSOURCE_EN_ERREUR not in texte and (message.type == "error" or "Content Security Policy" in texte):
            self.fautes.append(f"console ({message.type}) : {texte}")

    def _reponse(self, reponse: Response) -> None:
        """An error the test does not expect; a missing image or script is never expected."""
        if reponse.status < 400:
            return
        est_page = reponse.request.resource_type in ("document", "xhr", "fetch")
        if not (est_page and reponse.status in self.admises):
            self.fautes.append(f"HTTP {reponse.status} : {reponse.request.method} {reponse.url}")

    def _requete(self, requete: Any) -> None:
        """Everything is served from here."""
        if not requete.url.startswith((self.adresse, "data:", "blob:", "about:")):
            self.fautes.append(f"appel au dehors : {requete.url}")


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """One Chromium a worker."""
    programme = chromium()
    if programme is None:
        pytest.fail("Chromium est introuvable : installez-le, ou donnez son chemin dans CHROMIUM.")
    with sync_playwright() as playwright:
        ouvert = playwright.chromium.launch(executable_path=programme, args=list(OPTIONS))
        yield ouvert
        ouvert.close()


@pytest.fixture(scope="session")
def _serveur(app: Flask) -> Iterator[Serveur]:
    """One server a worker; the database behind it is put back before each test, as for `client`."""
    serveur = Serveur(app)
    yield serveur
    serveur.fermer()


@pytest.fixture
def serveur(_serveur: Serveur) -> Iterator[Serveur]:
    """The application being served (`serveur.adresse`); commit what the test prepares before the page is opened."""
    yield _serveur
    _serveur.attendre_le_calme()


@pytest.fixture
def nouvelle_page(
    request: pytest.FixtureRequest, navigateur: Browser, serveur: Serveur, session: Any
) -> Iterator[Callable[..., Page]]:
    """`nouvelle_page(utilisateur=…, **options)`: a page in a browser of its own, signed in when a person is given.

    `page.surveillance.tolerer(404)` allows an answer. `options` are those of a Playwright context
    (`java_script_enabled=False`, `viewport=TELEPHONE`, `color_scheme="dark"`).
    """
    ouvertes: list[tuple[BrowserContext, Surveillance]] = []

    def ouvrir(utilisateur: Any = None, **options: Any) -> Page:
        session.commit()
        reglages = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": ORDINATEUR, **options}
        contexte = navigateur.new_context(base_url=serveur.adresse, **reglages)
        contexte.set_default_timeout(PATIENCE_MS)
        surveillance = Surveillance(contexte, serveur.adresse)
        ouvertes.append((contexte, surveillance))
        if utilisateur is not None:
            contexte.add_cookies(_temoins(serveur, utilisateur))
        page = contexte.new_page()
        page.surveillance = surveillance
        return page

    yield ouvrir
    a_echoue = request.node.stash[RAPPORT].failed if RAPPORT in request.node.stash else True
    for rang, (contexte, _) in enumerate(ouvertes):
        if a_echoue:
            _photographier(contexte, request.node.nodeid, rang)
        contexte.close()
    fautes = [faute for _, surveillance in ouvertes for faute in surveillance.fautes]
    if not a_echoue:
        assert not fautes, "La page a mal fini :\n" + "\n".join(fautes)


@pytest.fixture
def page(nouvelle_page: Callable[..., Page]) -> Page:
    """A visitor's page on a computer."""
    return nouvelle_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Keep how the test ended, for the screenshot."""
    rapport = yield
    if rapport.when == "call":
        item.stash[RAPPORT] = rapport
    return rapport


def sans_faute_axe(page: Page, **options: Any) -> None:
    """No accessibility fault that axe can find on this page, in its present state, once it is there."""
    page.wait_for_load_state()
    page.locator("main").wait_for()
    reponse = Axe().run(page, options=options or None).response
    fautes = [
        f"{faute['id']} ({faute['impact']}) : {faute['help']}\n"
        + "\n".join(f"    {noeud['html'][:200]}" for noeud in faute["nodes"][:5])
        for faute in reponse["violations"]
    ]
    assert not fautes, f"{page.url}\n" + "\n".join(fautes)


def _temoins(serveur: Serveur, utilisateur: Any) -> list[dict[str, Any]]:
    """The cookies of a client signed in as `utilisateur`, for a browser."""
    client = serveur.app.test_client().connecter(utilisateur)
    nom = serveur.app.config["SESSION_COOKIE_NAME"]
    return [{"name": nom, "value": client.get_cookie(nom).value, "url": serveur.adresse}]


def _photographier(contexte: BrowserContext, test: str, rang: int) -> None:
    """Keep what was on screen when the test failed, in build/echecs/."""
    ECHECS.mkdir(parents=True, exist_ok=True)
    nom = re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/"))[-120:]
    for indice, page in enumerate(contexte.pages):
        fichier = ECHECS / f"{nom}-{rang}{indice}-{int(time.time())}.png"
        try:
            page.screenshot(path=fichier, full_page=True)
        except Exception as erreur:  # the page may be gone: the test's own failure matters more
            print(f"pas de capture d’écran : {erreur}")
        else:
            print(f"capture d’écran : {fichier}")
