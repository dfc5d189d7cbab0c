"""The sheet of a body: a délibération received too late for the marché, and two people on one sheet at once."""

import io
from datetime import date

import pytest
from pikepdf import Pdf
from playwright.sync_api import expect

from groupement.adherents.states import Role
from tests.fabriques import adherents, catalogue
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import titre


@pytest.fixture
def ayette(app, session):
    catalogue.marche(lots=2, consultation_le=date(2025, 9, 1))
    ayette = adherents.collectivite("Ayette")
    session.commit()
    return ayette


def deliberation() -> dict[str, object]:
    """A page of PDF, as a scanner gives it."""
    flux = io.BytesIO()
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.save(flux)
    return {"name": "deliberation.pdf", "mimeType": "application/pdf", "buffer": flux.getvalue()}


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}], ids=["desk", "dark phone"])
def test_a_late_deliberation_is_recorded_and_the_sheet_says_what_it_opens(ayette, nouvelle_page, options):
    page = nouvelle_page(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]), **options)
    page.goto(f"/collectivites/{ayette.id}")
    page.get_by_role("link", name="Enregistrer une adhésion").click()
    titre(page, "Adhésion : Ayette")
    page.get_by_label("Numéro de la délibération").fill("2025-041")
    page.get_by_label("Date de la délibération").fill("2025-10-06")
    page.get_by_label("Délibération", exact=False).last.set_input_files(deliberation())
    page.get_by_label("Date de signature de la convention").fill("2025-09-30")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".champ-en-erreur").first).to_be_visible()
    sans_faute_axe(page)
    page.get_by_label("Date de signature de la convention").fill("2025-10-13")
    page.locator("input[type=file]").set_input_files(deliberation())
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    titre(page, "Ayette")
    expect(page.locator("#adhesion")).to_contain_text("R2162-6")
    expect(page.get_by_role("link", name="Lire la délibération")).to_be_visible()
    sans_faute_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_two_people_on_one_sheet_the_second_keeps_what_was_typed(ayette, nouvelle_page):
    helene = nouvelle_page(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    karine = nouvelle_page(adherents.utilisateur("Karine Lefebvre", roles=[Role.AGENT], collectivite=ayette))
    for page in (helene, karine):
        page.goto(f"/collectivites/{ayette.id}")
        page.get_by_role("link", name="Modifier la fiche").click()
    karine.locator("#adresse").fill("3 rue du Moulin")
    karine.get_by_role("button", name="Enregistrer").click()
    titre(karine, "Ayette")
    helene.get_by_label("Courriel du secrétariat").fill("mairie@ayette.example.org")
    helene.get_by_role("button", name="Enregistrer").click()
    expect(helene.locator("main")).to_contain_text("Karine Lefebvre")
    expect(helene.get_by_label("Courriel du secrétariat")).to_have_value("mairie@ayette.example.org")
    sans_faute_axe(helene)
