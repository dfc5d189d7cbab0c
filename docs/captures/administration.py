"""What the administrateur does."""

from carnet import Carnet, menu, titre
from playwright.sync_api import expect


def administrer(carnet: Carnet) -> None:
    """Journey 6, the administrateur: invite, give a role, read the journal."""
    page = carnet.ouvrir("Thomas Leroy")
    carnet.prendre(page, "administrateur-accueil", haut=900)
    menu(page, "Personnes")
    carnet.prendre(page, "administrateur-personnes", haut=1000)
    page.get_by_role("link", name="Inviter une personne").first.click()
    page.get_by_label("Prénom et nom").fill("Amélie Wattel")
    page.get_by_label("Adresse de courriel").fill("amelie.wattel@mairie.example.org")
    page.get_by_label("Agent (prépare les commandes)").check()
    page.get_by_label("Collectivité 1").fill("Ayette")
    carnet.prendre(page, "administrateur-invitation")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    titre(page, "Amélie Wattel")
    page.get_by_label("Rôle", exact=True).select_option(label="Valideur (engage la dépense)")
    page.get_by_label("Collectivité", exact=True).fill("Achiet-le-Petit")
    page.get_by_role("button", name="Donner ce rôle").click()
    expect(page.get_by_role("status").first).to_be_visible()
    carnet.prendre(page, "administrateur-personne")
    menu(page, "Journal")
    carnet.prendre(page, "administrateur-journal", haut=1100)
    menu(page, "Courriels")
    carnet.prendre(page, "administrateur-courriels", haut=1000)
