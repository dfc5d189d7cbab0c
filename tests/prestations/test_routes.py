"""The pages of the services: the way through a mission and through a year of SESAM, what is refused, who reads what."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.prestations.actions.sesam import appeler_les_contributions
from groupement.prestations.models import AdhesionSesam, Mission, Prestation, ReversementSesam, TarifPrestation
from groupement.prestations.states import EtatMission, EtatPrestation, NaturePrestation
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques import prestations as fabriques

D = Decimal


@pytest.fixture
def julie(app):
    return adherents.utilisateur("Julie Bernard", roles=[Role.ARCHIVISTE])


@pytest.fixture
def archiviste(julie, client_de):
    return client_de(julie)


@pytest.fixture
def comptable(app, client_de):
    return client_de(adherents.utilisateur("Philippe Caudron", roles=[Role.COMPTABLE]))


def mission_d_hier(julie, pour=None, **traits):
    """A mission of these days, with our own clock."""
    jour = aujourdhui()
    quand = {"du": jour - timedelta(days=5), "au": jour + timedelta(days=5), "le": maintenant()}
    return fabriques.mission(pour, julie, **(quand | traits))


def annee():
    return aujourdhui().year


def test_an_archivist_plans_begins_notes_ends(archiviste, julie):
    fabriques.tarif()
    bethune = adherents.collectivite("Béthune")
    jour = aujourdhui()
    assert "Aucune mission pour l’instant" in archiviste.get("/missions/").text
    saisie = {
        "collectivite": f"Béthune ({bethune.siren})", "objet": "Classement", "du": jour.isoformat(),
        "au": (jour + timedelta(days=2)).isoformat(), "nature": "mission_jour", "quantite_prevue": "2,5",
        "archiviste": julie.id,
    }  # fmt: skip
    reponse = archiviste.post("/missions/nouvelle", data=saisie)
    assert reponse.status_code == 303
    mission = db.session.scalars(select(Mission)).one()
    page = archiviste.get(reponse.location).text
    assert "Mission à Béthune prévue." in page and "775,00\u00a0€" in page and "La mission n’a pas commencé" in page
    url = f"/missions/{mission.id}"
    assert archiviste.post(f"{url}/commencement", data={"version": mission.version}).status_code == 303
    assert "Rien n’est encore noté" in archiviste.get(url).text
    journee = {
        "version": mission.version, "jour": jour.isoformat(), "quantite": "0,5", "traites_ml": "1,70",
        "elimines_ml": "0,50", "travail": "Tri des permis",
    }  # fmt: skip
    assert archiviste.post(f"{url}/journees", data=journee).status_code == 303
    page = archiviste.get(url).text
    assert "1,70\u00a0ml" in page and "0,5\u00a0jour × 310,00\u00a0€ = 155,00\u00a0€ HT" in page
    assert "155,00\u00a0€" in archiviste.get(f"{url}/fin").text
    reponse = archiviste.post(f"{url}/fin", data={"version": mission.version, "bilan": "Fonds classé."})
    assert reponse.status_code == 303
    page = archiviste.get(url).text
    assert "155,00\u00a0€ HT à facturer" in page and "Fonds classé." in page and "À facturer" in page
    assert mission.etat is EtatMission.TERMINEE
    assert archiviste.post(f"{url}/reprise", data={"version": mission.version}).status_code == 303
    assert mission.etat is EtatMission.EN_COURS


def test_a_mission_is_changed_and_given_up(archiviste, julie):
    mission = mission_d_hier(julie, journees=1)
    url = f"/missions/{mission.id}"
    saisie = {
        "version": mission.version, "objet": "Récolement", "du": mission.du.isoformat(), "au": mission.au.isoformat(),
        "nature": "mission_jour", "quantite_prevue": "6", "archiviste": julie.id,
    }  # fmt: skip
    assert archiviste.post(f"{url}/modification", data=saisie).status_code == 303
    assert (mission.objet, mission.quantite_prevue) == ("Récolement", D(6))
    trop_tard = saisie | {"version": mission.version, "du": (mission.du + timedelta(days=1)).isoformat()}
    reponse = archiviste.post(f"{url}/modification", data=trop_tard)
    assert reponse.status_code == 422 and "est déjà noté" in reponse.text
    perimee = archiviste.post(f"{url}/modification", data=saisie | {"objet": "Autre"})
    assert perimee.status_code == 409 and "modifiée entre-temps" in perimee.text and "Autre" in perimee.text
    vide = archiviste.post(f"{url}/annulation", data={"version": mission.version, "motif": ""})
    assert vide.status_code == 422 and "Dites pourquoi" in vide.text
    assert (
        archiviste.post(f"{url}/annulation", data={"version": mission.version, "motif": "Reportée"}).status_code == 303
    )
    assert mission.etat is EtatMission.ANNULEE
    assert "rien n’est facturé" in archiviste.get(url).text


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"jour": ""}, "Indiquez le jour."),
        ({"jour": "hier"}, "Écrivez une date"),
        ({"quantite": "1,5"}, "1\u00a0jour au plus"),
        ({"quantite": "beaucoup"}, "Écrivez un nombre"),
        ({"travail": ""}, "Dites en quelques mots"),
        ({"traites_ml": "1", "elimines_ml": "2"}, "pas plus"),
        ({"traites_ml": "-1"}, "zéro ou plus"),
    ],
)
def test_a_day_typed_wrong_comes_back_with_what_was_typed(archiviste, julie, changes, phrase):
    mission = mission_d_hier(julie, commencee=True)
    saisie = {"version": mission.version, "jour": mission.du.isoformat(), "quantite": "1", "travail": "Tri du cadastre"}
    reponse = archiviste.post(f"/missions/{mission.id}/journees", data=saisie | changes)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert "travail" in changes or "Tri du cadastre" in reponse.text
    assert not mission.interventions


def test_a_day_is_taken_out_of_its_own_mission_only(archiviste, julie):
    mission, autre = mission_d_hier(julie, journees=2), mission_d_hier(julie, journees=1)
    intrus = f"/missions/{mission.id}/journees/{autre.interventions[0].id}/retrait"
    assert archiviste.post(intrus, data={"version": mission.version}).status_code == 404
    sienne = f"/missions/{mission.id}/journees/{mission.interventions[0].id}/retrait"
    assert archiviste.post(sienne, data={"version": mission.version}).status_code == 303
    assert len(mission.interventions) == 1


def test_an_unknown_body_is_said_beside_its_field(archiviste, julie):
    jour = aujourdhui().isoformat()
    saisie = {
        "collectivite": "Atlantis", "objet": "X", "du": jour, "au": jour, "nature": "mission_jour",
        "quantite_prevue": "1", "archiviste": julie.id,
    }  # fmt: skip
    reponse = archiviste.post("/missions/nouvelle", data=saisie)
    assert reponse.status_code == 422 and "Aucune collectivité ne porte ce nom" in reponse.text
    ailleurs = archiviste.post("/missions/nouvelle", data=saisie | {"archiviste": 9999, "nature": "sesam"})
    assert ailleurs.status_code == 422 and ailleurs.text.count("Choisissez une valeur de la liste.") >= 2
    assert db.session.scalar(select(func.count()).select_from(Mission)) == 0


def test_the_list_is_filtered_and_leaves_as_a_file(archiviste, julie):
    bethune, etaples = adherents.collectivite("Béthune"), adherents.collectivite("Étaples")
    mission_d_hier(julie, bethune, journees=2)
    mission_d_hier(julie, etaples)
    liste = archiviste.get("/missions/?etat=en_cours").text
    assert "Béthune" in liste and "Étaples" not in liste
    assert "Étaples" in archiviste.get(f"/missions/?q=etap&annee={aujourdhui().year}").text
    assert "Aucune mission ne correspond" in archiviste.get("/missions/?annee=2001").text
    csv = archiviste.get("/missions/?format=csv&etat=en_cours").text
    assert csv.count("Béthune") == 1 and "2 jours" in csv.replace("\u00a0", " ")


def test_a_member_reads_its_missions_and_contributions_and_nobody_elses(client_de, julie):
    fabriques.tarif()
    fabriques.tarifs_sesam()
    ayette, bapaume = adherents.collectivite("Ayette"), adherents.collectivite("Bapaume")
    mission = mission_d_hier(julie, ayette, journees=2, terminee=True)
    fabriques.membre_sesam(ayette, annee(), le=maintenant())
    appeler_les_contributions(annee(), par=AUTOMATE, le=maintenant())
    agent = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=ayette))
    voisin = client_de(adherents.utilisateur(roles=[Role.VALIDEUR], collectivite=bapaume))
    liste = agent.get("/missions/").text
    assert mission.objet in liste and f"depuis {annee()}" in liste and "110,37\u00a0€" in liste
    page = agent.get(f"/missions/{mission.id}").text
    assert "Mission chez vous" in page and "Sera facturée" in page and "Noter cette journée" not in page
    assert agent.get(f"/missions/{mission.id}.pdf").data.startswith(b"%PDF")
    assert voisin.get(f"/missions/{mission.id}").status_code == 404
    assert voisin.get(f"/missions/{mission.id}.pdf").status_code == 404
    vide = voisin.get("/missions/").text
    assert "Aucune mission chez vous" in vide and "Vous ne participez pas à SESAM" in vide


@pytest.mark.parametrize("role", [Role.ACHETEUR, Role.CONTROLE, Role.FOURNISSEUR])
def test_those_it_does_not_concern_have_no_way_in(client_de, julie, role):
    mission = mission_d_hier(julie, journees=1)
    client = client_de(adherents.utilisateur(roles=[role]))
    adresses = ("/missions/", f"/missions/{mission.id}", "/sesam/", "/sesam/adhesions", "/tarifs-prestations/")
    assert {client.get(adresse).status_code for adresse in adresses} == {403}


def test_the_archivist_reads_the_money_and_writes_none(archiviste, comptable, julie):
    mission = mission_d_hier(julie, commencee=True)
    for adresse in ("/sesam/", "/sesam/adhesions", "/tarifs-prestations/"):
        assert archiviste.get(adresse).status_code == 200
    for adresse in ("/tarifs-prestations/nouveau", f"/sesam/{annee()}/appel", "/sesam/adhesions/nouvelle"):
        assert archiviste.post(adresse).status_code == 403
    assert comptable.get(f"/missions/{mission.id}").status_code == 200
    assert comptable.post(f"/missions/{mission.id}/journees").status_code == 403


def test_the_accountant_votes_a_rate_once(comptable):
    assert "Aucun tarif n’est encore voté." in comptable.get("/tarifs-prestations/").text
    saisie = {
        "nature": "sesam", "du": "2026-01-01", "tva_pct": "0", "deliberation_numero": "2025-41",
        "deliberee_le": "2025-12-10", "tranches-0-population": "0", "tranches-0-prix": "60",
        "tranches-1-population": "500", "tranches-1-prix": "110,37",
    }  # fmt: skip
    assert comptable.post("/tarifs-prestations/nouveau", data=saisie).status_code == 303
    page = comptable.get("/tarifs-prestations/").text
    assert "110,37\u00a0€" in page and "n° 2025-41" in page and "sans TVA" in page
    encore = comptable.post("/tarifs-prestations/nouveau", data=saisie)
    assert encore.status_code == 422 and "déjà voté" in encore.text
    assert db.session.scalar(select(func.count()).select_from(TarifPrestation)) == 2
    assert "110.37" in comptable.get("/tarifs-prestations/?format=csv").text


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"du": "2025-12-09"}, "avant d’être voté"),
        ({"tranches-0-prix": ""}, "Indiquez le prix."),
        ({"tranches-1-population": "500", "tranches-1-prix": ""}, "Indiquez le prix."),
        ({"tranches-1-population": "0", "tranches-1-prix": "5"}, "même nombre d’habitants"),
        ({"tranches-0-prix": "-3"}, "plus de zéro"),
        ({"tva_pct": "120"}, "De 0 à 100."),
        ({"deliberation_numero": ""}, "Indiquez le numéro."),
    ],
)
def test_a_rate_typed_wrong_is_sent_back(comptable, changes, phrase):
    saisie = {
        "nature": "mission_jour", "du": "2026-01-01", "tva_pct": "0", "deliberation_numero": "2025-41",
        "deliberee_le": "2025-12-10", "tranches-0-prix": "310",
    }  # fmt: skip
    reponse = comptable.post("/tarifs-prestations/nouveau", data=saisie | changes)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalar(select(func.count()).select_from(TarifPrestation)) == 0


def test_a_year_of_sesam_is_joined_called_billed_and_paid_over(comptable):
    fabriques.tarifs_sesam()
    bethune = adherents.collectivite("Béthune", population=25_000)
    fabriques.membre_sesam(nom="Syndicat des Eaux", population=None, depuis=annee(), le=maintenant())
    saisie = {"collectivite": f"Béthune ({bethune.siren})", "depuis": annee(), "deliberation_numero": "D-12"}
    assert comptable.post("/sesam/adhesions/nouvelle", data=saisie).status_code == 303
    encore = comptable.post("/sesam/adhesions/nouvelle", data=saisie)
    assert encore.status_code == 422 and "adhère déjà" in encore.text
    apercu = comptable.get(f"/sesam/{annee()}/appel").text
    assert "Ceux qu’on ne peut pas appeler" in apercu and "Syndicat des Eaux" in apercu and "220,00\u00a0€" in apercu
    perime = comptable.post(f"/sesam/{annee()}/appel", data={"attendues": 7})
    assert perime.status_code == 409 and "a changé depuis l’affichage" in perime.text
    reponse = comptable.post(f"/sesam/{annee()}/appel", data={"attendues": 1})
    assert "1\u00a0contribution appelée, 220,00\u00a0€ HT." in comptable.get(reponse.location).text
    due = db.session.scalars(select(Prestation)).one()
    versement = {"montant_ht": "143", "verse_le": aujourdhui().isoformat(), "reference": "Mandat 1207"}
    rien = comptable.post(f"/sesam/{annee()}/reversements", data=versement)
    assert rien.status_code == 422 and "Rien n’est à reverser" in rien.text and "Mandat 1207" in rien.text
    fabriques.facturer(due)
    trop = comptable.post(f"/sesam/{annee()}/reversements", data=versement | {"montant_ht": "143,01"})
    assert trop.status_code == 422 and "Il reste 143,00" in trop.text
    assert comptable.post(f"/sesam/{annee()}/reversements", data=versement).status_code == 303
    page = comptable.get("/sesam/").text
    assert "Mandat 1207" in page and "77,00\u00a0€" in page and "Enregistrer ce versement" not in page
    assert db.session.scalars(select(ReversementSesam.par)).all() == ["Philippe Caudron"]
    assert "Béthune" in comptable.get(f"/sesam/?annee={annee()}&format=csv").text


def test_a_contribution_is_withdrawn_then_the_body_leaves(comptable):
    fabriques.tarifs_sesam()
    adhesion = fabriques.membre_sesam(depuis=annee() - 1, le=maintenant())
    appeler_les_contributions(annee(), par=AUTOMATE, le=maintenant())
    fin = f"/sesam/adhesions/{adhesion.id}/fin"
    refus = comptable.post(fin, data={"jusqu_en": annee() - 1})
    assert refus.status_code == 422 and "déjà appelée" in refus.text
    due = db.session.scalars(select(Prestation)).one()
    retrait = f"/prestations/{due.id}/retrait"
    assert "Contribution annuelle SESAM" in comptable.get(retrait).text
    assert comptable.post(retrait, data={"motif": "Départ"}).status_code == 303
    assert due.etat is EtatPrestation.RETIREE
    encore = comptable.post(retrait, data={"motif": "Départ"})
    assert encore.status_code == 422 and "Ce n’est plus possible" in encore.text
    assert comptable.post(fin, data={"jusqu_en": annee() - 1}).status_code == 303
    assert "Personne ne participe" in comptable.get("/sesam/").text
    assert db.session.scalars(select(AdhesionSesam.jusqu_en)).one() == annee() - 1


def test_a_year_out_of_reason_has_no_page(comptable):
    assert comptable.get("/sesam/1999/appel").status_code == 404
    assert comptable.get("/sesam/?annee=99999").status_code == 200
    a_venir = comptable.post(f"/sesam/{annee() + 1}/appel", data={"attendues": 0})
    assert a_venir.status_code == 422 and "n’a pas commencé" in a_venir.text


def test_statements_do_not_depend_on_the_number_of_members_nor_of_missions(comptable, archiviste, julie, sql):
    fabriques.tarifs_sesam()
    fabriques.tarif()
    comptes = []
    for combien in (2, 40):
        for _ in range(combien):
            fabriques.membre_sesam(depuis=annee(), le=maintenant())
            mission_d_hier(julie, journees=2)
        db.session.commit()
        for client, adresse in (
            (comptable, "/sesam/"), (comptable, f"/sesam/{annee()}/appel"), (archiviste, "/missions/"),
            (comptable, "/sesam/adhesions"), (comptable, "/"), (archiviste, "/"),
        ):  # fmt: skip
            with sql() as envoyees:
                assert client.get(adresse).status_code == 200
            comptes.append(len(envoyees))
    assert comptes[:6] == comptes[6:] and max(comptes) <= 12


def test_the_homes_say_what_to_note_to_end_to_call_and_to_bill(archiviste, comptable, julie):
    fabriques.tarif()
    fabriques.tarifs_sesam()
    mission_d_hier(julie, commencee=True)
    passee = aujourdhui() - timedelta(days=1)
    mission_d_hier(julie, journees=2, du=passee - timedelta(days=3), au=passee)
    mission_d_hier(julie, terminee=True)
    fabriques.membre_sesam(depuis=annee(), le=maintenant())
    chez_elle = archiviste.get("/").text
    assert "Noter la journée" in chez_elle and "Mission à terminer" in chez_elle
    chez_lui = comptable.get("/").text
    assert re.search(r"310,00\s€ HT", chez_lui) and f"Contributions SESAM {annee()} à appeler" in chez_lui


def test_natures_offered_for_a_mission_are_those_of_a_mission(archiviste):
    page = archiviste.get("/missions/nouvelle").text
    assert NaturePrestation.SESAM.libelle() not in page
    assert db.session.scalar(select(func.count()).select_from(Collectivite)) == 0
