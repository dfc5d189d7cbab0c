"""What the buyer does in the year: combine, order, revise, decide on deliveries, load a marché."""

import re

from carnet import RACINE, Carnet, menu, rangee, titre
from playwright.sync_api import Page, expect


def acheter(carnet: Carnet) -> None:
    """Journey 2, the acheteur: watch, close, read the regroupement, send the bons."""
    page = carnet.ouvrir("Hélène Vasseur")
    carnet.prendre(page, "acheteur-accueil", haut=1000)
    menu(page, "Campagnes")
    carnet.prendre(page, "acheteur-campagnes", haut=900)
    rangee(page, "Ouverte").get_by_role("link").first.click()
    carnet.prendre(page, "acheteur-campagne")
    page.get_by_role("navigation", name="Rubriques de la campagne").get_by_role("link", name="Courriels").click()
    carnet.prendre(page, "acheteur-courriels", haut=1000)
    page.go_back()
    page.get_by_role("link", name="Tous les articles").click()
    carnet.prendre(page, "acheteur-paliers", haut=1000)
    page.go_back()
    page.get_by_role("link", name="Clore la campagne").click()
    carnet.prendre(page, "acheteur-cloture", haut=1100)
    page.get_by_role("button", name="Clore la campagne").click()
    titre(page, "Aperçu du regroupement")
    carnet.prendre(page, "acheteur-regroupement")
    page.get_by_role("link", name="Saisissez-le").click()
    titre(page, "Saisir une commande reçue sur papier")
    carnet.prendre(page, "acheteur-papier-tardif", haut=1200)
    page.go_back()
    page.get_by_role("link", name=re.compile("^Il a décliné")).first.click()
    titre(page, re.compile("décline le lot"))
    carnet.prendre(page, "acheteur-desistement")
    page.go_back()
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
    page.get_by_role("button", name=re.compile("^Ouvrir (le bon|la révision)")).click()
    carnet.prendre(page, "fournisseur-bon", haut=1200)
    page.get_by_role("link", name="Proposer une date").click()
    carnet.prendre(page, "fournisseur-date", haut=1000)
    page.get_by_role("link", name="Revenir au bon").click()
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.get_by_role("link", name="Annoncer un envoi").click()
    carnet.prendre(page, "fournisseur-livraisons", haut=1200)


def repondre(carnet: Carnet) -> None:
    """The acheteur answers a supplier that asks for another date."""
    page = carnet.ouvrir("Hélène Vasseur")
    page.get_by_role("listitem").filter(has_text="autre date").get_by_role("link").first.click()
    titre(page, re.compile("^Bon de commande"))
    carnet.prendre(page, "acheteur-echanges", depuis="#echanges", haut=900)
    page.locator("#echanges").get_by_role("link", name="Répondre").first.click()
    carnet.prendre(page, "acheteur-date-demandee", haut=1000)


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


SIGNE = {
    "Durée": "acheteur-duree",
    "Plafonds": "acheteur-plafonds",
    "Avenants": "acheteur-avenants",
    "Données essentielles": "acheteur-decp",
}


def charger(carnet: Carnet) -> None:
    """Before the year: the marché, its terms and its bordereau, a campagne prepared."""
    page = carnet.ouvrir("Hélène Vasseur")
    menu(page, "Marchés")
    page.locator("main").get_by_role("link", name=re.compile(r"^20\d\d-")).first.click()
    carnet.prendre(page, "acheteur-marche", haut=1200)
    marche = page.url
    for onglet, nom in SIGNE.items():
        page.get_by_role("navigation", name="Rubriques du marché").get_by_role("link", name=onglet).click()
        carnet.prendre(page, nom, haut=1200)
    page.goto(marche)
    page.get_by_role("link", name="Révision des prix du lot 2").click()
    carnet.prendre(page, "acheteur-revision")
    page.goto(marche)
    charger_un_bordereau(carnet, page)
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
