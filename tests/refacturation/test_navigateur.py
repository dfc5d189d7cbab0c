"""The comptable's journey in a browser: bill, cash in, correct; a member pays by card; nothing axe finds."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.refacturation.models import Facture
from groupement.refacturation.states import EtatFacture
from groupement.socle.db import db
from tests.fabriques import prestations as services
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import FACTUREE_LE
from tests.outils.navigateur import TELEPHONE, sans_faute_axe


def test_the_comptable_bills_cashes_in_and_corrects(nouvelle_page):
    campagne = fabrique.campagne_admise(3)
    page = nouvelle_page(utilisateur=fabrique.comptable())
    page.goto("/refacturation/")
    sans_faute_axe(page)
    page.get_by_role("link", name="Voir l’aperçu").click()
    expect(page.get_by_text("Les comptes tombent juste")).to_be_visible()
    sans_faute_axe(page)
    page.get_by_text("Émettre les 3 factures").click()
    page.get_by_role("button", name="Oui, émettre").click()
    expect(page.get_by_text("3 factures émises")).to_be_visible()
    page.get_by_role("link", name="Voir les factures").click()
    page.get_by_role("link", name="F-2026-00001").or_(page.get_by_role("link", name=re.compile("00001"))).first.click()
    sans_faute_axe(page)
    page.get_by_label("Montant reçu").fill("10,00")
    page.get_by_label("Référence du virement").fill("VIR 118")
    page.get_by_role("button", name="Enregistrer le virement").click()
    expect(page.get_by_text("Virement de 10,00 € enregistré")).to_be_visible()
    page.get_by_role("link", name="Faire un avoir").click()
    sans_faute_axe(page)
    page.get_by_label("Pourquoi cet avoir").fill("Deux boîtes écrasées.")
    page.get_by_label("Unités à créditer").first.fill("2")
    page.get_by_role("button", name="Émettre l’avoir").click()
    expect(page.get_by_text(re.compile("Avoir A-.* émis"))).to_be_visible()
    page.goto("/refacturation/integrite")
    expect(page.get_by_text("Factures : la chaîne est entière")).to_be_visible()
    expect(page.get_by_text("Avoirs : la chaîne est entière")).to_be_visible()
    sans_faute_axe(page)
    page.goto(f"/refacturation/campagnes/{campagne.id}")
    expect(page.get_by_text("Rien à facturer dans cette campagne")).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE}, {"java_script_enabled": False}])
def test_a_valideur_pays_its_facture_by_card(nouvelle_page, options):
    facture = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    page = nouvelle_page(utilisateur=fabrique.personne_de(facture, Role.VALIDEUR), **options)
    page.goto("/factures/")
    page.get_by_role("link", name=facture.numero).click()
    page.get_by_role("button", name=re.compile("Payer .* par carte")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("démonstration")
    if not options:
        sans_faute_axe(page)
    page.get_by_role("button", name=re.compile("Payer")).click()
    page.wait_for_url(re.compile(r"/paiements/\d+"))
    expect(page.get_by_text("entièrement réglée")).to_be_visible()
    page.get_by_role("link", name="Retour à la facture").click()
    expect(page.get_by_text("plus rien à payer")).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(Facture.etat).where(Facture.id == facture.id)) is EtatFacture.PAYEE


def test_a_payment_left_can_be_begun_again(nouvelle_page):
    facture = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    page = nouvelle_page(utilisateur=fabrique.personne_de(facture, Role.AGENT))
    page.goto(f"/factures/{facture.id}")
    page.get_by_role("button", name=re.compile("Payer .* par carte")).click()
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_text("Rien n’a été débité")).to_be_visible()
    page.get_by_role("link", name="Retour à la facture").click()
    expect(page.get_by_role("button", name=re.compile("Payer .* par carte"))).to_be_visible()
    sans_faute_axe(page)


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE}])
def test_the_comptable_bills_the_services_and_corrects_one(nouvelle_page, options):
    services.des_prestations(3)
    page = nouvelle_page(utilisateur=fabrique.comptable(), **options)
    page.goto("/refacturation/")
    page.get_by_role("link", name="Voir les prestations à facturer").click()
    expect(page.get_by_text("Les comptes tombent juste")).to_be_visible()
    sans_faute_axe(page)
    page.get_by_text("Émettre les 3 factures").click()
    page.get_by_role("button", name="Oui, émettre").click()
    expect(page.get_by_text("3 factures émises")).to_be_visible()
    sans_faute_axe(page)
    page.get_by_role("link", name="Voir les factures").click()
    page.get_by_role("link", name=re.compile("00001")).first.click()
    expect(page.get_by_text("3,5\u00a0jours", exact=True)).to_be_visible()
    sans_faute_axe(page)
    page.get_by_role("link", name="Faire un avoir").click()
    sans_faute_axe(page)
    page.get_by_label("Pourquoi cet avoir").fill("Une journée de moins.")
    page.get_by_label("Montant HT à créditer").first.fill("57,77")
    page.get_by_role("button", name="Émettre l’avoir").click()
    expect(page.get_by_text(re.compile("Avoir A-.* émis"))).to_be_visible()
