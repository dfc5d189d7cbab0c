"""The catalogue and the loading of a BPU in a real browser: live search, no JavaScript, phone, accessibility."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.catalogue import actions
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.socle.calendrier import maintenant
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques import catalogue as fabriques
from tests.outils.navigateur import TELEPHONE, sans_faute_axe

FICHIER = Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "bpu.csv"


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=3)


@pytest.fixture
def charge(marche):
    lecture = lire_bordereau(FICHIER.read_bytes(), (1, 2, 3))
    actions.importer_bordereau(marche, lecture, du=marche.du, par=AUTOMATE, le=maintenant())
    return marche


@pytest.fixture
def agent(app):
    return adherents.utilisateur("Amélie Delattre", roles=[Role.AGENT])


@pytest.fixture
def acheteur(app):
    return adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR])


def test_articles_are_found_while_typing_and_the_address_follows(charge, agent, nouvelle_page):
    page = nouvelle_page(agent)
    page.goto("/catalogue/")
    page.get_by_label("Que cherchez-vous").fill("reliures etat civil")
    page.get_by_role("heading", name="pour cette recherche").wait_for()
    expect(page.locator(".article")).to_have_count(4)
    page.get_by_label("Classer par").select_option("prix")
    page.wait_for_url("**tri=prix**")
    assert "q=reliures" in page.url
    page.get_by_role("link", name="jusqu’à 100 feuillets").click()
    page.get_by_role("heading", level=1, name="Reliure cousue registre d’état civil").wait_for()
    page.go_back()
    page.get_by_role("heading", name="pour cette recherche").wait_for()
    expect(page.get_by_label("Que cherchez-vous")).to_have_value("reliures etat civil")


def test_the_catalogue_works_without_javascript(charge, agent, nouvelle_page):
    page = nouvelle_page(agent, java_script_enabled=False, viewport=TELEPHONE)
    page.goto("/catalogue/")
    page.get_by_label("Que cherchez-vous").fill("boîtes conservation")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Filtrer", exact=True).click()
    page.get_by_role("complementary", name="Filtrer le catalogue").get_by_role("link", name="10 cm").click()
    expect(page.locator(".article")).to_have_count(2)
    page.get_by_role("link", name="Retirer le filtre").click()
    page.get_by_role("link", name="Filtrer", exact=True).click()
    page.get_by_label("De", exact=True).fill("5")
    page.get_by_label("à", exact=True).fill("2,50")
    page.get_by_role("button", name="Appliquer ces prix").click()
    expect(page.get_by_text("inversez-les")).to_be_attached()


def test_typing_keeps_the_focus_and_a_mistake_is_understood(charge, agent, nouvelle_page):
    page = nouvelle_page(agent)
    page.goto("/catalogue/")
    page.get_by_label("Que cherchez-vous").press_sequentially("reyonnage")
    page.get_by_role("link", name="rayonnage", exact=True).wait_for()
    expect(page.get_by_label("Que cherchez-vous")).to_be_focused()
    sans_faute_axe(page)


def test_articles_are_kept_and_compared_from_the_list(charge, agent, nouvelle_page):
    page = nouvelle_page(agent, viewport=TELEPHONE)
    page.goto("/catalogue/?q=boites+dos+10")
    page.get_by_role("button", name="Garder en favori").first.click()
    page.get_by_role("button", name="Dans mes favoris").wait_for()
    expect(page.get_by_role("button", name="Comparer les articles cochés")).to_be_hidden()
    for rang in (0, 1):
        page.get_by_role("checkbox").nth(rang).check()
    page.get_by_role("button", name="Comparer les articles cochés").click()
    page.get_by_role("heading", level=1, name="Comparer des articles").wait_for()
    expect(page.locator(".compares > li")).to_have_count(2)
    for adresse in ("/catalogue/favoris", page.url):
        page.goto(adresse)
        sans_faute_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), adresse


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}], ids=["desk", "dark phone"])
def test_no_page_of_a_member_is_hard_to_use(charge, agent, nouvelle_page, options):
    page = nouvelle_page(agent, **options)
    for adresse in ("/catalogue/", "/catalogue/?q=introuvable", "/catalogue/articles/6?unites=901"):
        page.goto(adresse)
        sans_faute_axe(page)
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), adresse


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}], ids=["desk", "dark phone"])
def test_no_page_of_the_buyer_is_hard_to_use(charge, acheteur, nouvelle_page, options):
    depot = fabriques.depot()
    lot = charge.lots[0]
    page = nouvelle_page(acheteur, **options)
    for adresse in (
        "/marches/", "/marches/nouveau", f"/lots/{lot.id}/conditions", "/fournisseurs/", "/fournisseurs/nouveau",
        f"/fournisseurs/{lot.titulaire.id}", "/stock/", f"/stock/{depot.id}/inventaires/nouveau",
        f"/stock/{depot.id}/articles/6",
    ):  # fmt: skip
        page.goto(adresse)
        sans_faute_axe(page)
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), adresse
