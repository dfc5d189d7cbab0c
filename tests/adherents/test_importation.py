"""A file of bodies: shown first, confirmed after, by sets, all or nothing."""

import io

import pytest
from sqlalchemy import func, select

from groupement.adherents.actions.importation import importer_collectivites
from groupement.adherents.models import Collectivite
from groupement.adherents.rules.import_collectivites import lire_collectivites
from groupement.adherents.states import Role, TypeCollectivite
from groupement.socle.calendrier import maintenant
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques.adherents import collectivite, siren_fictif, utilisateur

ENTETE = "type,siren,nom,code_insee,code_postal,population,siren_epci"


def fichier(*lignes):
    """A CSV of bodies."""
    return "\n".join((ENTETE, *lignes)).encode()


def ligne(rang, nom, population=""):
    """A commune of the file."""
    return f"commune,{siren_fictif(rang)},{nom},62{rang % 1000:03},62000,{population},"


@pytest.fixture
def admin(client_de, session):
    """The administrateur's client."""
    return client_de(utilisateur("Gaëlle Hochart", roles=[Role.ADMINISTRATEUR]))


def deposer(client, octets):
    """Send the file."""
    return client.post("/collectivites/importation", data={"fichier": (io.BytesIO(octets), "communes.csv")})


def nombre(session):
    """How many bodies there are."""
    return session.scalar(select(func.count()).select_from(Collectivite))


def test_a_file_is_shown_then_confirmed_and_nothing_changes_in_between(admin, session):
    ancienne = collectivite("Ancien Nom", siren=siren_fictif(5001), code_insee="62001", population=100, avec_siret=True)
    pareille = collectivite("Pareille", siren=siren_fictif(5002), code_insee="62002", population=7)
    collectivite("Absente", siren=siren_fictif(5003))
    siret = ancienne.siret
    octets = fichier(ligne(5001, "Nouveau Nom", 120), ligne(5002, "Pareille"), ligne(5004, "Étaples", 9))
    reponse = deposer(admin, octets)
    assert reponse.status_code == 303
    apercu = admin.get(reponse.location).text
    assert "Ancien Nom" in apercu and "Nouveau Nom" in apercu and "Étaples" in apercu
    assert nombre(session) == 3 and ancienne.nom == "Ancien Nom"
    assert admin.post(reponse.location + "/confirmation").location == "/collectivites"
    assert (ancienne.nom, ancienne.nom_recherche, ancienne.population) == ("Nouveau Nom", "nouveau nom", 120)
    assert ancienne.siret == siret and pareille.population == 7  # a blank cell changes nothing
    ajoutee = session.scalars(select(Collectivite).where(Collectivite.nom_recherche == "etaples")).one()
    assert (ajoutee.type, ajoutee.siret, ajoutee.ville) == (TypeCollectivite.COMMUNE, None, "Étaples")
    assert nombre(session) == 4
    ecrit = session.scalars(select(Evenement)).one()
    assert ecrit.details == {"nouvelles": 1, "changees": 1, "inchangees": 1, "absentes": 1}


def test_a_confirmation_serves_once_and_belongs_to_its_session(admin, client_de, session):
    adresse = deposer(admin, fichier(ligne(5001, "Étaples"))).location
    autre = client_de(utilisateur("Un autre", roles=[Role.ADMINISTRATEUR]))
    assert autre.get(adresse).status_code == 404
    assert autre.post(adresse + "/confirmation").status_code == 404
    assert nombre(session) == 0
    assert admin.post(adresse + "/confirmation").status_code == 303
    assert admin.post(adresse + "/confirmation").status_code == 404


def test_a_faulty_file_says_each_line_and_keeps_nothing(admin, session):
    reponse = deposer(admin, fichier(ligne(5001, "Juste"), "commune,123,Faux,62001,62000,,", "planète,,Mars,,,,"))
    assert reponse.status_code == 422
    assert "Ligne 3" in reponse.text and "Ligne 4" in reponse.text and "Rien n’a été enregistré" in reponse.text
    assert nombre(session) == 0 and not session.scalars(select(Fichier.id)).all()


def test_a_file_must_be_chosen(admin):
    reponse = admin.post("/collectivites/importation", data={})
    assert reponse.status_code == 422 and "Choisissez un fichier" in reponse.text


def test_a_file_that_is_not_a_table_is_refused(admin, session):
    assert deposer(admin, b"\x89PNG\r\n\x1a\n\x00\x00").status_code == 422
    assert nombre(session) == 0


def test_loading_costs_the_same_for_10_and_for_1300_bodies(session, sql):
    comptes = []
    for debut, combien in ((0, 10), (100, 1300)):
        for suffixe in ("", " bis"):
            lignes = [ligne(debut + n, f"Commune {n}{suffixe}", n) for n in range(combien)]
            lues = lire_collectivites(fichier(*lignes), set(TypeCollectivite)).lignes
            with sql() as envoyees:
                bilan = importer_collectivites(lues, par=AUTOMATE, le=maintenant())
            comptes.append(len(envoyees))
            assert (len(bilan.changees) if suffixe else len(bilan.nouvelles)) == combien
    assert set(comptes) == {3}
    assert session.scalars(select(Collectivite.nom_recherche).order_by(Collectivite.id)).first() == "commune 0 bis"


def test_the_same_file_twice_changes_nothing(session):
    lues = lire_collectivites(fichier(ligne(1, "Étaples", 10)), set(TypeCollectivite)).lignes
    importer_collectivites(lues, par=AUTOMATE, le=maintenant())
    bilan = importer_collectivites(lues, par=AUTOMATE, le=maintenant())
    assert bilan.comptes() == {"nouvelles": 0, "changees": 0, "inchangees": 1, "absentes": 0}
