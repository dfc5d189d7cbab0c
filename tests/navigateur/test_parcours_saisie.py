"""A basket in a browser: pasted from a spreadsheet, filled by two people at once, and on a network that fails."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import LigneCommande
from groupement.socle.calendrier import aujourdhui
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


@pytest.fixture
def monde(session):
    """Claire and Marie of one town hall, a window open today, boxes one by one and folders by 100."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    boite = catalogue.article(lot, reference="BTE-CON-10", unites_par_colis=1)
    chemise = catalogue.article(lot, reference="CHE-170", designation="Chemise 170 g", unites_par_colis=100)
    personnes = [
        adherents.utilisateur(nom, roles=[Role.AGENT], collectivite=mairie)
        for nom in ("Claire Delattre", "Marie Dupont")
    ]
    return SimpleNamespace(campagne=campagne, mairie=mairie, boite=boite, chemise=chemise, personnes=personnes)


@pytest.fixture
def panier(session):
    """What the basket holds, read afresh: units by reference."""

    def lire():
        session.rollback()
        session.expire_all()
        return {ligne.article.reference: ligne.unites for ligne in session.scalars(select(LigneCommande))}

    return lire


def ligne(page, reference):
    """The line of an article in the basket."""
    return page.locator(".panier-ligne").filter(has_text=reference)


@pytest.mark.parametrize("ecran", [{}, {"viewport": TELEPHONE}, {"java_script_enabled": False}])
def test_lines_are_pasted_corrected_and_put_in_the_basket(monde, nouvelle_page, panier, ecran):
    page = nouvelle_page(monde.personnes[0], **ecran)
    page.goto("/panier")
    page.get_by_role("link", name="Saisie rapide par référence").click()
    titre(page, "Saisie rapide")
    assert page.locator("#references option").count() == 2
    if "java_script_enabled" not in ecran:
        sans_faute_axe(page)
    page.get_by_label("Collez vos lignes").fill(
        "Référence\tQuantité\nbte con 10\t1 250\nCHE-170\t150\nCHE-17O\t1 colis"
    )
    page.get_by_role("button", name="Relire avant de remplir").click()
    titre(page, "Relire la saisie")
    assert panier() == {}
    if "java_script_enabled" not in ecran:
        sans_faute_axe(page)
        tient_dans_l_ecran(page)
    page.get_by_role("button", name="Mettre 200 (2 colis) à la ligne 3").click()
    page.get_by_role("button", name=re.compile("^CHE-170 .* à la ligne 4$")).click()
    expect(page.get_by_role("heading", name="À corriger")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="CHE-170")).to_contain_text("300")
    page.get_by_role("button", name="Remplir le panier").click()
    titre(page, "Votre panier")
    expect(page.locator("main")).to_contain_text("2 articles ajoutés")
    assert panier() == {"BTE-CON-10": 1250, "CHE-170": 300}


def test_rows_grow_as_they_are_filled_and_a_paste_goes_to_the_large_field(monde, nouvelle_page):
    page = nouvelle_page(monde.personnes[0])
    page.goto(f"/panier/{monde.campagne.id}/saisie")
    rangees = page.get_by_label(re.compile("^Référence, rangée"))
    expect(rangees).to_have_count(8)
    rangees.nth(7).fill("CHE-170")
    expect(rangees).to_have_count(9)
    page.evaluate(
        """() => {
          const colle = new DataTransfer();
          colle.setData('text/plain', 'BTE-CON-10\\t5\\nCHE-170\\t100');
          document.querySelector('[name=reference]').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: colle, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.get_by_label("Collez vos lignes")).to_have_value("BTE-CON-10\t5\nCHE-170\t100")


def test_two_people_fill_one_basket_and_neither_loses_anything(monde, nouvelle_page, panier):
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 12), (monde.chemise, 100)])
    claire, marie = (nouvelle_page(personne) for personne in monde.personnes)
    for page in (claire, marie):
        page.goto("/panier")
    quantite = ligne(marie, "BTE-CON-10").get_by_label("Quantité")
    quantite.fill("20")
    quantite.press("Tab")
    expect(ligne(marie, "BTE-CON-10").get_by_role("status")).to_have_text("Enregistré")

    # Claire types elsewhere; coming back to the window, she is told, and what she types stays.
    ligne(claire, "CHE-170").get_by_label("Quantité").fill("300")
    expect(ligne(claire, "CHE-170").locator("[data-attente]")).to_be_visible()
    claire.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(claire.locator("#panier-nouvelles")).to_contain_text("Marie Dupont a changé ce panier")
    sans_faute_axe(claire)
    # The basket drawn again under her fingers, before she has left the field.
    claire.get_by_role("link", name="Montrer les changements").evaluate("lien => lien.click()")
    expect(ligne(claire, "BTE-CON-10").get_by_label("Quantité")).to_have_value("20")
    expect(ligne(claire, "CHE-170").get_by_label("Quantité")).to_have_value("300")
    expect(ligne(claire, "CHE-170").get_by_label("Quantité")).to_be_focused()
    expect(ligne(claire, "CHE-170").locator("[data-attente]")).to_be_visible()
    expect(claire.locator("#panier-nouvelles")).not_to_contain_text("a changé ce panier")
    assert panier() == {"BTE-CON-10": 20, "CHE-170": 100}
    ligne(claire, "CHE-170").get_by_label("Quantité").press("Tab")  # left as any field: the line leaves
    expect(ligne(claire, "CHE-170").get_by_role("status")).to_have_text("Enregistré")
    assert panier() == {"BTE-CON-10": 20, "CHE-170": 300}

    # Marie's page still shows 100 folders: she is told, and chooses.
    folders = ligne(marie, "CHE-170")
    folders.get_by_label("Quantité").fill("500")
    folders.get_by_label("Quantité").press("Tab")
    expect(folders.get_by_role("alert")).to_contain_text("Claire Delattre a mis 300")
    expect(folders.get_by_label("Quantité")).to_have_value("500")
    sans_faute_axe(marie)
    assert panier()["CHE-170"] == 300
    folders.get_by_role("button", name="Mettre 500").click()
    expect(folders.get_by_role("status")).to_have_text("Enregistré")
    assert panier()["CHE-170"] == 500


def test_the_line_left_to_see_the_changes_is_saved_before_they_are_shown(monde, nouvelle_page, panier):
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 12), (monde.chemise, 100)])
    claire, marie = (nouvelle_page(personne) for personne in monde.personnes)
    for page in (claire, marie):
        page.goto("/panier")
    ligne(marie, "BTE-CON-10").get_by_label("Quantité").fill("20")
    ligne(marie, "BTE-CON-10").get_by_label("Quantité").press("Tab")
    expect(ligne(marie, "BTE-CON-10").get_by_role("status")).to_have_text("Enregistré")
    claire.evaluate("window.dispatchEvent(new Event('focus'))")
    montrer = claire.get_by_role("link", name="Montrer les changements")
    expect(montrer).to_be_visible()
    # The network is slow: her click comes while the line she leaves is being saved.
    claire.route("**/panier/lignes/**", lambda route: (time.sleep(0.3), route.continue_()))
    ligne(claire, "CHE-170").get_by_label("Quantité").fill("300")
    montrer.click()
    expect(ligne(claire, "BTE-CON-10").get_by_label("Quantité")).to_have_value("20")
    expect(ligne(claire, "CHE-170").get_by_label("Quantité")).to_have_value("300")
    expect(ligne(claire, "CHE-170").locator("[data-attente]")).to_be_hidden()
    assert panier() == {"BTE-CON-10": 20, "CHE-170": 300}


def test_a_line_a_colleague_took_out_is_said_and_put_back(monde, nouvelle_page, panier):
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 12), (monde.chemise, 100)])
    claire, marie = (nouvelle_page(personne) for personne in monde.personnes)
    for page in (claire, marie):
        page.goto("/panier")
    ligne(marie, "BTE-CON-10").get_by_role("button", name="Retirer").click()
    expect(marie.locator(".panier-ligne")).to_have_count(1)
    ligne(claire, "BTE-CON-10").get_by_label("Quantité").fill("15")
    ligne(claire, "BTE-CON-10").get_by_label("Quantité").press("Tab")
    expect(claire.get_by_role("alert")).to_contain_text("Marie Dupont a retiré BTE-CON-10")
    sans_faute_axe(claire)
    claire.get_by_role("button", name="Le remettre : 15").click()
    expect(ligne(claire, "BTE-CON-10").get_by_label("Quantité")).to_have_value("15")
    assert panier() == {"BTE-CON-10": 15, "CHE-170": 100}


def test_what_is_typed_while_the_network_is_down_stays_and_leaves_when_it_is_back(monde, nouvelle_page, panier):
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 12)])
    page = nouvelle_page(monde.personnes[0])
    page.goto("/panier")
    page.context.set_offline(True)
    quantite = ligne(page, "BTE-CON-10").get_by_label("Quantité")
    quantite.fill("40")
    quantite.press("Tab")
    attente = ligne(page, "BTE-CON-10").locator("[data-attente]")
    expect(attente).to_contain_text("Pas encore enregistré")
    expect(attente).to_contain_text("La connexion est coupée")
    expect(quantite).to_have_value("40")
    assert panier() == {"BTE-CON-10": 12}
    coupures = page.surveillance.fautes  # what htmx writes of a call that went nowhere
    assert coupures and all("Failed to fetch" in faute for faute in coupures)
    coupures.clear()
    page.context.set_offline(False)
    expect(ligne(page, "BTE-CON-10").get_by_role("status")).to_have_text("Enregistré")
    assert panier() == {"BTE-CON-10": 40}


def test_a_page_of_error_never_takes_the_place_of_what_is_typed(monde, nouvelle_page, panier):
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 12)])
    page = nouvelle_page(monde.personnes[0])
    page.surveillance.tolerer(503)
    page.goto("/panier")
    page.route("**/panier/lignes/*", lambda route: route.fulfill(status=503, body="<h1>Panne</h1>"))
    quantite = ligne(page, "BTE-CON-10").get_by_label("Quantité")
    quantite.fill("40")
    quantite.press("Tab")
    expect(ligne(page, "BTE-CON-10").locator("[data-attente]")).to_contain_text("Le serveur n’a pas répondu")
    expect(quantite).to_have_value("40")
    page.unroute("**/panier/lignes/*")
    quantite.press("Enter")
    expect(ligne(page, "BTE-CON-10").get_by_role("status")).to_have_text("Enregistré")
    assert panier() == {"BTE-CON-10": 40}
