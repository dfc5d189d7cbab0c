"""The archivist plans a mission, notes two days, finishes; the body reads it; the accountant calls SESAM."""

import re
from datetime import timedelta
from decimal import Decimal

from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.demo.personnes import ABLAINZEVELLE
from groupement.prestations.models import Mission, Prestation
from groupement.prestations.states import EtatMission, EtatPrestation
from groupement.socle.calendrier import aujourdhui
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, montant, tient_dans_l_ecran, titre


def noter(page, jour, temps, travail, traite, a_eliminer):
    """Type one day and save it."""
    page.get_by_label("Jour", exact=True).fill(jour.isoformat())
    page.get_by_label("Temps passé").fill(temps)
    page.get_by_label("Ce qui a été fait").fill(travail)
    page.get_by_label("Traité").fill(traite)
    page.get_by_label("Dont à éliminer").fill(a_eliminer)
    page.get_by_role("button", name="Noter cette journée").click()


def test_a_mission_is_planned_noted_finished_and_read_by_the_body(nouvelle_page, demo, session):
    page, jour = nouvelle_page(), aujourdhui()
    entrer(page, "Julie Bernard")
    menu(page, "Missions")
    page.get_by_role("link", name="Prévoir une mission").click()
    titre(page, "Prévoir une mission")
    page.get_by_label("Collectivité").fill(f"Ablainzevelle ({ABLAINZEVELLE})")
    page.get_by_label("Objet").fill("Classement des délibérations")
    page.get_by_label("Premier jour").fill((jour - timedelta(days=1)).isoformat())
    page.get_by_label("Dernier jour").fill(jour.isoformat())
    page.get_by_role("button", name="Prévoir la mission").click()
    expect(page.get_by_role("alert").first).to_contain_text("Indiquez combien de jours")
    sans_faute_axe(page)
    page.get_by_label("Durée prévue").fill("2")
    page.get_by_role("button", name="Prévoir la mission").click()
    titre(page, "Mission : Ablainzevelle")
    page.get_by_role("button", name="Commencer la mission").click()
    expect(page.get_by_role("status").first).to_contain_text("Mission commencée")

    # A day longer than a day is refused with what was typed; two right ones are noted.
    noter(page, jour, "1,5", "Tri et cotation", "2,00", "0,50")
    expect(page.get_by_role("alert").first).to_contain_text("1 jour au plus")
    expect(page.get_by_label("Ce qui a été fait")).to_have_value("Tri et cotation")
    noter(page, jour, "0,5", "Tri et cotation", "2,00", "0,50")
    expect(page.get_by_role("table", name="Journées de la mission")).to_contain_text("Tri et cotation")
    noter(page, jour - timedelta(days=1), "1", "Dépoussiérage", "1,00", "0")
    jours = page.get_by_role("table", name="Journées de la mission")
    expect(jours.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("img", name=re.compile("^Mètres traités chaque jour"))).to_be_visible()
    sans_faute_axe(page)
    page.get_by_role("link", name="Terminer la mission").click()
    titre(page, "Terminer la mission")
    attendu = montant(page.get_by_role("row", name=re.compile("^Total HT")))
    page.get_by_label("Bilan").fill("Délibérations classées jusqu’en 2020.")
    sans_faute_axe(page)
    page.get_by_role("button", name="Terminer la mission").click()
    expect(page.get_by_role("status").first).to_contain_text("Mission terminée")
    session.rollback()
    mission = session.scalars(
        select(Mission).join(Mission.collectivite).where(Collectivite.siren == ABLAINZEVELLE)
    ).one()
    due = session.scalars(select(Prestation).where(Prestation.mission_id == mission.id)).one()
    assert mission.etat is EtatMission.TERMINEE
    assert (due.etat, due.quantite, due.montant_ht) == (EtatPrestation.A_FACTURER, Decimal("1.50"), attendu)

    agent = nouvelle_page()
    entrer(agent, "Nathalie Caron", "Ablainzevelle")
    menu(agent, "Missions")
    agent.get_by_role("link", name="Classement des délibérations").click()
    titre(agent, "Mission chez vous")
    expect(agent.get_by_role("main")).to_contain_text("Délibérations classées jusqu’en 2020.")
    expect(agent.get_by_role("button", name="Noter cette journée")).to_have_count(0)
    assert montant(agent.get_by_role("table", name="Prestations").get_by_role("row").nth(1).locator(
        "[data-label='Montant HT']"
    )) == attendu  # fmt: skip
    sans_faute_axe(agent)
    rapport = agent.request.get(agent.get_by_role("link", name=re.compile("PDF")).get_attribute("href"))
    assert rapport.body().startswith(b"%PDF")
    agent.set_viewport_size({"width": 390, "height": 844})
    tient_dans_l_ecran(agent)


def test_the_contributions_of_the_year_are_read_then_called_together(nouvelle_page, demo, session):
    page, annee = nouvelle_page(), aujourdhui().year
    entrer(page, "Philippe Caudron")
    page.get_by_role("link", name="Voir l’aperçu").last.click()
    titre(page, f"Appeler les contributions de {annee}")
    sans_faute_axe(page)
    total = montant(page.locator(".etiquette").filter(has_text="Total HT"))
    page.get_by_role("button", name=re.compile(r"^Appeler \d+")).click()
    titre(page, f"SESAM {annee}")
    expect(page.get_by_role("status").first).to_contain_text("contributions appelées")
    sans_faute_axe(page)
    session.rollback()
    appelees = session.scalars(select(Prestation).where(Prestation.annee_sesam == annee)).all()
    assert sum(une.montant_ht for une in appelees) == total
    assert all(une.part_cdg62_ht + une.part_cdg59_ht == une.montant_ht for une in appelees)
