"""Journey 1: a town hall orders. The agent fills the basket, the valideur sends it back, then commits it."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.states import DOMAINE_DEMONSTRATION
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.demo.personnes import AYETTE
from groupement.socle.argent import arrondir
from groupement.socle.courriels import Courriel
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import agir_pour, entrer, menu, montant, titre


@pytest.fixture
def commande_d_ayette(session):
    """What the database holds of Ayette's order in the open campagne, read afresh."""

    def lire():
        session.rollback()
        session.expire_all()
        return session.scalars(
            select(Commande)
            .join(Commande.campagne)
            .join(Commande.collectivite)
            .where(Campagne.etat == EtatCampagne.OUVERTE, Collectivite.siren == AYETTE, ~Commande.urgente)
        ).one_or_none()

    return lire


def article(page, reference):
    """The card of an article in the list of the catalogue."""
    return page.locator(".article").filter(has_text=f"Référence {reference},")


def remplir_un_panier(page):
    """One article, by the page of the catalogue; leaves on the basket."""
    page.goto("/catalogue/?q=BTE-CON-10")
    article(page, "BTE-CON-10").get_by_role("button", name="Ajouter").click()
    article(page, "BTE-CON-10").get_by_role("link", name="votre panier").click()
    titre(page, "Votre panier")


def decrire_le_lieu(page, nom, adresse):
    """Fill the form of a new delivery place; town and postcode are already those of the body."""
    page.get_by_label("Nom du lieu").fill(nom)
    page.get_by_label("Adresse").fill(adresse)
    page.get_by_label("Personne à prévenir").fill("Nathalie Caron")
    page.get_by_label("Téléphone").fill("03 21 00 00 01")
    page.get_by_label("Jours et heures").fill("mardi, 9 h à 12 h")


def test_an_agent_orders_and_the_valideur_commits(demo, nouvelle_page, commande_d_ayette, session):
    agent, valideur = nouvelle_page(), nouvelle_page()
    entrer(agent, "Nathalie Caron", pour="Ayette")
    tache = agent.get_by_role("listitem").filter(has_text="Préparez votre commande")
    expect(tache).to_contain_text("dans 12 jours")
    tache.get_by_role("link", name="Choisir des articles").click()

    # Words and filters; the quantity that is no whole pack, and the nearest ones offered.
    titre(agent, "Catalogue")
    agent.get_by_label("Que cherchez-vous").fill("chemise")
    expect(agent.get_by_role("heading", name="pour cette recherche")).to_be_visible()
    agent.get_by_role("link", name="ISO 9706").click()
    expect(agent).to_have_url(re.compile("norme="))
    agent.wait_for_load_state()  # its scripts are there: the field answers on the spot
    chemises = article(agent, "CHE-170")
    chemises.get_by_label("Quantité").fill("150")
    chemises.get_by_label("Quantité").press("Enter")
    expect(chemises.get_by_role("alert")).to_contain_text("colis de 100")
    assert commande_d_ayette() is None
    sans_faute_axe(agent)
    chemises.get_by_role("button", name="Ajouter 200 (2 colis)").click()
    expect(chemises.get_by_role("status")).to_contain_text("200")

    # Boxes: any number, and a few more if that completes a pack of the consortium.
    agent.get_by_role("link", name="Voir tout le catalogue").click()
    agent.get_by_label("Que cherchez-vous").fill("boite conservation dos 10")
    expect(agent.get_by_role("heading", name="pour cette recherche")).to_be_visible()
    boites = article(agent, "BTE-CON-10")
    boites.get_by_label("Quantité").fill("37")
    boites.get_by_role("button", name="Ajouter").click()
    expect(boites.get_by_role("status")).to_contain_text("37")
    boites.get_by_role("link", name="votre panier").click()
    titre(agent, "Votre panier")
    expect(agent.locator("main .phrase").first).to_contain_text(re.compile(r"encore 1\d jours"))
    ligne = agent.locator(".panier-ligne").filter(has_text="BTE-CON-10")
    ligne.get_by_label("J’accepte jusqu’à").fill("13")
    ligne.get_by_label("J’accepte jusqu’à").press("Tab")
    expect(ligne.get_by_role("status")).to_have_text("Enregistré")
    expect(ligne.locator(".panier-surplus .detail")).to_contain_text("50")
    sans_faute_axe(agent)
    panier = commande_d_ayette()
    assert {(li.article.reference, li.unites, li.unites_acceptees_en_plus) for li in panier.lignes} == {
        ("CHE-170", 200, 0),
        ("BTE-CON-10", 37, 13),
    }

    # A new delivery place; the basket is still there, and goes there.
    agent.get_by_role("link", name="Ajouter un lieu de livraison").click()
    decrire_le_lieu(agent, "Salle des archives", "2 rue de l’École")
    agent.get_by_role("button", name="Enregistrer ce lieu").click()
    titre(agent, "Votre panier")
    expect(agent.get_by_role("radio", name=re.compile("^Salle des archives"))).to_be_checked()
    expect(agent.locator(".panier-ligne")).to_have_count(2)
    envoi = agent.get_by_role("region", name="Estimation")
    lignes = sum(montant(ligne) for ligne in agent.locator(".panier-montant").all())
    ht, tva, ttc = (montant(somme) for somme in envoi.locator(".totaux > div").all())
    assert (ht, tva, ttc) == (lignes, arrondir(lignes * Decimal("0.20")), ht + tva)
    envoi.get_by_role("button", name="Envoyer au valideur").click()
    expect(agent.get_by_role("status")).to_contain_text("Commande envoyée à Michel Dubois")
    titre(agent, "Votre commande")

    # The valideur reads it, and sends it back with a reason.
    entrer(valideur, "Michel Dubois")
    valideur.get_by_role("link", name="Relire et valider").click()
    titre(valideur, "Valider la commande")
    expect(valideur.get_by_role("row", name=re.compile("CHE-170"))).to_contain_text("2 colis")
    sans_faute_axe(valideur)
    valideur.get_by_text("Renvoyer à l’agent").click()
    valideur.get_by_label("Que faut-il revoir").fill("Cent chemises suffisent.")
    valideur.get_by_role("button", name="Renvoyer avec ce message").click()
    expect(valideur.get_by_role("status")).to_be_visible()
    assert commande_d_ayette().etat is EtatCommande.BROUILLON

    # The agent is told why, corrects by the keyboard, sends again.
    menu(agent, "Accueil")
    expect(agent.get_by_role("main")).to_contain_text("Cent chemises suffisent.")
    agent.get_by_role("link", name="Ouvrir le panier").click()
    expect(agent.get_by_role("main")).to_contain_text("Votre valideur vous demande de revoir cette commande")
    chemises = agent.locator(".panier-ligne").filter(has_text="CHE-170")
    chemises.get_by_label("Quantité").fill("100")
    chemises.get_by_label("Quantité").press("Enter")
    expect(chemises.get_by_role("status")).to_have_text("Enregistré")
    expect(chemises).to_contain_text("soit 1 colis")
    agent.get_by_role("button", name="Envoyer au valideur").click()
    titre(agent, "Votre commande")

    # The valideur commits, with a number of engagement; both see where it stands.
    menu(valideur, "Accueil")
    valideur.get_by_role("link", name="Relire et valider").click()
    valideur.get_by_label("Numéro d’engagement").fill("2026-BUD-0117")
    valideur.get_by_role("button", name="Valider et engager").click()
    titre(valideur, "Votre commande")
    agent.reload()
    for page in (agent, valideur):
        expect(page.locator("main .phrase").first).to_contain_text("Validée")
        expect(page.get_by_role("main")).to_contain_text("2026-BUD-0117")
        expect(page.get_by_role("main")).to_contain_text("Salle des archives")
        expect(page.get_by_role("row", name=re.compile("CHE-170"))).to_contain_text("1 colis")
    sans_faute_axe(agent)
    menu(agent, "Accueil")
    expect(agent.get_by_role("main")).to_contain_text("Votre commande est validée")

    validee = commande_d_ayette()
    assert (validee.etat, validee.engagement) == (EtatCommande.VALIDEE, "2026-BUD-0117")
    assert (validee.soumise_par, validee.validee_par) == ("Nathalie Caron", "Michel Dubois")
    assert validee.point_de_livraison.libelle == "Salle des archives"
    ecrits = session.scalars(select(Courriel.destinataire).order_by(Courriel.id.desc()).limit(4)).all()
    assert {f"agent@{DOMAINE_DEMONSTRATION}", f"valideur@{DOMAINE_DEMONSTRATION}"} <= set(ecrits)


def test_a_session_that_ends_loses_neither_what_was_typed_nor_for_whom(demo, nouvelle_page, session):
    page = nouvelle_page()
    entrer(page, "Nathalie Caron", pour="Ayette")
    remplir_un_panier(page)
    page.get_by_role("link", name="Ajouter un lieu de livraison").click()
    decrire_le_lieu(page, "Salle des fêtes", "14 route de Bucquoy")
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer ce lieu").click()
    titre(page, "Connexion")
    expect(page.get_by_role("main")).to_contain_text("Votre session était terminée")
    page.get_by_role("button", name=re.compile("^Nathalie Caron")).click()
    titre(page, "Ajouter un lieu de livraison")
    expect(page.get_by_text("Nous avons remis ce que vous aviez saisi")).to_be_visible()
    expect(page.get_by_label("Nom du lieu")).to_have_value("Salle des fêtes")
    expect(page.get_by_label("Jours et heures")).to_have_value("mardi, 9 h à 12 h")
    expect(page.locator(".bascule summary")).to_contain_text("Ayette")
    sans_faute_axe(page)
    page.get_by_role("button", name="Enregistrer ce lieu").click()
    titre(page, "Votre panier")
    expect(page.get_by_role("radio", name=re.compile("^Salle des fêtes"))).to_be_checked()
    lieu = session.scalars(select(PointDeLivraison).where(PointDeLivraison.libelle == "Salle des fêtes")).one()
    assert (lieu.collectivite.siren, lieu.adresse) == (AYETTE, "14 route de Bucquoy")


def test_a_form_acts_for_the_body_its_page_was_shown_for(demo, nouvelle_page, session):
    page = nouvelle_page()
    entrer(page, "Nathalie Caron", pour="Ayette")
    page.goto("/catalogue/?q=BTE-CON-10")
    ailleurs = page.context.new_page()
    ailleurs.goto("/")
    agir_pour(ailleurs, "Achiet-le-Petit")
    article(page, "BTE-CON-10").get_by_role("button", name="Ajouter").click()
    expect(article(page, "BTE-CON-10").get_by_role("status")).to_contain_text("Ajouté")
    derniere = session.scalars(select(Commande).order_by(Commande.id.desc()).limit(1)).one()
    assert derniere.collectivite.siren == AYETTE


def test_an_order_leaves_without_javascript(demo, nouvelle_page, commande_d_ayette):
    page = nouvelle_page(java_script_enabled=False)
    entrer(page, "Nathalie Caron", pour="Ayette")
    menu(page, "Catalogue")
    page.get_by_label("Que cherchez-vous").fill("chemise 170")
    page.get_by_role("button", name="Chercher").click()
    article(page, "CHE-170").get_by_label("Quantité").fill("150")
    article(page, "CHE-170").get_by_role("button", name="Ajouter").click()
    titre(page, "Quelle quantité commander ?")
    page.get_by_role("button", name="Ajouter 100 (1 colis)").click()
    menu(page, "Panier")
    quantite = page.locator(".panier-ligne").get_by_label("Quantité")
    quantite.fill("300")
    page.locator(".panier-ligne").get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("Quantité enregistrée")
    page.get_by_role("button", name="Envoyer au valideur").click()
    expect(page.get_by_role("main")).to_contain_text("Commande envoyée à Michel Dubois")
    envoyee = commande_d_ayette()
    assert envoyee.etat is EtatCommande.SOUMISE
    assert [(li.article.reference, li.unites) for li in envoyee.lignes] == [("CHE-170", 300)]
