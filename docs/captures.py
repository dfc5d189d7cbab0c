"""Take the screenshots of the guide: load a demonstration, walk through the six journeys, keep each page on the way.

`make docs` runs it. The pages are those a person meets, in their order, on a database of the moment: if a button is gone
or a page fails, the walk stops there. Needs Chromium (`CHROMIUM` gives its path) and half a minute or two.
"""

import argparse
import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

RACINE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(RACINE))

from tests.outils.chromium import chromium  # noqa: E402 (the checkout is not installed)
from tests.outils.navigateur import OPTIONS, ORDINATEUR, TELEPHONE  # noqa: E402

CAPTURES = RACINE / "docs" / "guide" / "captures"
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
        serveur.send_signal(signal.SIGINT)
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
        image = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        debut = 0
        if depuis:
            boite = page.locator(depuis).first.bounding_box()
            defile = page.evaluate("window.scrollY")
            debut = max(0, int(boite["y"] + defile) - 24) if boite else 0
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


# --- The journeys --------------------------------------------------------------------------------------------------


def commander(carnet: Carnet) -> None:
    """Journey 1, the agent: an order for Ayette."""
    page = carnet.ouvrir("")
    carnet.prendre(page, "connexion")
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    carnet.prendre(page, "agent-accueil")
    page.get_by_role("link", name="Choisir des articles").first.click()
    titre(page, "Catalogue")
    page.get_by_label("Que cherchez-vous").fill("chemise")
    page.get_by_label("Norme").select_option(label="ISO 9706")
    expect(page.get_by_role("heading", name="pour cette recherche")).to_be_visible()
    chemises = page.locator(".article").filter(has_text="Référence CHE-170,")
    chemises.get_by_label("Quantité").fill("150")
    chemises.get_by_label("Quantité").press("Enter")
    expect(chemises.get_by_role("alert")).to_contain_text("colis de 100")
    carnet.prendre(page, "agent-catalogue", haut=1300)
    chemises.get_by_role("button", name="Ajouter 200 (2 colis)").click()
    expect(chemises.get_by_role("status")).to_contain_text("200")
    page.goto("/catalogue/?q=BTE-CON-10")
    boites = page.locator(".article").filter(has_text="Référence BTE-CON-10,")
    boites.get_by_role("link").first.click()
    carnet.prendre(page, "agent-article", haut=1300)
    page.get_by_label("Quantité").fill("37")
    page.get_by_role("button", name=re.compile("^Ajouter")).first.click()
    expect(page.get_by_role("status").first).to_contain_text("37")
    menu(page, "Panier")
    titre(page, "Votre panier")
    ligne = page.locator(".panier-ligne").filter(has_text="BTE-CON-10")
    ligne.get_by_label("J’accepte jusqu’à").fill("13")
    ligne.get_by_label("J’accepte jusqu’à").press("Tab")
    expect(ligne.get_by_role("status")).to_have_text("Enregistré")
    carnet.prendre(page, "agent-panier")
    page.get_by_role("region", name="Estimation").get_by_role("radio").first.check()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Envoyer au valideur").click()
    titre(page, "Votre commande")
    carnet.prendre(page, "agent-commande-envoyee", haut=1200)


def valider(carnet: Carnet) -> None:
    """Journey 1, the valideur: the order is committed."""
    page = carnet.ouvrir("Michel Dubois")
    carnet.prendre(page, "valideur-accueil", haut=1000)
    page.get_by_role("link", name=re.compile("Relire")).first.click()
    titre(page, "Valider la commande")
    page.get_by_label(re.compile("engagement", re.I)).fill("2026-0117")
    carnet.prendre(page, "valideur-validation")
    page.get_by_role("button", name="Valider et engager").click()
    titre(page, "Votre commande")
    carnet.prendre(page, "valideur-commande-validee", haut=1300)


PARCOURS: tuple[Callable[[Carnet], None], ...] = (commander, valider)


def main() -> None:
    """Everything, or a shorter walk while one writes it."""
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--instance", type=Path, help="un dossier d’instance à reprendre, au lieu d’un neuf")
    choix = lecteur.parse_args()
    programme = chromium()
    if programme is None:
        raise SystemExit("Chromium est introuvable : installez-le, ou donnez son chemin dans CHROMIUM.")
    CAPTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="captures-") as neuf, application(choix.instance or Path(neuf)) as adresse:
        with sync_playwright() as playwright:
            navigateur = playwright.chromium.launch(executable_path=programme, args=list(OPTIONS))
            carnet = Carnet(navigateur, adresse)
            for parcours in PARCOURS:
                print(parcours.__doc__.split("\n")[0] if parcours.__doc__ else parcours.__name__)
                parcours(carnet)
            navigateur.close()
    perdues = {fichier.stem for fichier in CAPTURES.glob("*.png")} - set(carnet.prises)
    for nom in perdues if not choix.instance else ():
        (CAPTURES / f"{nom}.png").unlink()
    print(f"{len(carnet.prises)} captures dans {CAPTURES.relative_to(RACINE)}")


if __name__ == "__main__":
    main()
