"""Journey: between two windows, a town hall is served by the depot, from the sheet to the facture, and on a phone."""

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import Commande
from groupement.commandes.states import EtatCommande
from groupement.refacturation.models import Facture
from groupement.socle.calendrier import maintenant
from groupement.stock.queries import stock_de
from tests.fabriques import adherents, catalogue, depannages
from tests.fabriques import commandes as fenetres
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre

MOTIF = "Grenier inondé, à remettre au sec"


@pytest.fixture
def monde(session):
    """Boxes and folders at the depot that serves the year; somebody of each role."""
    le = maintenant()
    jour = le.date()
    dates = {"du": jour - timedelta(days=300), "au": jour + timedelta(days=600)}
    consultee = {"consultation_le": jour - timedelta(days=400), "notifie_le": jour - timedelta(days=320)}
    lot = catalogue.lot(catalogue.marche(**dates, **consultee))
    annee = depannages.annee_ouverte(lot, catalogue.depot("Dépôt de Bruay-la-Buissière"), le=le)
    mairie = fenetres.membre("Wissant", de=annee)
    monde = SimpleNamespace(
        depot_id=annee.depot_id,
        annee=annee,
        mairie=mairie,
        boite=catalogue.article(lot, reference="BTE-STD-10", designation="Boîte d’archives 10 cm"),
        agent=adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie),
        valideur=adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie),
        acheteur=adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]),
        comptable=adherents.utilisateur("Philippe Caudron", roles=[Role.COMPTABLE]),
    )
    depannages.stocker(annee, monde.boite, 48, "27.90", le=le)
    depannages.stocker(annee, catalogue.article(lot, designation="Chemise à rabats"), 200, "35.60", le=le)
    session.commit()
    return monde


def derniere(session):
    """The last order, read afresh."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Commande).order_by(Commande.id.desc()).limit(1)).one()


def test_from_the_sheet_of_the_depot_to_the_facture(monde, nouvelle_page, session):
    agent = nouvelle_page(utilisateur=monde.agent)
    agent.goto("/panier")
    agent.get_by_role("link", name="Demander un dépannage au dépôt").click()
    titre(agent, "Dépannage")
    boites = agent.get_by_label("Quantité, Boîte d’archives 10 cm")
    boites.fill("60")
    agent.get_by_label("Pourquoi est-ce urgent").fill(MOTIF)
    sans_faute_axe(agent)
    agent.get_by_role("button", name="Envoyer au valideur").click()
    expect(agent.locator("td").get_by_text("Il en reste 48")).to_be_visible()
    sans_faute_axe(agent)
    boites.fill("12")
    agent.get_by_role("button", name="Envoyer au valideur").click()
    titre(agent, "Votre dépannage")

    valideur = nouvelle_page(utilisateur=monde.valideur)
    valideur.goto("/")
    valideur.get_by_role("link", name="Relire et valider").click()
    titre(valideur, "Valider le dépannage")
    sans_faute_axe(valideur)
    valideur.get_by_label(re.compile("Numéro d’engagement")).fill("E2026-118")
    valideur.get_by_role("button", name="Valider et engager").click()
    expect(valideur.get_by_text("mis de côté pour vous au dépôt")).to_be_visible()
    assert derniere(session).etat is EtatCommande.REGROUPEE
    assert stock_de(monde.depot_id, monde.boite.id).unites == 36

    acheteur = nouvelle_page(utilisateur=monde.acheteur)
    acheteur.goto("/")
    acheteur.get_by_role("link", name="Préparer et remettre").click()
    titre(acheteur, "Dépannages")
    sans_faute_axe(acheteur)
    acheteur.get_by_role("link", name="Wissant").click()
    acheteur.get_by_label("Nom de la personne qui les reçoit").fill("Claire Delattre")
    sans_faute_axe(acheteur)
    acheteur.get_by_role("button", name="Enregistrer la remise").click()
    expect(acheteur.get_by_text("Remise enregistrée")).to_be_visible()

    comptable = nouvelle_page(utilisateur=monde.comptable)
    comptable.goto(f"/refacturation/campagnes/{derniere(session).campagne_id}")
    comptable.locator("summary").filter(has_text="Émettre la facture").click()
    comptable.get_by_role("button", name="Oui, émettre").click()
    comptable.wait_for_url(re.compile(r"/refacturation/\d+$"))
    facture = session.scalars(select(Facture)).one()
    assert (facture.total_ht, facture.fige["engagement"]) == (Decimal("6.98"), "E2026-118")
    assert derniere(session).etat is EtatCommande.SOLDEE
    agent.goto(f"/depannage/{facture.commande_id}/fiche")
    sans_faute_axe(agent)


def a_remettre(monde, session):
    """An order of twelve boxes, committed, set aside."""
    annee, mairie = session.merge(monde.annee), session.merge(monde.mairie)
    commande = depannages.engage(annee, mairie, {session.merge(monde.boite): 12}, le=maintenant())
    session.commit()
    return commande.id


def test_less_than_was_committed_is_handed_over_with_the_keyboard_alone(monde, nouvelle_page, session):
    numero = a_remettre(monde, session)
    page = nouvelle_page(utilisateur=monde.acheteur)
    page.goto(f"/depannage/{numero}")
    page.get_by_label("Nom de la personne qui les reçoit").focus()
    page.keyboard.type("Claire Delattre")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Unités remises, Boîte d’archives 10 cm")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    sans_faute_axe(page)
    page.keyboard.press("Enter")
    expect(page.locator(".champ").get_by_text("Il en manque 2")).to_be_visible()
    sans_faute_axe(page)
    page.get_by_label("Raison, Boîte d’archives 10 cm").focus()
    page.keyboard.type("Abîmé")
    page.keyboard.press("Tab")
    page.keyboard.type("Carton mouillé")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Remise en partie enregistrée")).to_be_visible()
    assert stock_de(monde.depot_id, monde.boite.id).unites == 36
    agent = nouvelle_page(utilisateur=monde.agent)
    agent.goto(f"/depannage/{numero}")
    expect(agent.get_by_role("main").get_by_text("Remis en partie")).to_be_visible()
    expect(agent.get_by_text("« Carton mouillé »")).to_be_visible()
    sans_faute_axe(agent)
    agent.goto(f"/depannage/{numero}/fiche")
    expect(agent.get_by_text("2 en moins")).to_be_visible()
    sans_faute_axe(agent)


def test_handed_over_in_part_on_a_phone_without_scripts(monde, nouvelle_page, session):
    numero = a_remettre(monde, session)
    page = nouvelle_page(utilisateur=monde.acheteur, java_script_enabled=False, viewport=TELEPHONE)
    page.goto(f"/depannage/{numero}")
    page.get_by_text("Tout n’est pas remis").click()
    tient_dans_l_ecran(page)
    page.get_by_label("Unités remises, Boîte d’archives 10 cm").fill("9")
    page.get_by_label("Raison, Boîte d’archives 10 cm").select_option(label="Pas pris par la collectivité")
    page.get_by_label("Nom de la personne qui les reçoit").fill("Claire Delattre")
    page.get_by_role("button", name="Enregistrer la remise").click()
    titre(page, "Dépannages")
    assert derniere(session).etat is EtatCommande.SERVIE
    assert stock_de(monde.depot_id, monde.boite.id).unites == 39
    page.goto(f"/depannage/{numero}")
    tient_dans_l_ecran(page)


def test_on_a_phone_without_scripts(monde, nouvelle_page, session):
    agent = nouvelle_page(utilisateur=monde.agent, java_script_enabled=False, viewport=TELEPHONE)
    agent.goto("/depannage")
    tient_dans_l_ecran(agent)
    agent.get_by_label("Quantité, Boîte d’archives 10 cm").fill("3")
    agent.get_by_label("Pourquoi est-ce urgent").fill(MOTIF)
    agent.get_by_role("button", name="Envoyer au valideur").click()
    titre(agent, "Votre dépannage")
    assert derniere(session).total_ht == Decimal("1.74")
