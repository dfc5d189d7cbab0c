"""Bodies: list, sheet, identity, delivery places, membership; who may do what."""

from datetime import date

import pytest
from sqlalchemy import select

from groupement.adherents import queries
from groupement.adherents.models import Adhesion, Collectivite, PointDeLivraison
from groupement.adherents.states import ROLES_CDG, EtatAdhesion, Role, TypeCollectivite
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques.adherents import (
    adhesion,
    collectivite,
    connecter,
    convention,
    point_de_livraison,
    siret_de,
    utilisateur,
)

LIEU = {
    "libelle": "Salle des archives",
    "adresse": "2 rue du Moulin",
    "code_postal": "62170",
    "ville": "Montreuil",
    "contact": "Mme Caron",
    "telephone": "03 21 00 00 01",
    "horaires": "mardi et jeudi, 9 h à 12 h",
    "hayon": "y",
}


@pytest.fixture
def dainville(session):
    """A commune."""
    return collectivite("Dainville", code_postal="62000", code_insee="62263")


@pytest.fixture
def agent(client_de, dainville):
    """A client signed in as an agent of Dainville."""
    return client_de(utilisateur("Agnès Caron", roles=[Role.AGENT], collectivite=dainville))


@pytest.fixture
def acheteur(client_de, session):
    """A client signed in as the acheteur."""
    return client_de(utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]))


def verbes(session):
    """The journal, as verbs in order."""
    return session.scalars(select(Evenement.verbe).order_by(Evenement.id)).all()


@pytest.mark.parametrize(
    ("recherche", "trouvees"),
    [
        ("", {"Béthune", "Étaples", "CA Béthune-Bruay"}),
        ("bethune", {"Béthune", "CA Béthune-Bruay"}),
        ("BÉTHUNE bruay", {"CA Béthune-Bruay"}),
        ("etap", {"Étaples"}),
        ("62630", {"Étaples"}),
        ("62318", {"Étaples"}),
        ("219 910 00", {"Béthune"}),
        ("%", {"Béthune", "Étaples", "CA Béthune-Bruay"}),
        ("calais", set()),
    ],
)
def test_bodies_are_found_by_words_without_accents_or_by_their_numbers(acheteur, session, recherche, trouvees):
    collectivite("Béthune", siren="219910004")
    collectivite("Étaples", code_postal="62630", code_insee="62318")
    collectivite("CA Béthune-Bruay", type=TypeCollectivite.CA, code_insee=None, code_postal=None)
    texte = acheteur.get("/collectivites", query_string={"q": recherche}).text
    assert {nom for nom in ("Béthune", "Étaples", "CA Béthune-Bruay") if f">{nom}</a>" in texte} == trouvees


def test_bodies_are_filtered_by_type_epci_and_adhesion(acheteur, session):
    ca = collectivite("CA du Pays", type=TypeCollectivite.CA)
    membre = collectivite("Aire", siren_epci=ca.siren)
    collectivite("Boulogne")
    ancienne, actuelle = convention(adoptee_le=date(2020, 1, 1)), convention(adoptee_le=date(2025, 1, 1))
    adhesion(membre, actuelle)
    adhesion(ca, ancienne)

    def noms(**filtres):
        texte = acheteur.get("/collectivites", query_string=filtres).text
        return {nom for nom in ("CA du Pays", "Aire", "Boulogne") if f">{nom}</a>" in texte}

    assert noms(type="CA") == {"CA du Pays"}
    assert noms(epci=ca.siren) == {"CA du Pays", "Aire"}
    assert noms(adhesion="oui") == {"Aire"}
    assert noms(adhesion="non") == {"CA du Pays", "Boulogne"}
    assert noms(type="n’importe quoi", tri="-n’importe") == {"CA du Pays", "Aire", "Boulogne"}


def test_the_list_leaves_as_a_file_with_all_its_rows(acheteur, session):
    for rang in range(30):
        collectivite(f"Commune {rang:02}", avec_siret=True)
    lignes = acheteur.get("/collectivites?format=csv&q=commune").data.decode("utf-8-sig").splitlines()
    assert len(lignes) == 31 and lignes[0].startswith("Collectivité,SIREN,SIRET")
    assert acheteur.get("/collectivites?format=xlsx").data[:2] == b"PK"


@pytest.mark.parametrize(
    "adresse", ["/collectivites", "/collectivites?q=commune&tri=-population", "/personnes", "/journal"]
)
def test_a_list_page_costs_the_same_for_10_and_for_1300_bodies(client_de, session, sql, adresse):
    client = client_de(utilisateur("Gaëlle Hochart", roles=[Role.ADMINISTRATEUR, Role.ACHETEUR]))
    comptes = []
    for nombre in (10, 1290):
        for rang in range(nombre):
            corps = collectivite(f"Commune {nombre} {rang}")
            if rang < 30:
                utilisateur(f"Agent {nombre} {rang}", roles=[Role.AGENT], collectivite=corps)
        db.session.commit()
        with sql() as envoyees:
            assert client.get(adresse).status_code == 200
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12


def test_the_sheet_costs_at_most_twelve_statements_whatever_it_holds(agent, dainville, sql):
    with sql() as vide:
        agent.get(f"/collectivites/{dainville.id}")
    for rang in range(5):
        point_de_livraison(dainville, libelle=f"Lieu {rang}")
        adhesion(dainville)
        utilisateur(roles=[Role.AGENT, Role.VALIDEUR], collectivite=dainville)
    with sql() as pleine:
        assert agent.get(f"/collectivites/{dainville.id}").status_code == 200
    assert len(vide) == len(pleine) <= 12


def test_a_stranger_gets_the_404_of_what_does_not_exist(agent, session):
    autre = collectivite("Calais")
    lieu = point_de_livraison(autre)
    adhesion_ = adhesion(autre)
    for adresse in (f"/collectivites/{autre.id}", f"/collectivites/{autre.id}/modification", "/collectivites/999999"):
        assert agent.get(adresse).status_code == 404
    assert agent.get(f"/collectivites/{autre.id}/points-de-livraison/nouveau").status_code == 404
    assert agent.post(f"/collectivites/{autre.id}/points-de-livraison/nouveau", data=LIEU).status_code == 404
    assert agent.post(f"/points-de-livraison/{lieu.id}/modification", data=LIEU).status_code == 404
    assert agent.post(f"/points-de-livraison/{lieu.id}/desactivation").status_code == 404
    assert agent.post(f"/adhesions/{adhesion_.id}/retrait").status_code == 403
    assert lieu.actif and adhesion_.etat == EtatAdhesion.SIGNEE


def test_what_each_role_may_open(client_de, dainville):
    permis = {
        "/collectivites": ROLES_CDG | {Role.CONTROLE},
        f"/collectivites/{dainville.id}": ROLES_CDG | {Role.CONTROLE, Role.AGENT, Role.VALIDEUR},
        f"/collectivites/{dainville.id}/modification": {
            *(Role.AGENT, Role.VALIDEUR, Role.ACHETEUR, Role.COMPTABLE, Role.ADMINISTRATEUR)
        },
        f"/collectivites/{dainville.id}/points-de-livraison/nouveau": ROLES_CDG | {Role.AGENT, Role.VALIDEUR},
        "/collectivites/importation": {Role.ADMINISTRATEUR},
        "/personnes": {Role.ADMINISTRATEUR},
        "/personnes/nouvelle": {Role.ADMINISTRATEUR},
        "/journal": {Role.ADMINISTRATEUR},
        "/mon-compte": set(Role),
    }
    for role in Role:
        client = client_de(utilisateur(roles=[role], collectivite=dainville))
        for adresse, roles in permis.items():
            assert (client.get(adresse).status_code == 200) == (role in roles), (role, adresse)


def test_the_body_one_acts_for_is_one_address(agent, dainville):
    assert agent.get("/ma-collectivite").location == f"/collectivites/{dainville.id}"


def identite(c, **champs):
    """The form of the sheet as it is shown."""
    return {"nom": c.nom, "adresse": c.adresse, "code_postal": c.code_postal, "ville": c.ville, **champs}


def test_the_siret_is_typed_with_its_spaces_and_checked_against_the_siren(agent, dainville, session):
    adresse, siret = f"/collectivites/{dainville.id}/modification", siret_de(dainville.siren)
    ecrit = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    assert agent.post(adresse, data=identite(dainville, siret=ecrit)).status_code == 303
    assert (dainville.siret, verbes(session)) == (siret, ["modifier"])
    assert agent.post(adresse, data=identite(dainville, siret=siret)).status_code == 303
    assert verbes(session) == ["modifier"]  # nothing changed: nothing noted


@pytest.mark.parametrize(
    ("siret", "phrase"),
    [("123", "14 chiffres"), ("28629999500014", "doit commencer par son SIREN"), ("CLE", "clé de contrôle est fausse")],
)
def test_a_wrong_siret_is_refused_beside_its_field(agent, dainville, siret, phrase):
    juste = siret_de(dainville.siren)
    siret = juste[:-1] + str((int(juste[-1]) + 1) % 10) if siret == "CLE" else siret
    reponse = agent.post(
        f"/collectivites/{dainville.id}/modification", data=identite(dainville, siret=siret, ville="Arras")
    )
    assert reponse.status_code == 422 and phrase in reponse.text and 'value="Arras"' in reponse.text
    assert dainville.siret is None and dainville.ville == "Dainville"


def test_a_new_name_is_found_at_once(acheteur, dainville):
    acheteur.post(f"/collectivites/{dainville.id}/modification", data=identite(dainville, nom="Dainville-les-Étangs"))
    assert "Dainville-les-Étangs" in acheteur.get("/collectivites?q=etangs").text


def test_chorus_settings_are_kept(agent, dainville):
    agent.post(f"/collectivites/{dainville.id}/modification", data=identite(dainville, chorus_engagement_requis="y"))
    assert dainville.chorus_engagement_requis and not dainville.chorus_service_requis


def test_a_delivery_place_is_added_changed_put_aside_and_used_again(agent, dainville, session):
    assert agent.post(f"/collectivites/{dainville.id}/points-de-livraison/nouveau", data=LIEU).status_code == 303
    lieu = session.scalars(select(PointDeLivraison)).one()
    assert (lieu.libelle, lieu.hayon, lieu.escalier, lieu.actif) == ("Salle des archives", True, False, True)
    agent.post(f"/points-de-livraison/{lieu.id}/modification", data=LIEU | {"escalier": "y"})
    assert lieu.escalier
    agent.post(f"/points-de-livraison/{lieu.id}/desactivation")
    assert not lieu.actif and not queries.points_actifs(dainville.id)
    assert agent.post(f"/points-de-livraison/{lieu.id}/desactivation").status_code == 409
    agent.post(f"/points-de-livraison/{lieu.id}/reactivation")
    assert lieu.actif
    assert verbes(session) == ["creer", "modifier", "désactiver", "réactiver"]


@pytest.mark.parametrize("manque", ["libelle", "adresse", "code_postal", "ville", "contact", "telephone", "horaires"])
def test_a_delivery_place_says_what_the_driver_needs(agent, dainville, session, manque):
    reponse = agent.post(f"/collectivites/{dainville.id}/points-de-livraison/nouveau", data=LIEU | {manque: " "})
    assert reponse.status_code == 422 and f'href="#{manque}"' in reponse.text
    assert not session.scalars(select(PointDeLivraison)).all()


def test_two_places_of_one_body_have_two_names(agent, dainville):
    point_de_livraison(dainville, libelle="Salle des archives")
    point_de_livraison(collectivite(), libelle="Salle des archives")
    reponse = agent.post(f"/collectivites/{dainville.id}/points-de-livraison/nouveau", data=LIEU)
    assert reponse.status_code == 422 and "donnez-lui un autre nom" in reponse.text


def test_an_adhesion_is_deliberated_then_signed_then_withdrawn(acheteur, dainville, session):
    c = convention()
    adresse = f"/collectivites/{dainville.id}/adhesion"
    corps = {"convention_id": c.id, "deliberation_numero": "2025-12", "deliberee_le": "01/03/2025"}
    assert acheteur.post(adresse, data=corps).status_code == 303
    faite = session.scalars(select(Adhesion)).one()
    assert faite.etat == EtatAdhesion.DELIBEREE
    acheteur.post(adresse, data=corps | {"signee_le": "2025-03-15"})
    assert (faite.etat, faite.signee_le) == (EtatAdhesion.SIGNEE, date(2025, 3, 15))
    assert db.session.scalars(queries.membres_adherents(c.id)).all() == [dainville]
    retrait = {"retiree_le": "2025-06-01", "motif": "Délibération"}
    retrait = {"retiree_le": "2025-06-01", "motif": "Délibération"}
    acheteur.post(f"/adhesions/{faite.id}/retrait", data=retrait)
    assert faite.etat == EtatAdhesion.RETIREE and not db.session.scalars(queries.membres_adherents(c.id)).all()
    assert verbes(session) == ["demander", "deliberer", "signer", "retirer"]
    assert acheteur.post(f"/adhesions/{faite.id}/retrait", data=retrait).status_code == 409
    reponse = acheteur.post(adresse, data=corps | {"signee_le": "2025-03-15"})
    assert reponse.status_code == 422 and "s’est retirée" in reponse.text


@pytest.mark.parametrize(
    ("deliberee_le", "signee_le", "phrase"),
    [
        ("2025-03-15", "2025-03-01", "La signature ne peut pas précéder la délibération (15/03/2025)"),
        ("2199-01-01", "", "La délibération ne peut pas être datée dans le futur"),
        ("", "2025-03-01", "Indiquez la date de la délibération"),
        ("pas une date", "", "Écrivez une date"),
    ],
)
def test_impossible_dates_are_refused_and_nothing_is_written(
    acheteur, dainville, session, deliberee_le, signee_le, phrase
):
    corps = {"convention_id": convention().id, "deliberee_le": deliberee_le, "signee_le": signee_le}
    reponse = acheteur.post(f"/collectivites/{dainville.id}/adhesion", data=corps)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert not session.scalars(select(Adhesion)).all()


def test_a_signed_adhesion_is_corrected_in_the_open_but_not_unsigned(acheteur, dainville, session):
    faite = adhesion(dainville)
    corps = {"convention_id": faite.convention_id, "deliberation_numero": "2025-03", "deliberee_le": "2025-03-01"}
    assert acheteur.post(f"/collectivites/{dainville.id}/adhesion", data=corps).status_code == 422
    assert faite.signee_le == date(2025, 3, 15)
    acheteur.post(f"/collectivites/{dainville.id}/adhesion", data=corps | {"signee_le": "2025-03-20"})
    ligne = session.scalars(select(Evenement)).one()
    assert (ligne.verbe, ligne.details) == ("corriger", {"signee_le": ["2025-03-15", "2025-03-20"]})


def test_an_adhesion_without_any_convention_says_what_is_missing(acheteur, dainville):
    reponse = acheteur.get(f"/collectivites/{dainville.id}/adhesion")
    assert reponse.status_code == 409 and "Aucune convention" in reponse.text


def test_an_unknown_convention_is_refused(acheteur, dainville):
    convention()
    reponse = acheteur.post(f"/collectivites/{dainville.id}/adhesion", query_string={"convention_id": 9999})
    assert reponse.status_code == 404


def test_the_archives_read_and_write_nothing(client_de, dainville):
    client = connecter(client_de(utilisateur(roles=[Role.CONTROLE])), utilisateur(roles=[Role.CONTROLE]))
    page = client.get(f"/collectivites/{dainville.id}").text
    assert "Modifier" not in page and "Ajouter un lieu" not in page
    assert client.post(f"/collectivites/{dainville.id}/modification", data=identite(dainville)).status_code == 403


def test_an_empty_department_says_what_to_do_first(client_de, session):
    page = client_de(utilisateur(roles=[Role.ADMINISTRATEUR])).get("/collectivites").text
    assert "Commencez par importer" in page and "/collectivites/importation" in page
    assert session.scalar(select(Collectivite.id)) is None
