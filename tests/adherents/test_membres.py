"""The page of a member and what is written from it: stale pages, Chorus services, délibérations, signatures, lists."""

import io
from datetime import date

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from groupement.adherents.models import Adhesion, Convention, ServiceChorus
from groupement.adherents.states import EtatAdhesion, Role, TypeCollectivite
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Evenement
from tests.adherents.test_collectivites import LIEU
from tests.fabriques.adherents import (
    adhesion,
    collectivite,
    convention,
    point_de_livraison,
    service_chorus,
    siret_de,
    utilisateur,
)

DELIBEREE = {"etat": EtatAdhesion.DELIBEREE, "signee_le": None}
LOTS = [{"numero": 1, "intitule": "Boîtes"}, {"numero": 2, "intitule": "Rayonnages"}]


@pytest.fixture
def dainville(session):
    """A commune."""
    return collectivite("Dainville", code_insee="62263")


@pytest.fixture
def agent(client_de, dainville):
    """A client signed in as an agent of Dainville."""
    return client_de(utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville))


@pytest.fixture
def acheteur(client_de, session):
    """A client signed in as the acheteur."""
    return client_de(utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]))


def pdf():
    """A paper of one page."""
    sortie = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(sortie)
    return sortie.getvalue()


def photo():
    """A paper photographed."""
    sortie = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(sortie, "PNG")
    return sortie.getvalue()


def test_two_people_on_one_place_the_second_is_told_and_loses_nothing(agent, acheteur, dainville, session):
    lieu = point_de_livraison(dainville, libelle="Mairie")
    adresse = f"/points-de-livraison/{lieu.id}/modification"
    corps = LIEU | {"libelle": "Mairie", "version": "1"}
    assert acheteur.post(adresse, data=corps | {"horaires": "lundi"}).status_code == 303
    reponse = agent.post(adresse, data=corps | {"horaires": "mardi"})
    assert reponse.status_code == 409 and "modifié entre-temps par Damien Vasseur" in reponse.text
    assert (
        'value="mardi"' in reponse.text
        and "lundi" in reponse.text
        and 'name="version" type="hidden" value="2"' in reponse.text
    )
    session.refresh(lieu)
    assert (lieu.horaires, lieu.version) == ("lundi", 2)
    assert agent.post(adresse, data=corps | {"horaires": "mardi", "version": "2"}).status_code == 303
    session.refresh(lieu)
    assert (lieu.horaires, lieu.version) == ("mardi", 3)


@pytest.mark.parametrize("version", ["0", "", "deux", "99999999999999"])
def test_a_sheet_of_another_version_is_not_written(acheteur, dainville, session, version):
    corps = {"nom": "Dainville-lès-Arras", "version": version}
    reponse = acheteur.post(f"/collectivites/{dainville.id}/modification", data=corps)
    assert reponse.status_code == 409 and "Dainville-lès-Arras" in reponse.text
    session.refresh(dainville)
    assert dainville.nom == "Dainville" and not session.scalars(select(Evenement)).all()


def test_the_siret_of_another_body_is_refused_by_its_field(acheteur, dainville, session):
    siret = siret_de(dainville.siren)
    dainville.siret = siret
    autre = collectivite("Arras", siren="219990009")
    reponse = acheteur.post(
        f"/collectivites/{autre.id}/modification", data={"nom": "Arras", "siret": siret, "version": "1"}
    )
    assert reponse.status_code == 422 and "doit commencer par son SIREN" in reponse.text


def test_a_service_is_added_renamed_put_aside_and_used_again(agent, dainville, session):
    nouveau = f"/collectivites/{dainville.id}/services-chorus/nouveau"
    assert agent.post(nouveau, data={"code": " FIN ", "nom": "Finances"}).status_code == 303
    service = session.scalars(select(ServiceChorus)).one()
    doublon = agent.post(nouveau, data={"code": "FIN", "nom": "Autre"})
    assert doublon.status_code == 422 and "déjà celui du service" in doublon.text
    assert agent.post(nouveau, data={"code": "", "nom": ""}).status_code == 422
    assert (
        agent.post(f"/services-chorus/{service.id}/modification", data={"code": "FIN", "nom": "Compta"}).status_code
        == 303
    )
    assert agent.post(f"/services-chorus/{service.id}/desactivation").status_code == 303
    assert agent.post(f"/services-chorus/{service.id}/desactivation").status_code == 409
    session.refresh(service)
    assert (service.nom, service.actif) == ("Compta", False)
    assert agent.post(f"/services-chorus/{service.id}/reactivation").status_code == 303
    assert "Compta" in agent.get(f"/collectivites/{dainville.id}").text


def test_a_service_of_another_body_does_not_exist(agent, session):
    etranger = service_chorus(collectivite("Calais"))
    for verbe in ("modification", "desactivation"):
        assert agent.post(f"/services-chorus/{etranger.id}/{verbe}", data={"code": "A", "nom": "B"}).status_code == 404


@pytest.mark.parametrize(("octets", "genre"), [(pdf(), "application/pdf"), (photo(), "image/jpeg")])
def test_a_deliberation_is_kept_and_read_again(acheteur, agent, dainville, session, octets, genre):
    c = convention(lots=LOTS)
    corps = {"deliberee_le": "2025-03-01", "lots": ["2"], "fichier": (io.BytesIO(octets), "../délib.exe")}
    assert acheteur.post(f"/collectivites/{dainville.id}/adhesion?convention_id={c.id}", data=corps).status_code == 303
    faite = session.scalars(select(Adhesion)).one()
    assert (faite.lots, faite.deliberation.type_mime) == ([2], genre)
    lue = agent.get(f"/adhesions/{faite.id}/deliberation")
    assert lue.mimetype == genre and f"deliberation-{dainville.siren}" in lue.headers["Content-Disposition"]
    acheteur.post(f"/collectivites/{dainville.id}/adhesion", data={"deliberee_le": "2025-03-01", "lots": ["1", "2"]})
    session.expire_all()
    assert faite.lots is None and faite.deliberation is not None


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"", "vide"),
        (b"MZ\x90 un programme", "ni un PDF ni une photo"),
        (b"%PDF-1.7 abime", "ne s’ouvre pas"),
        (b"\xff\xd8\xff\xe0 coupee", "photo"),
        (b"PK\x03\x04 un document", "enregistrez-le en PDF"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_written(
    acheteur, dainville, session, octets, attendu
):
    convention()
    corps = {"deliberee_le": "2025-03-01", "fichier": (io.BytesIO(octets), "deliberation.pdf")}
    reponse = acheteur.post(f"/collectivites/{dainville.id}/adhesion", data=corps)
    assert reponse.status_code == 422 and attendu in reponse.text
    assert not session.scalars(select(Adhesion)).all() and not session.scalars(select(Fichier)).all()


@pytest.mark.parametrize("lots", [[], ["3"], ["deux"]])
def test_lots_that_cannot_be_are_refused(acheteur, dainville, session, lots):
    convention(lots=LOTS)
    reponse = acheteur.post(
        f"/collectivites/{dainville.id}/adhesion", data={"deliberee_le": "2025-03-01", "lots": lots}
    )
    assert reponse.status_code == 422 and not session.scalars(select(Adhesion)).all()


def test_many_signatures_take_a_constant_number_of_statements(acheteur, session, sql):
    c = convention()

    def signer(combien):
        ids = [adhesion(a=c, **DELIBEREE).id for _ in range(combien)]
        session.commit()
        with sql() as envoyees:
            reponse = acheteur.post(
                f"/conventions/{c.id}/signatures", data={"signee_le": "2025-04-01", "adhesions": ids}
            )
        assert reponse.status_code == 303
        return len(envoyees)

    assert signer(2) == signer(40)
    signees = session.scalars(select(Adhesion.signee_le).where(Adhesion.etat == EtatAdhesion.SIGNEE)).all()
    assert signees == [date(2025, 4, 1)] * 42
    assert len(session.scalars(select(Evenement).where(Evenement.verbe == "signer")).all()) == 42


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2025-02-01", "ne peut pas précéder la délibération"),
        ("2199-01-01", "dans le futur"),
        ("2025-07-01", "ne prend plus de signature"),
        ("", "Indiquez la date"),
    ],
)
def test_signatures_that_cannot_be_are_refused_together(acheteur, session, jour, attendu):
    c = convention(cloture_le=date(2025, 6, 30))
    ids = [adhesion(a=c, **DELIBEREE).id for _ in range(2)]
    reponse = acheteur.post(f"/conventions/{c.id}/signatures", data={"signee_le": jour, "adhesions": ids})
    assert reponse.status_code == 422 and attendu in reponse.text
    assert not session.scalars(select(Adhesion).where(Adhesion.etat == EtatAdhesion.SIGNEE)).all()


def test_a_convention_is_completed_and_its_text_laid_down_once(acheteur, agent, session):
    c = convention(adoptee_le=date(2025, 1, 15))
    adresse = f"/conventions/{c.id}/modification"
    corps = {"cloture_le": "2025-06-30", "lots": "1 Boîtes\n2 Rayonnages"}
    refus = acheteur.post(adresse, data=corps | {"fichier": (io.BytesIO(photo()), "texte.pdf")})
    assert refus.status_code == 422 and "n’est pas un PDF" in refus.text
    assert acheteur.post(adresse, data=corps | {"cloture_le": "2024-12-31"}).status_code == 422
    assert acheteur.post(adresse, data=corps | {"lots": "Boîtes"}).status_code == 422
    assert acheteur.post(adresse, data=corps | {"fichier": (io.BytesIO(pdf()), "texte.pdf")}).status_code == 303
    session.expire_all()
    assert (c.cloture_le, c.lots) == (date(2025, 6, 30), LOTS)
    assert agent.get(f"/conventions/{c.id}/texte").mimetype == "application/pdf"
    second = acheteur.post(adresse, data=corps | {"fichier": (io.BytesIO(pdf()), "autre.pdf")})
    assert second.status_code == 422 and "nouvelle version" in second.text
    page = acheteur.get(f"/conventions/{c.id}").text
    assert "Lot 2" in page and "Aucun marché" in page


def test_bodies_are_filtered_by_size_and_by_adhesion_under_way(acheteur, session):
    c = convention()
    petite = collectivite("Petite", population=200)
    grande = collectivite("Grande", population=12_000)
    adhesion(petite, c, **DELIBEREE)
    adhesion(grande, c)
    collectivite("Epci", type=TypeCollectivite.CC, population=30_000)
    for filtre, nom in (
        ({"taille": "0"}, "Petite"),
        ({"taille": "10000"}, "Grande"),
        ({"taille": "-1"}, "Epci"),
        ({"adhesion": "en_cours"}, "Petite"),
    ):
        texte = acheteur.get("/collectivites", query_string=filtre).text
        assert [n for n in ("Petite", "Grande", "Epci") if f">{n}</a>" in texte] == [nom], filtre
    fichier = acheteur.get("/collectivites?format=csv").text
    assert "Lots rejoints" in fichier and "Service Chorus obligatoire" in fichier


def test_who_joined_is_counted_by_epci_and_population(acheteur, session):
    c = convention()
    cc = collectivite("CC du Ternois", type=TypeCollectivite.CC)
    adhesion(collectivite("Frévent", siren_epci=cc.siren, population=3000), c)
    page = acheteur.get("/collectivites/repartition")
    assert page.status_code == 200 and "CC du Ternois" in page.text and "50\u00a0%" in page.text
    assert session.scalars(select(Convention)).one() == c
