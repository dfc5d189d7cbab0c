"""What every journey does: enter by the door of the demonstration, come and go by the menu, read an amount."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect


def entrer(page: Page, nom: str, pour: str = "") -> None:
    """Sign in as somebody of the demonstration, one click; then act for the body `pour`, when there are several."""
    page.goto("/connexion")
    page.get_by_role("button", name=re.compile(f"^{nom}")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bonjour {nom}")
    if pour:
        agir_pour(page, pour)


def agir_pour(page: Page, collectivite: str) -> None:
    """Use the switch in the head of the page."""
    page.locator(".bascule summary").click()
    page.locator(".bascule").get_by_role("button", name=re.compile(f"{collectivite}$|{collectivite} ")).click()
    expect(page.locator("main .phrase").first).to_contain_text(collectivite)


def menu(page: Page, libelle: str) -> None:
    """Follow an entry of the menu."""
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=libelle, exact=True).click()


def titre(page: Page, texte: str | re.Pattern[str]) -> None:
    """Wait until the page with this title is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(texte)


def montant(lieu: Locator) -> Decimal:
    """The first amount written there: « 1 234,50 € » is 1234.50."""
    trouve = re.search(r"-?\d[\d\s\u202f\u00a0]*(?:,\d+)?(?=[\s\u202f\u00a0]*€)", lieu.inner_text())
    assert trouve, f"aucun montant dans « {lieu.inner_text()} »"
    return Decimal(re.sub(r"\s", "", trouve.group()).replace(",", "."))


def tient_dans_l_ecran(page: Page) -> None:
    """Nothing asks to scroll sideways."""
    page.wait_for_load_state()
    largeur = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert largeur <= 0, f"{page.url} déborde de {largeur} px"


def attendre(page: Page, condition: str) -> None:
    """Until it holds; Playwright's own wait evaluates text in the page, which the content security policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)
