"""What a body does: it signs in, orders, validates, receives, pays, answers a declaration."""

import io
import re

from carnet import Carnet, menu, rangee, titre
from PIL import Image, ImageDraw
from playwright.sync_api import expect


def feuilleter(carnet: Carnet) -> None:
    """The article pages: a mistake understood, articles compared, favourites; the buyer's pictures."""
    page = carnet.ouvrir("Nathalie Caron", "Ayette", telephone=True)
    page.goto("/catalogue/?q=reyonnage")
    carnet.prendre(page, "agent-recherche-telephone", haut=1100)
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    page.goto("/catalogue/?q=boites+dos+10")
    for rang in range(3):
        page.get_by_role("checkbox").nth(rang).check()
    page.get_by_role("button", name="Comparer les articles cochés").click()
    titre(page, "Comparer des articles")
    carnet.prendre(page, "agent-comparaison", haut=1300)
    page.goto("/catalogue/?q=RF-100-35-220-D")
    page.locator(".article").get_by_role("link").first.click()
    carnet.prendre(page, "agent-ce-qui-va-avec", depuis="#va-avec", haut=900)
    page.goto("/catalogue/favoris")
    carnet.prendre(page, "agent-favoris", haut=900)
    page = carnet.ouvrir("Hélène Vasseur")
    page.goto("/catalogue/?q=BTE-CON-10")
    page.locator(".article").get_by_role("link").first.click()
    page.get_by_role("link", name="Photos et fiche technique").click()
    carnet.prendre(page, "acheteur-photos", haut=1200)


def se_connecter(carnet: Carnet) -> None:
    """Mon compte: a passkey, a role lent."""
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    page.goto("/mon-compte/cles-d-acces")
    carnet.prendre(page, "compte-cles", haut=900)
    page.goto("/mon-compte/delegations/nouvelle")
    titre(page, "Déléguer un rôle")
    page.get_by_label("Motif").fill("Congés de fin d’année")
    carnet.prendre(page, "compte-delegation", haut=1100)


def commander(carnet: Carnet) -> None:
    """Journey 1, the agent: an order for Ayette."""
    page = carnet.ouvrir("")
    carnet.prendre(page, "connexion")
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    carnet.prendre(page, "agent-accueil")
    page.get_by_role("link", name="Choisir des articles").first.click()
    titre(page, "Catalogue")
    page.get_by_label("Que cherchez-vous").fill("chemise")
    expect(page.get_by_role("heading", name="pour cette recherche")).to_be_visible()
    page.get_by_role("link", name="ISO 9706").click()
    chemises = page.locator(".article").filter(has_text="Référence CHE-170,")
    chemises.get_by_label("Quantité").fill("150")
    chemises.get_by_label("Quantité").press("Enter")
    expect(chemises.get_by_role("alert")).to_contain_text("colis de 100")
    carnet.prendre(page, "agent-catalogue", haut=1300)
    chemises.get_by_role("button", name="Ajouter 200 (2 colis)").click()
    expect(chemises.get_by_role("status")).to_contain_text("200")
    page.goto("/catalogue/?q=BTE-CON-10")
    boites = page.locator(".article").filter(has_text="Référence BTE-CON-10,")
    boites.get_by_role("link").first.click()
    carnet.prendre(page, "agent-article", haut=1300)
    page.get_by_label("Quantité").fill("37")
    page.get_by_role("button", name=re.compile("^Ajouter")).first.click()
    expect(page.get_by_role("status").first).to_contain_text("37")
    menu(page, "Panier")
    titre(page, "Votre panier")
    ligne = page.locator(".panier-ligne").filter(has_text="BTE-CON-10")
    ligne.get_by_label("J’accepte jusqu’à").fill("13")
    ligne.get_by_label("J’accepte jusqu’à").press("Tab")
    expect(ligne.get_by_role("status")).to_have_text("Enregistré")
    carnet.prendre(page, "agent-panier")
    page.get_by_role("region", name="Estimation").get_by_role("radio").first.check()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Envoyer au valideur").click()
    titre(page, "Votre commande")
    carnet.prendre(page, "agent-commande-envoyee", haut=1200)


def valider(carnet: Carnet) -> None:
    """Journey 1, the valideur: the order is committed."""
    page = carnet.ouvrir("Michel Dubois")
    carnet.prendre(page, "valideur-accueil", haut=1000)
    page.get_by_role("link", name=re.compile("Relire")).first.click()
    titre(page, "Valider la commande")
    page.get_by_label(re.compile("engagement", re.I)).fill("2026-0117")
    carnet.prendre(page, "valideur-validation")
    page.get_by_role("button", name="Valider et engager").click()
    titre(page, "Votre commande")
    carnet.prendre(page, "valideur-commande-validee", haut=1300)


def recevoir(carnet: Carnet) -> None:
    """Journey 3, the agent: a damaged line with its photograph, on a telephone."""
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    page.get_by_role("link", name="Dire ce qui est arrivé").click()
    titre(page, "Vos livraisons")
    carnet.prendre(page, "agent-livraisons", haut=1000)
    mobile = carnet.ouvrir("Nathalie Caron", "Ayette", telephone=True)
    mobile.goto(page.get_by_role("link", name="J’ai reçu").first.get_attribute("href"))
    titre(mobile, "J’ai reçu la livraison")
    carnet.prendre(mobile, "agent-reception-telephone", haut=1400)
    mobile.get_by_label("Numéro du bon de livraison du transporteur").fill("BL-7781")
    ligne = mobile.locator(".reception-ligne").last
    ligne.get_by_text("Un problème").click()
    ligne.get_by_label("Dont unités refusées").fill("1")
    ligne.get_by_label("Pourquoi les refusez-vous").select_option(label="Abîmé")
    ligne.get_by_label("Ce que vous avez vu").fill("Le carton est écrasé d’un côté.")
    ligne.get_by_label("Photo").set_input_files(photographie())
    carnet.prendre(
        mobile, "agent-reception-probleme", depuis=".reception-ligne.en-cause, .reception-ligne:last-of-type"
    )
    mobile.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    titre(mobile, re.compile("^Livraison du bon"))
    carnet.prendre(mobile, "agent-livraison-signalee", haut=1400)


def photographie() -> dict[str, object]:
    """A dented carton, drawn: no stranger's photograph is kept in the repository."""
    image = Image.new("RGB", (800, 600), (222, 214, 200))
    trait = ImageDraw.Draw(image)
    trait.polygon([(140, 200), (620, 180), (660, 480), (170, 500)], fill=(176, 136, 88), outline=(90, 64, 36), width=6)
    trait.polygon([(560, 182), (620, 180), (650, 330), (540, 260)], fill=(120, 88, 52), outline=(90, 64, 36), width=4)
    trait.line([(390, 190), (410, 490)], fill=(214, 190, 150), width=26)
    flux = io.BytesIO()
    image.save(flux, "JPEG", quality=85)
    return {"name": "carton.jpg", "mimeType": "image/jpeg", "buffer": flux.getvalue()}


def payer(carnet: Carnet) -> None:
    """Journey 4, a member: pay by card."""
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    page.get_by_role("link", name="Voir et payer").first.click()
    titre(page, "Vos factures")
    carnet.prendre(page, "agent-factures", haut=1000)
    rangee(page, "En retard").get_by_role("link").first.click()
    carnet.prendre(page, "agent-facture", haut=1400)
    page.get_by_role("button", name=re.compile("^Payer .* par carte")).click()
    titre(page, "Paiement par carte (démonstration)")
    carnet.prendre(page, "agent-paiement", haut=900)
    page.get_by_role("button", name=re.compile("^Payer")).click()
    titre(page, re.compile("^Paiement de la facture"))
    carnet.prendre(page, "agent-paiement-fait", haut=900)


def remplir(carnet: Carnet) -> None:
    """Journey 5, the agent: the needs fill the basket."""
    page = carnet.ouvrir("Nathalie Caron", "Ablainzevelle")
    menu(page, "États des lieux")
    rangee(page, "").get_by_role("link").first.click()
    carnet.prendre(page, "agent-etat-des-lieux")
    menu(page, "Panier")
    carnet.prendre(page, "agent-panier-besoins", haut=1200)
    page.get_by_role("button", name="Remplir mon panier").click()
    titre(page, "Votre panier")
    carnet.prendre(page, "agent-panier-rempli", haut=1200)
