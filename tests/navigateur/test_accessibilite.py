"""Every page of the site in a real browser: nothing for axe to say, and a keyboard is enough to get about.

The pages are those of `tests/test_droits.py`: a new one is read as soon as it exists. Pages drawn alike for several
roles are read once for each kind of reader: body, Centre de gestion, supplier, control.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import Error, Page

from groupement.adherents.models import Utilisateur
from tests.exemples.personnes import Exemples, Personne
from tests.outils.navigateur import TELEPHONE
from tests.outils.pages import FRAGMENTS
from tests.test_droits import invites, regles

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# What axe says of the page as it is: no rule is put aside.
INTERROGER = """() => axe.run().then(r => r.violations.map(
    v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]))"""
PAPIERS = ("pdf", "csv", "xlsx", "photo", "miniature")
# What their address does not say: the papers somebody laid down, letters to print, data sheets.
FICHIERS = {
    *("adhesions.show_deliberation", "conventions.show_texte", "documents_du_marche.show"),
    *("illustrations.show_fiche", "lettres.show_papier", "commandes_papier.show_papier", "desistements.show_lettre"),
}
SUR_TELEPHONE = ("tableau_de_bord.index", "catalogue.index", "paniers.show", "receptions.new", "factures.index")
VISITEUR = ("/connexion", "/mot-de-passe-oublie", "/connexion/code", "/accessibilite", "/mentions-legales")


def pages_html(app: Flask) -> list[Any]:
    """The addresses that draw a page: papers, spreadsheets and pictures have their own tests."""
    lues = [r for r in regles(app) if "GET" in r.methods and getattr(app.view_functions[r.endpoint], "roles", None)]
    return [r for r in lues if r.endpoint not in FRAGMENTS | FICHIERS and not any(mot in r.rule for mot in PAPIERS)]


def lecteurs(app: Flask, exemples: Exemples, regle: Any) -> list[Personne]:
    """One reader of each kind among those the page is for."""
    par_genre: dict[str, Personne] = {}
    for personne in invites(app, exemples, regle):
        par_genre.setdefault(personne.contexte, personne)
    return list(par_genre.values())


def plan_de_visite(app: Flask, exemples: Exemples) -> Iterator[tuple[str, Any]]:
    """(name of the reader, rule): what to read, reader by reader."""
    visites = [(p.nom, r) for r in pages_html(app) for p in lecteurs(app, exemples, r)]
    yield from sorted(visites, key=lambda visite: (visite[0], visite[1].rule))


def fautes_axe(page: Page) -> list[str]:
    """What axe finds, in a line each."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text())
    return [f"{nom} : {aide} {noeuds}" for nom, aide, noeuds in page.evaluate(INTERROGER)]


def aller(page: Page, chemin: str) -> bool:
    """Open it; False for a file that is downloaded instead of shown."""
    try:
        page.goto(chemin)
    except Error as erreur:
        if "Download is starting" in str(erreur):
            return False
        raise
    return True


def tout_deplier(page: Page) -> None:
    """What hides behind a click must be right too."""
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")


@pytest.fixture
def ouvrir(nouvelle_page, session, exemples):
    """A page of somebody of the examples, the same one for all they read."""
    pages: dict[tuple[str, bool], Page] = {}

    def page_de(nom: str, *, telephone: bool = False) -> Page:
        if (nom, telephone) not in pages:
            numero = next(p.utilisateur_id for p in exemples.personnes if p.nom == nom)
            options = {"viewport": TELEPHONE} if telephone else {}
            pages[nom, telephone] = nouvelle_page(session.get_one(Utilisateur, numero), **options)
        return pages[nom, telephone]

    return page_de


def test_axe_has_nothing_to_say_on_any_page(app, exemples, adresse, ouvrir):
    fautes, lues = [], 0
    for nom, regle in plan_de_visite(app, exemples):
        page = ouvrir(nom)
        page.surveillance.tolerer(404)  # an administrateur's session holds no file: its page is read elsewhere
        if not aller(page, adresse(regle)):
            continue
        tout_deplier(page)
        fautes += [f"{regle.rule} ({nom}) {faute}" for faute in fautes_axe(page)]
        lues += 1
    assert not fautes, "\n".join(fautes)
    assert lues > 100


def test_axe_has_nothing_to_say_to_a_visitor(page):
    fautes = []
    for chemin in VISITEUR:
        page.goto(chemin)
        fautes += [f"{chemin} {faute}" for faute in fautes_axe(page)]
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_nothing_to_say_on_a_telephone(app, exemples, adresse, ouvrir, theme):
    fautes = []
    for endpoint in SUR_TELEPHONE:
        regle = next(r for r in regles(app) if r.endpoint == endpoint and "GET" in r.methods)
        page = ouvrir(exemples.personnes[0].nom, telephone=True)
        page.emulate_media(color_scheme=theme)
        page.goto(adresse(regle))
        tout_deplier(page)
        fautes += [f"{regle.rule} ({theme}) {faute}" for faute in fautes_axe(page)]
    assert not fautes, "\n".join(fautes)


def test_a_keyboard_skips_the_menu_and_sees_where_it_is(exemples, ouvrir):
    page = ouvrir(exemples.personnes[0].nom)
    page.goto("/catalogue/")
    page.keyboard.press("Tab")
    lien = page.locator(":focus")
    assert lien.inner_text() == "Aller au contenu" and lien.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    vus = []
    for _ in range(12):
        page.keyboard.press("Tab")
        vus.append(
            page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2] }"
            )
        )
    assert all(visible for _, visible in vus), vus
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_menu_opens_and_closes_with_the_keyboard(exemples, ouvrir):
    page = ouvrir(exemples.personnes[0].nom, telephone=True)
    page.goto("/")
    bouton = page.get_by_role("button", name="Menu")
    bouton.focus()
    page.keyboard.press("Enter")
    assert bouton.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert bouton.get_attribute("aria-expanded") == "false"
