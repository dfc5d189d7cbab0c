"""From the letter to the answer: the buyer sends, a town hall answers on a telephone, with and without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from groupement.adherents.securite.declarations import jeton_de_reponse
from groupement.adherents.states import Role
from groupement.socle.calendrier import aujourdhui
from tests.fabriques import intentions
from tests.fabriques.adherents import collectivite, utilisateur
from tests.outils.navigateur import TELEPHONE, sans_faute_axe


@pytest.fixture
def adresse(session):
    """The address of the form of Ayette."""
    enquete = intentions.enquete(echeance=aujourdhui() + timedelta(days=9))
    lettre = intentions.sollicitation(enquete, collectivite("Ayette"))
    session.commit()
    return f"/declaration-intention/{jeton_de_reponse(lettre.id)}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_town_hall_answers_on_a_telephone(nouvelle_page, adresse, scripts):
    page = nouvelle_page(viewport=TELEPHONE, java_script_enabled=scripts)
    page.goto(adresse)
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Répondez oui ou non.").first).to_be_visible()
    page.get_by_label("Oui", exact=True).check()
    page.get_by_label(re.compile("Le groupement de commandes")).check()
    page.get_by_label(re.compile("Boîtes d’archives")).fill("40")
    page.get_by_label("Votre nom").fill("Claire Delattre")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, votre réponse est enregistrée")
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        sans_faute_axe(page)
    page.get_by_role("link", name="Changer ma réponse").click()
    expect(page.get_by_label(re.compile("Boîtes d’archives"))).to_have_value("40")


def test_the_buyer_prepares_an_enquete_and_sends_its_letters(nouvelle_page, session):
    collectivite("Ayette", courriel="mairie@ayette.example.org")
    collectivite("Bapaume", courriel="")
    page = nouvelle_page(utilisateur=utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    page.goto("/enquetes/")
    page.get_by_role("link", name="Préparer une enquête").click()
    page.get_by_label("Titre").fill("Déclaration d’intention")
    page.get_by_label("Dernier jour pour répondre").fill((aujourdhui() + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("À qui écrire"))
    page.locator("summary").filter(has_text="Écrire à").click()
    page.get_by_role("button", name="Oui, envoyer").click()
    expect(page.get_by_role("status")).to_contain_text(["1 par courriel, 1 à imprimer"])
    sans_faute_axe(page)
