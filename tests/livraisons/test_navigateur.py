"""At the door with a phone, then at the buyer's desk: journey 3 in a real browser."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier
from tests.fabriques import adherents
from tests.fabriques.livraisons import campagne_regroupee, livraison, livraisons_de
from tests.outils.navigateur import TELEPHONE, sans_faute_axe

pytestmark = pytest.mark.usefixtures("deux_jours_apres")


def photo_de_telephone():
    """A photograph of twelve million points, as a phone takes it: noise, so that it weighs megabytes."""
    sortie = io.BytesIO()
    Image.effect_noise((1000, 750), 90).convert("RGB").resize((4000, 3000)).save(sortie, "JPEG", quality=92)
    return {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": sortie.getvalue()}


def tient_dans_l_ecran(page):
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def attendre(page, condition):
    """Until it holds; Playwright's own wait evaluates text in the page, which the content security policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def agent_de(voulue):
    return adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=voulue.collectivite)


def test_an_agent_shows_what_is_damaged_and_the_buyer_decides(app, nouvelle_page):
    voulue = livraison(articles=8)
    numero = voulue.id
    acheteur = adherents.utilisateur("Gaëlle Vasseur", roles=[Role.ACHETEUR])
    page = nouvelle_page(utilisateur=agent_de(voulue), viewport=TELEPHONE)
    page.goto("/livraisons/")
    page.get_by_role("link", name="J’ai reçu").click()
    page.get_by_role("heading", name="J’ai reçu la livraison").wait_for()
    assert tient_dans_l_ecran(page)
    sans_faute_axe(page)
    boites = page.get_by_role("group", name="Boîte de conservation")
    boites.get_by_label("Unités livrées").fill("25")
    boites.get_by_text("Un problème").click()
    boites.get_by_label("Dont unités refusées").fill("5")
    boites.get_by_label("Pourquoi les refusez-vous").select_option("Abîmé")
    boites.get_by_label("Ce que vous avez vu").fill("Cartons mouillés")
    faux = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"ceci n'est pas une photo"}
    boites.get_by_label("Photo").set_input_files(faux)
    page.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    page.get_by_text("Ce fichier n’est pas une photo").last.wait_for()
    expect(boites.get_by_label("Ce que vous avez vu")).to_have_value("Cartons mouillés")
    sans_faute_axe(page)
    boites.get_by_label("Photo").set_input_files(photo_de_telephone())
    attendre(page, "document.querySelector('[data-photo]').files[0].size < 1500000")
    page.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    page.get_by_text("Le Centre de gestion est prévenu").wait_for()
    assert tient_dans_l_ecran(page)
    attendre(page, "[...document.images].every(image => image.complete && image.naturalWidth)")
    sans_faute_axe(page)

    bureau = nouvelle_page(utilisateur=acheteur)
    bureau.goto("/livraisons/?vue=a-decider")
    bureau.get_by_role("link", name="Décider", exact=True).click()
    bureau.get_by_role("heading", name="Décider de la livraison").wait_for()
    sans_faute_axe(bureau)
    bureau.get_by_label("Accepter ce qui est arrivé").check()
    bureau.get_by_label("Ne plus rien attendre").check()
    bureau.get_by_role("button", name="Enregistrer la décision").click()
    bureau.get_by_text("Livraison acceptée.").wait_for()
    sans_faute_axe(bureau)
    db.session.expire_all()
    decidee = db.session.get_one(Livraison, numero)
    affectation = decidee.lignes[0].affectation
    assert decidee.etat is EtatLivraison.ADMISE
    assert (affectation.unites_admises, affectation.unites_refusees) == (20, 10)
    assert db.session.scalars(select(Fichier)).one().taille < 1_500_000


def test_the_enter_key_sends_what_was_typed_not_that_all_is_well(app, nouvelle_page):
    voulue = livraison()
    page = nouvelle_page(utilisateur=agent_de(voulue), viewport=TELEPHONE)
    page.goto(f"/livraisons/{voulue.id}/reception")
    premiere = page.get_by_label("Unités livrées").first
    premiere.fill("12")
    premiere.press("Enter")
    page.get_by_text("Le Centre de gestion est prévenu").wait_for()
    db.session.expire_all()
    assert voulue.lignes[0].unites_livrees == 12


def test_without_scripts_one_click_is_enough(app, nouvelle_page):
    voulue = livraison()
    page = nouvelle_page(utilisateur=agent_de(voulue), viewport=TELEPHONE, java_script_enabled=False)
    page.goto(f"/livraisons/{voulue.id}/reception")
    page.get_by_role("button", name="Tout est arrivé, en bon état").click()
    page.get_by_text("tout est arrivé. Vous n’avez plus rien à faire").wait_for()
    db.session.expire_all()
    assert voulue.etat is EtatLivraison.LIVREE


def test_forty_lines_fit_a_phone(app, nouvelle_page):
    voulue = livraisons_de(campagne_regroupee(1, articles=40))[0]
    page = nouvelle_page(utilisateur=agent_de(voulue), viewport=TELEPHONE)
    page.goto(f"/livraisons/{voulue.id}/reception")
    expect(page.get_by_label("Unités livrées")).to_have_count(40)
    assert tient_dans_l_ecran(page)
    page.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    page.get_by_text("C’est enregistré").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_buyer_s_pages_are_accessible(app, nouvelle_page, theme):
    bons = campagne_regroupee(3, au_depot=3)
    depot = livraisons_de(bons, depot=True)[0]
    ligne_bon = depot.lignes[0].affectation.ligne_bon_id
    acheteur = adherents.utilisateur("Gaëlle Vasseur", roles=[Role.ACHETEUR])
    page = nouvelle_page(utilisateur=acheteur, color_scheme=theme)
    page.goto(f"/livraisons/{depot.id}/reception")
    page.get_by_label("Unités livrées").first.fill("14")
    page.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    page.get_by_text("Le Centre de gestion est prévenu").wait_for()
    for adresse in (
        "/livraisons/",
        f"/livraisons/{depot.id}/repartitions/{ligne_bon}",
        f"/livraisons/{depot.id}/decision",
    ):
        page.goto(adresse)
        sans_faute_axe(page)
    page.get_by_label("Accepter ce qui est arrivé").check()
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.get_by_text("Livraison acceptée.").wait_for()
    page.goto("/livraisons/depot")
    sans_faute_axe(page)
    page.get_by_role("link", name="Remettre").first.click()
    page.get_by_role("heading", name="Retrait au dépôt").wait_for()
    sans_faute_axe(page)
