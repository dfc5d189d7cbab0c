"""Journey 5: the archivist measures an attic, reads the needs and why, sends them; the basket fills from them."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.states import EtatCampagne
from groupement.demo.personnes import BAPAUME
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import aujourdhui
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, titre


def chiffre(page, libelle):
    """The value of a key figure, by its label."""
    return page.locator(".etiquette").filter(has_text=libelle).locator(".etiquette-valeur")


def mesurer(page, categorie, **longueurs):
    """Type one measure and save it."""
    page.get_by_label("Catégorie").select_option(categorie)
    for champ, valeur in longueurs.items():
        page.locator(f"#{champ}_ml").fill(valeur)
    page.get_by_role("button", name="Enregistrer cette mesure").click()


@pytest.fixture
def etat_de_bapaume(demo, session):
    """The last audit of Bapaume, as the database holds it."""

    def lire():
        session.rollback()
        session.expire_all()
        return session.scalars(
            select(EtatDesLieux)
            .join(EtatDesLieux.collectivite)
            .where(Collectivite.siren == BAPAUME)
            .order_by(EtatDesLieux.id.desc())
        ).first()

    return lire


def test_what_is_measured_becomes_needs_then_a_basket(nouvelle_page, etat_de_bapaume, session):
    page = nouvelle_page()
    entrer(page, "Julie Bernard")
    menu(page, "États des lieux")
    page.get_by_role("link", name="Nouvel état des lieux").click()
    page.get_by_label("Collectivité").fill("Bapaume")
    page.get_by_label("Date de la visite").fill(aujourdhui().isoformat())
    page.get_by_role("button", name="Commencer").click()

    # The room, and what shelving stays.
    titre(page, "Locaux")
    page.get_by_label("Nom du local").fill("Grenier de la mairie")
    page.get_by_label("Longueur", exact=True).fill("6,20")
    page.get_by_role("button", name="Enregistrer ce local").click()
    expect(page.get_by_role("alert").first).to_contain_text("Indiquez la largeur.")
    expect(page.get_by_label("Longueur", exact=True)).to_have_value(re.compile("^6,20"))
    page.get_by_label("Largeur").fill("4,10")
    page.get_by_label("Hauteur sous plafond").fill("2,35")
    page.get_by_role("button", name="Enregistrer ce local").click()
    page.get_by_role("row").filter(has_text="Grenier").get_by_role("link", name="Rayonnages").click()
    titre(page, "Grenier de la mairie")
    page.get_by_label("Travées").fill("2")
    page.get_by_label("Tablettes par travée").fill("5")
    page.get_by_label("Longueur d’une tablette").fill("1,00")
    page.get_by_role("button", name="Enregistrer ce rayonnage").click()
    expect(page.get_by_role("row").filter(has_text="2 travées")).to_contain_text("10,00")
    page.get_by_role("link", name="Passer aux mesures").click()

    # The papers: a word of advice follows what is typed; what does not add up is refused beside its field.
    titre(page, "Mesures")
    page.get_by_label("Catégorie").select_option("L")
    page.get_by_label("Mesuré").fill("14,00")
    expect(page.locator("#conseil")).to_contain_text("souvent 60")
    mesurer(page, "L", eliminable="16,00", temporaire="5,00")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Mesuré")).to_have_value(re.compile("^14,00"))
    sans_faute_axe(page)
    mesurer(page, "L", eliminable="6,00", temporaire="5,00")
    expect(page.get_by_role("table", name="Mesures")).to_contain_text("Finances")
    mesurer(page, "E", mesure="8,00")
    expect(page.get_by_role("table", name="Mesures")).to_contain_text("État civil")
    page.get_by_role("link", name="Passer à la croissance").click()
    page.get_by_label("Croissance nette par an").fill("0,50")
    page.get_by_label("Longueur offerte par une travée neuve").fill("6,00")
    page.get_by_role("button", name="Enregistrer et passer aux reliures").click()
    titre(page, "Reliures")
    page.get_by_role("textbox", name="Année", exact=True).fill("2021")
    page.get_by_label("Feuillets de l’année").fill("110 120")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("row").filter(has_text="2022")).to_contain_text("120")
    page.get_by_role("link", name="Voir les besoins").click()

    # By hand: 5 + 3 + 8 = 16 ml kept, 21 in ten years, 21 ÷ 0,9 − 10 = 13,33 to equip, so three bays of six metres.
    titre(page, "Besoins")
    expect(chiffre(page, "À conserver")).to_contain_text("16,00")
    expect(chiffre(page, "Rayonnage gardé")).to_contain_text("10,00")
    expect(chiffre(page, "Travées à acheter")).to_have_text("3")
    expect(chiffre(page, "Boîtes")).to_have_text("80")
    expect(chiffre(page, "Volumes à relier")).to_have_text("2")
    expect(page.locator(".raisonnement")).to_contain_text("13,33")
    expect(page.get_by_role("row", name=re.compile("rien n’est détruit"))).to_contain_text("20,00")
    sans_faute_axe(page)
    page.get_by_role("button", name="Valider l’état des lieux").click()
    titre(page, "État des lieux : Bapaume")
    assert etat_de_bapaume().etat is EtatEtatDesLieux.VALIDE
    page.get_by_role("link", name="Relire et transmettre").click()
    annonces = {
        ligne.locator("h3").inner_text(): ligne.get_by_label("Unités").input_value()
        for ligne in page.locator(".besoin").all()
    }
    assert annonces
    page.locator("summary", has_text="Transmettre à la collectivité").click()
    page.get_by_role("button", name="Oui, transmettre").click()
    expect(page.get_by_role("status").first).to_contain_text("Karine Lefebvre")
    rapport = page.request.get(page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href"))
    assert rapport.body().startswith(b"%PDF")
    assert etat_de_bapaume().etat is EtatEtatDesLieux.SUIVI

    # The body reads it, and its basket fills in one click.
    agent = nouvelle_page()
    entrer(agent, "Karine Lefebvre")
    menu(agent, "États des lieux")
    agent.get_by_role("link", name="Bapaume", exact=True).first.click()
    titre(agent, "L’état des lieux de vos archives")
    expect(agent.get_by_role("main")).to_contain_text("Ne jetez rien pour l’instant")
    sans_faute_axe(agent)
    agent.get_by_role("link", name="Remplir mon panier").first.click()
    titre(agent, "Votre panier")
    expect(agent.get_by_role("main")).to_contain_text("L’archiviste a relevé vos besoins")
    sans_faute_axe(agent)
    agent.get_by_role("button", name="Remplir mon panier").click()
    expect(agent.locator(".panier-ligne")).to_have_count(len(annonces))
    dans_le_panier = {
        ligne.locator("h3").inner_text(): ligne.locator("input[name=unites]").input_value()
        for ligne in agent.locator(".panier-ligne").all()
    }
    assert dans_le_panier == annonces
    session.rollback()
    panier = session.scalars(
        select(Commande)
        .join(Commande.campagne)
        .join(Commande.collectivite)
        .where(FENETRES, Campagne.etat == EtatCampagne.OUVERTE, Collectivite.siren == BAPAUME)
    ).one()
    assert {(li.article.designation, str(li.unites)) for li in panier.lignes} == set(annonces.items())
