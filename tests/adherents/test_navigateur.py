"""In a real Chromium: one click to enter, a session that ends under a form, and the main pages without a fault."""

import re

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from tests.fabriques.adherents import MOT_DE_PASSE, adhesion, collectivite, point_de_livraison, utilisateur
from tests.outils.navigateur import TELEPHONE, sans_faute_axe


@pytest.fixture
def dainville(session):
    """A member with a delivery place."""
    corps = collectivite("Dainville")
    point_de_livraison(corps)
    adhesion(corps)
    return corps


@pytest.mark.parametrize("reglages", [{}, {"viewport": TELEPHONE}, {"java_script_enabled": False}])
def test_one_click_enters_the_demonstration(nouvelle_page, dainville, reglages):
    utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville, email=f"agnes@{DOMAINE_DEMONSTRATION}")
    page = nouvelle_page(**reglages)
    page.goto("/connexion?next=/ma-collectivite")
    page.get_by_role("button", name="Agnès Caron").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dainville")


def test_what_was_typed_survives_a_session_that_ends(nouvelle_page, dainville):
    agnes = utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville, mot_de_passe=MOT_DE_PASSE)
    page = nouvelle_page(agnes)
    page.goto(f"/collectivites/{dainville.id}/points-de-livraison/nouveau")
    page.get_by_label("Nom du lieu").fill("Salle des archives")
    page.get_by_label("Autres consignes").fill("Sonner deux fois")
    page.get_by_label("Le camion doit avoir un hayon").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Reconnectez-vous")
    page.get_by_label("Adresse de courriel").fill(agnes.email)
    page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile(f"/collectivites/{dainville.id}/points-de-livraison/nouveau$"))
    expect(page.get_by_label("Nom du lieu")).to_have_value("Salle des archives")
    expect(page.get_by_label("Autres consignes")).to_have_value("Sonner deux fois")
    expect(page.get_by_label("Le camion doit avoir un hayon")).to_be_checked()


@pytest.mark.parametrize("reglages", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}])
def test_the_pages_have_no_accessibility_fault_and_fit_the_screen(nouvelle_page, dainville, reglages):
    utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville, email=f"agnes@{DOMAINE_DEMONSTRATION}")
    visiteur = nouvelle_page(**reglages)
    gaelle = utilisateur("Gaëlle Hochart", roles=[Role.ADMINISTRATEUR, Role.ACHETEUR], mot_de_passe=MOT_DE_PASSE)
    admin = nouvelle_page(gaelle, **reglages)
    fiche = f"/collectivites/{dainville.id}"
    pages = [(visiteur, a) for a in ("/connexion", "/connexion/code", "/mot-de-passe-oublie")]
    pages += [(admin, a) for a in ("/collectivites", fiche, f"{fiche}/modification", f"{fiche}/adhesion")]
    pages += [(admin, a) for a in (f"{fiche}/points-de-livraison/nouveau", "/collectivites/importation", "/personnes")]
    pages += [(admin, a) for a in ("/personnes/nouvelle", f"/personnes/{gaelle.id}", "/journal", "/courriels")]
    pages += [(admin, a) for a in ("/mon-compte", "/mon-compte/second-facteur", "/mon-compte/codes-de-secours")]
    for page, adresse in pages:
        page.goto(adresse)
        sans_faute_axe(page)
        page.wait_for_load_state()
        largeur = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert largeur <= 0, f"{adresse} déborde de {largeur} px"


def test_a_telephone_is_set_up_from_the_page(nouvelle_page, app, dainville):
    page = nouvelle_page(utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville))
    page.goto("/mon-compte")
    page.get_by_role("link", name="Protéger mon compte").click()
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("img", name="Code à photographier")).to_be_visible()
    sans_faute_axe(page)
    page.get_by_text("Impossible de photographier").click()
    cle = page.locator("code.cle").inner_text()
    page.get_by_label("Code à 6 chiffres").fill(code_de(cle))
    page.get_by_role("button", name="Activer").click()
    expect(page.locator("main")).to_contain_text("Protégé par votre téléphone")
    page.get_by_role("link", name="Mes codes de secours").click()
    page.get_by_role("button", name="Fabriquer mes codes").click()
    expect(page.locator(".codes-de-secours li")).to_have_count(8)


def code_de(cle):
    """What the telephone computes from the key."""
    return TOTP(key=cle.replace("-", "").replace(" ", ""), format="base32", new=False).generate().token
