"""Declarations of intent: an enquête read, a file brought, a letter answered."""

import re

from carnet import RACINE, Carnet, menu, titre
from playwright.sync_api import Page


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
