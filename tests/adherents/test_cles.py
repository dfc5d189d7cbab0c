"""Passkeys: what forged, stale or foreign answers get; in Chromium, with a virtual authenticator, the real thing."""

import json
import re
from datetime import UTC, datetime

import pytest
from flask_security import hash_password
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.actions import personnes
from groupement.adherents.models import CleDAcces
from groupement.adherents.securite import cles
from groupement.adherents.states import Role
from groupement.socle.courriels import Courriel
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement
from tests.fabriques.adherents import MOT_DE_PASSE, cle_d_acces, collectivite, connecter, utilisateur
from tests.outils.navigateur import sans_faute_axe

LE = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
def agnes(session):
    """An agent with a password."""
    return utilisateur(
        "Agnès Caron", roles=[Role.AGENT], collectivite=collectivite("Dainville"), mot_de_passe=MOT_DE_PASSE
    )


def reponse_de(cle, **change):
    """An answer with the shape of one, signed by nobody."""
    lettres = cles.bytes_to_base64url
    champs = {"clientDataJSON": lettres(b"{}"), "authenticatorData": lettres(b"0" * 37), "signature": lettres(b"x")}
    identite = lettres(cle.identifiant)
    return json.dumps({"id": identite, "rawId": identite, "type": "public-key", "response": champs} | change)


def test_the_page_names_the_site_as_the_settings_do_never_as_the_request(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "ADRESSE_PUBLIQUE", "https://groupement.example.org")
    page = client.get("/connexion/cle", headers={"Host": "ailleurs.example.org"}).text
    options = json.loads(re.search(r'data-options="([^"]+)"', page)[1].replace("&#34;", '"'))
    assert options["rpId"] == "groupement.example.org" and options["userVerification"] == "required"
    assert options["allowCredentials"] == []


@pytest.mark.parametrize(
    "fausse",
    [
        "",
        "{}",
        "[]",
        "null",
        "pas du json",
        '{"id": 3}',
        "x" * 30_000,
        '{"id": "a", "rawId": "é", "type": "public-key"}',
    ],
)
def test_an_answer_that_is_none_is_refused_in_french_and_nobody_enters(client, agnes, fausse):
    client.get("/connexion/cle")
    reponse = client.post("/connexion/cle", data={"reponse": fausse})
    assert reponse.status_code == 422 and "n’est pas reconnue" in reponse.text
    assert client.get("/mon-compte").status_code == 302


def test_a_signature_of_nobody_is_refused_for_a_known_key_and_for_an_unknown_one_alike(client, agnes, session):
    connue = cle_d_acces(agnes)
    inconnue = CleDAcces(identifiant=b"inconnue")
    pages = []
    for cle in (connue, inconnue):
        client.get("/connexion/cle")
        reponse = client.post("/connexion/cle", data={"reponse": reponse_de(cle)})
        assert reponse.status_code == 422
        pages.append(re.search(r'class="resume-titre">.*?</p>', reponse.text)[0])
    assert pages[0] == pages[1]
    assert client.get("/mon-compte").status_code == 302


def test_a_challenge_serves_once_and_not_for_something_else(client, agnes, session):
    cle = cle_d_acces(agnes)
    client.get("/connexion/cle")
    client.post("/connexion/cle", data={"reponse": reponse_de(cle)})
    with client.session_transaction() as garde:
        garde.pop(cles.DEFI)  # the page shown again made another: without it there is none left
    assert "trop longtemps" in client.post("/connexion/cle", data={"reponse": reponse_de(cle)}).text
    connecter(client, agnes)
    client.get("/mon-compte/cles-d-acces")
    with client.session_transaction() as garde:
        garde[cles.DEFI] = [garde[cles.DEFI][0], "ajout-999", *garde[cles.DEFI][2:]]
    reponse = client.post("/mon-compte/cles-d-acces", data={"nom": "Poste", "reponse": reponse_de(cle)})
    assert reponse.status_code == 422 and "trop longtemps" in reponse.text


def test_a_challenge_too_old_is_refused(client, agnes, session):
    client.get("/connexion/cle")
    with client.session_transaction() as garde:
        garde[cles.DEFI] = [*garde[cles.DEFI][:2], 1, ""]
    assert "trop longtemps" in client.post("/connexion/cle", data={"reponse": "{}"}).text


def test_a_key_is_added_by_somebody_who_has_just_shown_who_they_are(client, agnes):
    connecter(client, agnes)
    with client.session_transaction() as garde:
        garde["fs_paa"] = 1
    assert "/connexion/confirmation" in client.get("/mon-compte/cles-d-acces").location


def test_a_stranger_removes_nobodys_key(client_de, agnes, session):
    cle = cle_d_acces(agnes)
    autre = utilisateur(roles=[Role.VALIDEUR], collectivite=collectivite())
    assert client_de(autre).post(f"/mon-compte/cles-d-acces/{cle.id}/retrait").status_code == 404
    assert client_de(agnes).post(f"/mon-compte/cles-d-acces/{cle.id}/retrait").status_code == 303
    assert session.scalar(select(CleDAcces)) is None
    assert session.scalars(select(Courriel.sujet)).all() == ["Une clé d’accès vient d’être retirée"]


def test_in_production_the_only_second_factor_of_the_centre_de_gestion_stays(production, session):
    damien = utilisateur("Damien Vasseur", roles=[Role.ACHETEUR])
    cle = cle_d_acces(damien)
    client = connecter(production.test_client(), damien)
    assert client.get("/collectivites").status_code == 302
    with client.session_transaction() as garde:
        garde["second_facteur"] = "cle"
    assert client.get("/collectivites").status_code == 200
    refus = client.post(f"/mon-compte/cles-d-acces/{cle.id}/retrait")
    assert refus.status_code == 409 and "seul second facteur" in refus.text
    cle_d_acces(damien, "Poste")
    assert client.post(f"/mon-compte/cles-d-acces/{cle.id}/retrait").status_code == 303


def test_what_the_one_before_showed_in_this_browser_is_not_a_second_factor_of_the_next(production, session):
    for rang, nom in enumerate(("Damien Vasseur", "Hélène Delattre")):
        personne = utilisateur(nom, roles=[Role.ACHETEUR])
        with production.app_context():
            personne.password = hash_password(MOT_DE_PASSE)
        session.commit()
        if not rang:
            client = connecter(production.test_client(), personne)
            with client.session_transaction() as garde:
                garde["second_facteur"] = "cle"
            assert client.get("/collectivites").status_code == 200
            client.post("/deconnexion")
        else:
            client.post("/connexion", data={"email": personne.email, "password": MOT_DE_PASSE})
    assert client.get("/collectivites").location.endswith("/mon-compte/second-facteur")


def test_with_a_key_and_no_telephone_the_password_alone_opens_nothing(client, agnes, session):
    cle_d_acces(agnes)
    reponse = client.post("/connexion", data={"email": agnes.email, "password": MOT_DE_PASSE, "next": "/mon-compte"})
    assert "/connexion/cle" in reponse.location
    assert client.get("/mon-compte").status_code == 302
    page = client.get("/connexion/cle").text
    assert "Votre mot de passe est bon" in page and cles.bytes_to_base64url(b"cle-")[:5] in page


def test_the_administrateur_forgets_telephone_and_keys_and_the_sessions_end(client_de, agnes, session):
    cle_d_acces(agnes)
    sien = client_de(agnes)
    assert sien.get("/mon-compte").status_code == 200
    thomas = utilisateur("Thomas", roles=[Role.ADMINISTRATEUR])
    assert "Téléphone" in client_de(thomas).get(f"/personnes/{agnes.id}").text
    adresse = f"/personnes/{agnes.id}/retrait-du-second-facteur"
    assert client_de(thomas).post(adresse).status_code == 303
    assert session.scalar(select(CleDAcces)) is None
    assert sien.get("/mon-compte").status_code == 302
    with pytest.raises(RegleRefusee, match="ni téléphone ni clé"):
        personnes.retirer_second_facteur(agnes, par=thomas, le=LE)


@pytest.fixture
def au_nom_du_site(app, serveur, monkeypatch):
    """The address of the site in the browser: a key is made for a name, never for the number of a machine."""
    adresse = serveur.adresse.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(app.config, "ADRESSE_PUBLIQUE", adresse)
    return adresse


def avec_authentificateur(page, adresse):
    """A device that keeps keys and always recognises its owner."""
    page.surveillance.adresse = adresse
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    appareil = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return cdp, appareil


def entrer_par_mot_de_passe(page, adresse, personne):
    """The ordinary door."""
    page.goto(f"{adresse}/connexion")
    page.get_by_label("Adresse de courriel").fill(personne.email)
    page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()


def ajouter_une_cle(page, adresse, nom):
    """From Mon compte."""
    page.goto(f"{adresse}/mon-compte/cles-d-acces")
    page.get_by_label("Nom de cette clé").fill(nom)
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("main")).to_contain_text("Votre clé d’accès est enregistrée")


def sortir(page):
    """The head of the page."""
    page.locator("details.personne summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_a_key_is_added_then_opens_the_door_alone_then_after_the_password(
    nouvelle_page, au_nom_du_site, agnes, session
):
    page = nouvelle_page()
    cdp, appareil = avec_authentificateur(page, au_nom_du_site)
    entrer_par_mot_de_passe(page, au_nom_du_site, agnes)
    ajouter_une_cle(page, au_nom_du_site, "Mon poste")
    sans_faute_axe(page)
    sortir(page)
    page.get_by_role("link", name="Avec une clé d’accès").click()
    sans_faute_axe(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator(".personne-nom")).to_have_text("Agnès Caron")
    sortir(page)
    entrer_par_mot_de_passe(page, au_nom_du_site, agnes)
    expect(page.get_by_role("heading", level=1)).to_have_text("Montrez votre clé d’accès")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator(".personne-nom")).to_have_text("Agnès Caron")
    session.expire_all()
    cle = session.scalars(select(CleDAcces)).one()
    assert cle.nom == "Mon poste" and cle.compteur >= 2 and cle.utilisee_le is not None
    assert "ajouter une clé d’accès" in session.scalars(select(Evenement.verbe)).all()
    assert len(cdp.send("WebAuthn.getCredentials", {"authenticatorId": appareil})["credentials"]) == 1


def test_a_device_that_does_not_recognise_its_owner_opens_nothing_and_the_page_says_so(
    nouvelle_page, au_nom_du_site, agnes
):
    page = nouvelle_page()
    cdp, appareil = avec_authentificateur(page, au_nom_du_site)
    entrer_par_mot_de_passe(page, au_nom_du_site, agnes)
    ajouter_une_cle(page, au_nom_du_site, "Mon poste")
    sortir(page)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": appareil, "isUserVerified": False})
    page.get_by_role("link", name="Avec une clé d’accès").click()
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("main")).to_contain_text("Rien n’a été fait")
    sans_faute_axe(page)


def test_a_key_taken_away_opens_nothing_and_the_second_of_one_device_is_refused(nouvelle_page, au_nom_du_site, agnes):
    page = nouvelle_page()
    avec_authentificateur(page, au_nom_du_site)
    entrer_par_mot_de_passe(page, au_nom_du_site, agnes)
    ajouter_une_cle(page, au_nom_du_site, "Mon poste")
    page.get_by_label("Nom de cette clé").fill("Encore")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("main")).to_contain_text("Cet appareil garde déjà une clé")
    page.locator("details.confirmer summary").click()
    page.get_by_role("button", name="Oui, retirer").click()
    expect(page.locator("main")).to_contain_text("Aucune clé d’accès")
    sortir(page)
    page.get_by_role("link", name="Avec une clé d’accès").click()
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("main")).to_contain_text("n’est pas reconnue ici")
