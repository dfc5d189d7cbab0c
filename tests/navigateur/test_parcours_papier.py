"""An order comes by post: the buyer types it, its town hall sees it. Then a budget stops an order."""

import re

from playwright.sync_api import expect

from groupement.commandes.models import Commande
from groupement.socle.db import db
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, titre


def test_a_paper_order_is_typed_corrected_and_seen_by_its_town_hall(demo, nouvelle_page, session):
    page = nouvelle_page()
    entrer(page, "Hélène Vasseur")
    menu(page, "Campagnes")
    page.get_by_role("link", name="Campagne d’automne 2026").click()
    page.get_by_role("link", name="Commandes", exact=True).last.click()
    page.get_by_role("link", name="Saisir une commande papier").click()
    titre(page, "Saisir une commande reçue sur papier")
    membre = page.locator("#membres option").first.get_attribute("value")
    page.get_by_label("Collectivité").fill(membre)
    page.get_by_label("Signée par").fill("Jean Leroy, maire")
    page.get_by_label("Articles").fill("BTE-STD-10\t130\nBTE-INCONNU\t20")
    sans_faute_axe(page)
    page.get_by_role("button", name="Relire avant d’enregistrer").click()

    # A wrong line is told, and nothing can be written with it.
    expect(page.get_by_role("main")).to_contain_text("Référence « BTE-INCONNU » : elle n’est pas au marché")
    expect(page.get_by_role("button", name=re.compile("Enregistrer au nom"))).to_have_count(0)
    sans_faute_axe(page)
    page.get_by_label("Articles").fill("BTE-STD-10\t130")
    page.get_by_role("button", name="Relire avec ces corrections").click()
    page.get_by_role("button", name=re.compile("Enregistrer au nom")).click()
    expect(page.get_by_role("main")).to_contain_text("Saisie d’après un bon papier")
    expect(page.get_by_role("status").first).to_contain_text("elle l’apprend par courriel")
    sans_faute_axe(page)
    papiers = session.scalars(db.select(Commande).where(Commande.papier_signe_par == "Jean Leroy, maire")).all()
    assert [ligne.unites for commande in papiers for ligne in commande.lignes if ligne.unites == 130] == [130]


def test_a_budget_stops_an_order_and_says_what_to_do(demo, nouvelle_page):
    page = nouvelle_page()
    entrer(page, "Karine Lefebvre")
    menu(page, "Catalogue")
    page.get_by_role("searchbox").first.fill("BTE-STD-10")
    page.keyboard.press("Enter")
    with page.expect_response(lambda reponse: "/lignes" in reponse.url):
        page.get_by_role("button", name=re.compile("Ajouter")).first.click()
    page.goto(f"{page.url.split('/catalogue')[0]}/panier")
    page.get_by_role("link", name="Se fixer un budget").click()
    titre(page, "Le budget de votre collectivité")
    page.get_by_label("Budget de la campagne, TTC").fill("1,00")
    page.get_by_label("Arrêter la commande").check()
    sans_faute_axe(page)
    page.get_by_role("button", name="Enregistrer le budget").click()
    expect(page.get_by_role("main")).to_contain_text("Budget dépassé")
    sans_faute_axe(page)
    page.get_by_role("button", name="Relire et valider").click()
    expect(page.get_by_role("alert").first).to_contain_text("demandez à votre valideur de relever le budget")
