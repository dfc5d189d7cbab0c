"""The pages of the services: the preview and its issue, the run, the facture, its avoir, the lists and their files."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.refacturation.models import Avoir, Facture
from groupement.refacturation.queries import prestations as queries
from groupement.socle.db import db
from tests.fabriques import adherents
from tests.fabriques import prestations as fabrique
from tests.fabriques import refacturation as fournitures
from tests.fabriques.refacturation import factures_de, lignes_de

D = Decimal
APERCU = "/refacturation/prestations"
ESPACE = "\u00a0"


@pytest.fixture
def comptable(app, client_de):
    """The comptable's browser."""
    return client_de(fournitures.comptable())


def test_the_comptable_previews_then_issues_everything_in_one_action(app, comptable):
    corps = fabrique.des_prestations(3)
    accueil = comptable.get("/refacturation/").text
    assert f"2{ESPACE}643,31{ESPACE}€ HT de prestations" in accueil and f'href="{APERCU}"' in accueil
    apercu = comptable.get(APERCU).text
    assert "Émettre les 3 factures" in apercu and "Les comptes tombent juste" in apercu
    assert f"307,65{ESPACE}€" in apercu  # CDG59's part of three contributions
    detail = comptable.get(f"{APERCU}/collectivites/{corps[0].id}").text
    assert f"3,5{ESPACE}jours" in detail and "délibération 2025-41 du 12 décembre 2025" in detail
    reponse = comptable.post(f"{APERCU}/factures", data={"attendu_ht": "2643.31"})
    assert (reponse.status_code, reponse.location) == (303, "/refacturation/1")
    page = comptable.get(reponse.location).text
    assert "Les comptes tombent juste" in page and "Missions et SESAM" in page and "/factures/?refacturation=1" in page
    assert "Aucune prestation à facturer" in comptable.get(APERCU).text
    assert comptable.get(f"{APERCU}/collectivites/{corps[0].id}").status_code == 404
    encore = comptable.post(f"{APERCU}/factures", data={"attendu_ht": "2643.31"})
    assert encore.status_code == 409 and "il n’y a rien à facturer" in encore.text


def test_a_run_shows_its_own_factures_and_no_other(app, comptable):
    corps = fabrique.des_prestations(2)
    premiere = fabrique.run()
    fabrique.sesam_a_facturer(corps[0], annee=2027)
    seconde = fabrique.run()
    (seule,), autres = factures_de(seconde), factures_de(premiere)
    page = comptable.get(f"/factures/?refacturation={seconde.id}").text
    assert seule.numero in page and not any(autre.numero in page for autre in autres)
    assert "Seulement les factures émises par la" in page
    lignes = comptable.get(f"/factures/?refacturation={premiere.id}&format=csv").text
    assert all(f.numero in lignes for f in autres) and seule.numero not in lignes
    assert comptable.get("/factures/?refacturation=99").status_code == 404


def test_the_preview_compares_the_services_with_the_factures_it_composes(app, comptable, monkeypatch):
    fabrique.des_prestations(2)
    justes = queries.lignes_dues()
    membre = next(iter(justes))
    fausses = justes | {membre: [replace(justes[membre][0], montant_ht=D("1.00")), *justes[membre][1:]]}
    monkeypatch.setattr(queries, "lignes_dues", lambda *_, **__: fausses)
    preuve = queries.apercu().preuve
    assert not preuve.est_exacte and sum(not nature.est_exacte for nature in preuve.natures) == 1
    page = comptable.get(APERCU).text
    assert "Les comptes ne tombent pas juste" in page and "Émettre les" not in page


def test_a_list_leaves_the_documents_where_they_are(app, comptable, sql):
    fabrique.des_prestations(2)
    fabrique.run()
    for adresse in ("/factures/", "/factures/a-deposer", "/remboursements/"):
        with sql() as envoyees:
            comptable.get(adresse)
        assert not any(re.search(r"(?<!\()facture\.fige(?! *[-#]>)", une) for une in envoyees), adresse


def test_the_index_shows_services_and_campagnes_together(app, comptable):
    fournitures.campagne_admise(2)
    fabrique.des_prestations(1)
    page = comptable.get("/refacturation/").text
    assert "Campagnes à facturer" in page and "HT de prestations" in page


def test_readers_see_the_preview_but_have_no_button(app, client_de):
    fabrique.des_prestations(2)
    lecteur = client_de(adherents.utilisateur(roles=[Role.ACHETEUR]))
    page = lecteur.get(APERCU).text
    assert "Les comptes tombent juste" in page and "Émettre les" not in page
    assert lecteur.post(f"{APERCU}/factures", data={"attendu_ht": "1400.54"}).status_code == 403
    assert db.session.scalar(select(func.count(Facture.id))) == 0


def test_a_stale_preview_issues_nothing(app, comptable):
    fabrique.des_prestations(2)
    reponse = comptable.post(f"{APERCU}/factures", data={"attendu_ht": "1.00"})
    assert reponse.status_code == 409 and "a changé pendant que vous lisiez" in reponse.text


def test_the_preview_is_sorted_searched_and_leaves_as_a_file(app, comptable):
    fabrique.des_prestations(3)
    corps = comptable.get(f"{APERCU}?q=0002").text.split("Ce que chaque collectivité paiera")[-1]
    assert "Commune 0002" in corps and "Commune 0001" not in corps
    fichier = comptable.get(f"{APERCU}?format=csv").text.splitlines()
    assert fichier[0].lstrip("\ufeff").startswith("Collectivité,SIREN,Prestations,Missions HT,SESAM HT,À facturer HT")
    assert fichier[1].endswith(",2,1085.00,157.77,1242.77")
    assert comptable.get(f"{APERCU}?format=xlsx").data[:2] == b"PK"


def test_the_facture_of_a_service_reads_rightly_for_the_comptable_and_for_its_body(app, comptable, client_de):
    facture = fabrique.facture()
    objet = "Mission d’archiviste et contribution SESAM 2026"
    page = comptable.get(f"/factures/{facture.id}").text
    assert objet in page and f"3,5{ESPACE}jours" in page and f"1{ESPACE}an" in page
    assert "Marché" not in page and "None" not in page
    agent = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=facture.collectivite))
    sienne = agent.get(f"/factures/{facture.id}").text
    assert f"Pour{ESPACE}: {objet}." in sienne
    assert objet in agent.get("/factures/").text
    assert agent.get(f"/factures/{facture.id}.pdf").data.startswith(b"%PDF")


def test_the_list_keeps_the_services_alone_and_leaves_as_a_file(app, comptable):
    fournitures.refacturation(1)
    services = fabrique.facture()
    toutes = comptable.get("/factures/").text
    assert "Missions et SESAM" in toutes and "F-2026-00001" in toutes
    seules = comptable.get("/factures/?campagne=prestations").text
    assert services.numero in seules and "F-2026-00001" not in seules
    fichier = comptable.get("/factures/?format=csv").text
    assert "Mission d’archiviste et contribution SESAM 2026" in fichier and "Campagne d’automne 2026" in fichier


def test_an_avoir_on_a_service_asks_for_an_amount_only(app, comptable):
    facture = fabrique.facture()
    sesam, mission = lignes_de(facture)
    formulaire = comptable.get(f"/factures/{facture.id}/avoirs/nouveau").text
    assert f"facturé{ESPACE}: 3,5{ESPACE}jours" in formulaire and "Unités à créditer" not in formulaire
    adresse = f"/factures/{facture.id}/avoirs"
    partiel = {"motif": "Erreur", f"montant_{mission.id}": "85", "a_refacturer": "y"}
    refus = comptable.post(adresse, data=partiel)
    assert refus.status_code == 409 and "créditez-la en entier" in refus.text
    reponse = comptable.post(adresse, data={"motif": "Trois jours faits", f"montant_{mission.id}": "155,00"})
    assert reponse.status_code == 303
    avoir = db.session.scalars(select(Avoir)).one()
    assert avoir.total_ht == D("155.00") and avoir.fige["lignes"][0]["unites"] is None
    assert comptable.get(f"/factures/avoirs/{avoir.id}.pdf").data.startswith(b"%PDF")


def test_the_preview_costs_the_same_for_10_and_for_300_bodies(app, comptable, sql):
    comptes = []
    for corps in (10, 290):
        fabrique.des_prestations(corps)
        db.session.commit()
        comptable.get(APERCU)
        with sql() as envoyees:
            comptable.get(APERCU)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12


def test_the_run_of_services_is_found_again_among_the_runs(app, comptable):
    run = fabrique.des_prestations(1) and fabrique.run()
    assert factures_de(run)
    page = comptable.get("/refacturation/").text
    assert "Missions et SESAM" in page and f"/refacturation/{run.id}" in page
