"""Signing in: password, mailed code, reset, lock-out, expired session, rate limit."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy import select

from groupement.adherents.models import Utilisateur
from groupement.adherents.rules.verrouillage import ESSAIS_PERMIS
from groupement.adherents.states import Role
from groupement.socle.calendrier import maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.journal import Evenement
from tests.fabriques.adherents import MOT_DE_PASSE, collectivite, habiliter, utilisateur

MAUVAIS = "ce n’est pas le bon"


@pytest.fixture
def amelie(session):
    """An agent with a password."""
    personne = utilisateur("Amélie Caron", roles=[Role.AGENT], mot_de_passe=MOT_DE_PASSE)
    session.commit()
    return personne


def essayer(client, email, mot_de_passe=MOT_DE_PASSE, **champs):
    """Send the sign-in form."""
    return client.post("/connexion", data={"email": email, "password": mot_de_passe, **champs})


def est_connecte(client):
    """Whether the client may see its account."""
    return client.get("/mon-compte").status_code == 200


def dernier_courriel(session):
    """The last mail written."""
    return session.scalars(select(Courriel).order_by(Courriel.id.desc())).first()


def alertes(reponse):
    """What the page says aloud."""
    return re.findall(r'role="(?:alert|status)"[^>]*>(.*?)</(?:div|p)>', reponse.text, re.S)


def test_a_person_signs_in_with_a_password_and_comes_back_where_they_wanted(client, amelie):
    reponse = client.get("/mon-compte")
    assert reponse.status_code == 302 and urlsplit(reponse.location).path == "/connexion"
    assert "next=/mon-compte" in reponse.location.replace("%2F", "/")
    reponse = essayer(client, amelie.email.upper(), next="/mon-compte")
    assert (reponse.status_code, reponse.location) == (302, "/mon-compte")
    assert est_connecte(client)


@pytest.mark.parametrize(
    "suite", ["https://ailleurs.example.org/", "//ailleurs.example.org", "\\\\ailleurs.example.org"]
)
def test_the_sign_in_page_never_leads_out_of_the_site(client, amelie, suite):
    adresse = essayer(client, amelie.email, next=suite).location or ""
    assert not urlsplit(adresse).netloc and not adresse.startswith(("//", "\\"))


@pytest.mark.parametrize("email", ["amelie@mairie.example.org", "personne@mairie.example.org"])
def test_the_page_says_nothing_in_english_when_it_refuses(client, session, email):
    utilisateur("Amélie", email="amelie@mairie.example.org", roles=[Role.AGENT], mot_de_passe=MOT_DE_PASSE)
    reponse = essayer(client, email, MAUVAIS)
    assert reponse.status_code == 200 and "ne correspond pas" in alertes(reponse)[0]
    assert not re.search(r"password|Invalid|does not exist|Login", re.sub(r"<[^>]+>", "", reponse.text))
    assert not est_connecte(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, amelie):
    connue, inconnue = (alertes(essayer(client, a, MAUVAIS)) for a in (amelie.email, "inconnue@mairie.example.org"))
    assert connue == inconnue


def test_a_closed_account_gets_the_same_answer_as_an_unknown_one(client, amelie, session):
    amelie.active = False
    assert alertes(essayer(client, amelie.email)) == alertes(essayer(client, "inconnue@mairie.example.org"))


def test_after_five_failures_the_account_rests_and_says_until_when(client, amelie, session):
    for _ in range(ESSAIS_PERMIS):
        assert "Réessayez" not in essayer(client, amelie.email, MAUVAIS).text
    assert amelie.verrouille_jusqu_au > maintenant() + timedelta(minutes=14)
    reponse = essayer(client, amelie.email)
    assert re.search(r"Réessayez à partir de \d+.h.\d\d", reponse.text)
    assert not est_connecte(client)
    assert session.scalars(select(Evenement.verbe)).all() == ["verrouiller"]


def test_a_locked_account_does_not_say_whether_the_password_was_right(client, amelie, session):
    amelie.verrouille_jusqu_au = maintenant() + timedelta(minutes=5)
    assert alertes(essayer(client, amelie.email)) == alertes(essayer(client, amelie.email, MAUVAIS))


def test_the_lock_opens_by_itself_and_a_success_wipes_the_slate(client, amelie, session):
    amelie.verrouille_jusqu_au = maintenant() - timedelta(seconds=1)
    amelie.echecs_de_connexion = 4
    assert essayer(client, amelie.email).status_code == 302
    assert (amelie.echecs_de_connexion, amelie.verrouille_jusqu_au) == (0, None)


def test_an_unknown_address_rests_like_a_known_one(app, client, monkeypatch):
    monkeypatch.setattr(app.extensions["limiteur"], "enabled", True)
    app.extensions["limiteur"].reset()
    reponses = [essayer(client, "fantome@mairie.example.org", MAUVAIS).text for _ in range(ESSAIS_PERMIS + 1)]
    app.extensions["limiteur"].reset()
    assert "Réessayez" not in reponses[-2] and "Réessayez à partir de" in reponses[-1]


def test_too_many_tries_from_one_place_get_a_429_page(app, client, monkeypatch):
    monkeypatch.setattr(app.extensions["limiteur"], "enabled", True)
    app.extensions["limiteur"].reset()
    codes = [client.post("/mot-de-passe-oublie", data={"email": f"a{n}@b.example.org"}).status_code for n in range(8)]
    app.extensions["limiteur"].reset()
    assert codes[:6] == [200] * 6 and codes[6:] == [429] * 2


def test_a_code_received_by_mail_opens_the_door_once(client, amelie, session):
    page = client.post("/connexion/code/envoi", data={"identity": amelie.email, "next": "/mon-compte"})
    assert "Recopiez le code" in page.text and 'name="passcode"' in page.text
    courriel = dernier_courriel(session)
    assert (courriel.destinataire, courriel.sujet) == (amelie.email, "Votre code de connexion")
    code = re.search(r"\b\d{6}\b", courriel.corps)[0]
    donnees = {"identity": amelie.email, "passcode": code, "next": "/mon-compte"}
    assert client.post("/connexion/code", data=donnees).location == "/mon-compte"
    assert est_connecte(client)
    client.post("/deconnexion")
    assert client.post("/connexion/code", data=donnees).status_code == 200
    assert not est_connecte(client)


def test_a_new_code_voids_the_one_before(client, amelie, session):
    client.post("/connexion/code/envoi", data={"identity": amelie.email})
    premier = re.search(r"\b\d{6}\b", dernier_courriel(session).corps)[0]
    client.post("/connexion/code/envoi", data={"identity": amelie.email})
    assert client.post("/connexion/code", data={"identity": amelie.email, "passcode": premier}).status_code == 200
    assert not est_connecte(client)


def test_asking_a_code_for_an_unknown_address_shows_the_same_page_and_writes_nothing(client, amelie, session):
    connue = client.post("/connexion/code/envoi", data={"identity": amelie.email})
    inconnue = client.post("/connexion/code/envoi", data={"identity": "inconnue@mairie.example.org"})
    assert len(session.scalars(select(Courriel)).all()) == 1
    assert alertes(connue) == alertes(inconnue) and 'name="passcode"' in inconnue.text


def test_five_wrong_codes_lock_the_account(client, amelie, session):
    client.post("/connexion/code/envoi", data={"identity": amelie.email})
    for _ in range(ESSAIS_PERMIS):
        client.post("/connexion/code", data={"identity": amelie.email, "passcode": "000000"})
    reponse = client.post("/connexion/code", data={"identity": amelie.email, "passcode": "000000"})
    assert "Réessayez à partir de" in reponse.text


def lien_du_courriel(session):
    """The page the last mail leads to."""
    return urlsplit(
        re.search(r"http\S+/(?:mot-de-passe-oublie|invitation)/\S+", dernier_courriel(session).corps)[0]
    ).path


def test_a_lost_password_is_chosen_again_from_a_link_that_serves_once(client, amelie, session):
    amelie.verrouille_jusqu_au = maintenant() + timedelta(minutes=5)
    client.post("/mot-de-passe-oublie", data={"email": amelie.email})
    lien = lien_du_courriel(session)
    assert client.get(lien).status_code == 200
    nouveau = {"password": "quatre mots bien choisis", "password_confirm": "quatre mots bien choisis"}
    assert urlsplit(client.post(lien, data=nouveau).location).path == "/connexion"
    assert amelie.verrouille_jusqu_au is None
    assert essayer(client, amelie.email, "quatre mots bien choisis").status_code == 302
    assert dernier_courriel(session).sujet == "Votre mot de passe a été changé"
    client.post("/deconnexion")
    assert urlsplit(client.get(lien).location).path == "/mot-de-passe-oublie"


def test_the_link_of_a_mail_never_follows_the_host_of_the_request(app, amelie, session):
    with app.test_request_context("/mot-de-passe-oublie", base_url="http://pirate.example.org"):
        send_reset_password_instructions(amelie)
    assert "pirate" not in dernier_courriel(session).corps


def test_asking_for_a_lost_password_says_the_same_for_an_unknown_address(client, session):
    reponse = client.post("/mot-de-passe-oublie", data={"email": "inconnue@mairie.example.org"})
    assert "Si l’adresse inconnue@mairie.example.org est connue" in reponse.text
    assert dernier_courriel(session) is None


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"new_password": "court", "new_password_confirm": "court"}, "au moins 12 caractères"),
        (
            {"new_password": "quatre mots bien choisis", "new_password_confirm": "autre"},
            "Les deux mots de passe diffèrent",
        ),
        ({"new_password": MOT_DE_PASSE, "new_password_confirm": MOT_DE_PASSE}, "différent de l’ancien"),
    ],
)
def test_a_new_password_is_refused_in_french(client_de, amelie, champs, phrase):
    reponse = client_de(amelie).post("/mon-compte/mot-de-passe", data={"password": MOT_DE_PASSE, **champs})
    assert reponse.status_code == 200 and phrase in reponse.text


def test_a_password_is_changed_and_said_by_mail(client_de, amelie, session):
    neuf = {"new_password": "quatre mots bien choisis", "new_password_confirm": "quatre mots bien choisis"}
    reponse = client_de(amelie).post("/mon-compte/mot-de-passe", data={"password": MOT_DE_PASSE, **neuf})
    assert reponse.location == "/mon-compte"
    assert dernier_courriel(session).destinataire == amelie.email


def test_signing_out_is_a_post(client_de, amelie):
    client = client_de(amelie)
    assert client.get("/deconnexion").status_code == 404
    assert est_connecte(client)
    assert urlsplit(client.post("/deconnexion").location).path == "/connexion"
    assert not est_connecte(client)


def test_the_session_lasts_eight_hours_of_inactivity(client, amelie, app):
    essayer(client, amelie.email)
    client.get("/mon-compte")
    reste = client.get_cookie("session").expires - maintenant()
    assert timedelta(hours=7, minutes=59) < reste <= timedelta(hours=8, seconds=5)


def test_the_post_of_an_ended_session_comes_back_to_its_form(client, amelie):
    c = collectivite()
    page = f"http://localhost/collectivites/{c.id}/modification?depuis=liste"
    for csrf in (True, False):
        reponse = client.post(f"/collectivites/{c.id}/modification", headers={"Referer": page}, csrf=csrf)
        assert reponse.status_code == 303
        adresse = urlsplit(reponse.location)
        assert adresse.path == "/connexion"
        assert f"next=/collectivites/{c.id}/modification?depuis%3Dliste" in adresse.query.replace("%2F", "/").replace(
            "%3F", "?"
        )
    assert "ce que vous aviez saisi sera remis" in client.get("/connexion").text


def test_a_form_sent_from_another_site_does_not_choose_where_one_comes_back(client):
    reponse = client.post("/mon-compte", headers={"Referer": "https://pirate.example.org/piege"}, csrf=False)
    assert "pirate" not in reponse.location


def test_htmx_is_told_to_leave_the_page_for_the_sign_in_page(client):
    reponse = client.get("/mon-compte", headers={"HX-Request": "true"})
    assert reponse.status_code == 401 and reponse.headers["HX-Redirect"].startswith("/connexion?next=")


def test_a_token_of_another_session_is_refused_to_somebody_signed_in(client_de, amelie):
    reponse = client_de(amelie).post("/mon-compte", data={"nom": "X"}, csrf=False)
    assert reponse.status_code == 400 and amelie.nom == "Amélie Caron"


@pytest.mark.parametrize(
    "adresse", ["/verify", "/us-setup", "/us-verify-link", "/tf-select", "/tf-rescue", "/login", "/register", "/reset"]
)
def test_pages_of_the_library_that_nobody_uses_do_not_answer(client, adresse):
    assert client.get(adresse).status_code == 404


def test_the_library_never_answers_json(client, amelie):
    reponse = client.post("/connexion", json={"email": amelie.email, "password": MOT_DE_PASSE})
    assert reponse.mimetype == "text/html"


def test_somebody_whose_roles_have_ended_understands_and_can_leave(client_de, session):
    personne = utilisateur("Bruno Lefebvre", mot_de_passe=MOT_DE_PASSE)
    client = client_de(personne)
    for adresse in ("/", "/mon-compte"):
        reponse = client.get(adresse)
        assert reponse.status_code == 403 and "Votre accès est terminé" in reponse.text
    assert client.post("/deconnexion").status_code == 302


def test_a_page_costs_two_statements_for_the_person_and_their_roles(client_de, session, sql):
    personne = utilisateur("Claire Duquesne", roles=[Role.AGENT, Role.VALIDEUR], collectivite=collectivite())
    client = client_de(personne)
    with sql() as envoyees:
        client.get("/ma-collectivite")
    assert len(envoyees) == 2 and all(s.startswith("SELECT") for s in envoyees)


def test_several_bodies_are_one_switch_away(client_de, session):
    dainville, calais = collectivite("Dainville"), collectivite("Calais")
    personne = utilisateur("Claire Duquesne", roles=[Role.AGENT], collectivite=dainville)
    habiliter(personne, Role.VALIDEUR, calais)
    client = client_de(personne)
    assert client.get("/ma-collectivite").location == f"/collectivites/{calais.id}"
    client.post("/contexte", data={"contexte": f"collectivite-{dainville.id}"})
    assert client.get("/ma-collectivite").location == f"/collectivites/{dainville.id}"
    assert client.get(f"/collectivites/{calais.id}").status_code == 404


def test_an_account_is_found_whatever_the_case_of_its_address(session, amelie, app):
    trouver = app.extensions["security"].datastore.find_user
    assert trouver(case_insensitive=True, email=amelie.email.upper()).id == amelie.id
    assert session.get(Utilisateur, amelie.id) is amelie


def test_a_style_sheet_costs_no_statement(client_de, amelie, sql):
    client = client_de(amelie)
    with sql() as envoyees:
        for feuille in ("/static/css/jetons.css", "/bootstrap/static/css/bootstrap.min.css"):
            with client.get(feuille) as reponse:
                assert reponse.status_code == 200
    assert not envoyees
