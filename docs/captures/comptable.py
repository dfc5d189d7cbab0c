"""What the comptable does: bill, deposit, call SESAM."""

import re

from carnet import Carnet, menu, rangee, titre
from playwright.sync_api import expect


def refacturer(carnet: Carnet) -> None:
    """Journey 4, the comptable: everything admitted, a transfer, an avoir."""
    page = carnet.ouvrir("Philippe Caudron")
    carnet.prendre(page, "comptable-accueil", haut=900)
    menu(page, "Refacturation")
    carnet.prendre(page, "comptable-refacturation", haut=1000)
    rangee(page, "Campagne complémentaire").get_by_role("link", name="Voir l’aperçu").click()
    titre(page, re.compile("^À facturer"))
    carnet.prendre(page, "comptable-apercu")
    page.locator(".entete-action summary").click()
    page.get_by_role("button", name="Oui, émettre").click()
    titre(page, re.compile("^Refacturation du"))
    carnet.prendre(page, "comptable-refacturation-faite")
    page.get_by_role("link", name="Voir les factures").click()
    carnet.prendre(page, "comptable-factures", haut=1000)
    page.locator("main").get_by_role("row").get_by_role("link", name=re.compile("^F-")).first.click()
    titre(page, re.compile("^Facture F-"))
    carnet.prendre(page, "comptable-facture")
    page.get_by_label("Référence du virement").fill("VIR 2611 0042")
    page.get_by_role("button", name="Enregistrer le virement").click()
    expect(page.get_by_role("status").first).to_contain_text("Virement")
    carnet.prendre(page, "comptable-facture-payee", haut=1100)
    menu(page, "Factures")
    rangee(page, "Émise").get_by_role("link").first.click()
    page.get_by_role("link", name="Faire un avoir").click()
    page.get_by_label("Pourquoi cet avoir").fill("Une boîte facturée deux fois.")
    page.get_by_label("Unités à créditer").first.fill("1")
    carnet.prendre(page, "comptable-avoir", haut=1300)
    page.get_by_role("button", name="Émettre l’avoir").click()
    titre(page, re.compile("^Facture F-"))
    menu(page, "Refacturation")
    page.get_by_role("link", name="Vérifier l’intégrité des factures").click()
    carnet.prendre(page, "comptable-integrite", haut=900)


def deposer(carnet: Carnet) -> None:
    """Journey 4, the comptable: the factures leave for Chorus Pro; services to bill, money to give back."""
    page = carnet.ouvrir("Philippe Caudron")
    page.goto("/factures/a-deposer")
    titre(page, "Factures à déposer")
    carnet.prendre(page, "comptable-a-deposer", haut=1000)
    page.get_by_role("button", name=re.compile("^Déposer les? .* de cette liste")).click()
    titre(page, re.compile("^Déposer"))
    page.get_by_label("Numéro du flux").fill("CPP-2026-000417")
    carnet.prendre(page, "comptable-depot", haut=1300)
    page.get_by_role("button", name=re.compile("^Noter le dépôt")).click()
    titre(page, "Dépôt CPP-2026-000417")
    carnet.prendre(page, "comptable-depot-fait", haut=1000)
    page.goto("/refacturation/prestations")
    carnet.prendre(page, "comptable-prestations", haut=1300)
    page.goto("/remboursements/")
    carnet.prendre(page, "comptable-remboursements", haut=900)


def appeler(carnet: Carnet) -> None:
    """Services, the comptable: rates voted, a year of SESAM, the call of the next."""
    page = carnet.ouvrir("Philippe Caudron")
    menu(page, "SESAM")
    page.get_by_role("link", name=re.compile("^Appeler les contributions")).click()
    titre(page, re.compile("^Appeler les contributions"))
    carnet.prendre(page, "comptable-appel", haut=1100)
    menu(page, "SESAM")
    page.get_by_role("navigation", name="Années").get_by_role("link").last.click()
    carnet.prendre(page, "comptable-sesam", haut=1200)
    page.get_by_role("link", name="Tarifs votés").click()
    titre(page, "Tarifs des prestations")
    carnet.prendre(page, "comptable-tarifs", haut=1200)
