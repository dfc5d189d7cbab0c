"""Take the screenshots of the guide: load a demonstration, walk through the six journeys, keep each page on the way.

`make docs` runs it. The pages are those a person meets, in their order, on a database of the moment: if a button is
gone or a page fails, the walk stops there. Needs Chromium (`CHROMIUM` gives its path) and a minute or two.
"""

import argparse
import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

RACINE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(RACINE))

from groupement.socle.calendrier import aujourdhui  # noqa: E402 (the checkout is not installed)
from tests.outils.chromium import chromium  # noqa: E402 (the checkout is not installed)
from tests.outils.navigateur import OPTIONS, ORDINATEUR, TELEPHONE  # noqa: E402

CAPTURES = RACINE / "docs" / "guide" / "captures"
# A French browser writes its date boxes so; the one that takes the pictures may only know English.
DATES_EN_FRANCAIS = """() => document.querySelectorAll("input[type=date]").forEach(champ => {
    champ.dataset.jour = champ.value;
    champ.type = "text";
    champ.value = champ.dataset.jour ? champ.dataset.jour.split("-").reverse().join("/") : "jj/mm/aaaa";
})"""
DATES_COMME_AVANT = """() => document.querySelectorAll("input[data-jour]").forEach(champ => {
    champ.type = "date";
    champ.value = champ.dataset.jour;
})"""
POIDS_MAX = 200_000
COULEURS = (96, 48, 24)  # tried in turn until the picture is light enough
HAUTEUR_MAX = 1700


@contextmanager
def application(instance: Path) -> Iterator[str]:
    """The sample server on a database of its own; gives its address."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    neutre = {nom: valeur for nom, valeur in os.environ.items() if nom not in ("DATABASE_URL", "GROUPEMENT_MODE")}
    commande = [sys.executable, "-c", "from groupement.cli import main; main()", "servir", "--port", str(port)]
    muet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    serveur = subprocess.Popen(commande, cwd=RACINE, env={**neutre, "GROUPEMENT_INSTANCE": str(instance)}, **muet)
    adresse = f"http://127.0.0.1:{port}"
    try:
        attendre(serveur, adresse)
        yield adresse
    finally:
        serveur.terminate()
        serveur.wait(timeout=20)


def attendre(serveur: subprocess.Popen[bytes], adresse: str) -> None:
    """Until it answers; loading the demonstration takes a while."""
    for _ in range(600):
        if serveur.poll() is not None:
            raise SystemExit("L’application ne démarre pas.")
        try:
            urllib.request.urlopen(f"{adresse}/sante", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("L’application ne répond pas.")


class Carnet:
    """The pictures taken, under their names."""

    def __init__(self, navigateur: Browser, adresse: str) -> None:
        """`adresse`: where the application is served."""
        self.navigateur, self.adresse, self.prises = navigateur, adresse, []

    def ouvrir(self, nom: str, pour: str = "", *, telephone: bool = False) -> Page:
        """A browser in French, signed in as a person of the demonstration, acting for the body `pour`."""
        taille = TELEPHONE if telephone else ORDINATEUR
        contexte = self.navigateur.new_context(
            base_url=self.adresse, locale="fr-FR", timezone_id="Europe/Paris", viewport=taille, color_scheme="light"
        )
        contexte.set_default_timeout(15_000)
        page = contexte.new_page()
        page.goto("/connexion")
        if nom:
            page.get_by_role("button", name=re.compile(f"^{nom}")).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Bonjour {nom}")
        if pour:
            page.locator(".bascule summary").click()
            page.locator(".bascule").get_by_role("button", name=re.compile(f"{pour}$|{pour} ")).click()
            expect(page.locator("main .phrase").first).to_contain_text(pour)
        return page

    def prendre(self, page: Page, nom: str, *, depuis: str = "", haut: int = HAUTEUR_MAX) -> None:
        """Keep the page, from its top or from the element `depuis`, at most `haut` pixels of it."""
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.wait_for_load_state("networkidle")
        page.evaluate(DATES_EN_FRANCAIS)
        image = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        debut = 0
        if depuis:
            boite = page.locator(depuis).first.bounding_box()
            defile = page.evaluate("window.scrollY")
            debut = max(0, int(boite["y"] + defile) - 24) if boite else 0
        page.evaluate(DATES_COMME_AVANT)
        image = image.crop((0, debut, image.width, min(image.height, debut + haut)))
        ecrire(image, CAPTURES / f"{nom}.png")
        self.prises.append(nom)
        print(f"  {nom}.png")


def ecrire(image: Image.Image, fichier: Path) -> None:
    """A framed PNG with a small palette, light enough for a repository."""
    cadre = image.convert("RGB")
    ImageDraw.Draw(cadre).rectangle((0, 0, cadre.width - 1, cadre.height - 1), outline=(200, 192, 180))
    for couleurs in COULEURS:
        reduite = cadre.quantize(couleurs, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduite.save(fichier, optimize=True)
        if fichier.stat().st_size <= POIDS_MAX:
            return
    raise SystemExit(f"{fichier.name} pèse {fichier.stat().st_size} octets.")


def menu(page: Page, libelle: str) -> None:
    """Follow an entry of the menu."""
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=libelle, exact=True).click()


def titre(page: Page, texte: str | re.Pattern[str]) -> None:
    """Wait for the page with this title."""
    expect(page.get_by_role("heading", level=1)).to_have_text(texte)


def rangee(page: Page, texte: str) -> Locator:
    """The first row of the list that holds these words."""
    return page.locator("main tbody tr").filter(has_text=texte).first


# --- The journeys --------------------------------------------------------------------------------------------------


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


def acheter(carnet: Carnet) -> None:
    """Journey 2, the acheteur: watch, close, read the regroupement, send the bons."""
    page = carnet.ouvrir("Hélène Vasseur")
    carnet.prendre(page, "acheteur-accueil", haut=1000)
    menu(page, "Campagnes")
    carnet.prendre(page, "acheteur-campagnes", haut=900)
    rangee(page, "Ouverte").get_by_role("link").first.click()
    carnet.prendre(page, "acheteur-campagne")
    page.get_by_role("link", name="Tous les articles").click()
    carnet.prendre(page, "acheteur-paliers", haut=1000)
    page.go_back()
    page.get_by_role("link", name="Clore la campagne").click()
    carnet.prendre(page, "acheteur-cloture", haut=1100)
    page.get_by_role("button", name="Clore la campagne").click()
    titre(page, "Aperçu du regroupement")
    carnet.prendre(page, "acheteur-regroupement")
    carnet.prendre(page, "acheteur-regroupement-confirmer", depuis="#confirmer")
    for case in page.locator("#confirmer").get_by_role("checkbox").all():
        case.check()
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    titre(page, "Regroupement fait")
    carnet.prendre(page, "acheteur-bons-emis", haut=1200)
    page.locator("main").get_by_role("link", name=re.compile(r"^BC-")).first.click()
    titre(page, re.compile("^Bon de commande"))
    carnet.prendre(page, "acheteur-bon")
    reviser_un_bon(carnet, page)
    page.goto("/collectivites?q=Ayette")
    page.locator("tbody th a").first.click()
    titre(page, "Ayette")
    carnet.prendre(page, "acheteur-collectivite", depuis="#annee")


def reviser_un_bon(carnet: Carnet, page: Page) -> None:
    """Journey 2, the acheteur: less of an article and more time, looked at before it leaves; what cancelling asks."""
    page.get_by_role("link", name="Annuler le bon").click()
    titre(page, re.compile("^Annuler le bon"))
    carnet.prendre(page, "acheteur-bon-annulation", haut=1100)
    page.get_by_role("link", name="Ne rien changer").click()
    page.get_by_role("link", name="Réviser le bon").click()
    titre(page, re.compile("^Réviser le bon"))
    page.locator('[name="articles-0-garder"]').fill("4500")
    page.get_by_label("Motif de la révision").fill("Le fournisseur n’a plus ce modèle en quantité.")
    page.get_by_role("button", name="Voir ce que cela donne").click()
    expect(page.get_by_role("heading", name=re.compile("Ce que donne la révision"))).to_be_visible()
    carnet.prendre(page, "acheteur-bon-revision")
    page.get_by_role("button", name="Envoyer la révision").click()
    titre(page, re.compile("^Bon de commande"))
    carnet.prendre(page, "acheteur-bon-revise", haut=1200)


def livrer(carnet: Carnet) -> None:
    """Journey 2, the fournisseur: confirm a bon, say when it comes."""
    page = carnet.ouvrir("Marc Petit")
    carnet.prendre(page, "fournisseur-accueil", haut=900)
    menu(page, "Bons reçus")
    carnet.prendre(page, "fournisseur-bons", haut=900)
    rangee(page, "").get_by_role("link").first.click()
    carnet.prendre(page, "fournisseur-bon")
    page.get_by_role("button", name="Accuser réception").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.get_by_role("link", name=re.compile("livraison", re.I)).first.click()
    carnet.prendre(page, "fournisseur-livraisons", haut=1200)


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


def decider(carnet: Carnet) -> None:
    """Journey 3, the acheteur: what is refused is not billed."""
    page = carnet.ouvrir("Hélène Vasseur")
    menu(page, "Livraisons")
    page.get_by_role("navigation", name="Livraisons par étape").get_by_role(
        "link", name=re.compile("À décider")
    ).click()
    carnet.prendre(page, "acheteur-livraisons", haut=1000)
    rangee(page, "Ayette").get_by_role("link", name="Décider").first.click()
    titre(page, "Décider de la livraison")
    page.get_by_label("Accepter ce qui est arrivé en bon état").check()
    page.get_by_label("Ne plus rien attendre").check()
    page.get_by_label("Motif").fill("Le carton écrasé sera recommandé.")
    carnet.prendre(page, "acheteur-decision")
    page.get_by_role("button", name="Enregistrer la décision").click()
    menu(page, "Dépôt et stock")
    carnet.prendre(page, "acheteur-stock", haut=1000)


def refacturer(carnet: Carnet) -> None:
    """Journey 4, the comptable: everything admitted, a transfer, an avoir."""
    page = carnet.ouvrir("Philippe Caudron")
    carnet.prendre(page, "comptable-accueil", haut=900)
    menu(page, "Refacturation")
    carnet.prendre(page, "comptable-refacturation", haut=1000)
    page.get_by_role("link", name="Voir l’aperçu").first.click()
    titre(page, re.compile("^À facturer"))
    carnet.prendre(page, "comptable-apercu")
    page.locator(".entete-action summary").click()
    page.get_by_role("button", name="Oui, émettre").click()
    titre(page, re.compile("^Refacturation du"))
    carnet.prendre(page, "comptable-refacturation-faite")
    page.get_by_role("link", name="Voir les factures").click()
    carnet.prendre(page, "comptable-factures", haut=1000)
    page.locator("main").get_by_role("row").get_by_role("link", name=re.compile("^F-")).first.click()
    titre(page, re.compile("^Facture F-"))
    carnet.prendre(page, "comptable-facture")
    page.get_by_label("Référence du virement").fill("VIR 2611 0042")
    page.get_by_role("button", name="Enregistrer le virement").click()
    expect(page.get_by_role("status").first).to_contain_text("Virement")
    carnet.prendre(page, "comptable-facture-payee", haut=1100)
    menu(page, "Factures")
    rangee(page, "Émise").get_by_role("link").first.click()
    page.get_by_role("link", name="Faire un avoir").click()
    page.get_by_label("Pourquoi cet avoir").fill("Une boîte facturée deux fois.")
    page.get_by_label("Unités à créditer").first.fill("1")
    carnet.prendre(page, "comptable-avoir", haut=1300)
    page.get_by_role("button", name="Émettre l’avoir").click()
    titre(page, re.compile("^Facture F-"))
    menu(page, "Refacturation")
    page.get_by_role("link", name="Vérifier l’intégrité des factures").click()
    carnet.prendre(page, "comptable-integrite", haut=900)


def deposer(carnet: Carnet) -> None:
    """Journey 4, the comptable: the factures leave for Chorus Pro; services to bill, money to give back."""
    page = carnet.ouvrir("Philippe Caudron")
    page.goto("/factures/a-deposer")
    titre(page, "Factures à déposer")
    carnet.prendre(page, "comptable-a-deposer", haut=1000)
    page.get_by_role("button", name=re.compile("^Déposer les? .* de cette liste")).click()
    titre(page, re.compile("^Déposer"))
    page.get_by_label("Numéro du flux").fill("CPP-2026-000417")
    carnet.prendre(page, "comptable-depot", haut=1300)
    page.get_by_role("button", name=re.compile("^Noter le dépôt")).click()
    titre(page, "Dépôt CPP-2026-000417")
    carnet.prendre(page, "comptable-depot-fait", haut=1000)
    page.goto("/refacturation/prestations")
    carnet.prendre(page, "comptable-prestations", haut=1300)
    page.goto("/remboursements/")
    carnet.prendre(page, "comptable-remboursements", haut=900)


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


def appeler(carnet: Carnet) -> None:
    """Services, the comptable: rates voted, a year of SESAM, the call of the next."""
    page = carnet.ouvrir("Philippe Caudron")
    menu(page, "SESAM")
    page.get_by_role("link", name=re.compile("^Appeler les contributions")).click()
    titre(page, re.compile("^Appeler les contributions"))
    carnet.prendre(page, "comptable-appel", haut=1100)
    menu(page, "SESAM")
    page.get_by_role("navigation", name="Années").get_by_role("link").last.click()
    carnet.prendre(page, "comptable-sesam", haut=1200)
    page.get_by_role("link", name="Tarifs votés").click()
    titre(page, "Tarifs des prestations")
    carnet.prendre(page, "comptable-tarifs", haut=1200)


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


SIGNE = {
    "Durée": "acheteur-duree",
    "Plafonds": "acheteur-plafonds",
    "Avenants": "acheteur-avenants",
    "Données essentielles": "acheteur-decp",
}


def charger(carnet: Carnet) -> None:
    """Before the year: the marché and its bordereau, the bodies, a campagne prepared."""
    page = carnet.ouvrir("Hélène Vasseur")
    menu(page, "Marchés")
    page.locator("main").get_by_role("link", name=re.compile(r"^20\d\d-")).first.click()
    carnet.prendre(page, "acheteur-marche", haut=1200)
    charger_un_bordereau(carnet, page)
    page.get_by_role("link", name="Révision des prix du lot 2").click()
    carnet.prendre(page, "acheteur-revision")
    for onglet, nom in SIGNE.items():
        page.get_by_role("navigation", name="Rubriques du marché").get_by_role("link", name=onglet).click()
        carnet.prendre(page, nom, haut=1200)
    menu(page, "Campagnes")
    page.get_by_role("link", name=re.compile("campagne", re.I)).last.click()
    page.goto("/campagnes/nouvelle")
    carnet.prendre(page, "acheteur-nouvelle-campagne", haut=1200)


def charger_un_bordereau(carnet: Carnet, page: Page) -> None:
    """The BPU of a supplier, up to its preview; nothing is saved."""
    page.get_by_role("link", name="Charger le bordereau des prix").click()
    carnet.prendre(page, "acheteur-bordereau-fichier", haut=1000)
    exemple = RACINE / "docs" / "guide" / "exemples" / "bordereau-fournisseur.xlsx"
    page.get_by_label("Fichier du bordereau (Excel ou CSV)").set_input_files(exemple)
    page.get_by_role("button", name="Lire le fichier").click()
    titre(page, "Dire ce que sont les colonnes")
    page.get_by_label("Le prix est donné pour").select_option("ensemble")
    carnet.prendre(page, "acheteur-bordereau-colonnes", haut=1500)
    page.get_by_role("button", name="Voir ce qui change").click()
    titre(page, "Vérifier ce qui change")
    carnet.prendre(page, "acheteur-bordereau-apercu", haut=1300)


# The basket is filled and needs are sent while the campagne is open; the buyer closes it afterwards.
def interroger(carnet: Carnet) -> None:
    """Hélène reads an enquête, attaches an answer, brings a file, counts what to foresee; a town hall answers."""
    page = carnet.ouvrir("Hélène Vasseur")
    menu(page, "Intentions")
    titre(page, "Intentions")
    page.get_by_role("link", name="Mission Archives 2024").click()
    carnet.prendre(page, "acheteur-enquete", haut=1250)
    enquete = page.url
    page.goto(f"{enquete}/rattachements")
    carnet.prendre(page, "acheteur-rattachements", haut=900)
    page.goto(f"{enquete}/recensement")
    carnet.prendre(page, "acheteur-recensement", haut=1000)
    menu(page, "Intentions")
    page.get_by_role("link", name=re.compile("^Déclaration d’intention")).click()
    page.goto(f"{page.url}/envoi")
    carnet.prendre(page, "acheteur-envoi")
    importer_des_reponses(carnet, page)
    mairie = carnet.ouvrir("", telephone=True)
    mairie.goto(lien_d_une_lettre(carnet))
    carnet.prendre(mairie, "declaration-telephone", haut=1500)


def importer_des_reponses(carnet: Carnet, page: Page) -> None:
    """The sample file under another number: mapped and shown, never confirmed."""
    page.goto(page.url.replace("/envoi", "/importation"))
    exemple = RACINE / "groupement" / "demo" / "donnees" / "intentions-limesurvey.csv"
    page.get_by_label("Fichier CSV").set_input_files(exemple)
    page.get_by_label("Numéro de l’enquête").fill("100001")
    page.get_by_role("button", name="Lire le fichier").click()
    titre(page, re.compile("Que contient chaque colonne"))
    carnet.prendre(page, "acheteur-reponses-colonnes", haut=1000)
    page.get_by_role("button", name="Voir ce que le fichier apporte").click()
    titre(page, "Vérifier avant d’importer")
    carnet.prendre(page, "acheteur-reponses-apercu", haut=1000)


def lien_d_une_lettre(carnet: Carnet) -> str:
    """The signed link of a letter, read in its mail as the administrateur sees it."""
    page = carnet.ouvrir("Thomas Leroy")
    page.goto("/courriels?q=Déclaration")
    page.locator("tbody a").last.click()
    trouve = re.search(r"/declaration-intention/[\w.-]+", page.locator("main").inner_text())
    assert trouve, "aucun lien dans ce courriel"
    return trouve.group()


PARCOURS: tuple[Callable[[Carnet], None], ...] = (
    feuilleter,
    se_connecter,
    commander,
    valider,
    recevoir,
    decider,
    mesurer,
    remplir,
    acheter,
    livrer,
    refacturer,
    deposer,
    payer,
    accomplir,
    appeler,
    administrer,
    charger,
    interroger,
)


def main() -> None:
    """Everything, or a shorter walk while one writes it."""
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--instance", type=Path, help="un dossier d’instance à reprendre, au lieu d’un neuf")
    lecteur.add_argument("parcours", nargs="*", help="ceux-là seulement (fonctions de ce fichier) ; sans rien, tous")
    choix = lecteur.parse_args()
    programme = chromium()
    if programme is None:
        raise SystemExit("Chromium est introuvable : installez-le, ou donnez son chemin dans CHROMIUM.")
    CAPTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="captures-") as neuf, application(choix.instance or Path(neuf)) as adresse:
        with sync_playwright() as playwright:
            navigateur = playwright.chromium.launch(executable_path=programme, args=list(OPTIONS))
            carnet = Carnet(navigateur, adresse)
            for parcours in [p for p in PARCOURS if not choix.parcours or p.__name__ in choix.parcours]:
                print(parcours.__doc__.split("\n")[0] if parcours.__doc__ else parcours.__name__)
                parcours(carnet)
            navigateur.close()
    perdues = {fichier.stem for fichier in CAPTURES.glob("*.png")} - set(carnet.prises)
    for nom in perdues if not choix.parcours else ():
        (CAPTURES / f"{nom}.png").unlink()
    print(f"{len(carnet.prises)} captures dans {CAPTURES.relative_to(RACINE)}")


if __name__ == "__main__":
    main()
