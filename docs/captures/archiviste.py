"""What the archiviste does: measure, then a mission day by day."""

import re

from carnet import Carnet, menu, rangee, titre
from playwright.sync_api import expect

from groupement.socle.calendrier import aujourdhui


def mesurer(carnet: Carnet) -> None:
    """Journey 5, the archiviste: a room, its measures, the needs, sent to Ablainzevelle."""
    page = carnet.ouvrir("Julie Bernard")
    carnet.prendre(page, "archiviste-accueil", haut=900)
    menu(page, "États des lieux")
    carnet.prendre(page, "archiviste-liste", haut=1000)
    page.get_by_role("link", name="Nouvel état des lieux").first.click()
    page.get_by_label("Collectivité").fill("Ablainzevelle")
    page.get_by_label("Date de la visite").fill(aujourdhui().isoformat())
    carnet.prendre(page, "archiviste-nouveau", haut=900)
    page.get_by_role("button", name="Commencer").click()
    page.get_by_label("Nom du local").fill("Grenier de la mairie")
    page.get_by_label(re.compile("^Longueur")).first.fill("5,20")
    page.get_by_label(re.compile("^Largeur")).first.fill("3,80")
    carnet.prendre(page, "archiviste-local")
    page.get_by_role("button", name="Enregistrer ce local").click()
    rangee(page, "Grenier").get_by_role("link", name="Rayonnages").click()
    page.get_by_label("Travées").fill("4")
    page.get_by_label("Tablettes par travée").fill("6")
    page.get_by_label("Longueur d’une tablette").fill("1,00")
    page.get_by_role("button", name="Enregistrer ce rayonnage").click()
    page.get_by_role("link", name="Voir un plan").first.click()
    titre(page, re.compile("^Plan"))
    carnet.prendre(page, "archiviste-plan")
    page.go_back()
    page.get_by_role("link", name="Passer aux mesures").first.click()
    for categorie, mesure, eliminable in (("D", "6,40", ""), ("T", "14,00", "1,40"), ("L", "4,20", "1,20")):
        page.get_by_label("Catégorie").select_option(value=categorie)
        page.locator("#mesure_ml").fill(mesure)
        page.locator("#eliminable_ml").fill(eliminable)
        page.get_by_role("button", name="Enregistrer cette mesure").click()
        expect(page.get_by_role("status").first).to_be_visible()
    carnet.prendre(page, "archiviste-mesures")
    page.get_by_role("link", name="Passer à la croissance").click()
    page.get_by_label("Croissance nette par an").fill("0,30")
    carnet.prendre(page, "archiviste-croissance", haut=1100)
    page.get_by_role("button", name="Enregistrer et passer aux reliures").click()
    page.get_by_role("textbox", name="Année", exact=True).fill("2021")
    page.get_by_label("Feuillets de l’année").fill("110 120 135")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Voir les besoins").click()
    carnet.prendre(page, "archiviste-besoins")
    page.get_by_role("button", name="Valider l’état des lieux").click()
    page.get_by_role("link", name="Relire et transmettre").click()
    page.locator("summary", has_text="Transmettre à la collectivité").click()
    page.get_by_role("button", name="Oui, transmettre").click()
    expect(page.get_by_role("status").first).to_be_visible()
    carnet.prendre(page, "archiviste-transmis", haut=1200)


def accomplir(carnet: Carnet) -> None:
    """Services, the archiviste: a mission under way, its end; then the town hall reads hers."""
    page = carnet.ouvrir("Julie Bernard")
    menu(page, "Missions")
    carnet.prendre(page, "archiviste-missions", haut=1000)
    rangee(page, "Achiet-le-Petit").get_by_role("link").first.click()
    titre(page, re.compile("^Mission"))
    carnet.prendre(page, "archiviste-mission")
    page.get_by_role("link", name="Terminer la mission").click()
    titre(page, "Terminer la mission")
    carnet.prendre(page, "archiviste-mission-fin", haut=1100)
    agent = carnet.ouvrir("Nathalie Caron", "Ayette")
    menu(agent, "Missions")
    carnet.prendre(agent, "agent-missions", haut=1000)
