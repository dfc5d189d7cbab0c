"""The buyer prepares a window for some lots and some kinds of bodies; on its first day it opens by itself."""

from datetime import timedelta

from playwright.sync_api import expect

from groupement.adherents.states import Role, TypeCollectivite
from groupement.commandes.actions import automate
from groupement.commandes.rules.calendrier_campagne import matin
from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import campagne, membre
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


def le_monde():
    """A marché of two lots, a commune and a CCAS that may order on it, a buyer and an agent of each."""
    marche = catalogue.marche(lots=2)
    ancienne = campagne(marche, etat=EtatCampagne.SOLDEE, intitule="Campagne passée")
    commune = membre("Wissant", de=ancienne)
    ccas = membre("CCAS de Calais", de=ancienne, type=TypeCollectivite.CCAS)
    for lot in marche.lots:
        catalogue.article(lot, unites_par_colis=25, paliers="25:2.00")
    personnes = [adherents.utilisateur("Amélie Caron", roles=[Role.ACHETEUR])]
    personnes += [
        adherents.utilisateur(nom, roles=[Role.AGENT], collectivite=corps)
        for nom, corps in (("Claire Delattre", commune), ("Denis Leroy", ccas))
    ]
    db.session.commit()
    return personnes


def test_a_window_for_some_lots_and_bodies_opens_by_itself(nouvelle_page, session):
    acheteuse, de_la_commune, du_ccas = le_monde()
    jour = aujourdhui()
    page = nouvelle_page(utilisateur=acheteuse)

    # Prepare: a lot, a kind of bodies, a delivery announced.
    page.goto("/campagnes/nouvelle")
    page.get_by_label("Nom de la campagne").fill("Boîtes des CCAS")
    page.get_by_label("Premier jour").fill(jour.isoformat())
    page.get_by_label("Dernier jour, inclus").fill((jour + timedelta(days=20)).isoformat())
    for case in page.get_by_role("group", name="Lots ouverts").get_by_role("checkbox").all():
        case.uncheck()
    page.get_by_label("Qui peut commander").select_option(label="Certains types de collectivités")
    page.get_by_role("checkbox", name="CCAS").check()
    page.get_by_label("Première livraison").fill((jour + timedelta(days=40)).isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert").first).to_contain_text("Cochez au moins un lot")
    sans_faute_axe(page)
    page.get_by_role("checkbox", name="Lot 1").check()
    page.get_by_role("button", name="Enregistrer").click()
    titre(page, "Boîtes des CCAS")
    expect(page.get_by_role("status").first).to_contain_text("Elle s’ouvrira d’elle-même")
    expect(page.locator("main")).to_contain_text("CCAS, adhérents du marché")

    # The calendar of its mails, one of them read beforehand, one switched off.
    page.get_by_role("navigation", name="Rubriques de la campagne").get_by_role("link", name="Courriels").click()
    rangee = page.get_by_role("row").filter(has_text="Rappel, la veille")
    rangee.get_by_role("button", name="Couper").click()
    expect(page.get_by_role("row").filter(has_text="Rappel, la veille")).to_contain_text("Coupé")
    sans_faute_axe(page)
    page.get_by_role("link", name="Ouverture").click()
    expect(page.locator("main")).to_contain_text("Madame, Monsieur,")
    sans_faute_axe(page)

    # Its first morning: nobody does anything.
    automate.avancer_les_campagnes(max(maintenant(), matin(jour)))
    db.session.commit()
    page.goto("/campagnes/")
    page.get_by_role("link", name="Boîtes des CCAS").click()
    expect(page.locator("main .phrase").first).to_contain_text("Ouverte")
    expect(page.locator("main")).to_contain_text("Campagne ouverte")
    assert [c.destinataire for c in session.query(Courriel)] == [du_ccas.email]

    # Who may order may; who may not reads why.
    commande = nouvelle_page(utilisateur=du_ccas)
    commande.goto("/panier")
    expect(commande.locator("main")).to_contain_text("Livraison annoncée")
    autre = nouvelle_page(utilisateur=de_la_commune)
    autre.goto("/panier")
    expect(autre.locator("main")).to_contain_text("ouverte à certains types de collectivités (CCAS)")
    tient_dans_l_ecran(autre)
