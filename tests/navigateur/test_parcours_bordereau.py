"""A supplier's own file: chosen, its columns told, the changes read, saved; with and without scripts, on a phone."""

import pytest
from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.cli.serveur import avancer_les_bordereaux
from groupement.socle.config import RACINE
from tests.fabriques import adherents
from tests.fabriques import catalogue as fabriques
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import titre

EXEMPLE = RACINE / "docs" / "guide" / "exemples" / "bordereau-fournisseur.xlsx"


def choisir(page, marche):
    """The example of the guide, chosen on the page of the marché."""
    page.goto(f"/marches/{marche.id}")
    page.get_by_role("link", name="Charger le bordereau des prix").click()
    titre(page, "Charger le bordereau des prix")
    page.get_by_label("Fichier du bordereau (Excel ou CSV)").set_input_files(EXEMPLE)
    page.get_by_role("button", name="Lire le fichier").click()


@pytest.fixture
def marche(app):
    marche = fabriques.marche(lots=2)
    fabriques.article(marche.lots[0], reference="CAU-10", designation="Boîte Cauchard dos 10 cm")
    ancienne = {"reference": "OLD-15", "designation": "Boîte Cauchard carton permanent dos 15 cm"}
    fabriques.article(marche.lots[0], **ancienne, dimensions="330x250x150")
    return marche


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, {"viewport": TELEPHONE, "color_scheme": "dark"}]
)
def test_the_buyer_loads_a_supplier_s_file_as_it_is(app, marche, nouvelle_page, options):
    page = nouvelle_page(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]), **options)
    choisir(page, marche)
    titre(page, "Dire ce que sont les colonnes")
    if options.get("java_script_enabled", True):
        sans_faute_axe(page)
    expect(page.get_by_label("Réf. : ce que c’est")).to_have_value("reference")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_text("dites pour combien le prix est donné")).to_be_visible()
    page.get_by_label("Le prix est donné pour").select_option("ensemble")
    page.get_by_role("button", name="Voir ce qui change").click()
    titre(page, "Vérifier ce qui change")
    if options.get("java_script_enabled", True):
        sans_faute_axe(page)
    page.get_by_label("OLD-15 devient CAU-15").check()
    page.get_by_role("button", name="Enregistrer ce bordereau").click()
    titre(page, "Bordereau enregistré")
    choisir(page, marche)
    expect(page.get_by_text("Lu comme la dernière fois")).to_be_visible()


def test_a_long_reading_shows_how_far_it_is_and_goes_on_by_itself(app, marche, nouvelle_page, monkeypatch):
    monkeypatch.setattr(imports, "OCTETS_SUR_LE_CHAMP", 10)
    page = nouvelle_page(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    choisir(page, marche)
    titre(page, "Lecture du bordereau")
    expect(page.get_by_text("En attente du serveur")).to_be_visible()
    sans_faute_axe(page)
    avancer_les_bordereaux()
    titre(page, "Dire ce que sont les colonnes")
