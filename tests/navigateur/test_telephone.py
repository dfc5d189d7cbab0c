"""The year on a telephone, 390 pixels wide: nothing scrolls sideways, the menu opens, lines and forms can be used."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.catalogue.models import Article, Lot, Marche
from groupement.commandes.models import BonDeCommande, Campagne, Commande
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.states import EtatCampagne
from groupement.demo.personnes import AYETTE
from groupement.etats_des_lieux.models import EtatDesLieux, Local
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.refacturation.models import Facture, Refacturation
from groupement.refacturation.states import EtatFacture
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import agir_pour, entrer, tient_dans_l_ecran, titre

# Between braces: the row the demonstration holds, by `numeros`.
PAGES = {
    "agent": ("/", "/catalogue/", "/catalogue/articles/{article}", "/panier", "/commandes", "/livraisons/",
              "/factures/", "/etats-des-lieux/", "/ma-collectivite", "/mon-compte"),
    "valideur": ("/", "/commandes", "/factures/"),
    "acheteur": ("/", "/campagnes/", "/campagnes/{ouverte}", "/campagnes/{ouverte}/commandes",
                 "/campagnes/{ouverte}/paliers", "/campagnes/{ouverte}/regroupement", "/campagnes/{ouverte}/cloture",
                 "/bons/", "/bons/{bon}", "/livraisons/?vue=a-decider", "/livraisons/{signalee}/decision", "/stock/",
                 "/collectivites", "/marches/", "/marches/{marche}", "/fournisseurs/"),
    "comptable": ("/", "/refacturation/", "/refacturation/campagnes/{regroupee}", "/refacturation/{refacturation}",
                  "/factures/", "/factures/{facture}", "/factures/{facture}/avoirs/nouveau",
                  "/refacturation/integrite"),
    "archiviste": ("/", "/etats-des-lieux/", "/etats-des-lieux/nouveau", "/etats-des-lieux/{releve}",
                   "/etats-des-lieux/{releve}/locaux", "/etats-des-lieux/{releve}/mesures",
                   "/etats-des-lieux/{releve}/croissance", "/etats-des-lieux/{releve}/reliures",
                   "/etats-des-lieux/{releve}/besoins", "/etats-des-lieux/{releve}/locaux/{local}",
                   "/etats-des-lieux/{releve}/locaux/{local}/plan", "/collectivites"),
    "administrateur": ("/", "/personnes", "/personnes/{personne}", "/personnes/nouvelle", "/journal", "/courriels"),
    "controle": ("/", "/etats-des-lieux/", "/etats-des-lieux/{valide}", "/collectivites"),
    "fournisseur": ("/", "/fournisseur/bons", "/fournisseur/bons/{bon}", "/fournisseur/bons/{bon}/livraisons"),
}  # fmt: skip


@pytest.fixture
def numeros(demo, session):
    """The rows the addresses need."""

    def numero(classe, *conditions):
        return session.scalars(select(classe.id).where(*conditions).order_by(classe.id.desc()).limit(1)).one()

    releve = numero(EtatDesLieux, EtatDesLieux.etat == EtatEtatDesLieux.RELEVE)
    return {
        "releve": releve,
        "local": numero(Local, Local.etat_des_lieux_id == releve),
        "valide": numero(EtatDesLieux, EtatDesLieux.etat == EtatEtatDesLieux.VALIDE),
        "article": numero(Article, Article.reference == "BTE-CON-10"),
        "ouverte": numero(Campagne, FENETRES, Campagne.etat == EtatCampagne.OUVERTE),
        "regroupee": numero(Campagne, Campagne.etat == EtatCampagne.REGROUPEE),
        "bon": numero(BonDeCommande, BonDeCommande.lot.has(Lot.numero == 1)),
        "signalee": numero(Livraison, Livraison.etat == EtatLivraison.EN_VERIFICATION),
        "marche": numero(Marche),
        "refacturation": numero(Refacturation),
        "facture": numero(Facture, Facture.etat == EtatFacture.EMISE),
        "personne": numero(Utilisateur, Utilisateur.nom == "Nathalie Caron"),
    }


@pytest.mark.parametrize("role", PAGES)
def test_no_page_of_a_role_scrolls_sideways(demo, nouvelle_page, numeros, role):
    page = nouvelle_page(demo(role), viewport=TELEPHONE)
    if role == "agent":
        page.goto("/")
        agir_pour(page, "Ayette")
    for adresse in PAGES[role]:
        assert page.goto(adresse.format(**numeros)).status == 200, adresse
        tient_dans_l_ecran(page)


def test_the_menu_opens_and_leads_somewhere(demo, nouvelle_page):
    page = nouvelle_page(viewport=TELEPHONE)
    page.goto("/connexion")
    tient_dans_l_ecran(page)
    entrer(page, "Hélène Vasseur")
    lien = page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Campagnes", exact=True)
    expect(lien).to_be_hidden()
    bouton = page.get_by_role("button", name="Menu")
    expect(bouton).to_have_attribute("aria-expanded", "false")
    bouton.press("Enter")
    expect(bouton).to_have_attribute("aria-expanded", "true")
    expect(lien).to_be_visible()
    tient_dans_l_ecran(page)
    sans_faute_axe(page)
    lien.click()
    titre(page, "Campagnes")


def test_a_line_of_the_basket_is_changed_with_a_thumb(demo, nouvelle_page, session):
    page = nouvelle_page(viewport=TELEPHONE, has_touch=True)
    entrer(page, "Nathalie Caron", pour="Ayette")
    page.goto("/catalogue/?q=CHE-170")
    page.locator(".article").get_by_role("button", name="Ajouter").tap()
    page.locator(".article").get_by_role("link", name="votre panier").tap()
    ligne = page.locator(".panier-ligne")
    ligne.get_by_label("Quantité").fill("150")
    ligne.get_by_label("Quantité").press("Enter")
    choix = ligne.get_by_role("button", name="Mettre 200 (2 colis)")
    expect(choix).to_be_visible()
    tient_dans_l_ecran(page)
    assert choix.bounding_box()["height"] >= 24
    choix.tap()
    expect(ligne.get_by_role("status")).to_have_text("Enregistré")
    tient_dans_l_ecran(page)
    sans_faute_axe(page)
    panier = session.scalars(
        select(Commande)
        .join(Commande.campagne)
        .join(Commande.collectivite)
        .where(FENETRES, Campagne.etat == EtatCampagne.OUVERTE, Collectivite.siren == AYETTE)
    ).one()
    assert [ligne.unites for ligne in panier.lignes] == [200]


def test_a_reception_is_filled_at_the_door(demo, nouvelle_page, session):
    page = nouvelle_page(viewport=TELEPHONE, has_touch=True)
    entrer(page, "Nathalie Caron", pour="Ayette")
    page.get_by_role("link", name="Dire ce qui est arrivé").tap()
    titre(page, "Vos livraisons")
    tient_dans_l_ecran(page)
    page.get_by_role("link", name="J’ai reçu").first.tap()
    titre(page, "J’ai reçu la livraison")
    tient_dans_l_ecran(page)
    numero = int(re.search(r"/livraisons/(\d+)/", page.url).group(1))
    premiere = page.locator(".reception-ligne").first
    premiere.get_by_text("Un problème").tap()
    premiere.get_by_label("Dont unités refusées").fill("1")
    premiere.get_by_label("Pourquoi les refusez-vous").select_option(label="Abîmé")
    tient_dans_l_ecran(page)
    sans_faute_axe(page)
    page.get_by_role("button", name="Enregistrer ce que j’ai reçu").tap()
    expect(page.get_by_role("main")).to_contain_text("Le Centre de gestion est prévenu")
    tient_dans_l_ecran(page)
    assert session.get_one(Livraison, numero).etat is EtatLivraison.EN_VERIFICATION
