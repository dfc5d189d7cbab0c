"""Prices that follow an index: the clause written, the preview read, the prices revised, on a screen and on a phone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from groupement.adherents.states import Role
from tests.fabriques import adherents, catalogue
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import titre


@pytest.fixture
def lot(app, session):
    lot = catalogue.lot(catalogue.marche(du=date(2025, 1, 1), au=date(2028, 12, 31)))
    catalogue.article(lot, reference="BTE-10", paliers="1:1.7400|250:1.6100", du=date(2025, 1, 1))
    session.commit()
    return lot


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}], ids=["desk", "dark phone"])
def test_the_buyer_writes_the_clause_then_revises_the_prices(lot, nouvelle_page, options):
    page = nouvelle_page(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]), **options)
    page.goto(f"/marches/{lot.marche_id}")
    page.get_by_role("link", name=f"Révision des prix du lot {lot.numero}").click()
    page.get_by_role("link", name="Enregistrer la formule du contrat").click()
    page.get_by_label("Où le contrat le dit").fill("CCAP, article 7.2")
    page.get_by_label("Part fixe").fill("15")
    page.get_by_label("Identifiant").first.fill("CARTON")
    page.get_by_label("Poids").first.fill("90")
    page.get_by_label("Valeur de départ").first.fill("108,9")
    page.get_by_label("Publié pour le mois du").first.fill("2024-09-01")
    page.get_by_role("button", name="Enregistrer la formule").click()
    expect(page.get_by_text("font 100").first).to_be_visible()
    sans_faute_axe(page)
    page.get_by_label("Poids").first.fill("100")
    page.get_by_role("button", name="Enregistrer la formule").click()
    titre(page, f"Révision des prix du lot {lot.numero}")
    sans_faute_axe(page)
    page.get_by_label("Nouveaux prix à partir du").fill("2026-01-01")
    page.get_by_label("Valeur lue").fill("112,4")
    page.get_by_label("Lue dans").fill("Bulletin de septembre 2025")
    page.get_by_role("button", name="Voir l’effet sur chaque prix").click()
    titre(page, f"Aperçu de la révision du lot {lot.numero}")
    expect(page.locator("main")).to_contain_text("1,028")
    sans_faute_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Appliquer à partir du 01/01/2026").click()
    expect(page.get_by_role("status")).to_contain_text(["1\u00a0prix révisé à partir du 01/01/2026"])
    expect(page.get_by_role("table", name="Révisions faites")).to_contain_text("Bulletin de septembre 2025")
