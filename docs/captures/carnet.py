"""The notebook of screenshots: the application on a database of its own, browsers signed in, pictures kept light."""

import io
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

RACINE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RACINE))

from tests.outils.navigateur import ORDINATEUR, TELEPHONE  # noqa: E402 (the checkout is not installed)

CAPTURES = RACINE / "docs" / "guide" / "captures"
# A French browser writes its date boxes so; the one that takes the pictures may only know English.
DATES_EN_FRANCAIS = """() => document.querySelectorAll("input[type=date]").forEach(champ => {
    champ.dataset.jour = champ.value;
    champ.type = "text";
    champ.value = champ.dataset.jour ? champ.dataset.jour.split("-").reverse().join("/") : "jj/mm/aaaa";
})"""
DATES_COMME_AVANT = """() => document.querySelectorAll("input[data-jour]").forEach(champ => {
    champ.type = "date";
    champ.value = champ.dataset.jour;
})"""
POIDS_MAX = 200_000
COULEURS = (96, 48, 24)  # tried in turn until the picture is light enough
HAUTEUR_MAX = 1700


@contextmanager
def application(instance: Path) -> Iterator[str]:
    """The sample server on a database of its own; gives its address."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    neutre = {nom: valeur for nom, valeur in os.environ.items() if nom not in ("DATABASE_URL", "GROUPEMENT_MODE")}
    commande = [sys.executable, "-c", "from groupement.cli import main; main()", "servir", "--port", str(port)]
    muet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    serveur = subprocess.Popen(commande, cwd=RACINE, env={**neutre, "GROUPEMENT_INSTANCE": str(instance)}, **muet)
    adresse = f"http://127.0.0.1:{port}"
    try:
        attendre(serveur, adresse)
        yield adresse
    finally:
        serveur.terminate()
        serveur.wait(timeout=20)


def attendre(serveur: subprocess.Popen[bytes], adresse: str) -> None:
    """Until it answers; loading the demonstration takes a while."""
    for _ in range(600):
        if serveur.poll() is not None:
            raise SystemExit("L’application ne démarre pas.")
        try:
            urllib.request.urlopen(f"{adresse}/sante", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("L’application ne répond pas.")


class Carnet:
    """The pictures taken, under their names."""

    def __init__(self, navigateur: Browser, adresse: str) -> None:
        """`adresse`: where the application is served."""
        self.navigateur, self.adresse, self.prises = navigateur, adresse, []

    def ouvrir(self, nom: str, pour: str = "", *, telephone: bool = False) -> Page:
        """A browser in French, signed in as a person of the demonstration, acting for the body `pour`."""
        taille = TELEPHONE if telephone else ORDINATEUR
        contexte = self.navigateur.new_context(
            base_url=self.adresse, locale="fr-FR", timezone_id="Europe/Paris", viewport=taille, color_scheme="light"
        )
        contexte.set_default_timeout(15_000)
        page = contexte.new_page()
        page.goto("/connexion")
        if nom:
            page.get_by_role("button", name=re.compile(f"^{nom}")).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Bonjour {nom}")
        if pour:
            page.locator(".bascule summary").click()
            page.locator(".bascule").get_by_role("button", name=re.compile(f"{pour}$|{pour} ")).click()
            expect(page.locator("main .phrase").first).to_contain_text(pour)
        return page

    def prendre(self, page: Page, nom: str, *, depuis: str = "", haut: int = HAUTEUR_MAX) -> None:
        """Keep the page, from its top or from the element `depuis`, at most `haut` pixels of it."""
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.wait_for_load_state("networkidle")
        page.evaluate(DATES_EN_FRANCAIS)
        image = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        debut = 0
        if depuis:
            boite = page.locator(depuis).first.bounding_box()
            defile = page.evaluate("window.scrollY")
            debut = max(0, int(boite["y"] + defile) - 24) if boite else 0
        page.evaluate(DATES_COMME_AVANT)
        image = image.crop((0, debut, image.width, min(image.height, debut + haut)))
        ecrire(image, CAPTURES / f"{nom}.png")
        self.prises.append(nom)
        print(f"  {nom}.png")


def ecrire(image: Image.Image, fichier: Path) -> None:
    """A framed PNG with a small palette, light enough for a repository."""
    cadre = image.convert("RGB")
    ImageDraw.Draw(cadre).rectangle((0, 0, cadre.width - 1, cadre.height - 1), outline=(200, 192, 180))
    for couleurs in COULEURS:
        reduite = cadre.quantize(couleurs, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduite.save(fichier, optimize=True)
        if fichier.stat().st_size <= POIDS_MAX:
            return
    raise SystemExit(f"{fichier.name} pèse {fichier.stat().st_size} octets.")


def menu(page: Page, libelle: str) -> None:
    """Follow an entry of the menu."""
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=libelle, exact=True).click()


def titre(page: Page, texte: str | re.Pattern[str]) -> None:
    """Wait for the page with this title."""
    expect(page.get_by_role("heading", level=1)).to_have_text(texte)


def rangee(page: Page, texte: str) -> Locator:
    """The first row of the list that holds these words."""
    return page.locator("main tbody tr").filter(has_text=texte).first
