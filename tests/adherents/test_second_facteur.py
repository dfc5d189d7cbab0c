"""The telephone as a second factor, and what exists in production only or in the demonstration only."""

import re
import time
from urllib.parse import urlsplit

from flask_security import hash_password
from sqlalchemy import text

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from groupement.socle.db import db
from tests.fabriques.adherents import MOT_DE_PASSE, collectivite, connecter, utilisateur


def avec_mot_de_passe(application, personne, session):
    """Give a password as that application hashes it."""
    with application.app_context():
        empreinte = hash_password(MOT_DE_PASSE)
    personne.password = empreinte
    session.commit()
    return personne


def code_du_telephone(application, secret, dans=0):
    """What the telephone shows now, or in so many seconds."""
    usine = application.extensions["security"].totp_factory._totp
    return usine.from_source(secret).generate(time=int(time.time()) + dans).token


def mettre_en_place(application, client):
    """Go through the pages that register a telephone."""
    page = client.post("/mon-compte/second-facteur", data={"setup": "authenticator"})
    assert "data:image/svg+xml" in page.text and "Photographiez" in page.text
    suite = re.search(r'action="(/mon-compte/second-facteur/[^"]+)"', page.text)[1]
    with client.session_transaction() as session:
        secret = session["tf_totp_secret"]
    reponse = client.post(suite, data={"code": code_du_telephone(application, secret)})
    assert urlsplit(reponse.location).path == "/mon-compte"
    return secret


def test_in_production_the_centre_de_gestion_sets_its_telephone_up_before_anything_else(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    assert client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE}).status_code == 302
    for adresse in ("/collectivites", "/mon-compte", "/"):
        assert urlsplit(client.get(adresse).location).path == "/mon-compte/second-facteur"
    assert client.post("/contexte", data={"contexte": "cdg"}).status_code == 302
    assert "Avant de continuer" in client.get("/mon-compte/second-facteur").text
    mettre_en_place(production, client)
    assert client.get("/collectivites").status_code == 200


def test_with_a_telephone_the_password_alone_opens_nothing(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE})
    secret = mettre_en_place(production, client)
    client.post("/deconnexion")
    reponse = client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE, "next": "/journal"})
    assert urlsplit(reponse.location).path == "/connexion/second-facteur"
    assert client.get("/mon-compte").status_code == 302
    assert "n’est pas le bon" in client.post("/connexion/second-facteur", data={"code": "000000"}).text
    code = code_du_telephone(production, secret, dans=30)
    assert client.post("/connexion/second-facteur", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert client.get("/mon-compte").status_code == 200


def test_a_recovery_code_replaces_the_telephone_once(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    entree = {"email": damien.email, "password": MOT_DE_PASSE}
    client.post("/connexion", data=entree)
    mettre_en_place(production, client)
    page = client.post("/mon-compte/codes-de-secours", data={"generate_new_codes": "1"})
    codes = re.findall(r"<li><code>([^<]+)</code>", page.text)
    assert len(codes) == 8 and codes[0] not in " ".join(damien.mf_recovery_codes)
    for attendu in (200, 302):
        client.post("/deconnexion")
        client.post("/connexion", data=entree)
        client.post("/connexion/code-de-secours", data={"code": codes[0]})
        assert client.get("/mon-compte").status_code == (200 if attendu == 200 else 302)
    assert len(damien.mf_recovery_codes) == 7


def test_wrong_recovery_codes_lock_the_account(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE})
    mettre_en_place(production, client)
    client.post("/deconnexion")
    client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE})
    for _ in range(5):
        client.post("/connexion/code-de-secours", data={"code": "faux-faux-faux"})
    assert "Réessayez à partir de" in client.post("/connexion/code-de-secours", data={"code": "faux"}).text


def test_the_centre_de_gestion_cannot_take_its_telephone_away_in_production(production, session):
    damien = utilisateur("Damien Vasseur", roles=[Role.ACHETEUR], tf_primary_method="authenticator", tf_totp_secret="x")
    session.commit()
    client = production.test_client().connecter(damien)
    assert "obligatoire" in client.post("/mon-compte/second-facteur", data={"setup": "disable"}).text
    assert damien.tf_primary_method == "authenticator"


def test_a_town_hall_may_do_without_a_telephone_and_take_it_away(production, session):
    amelie = avec_mot_de_passe(production, utilisateur("Amélie Caron", roles=[Role.AGENT]), session)
    client = production.test_client()
    client.post("/connexion", data={"email": amelie.email, "password": MOT_DE_PASSE})
    assert client.get("/mon-compte").status_code == 200
    mettre_en_place(production, client)
    assert client.post("/mon-compte/second-facteur", data={"setup": "disable"}).status_code == 302
    assert amelie.tf_primary_method is None


def test_an_old_session_confirms_before_touching_the_telephone(client_de, session):
    amelie = utilisateur("Amélie Caron", roles=[Role.AGENT], mot_de_passe=MOT_DE_PASSE)
    client = client_de(amelie, fs_paa=0)
    reponse = client.get("/mon-compte/second-facteur")
    assert urlsplit(reponse.location).path == "/connexion/confirmation"
    assert "Confirmez que c’est vous" in client.get(reponse.location).text
    suite = {"passcode": MOT_DE_PASSE, "next": "/mon-compte/second-facteur"}
    assert client.post("/connexion/confirmation", data=suite).location == "/mon-compte/second-facteur"
    assert client.get("/mon-compte/second-facteur").status_code == 200


def test_the_demonstration_lists_its_people_by_role_and_one_click_enters(client, session):
    dainville = collectivite("Dainville")
    agnes = utilisateur(
        "Agnès Caron", roles=[Role.AGENT], collectivite=dainville, email=f"agnes@{DOMAINE_DEMONSTRATION}"
    )
    utilisateur("Damien Vasseur", roles=[Role.ACHETEUR], email=f"damien@{DOMAINE_DEMONSTRATION}")
    utilisateur("Une vraie personne", roles=[Role.ACHETEUR])
    texte = client.get("/connexion").text
    assert "Agnès Caron" in texte and "Dainville" in texte and "Damien Vasseur" in texte
    assert "Une vraie personne" not in texte
    reponse = client.post("/connexion/demonstration", data={"utilisateur": agnes.id, "next": "/mon-compte"})
    assert (reponse.status_code, reponse.location) == (303, "/mon-compte")
    assert client.get("/mon-compte").status_code == 200


def test_the_door_of_the_demonstration_opens_to_its_people_only(client, session):
    vraie = utilisateur("Une vraie personne", roles=[Role.ADMINISTRATEUR])
    fermee = utilisateur("Fermée", roles=[Role.AGENT], email=f"f@{DOMAINE_DEMONSTRATION}", active=False)
    for numero in (vraie.id, fermee.id, 999_999, "x"):
        assert client.post("/connexion/demonstration", data={"utilisateur": numero}).status_code == 404
    assert client.get("/mon-compte").status_code == 302


def test_production_has_no_door_and_lists_nobody(production, session):
    agnes = utilisateur("Agnès Caron", roles=[Role.AGENT], email=f"agnes@{DOMAINE_DEMONSTRATION}")
    client = production.test_client()
    assert client.post("/connexion/demonstration", data={"utilisateur": agnes.id}).status_code == 404
    assert "/connexion/demonstration" not in {regle.rule for regle in production.url_map.iter_rules()}
    assert "Agnès" not in client.get("/connexion").text


def test_a_demonstration_account_cannot_sign_in_to_production_by_any_way(production, session):
    agnes = utilisateur("Agnès Caron", roles=[Role.AGENT], email=f"Agnes@{DOMAINE_DEMONSTRATION.upper()}")
    avec_mot_de_passe(production, agnes, session)
    client = production.test_client()
    reponse = client.post("/connexion", data={"email": agnes.email, "password": MOT_DE_PASSE})
    assert reponse.status_code == 200 and "ne correspond pas" in reponse.text
    client.post("/connexion/code/envoi", data={"identity": agnes.email})
    client.post("/mot-de-passe-oublie", data={"email": agnes.email})
    assert session.scalar(text("SELECT count(*) FROM courriel")) == 0
    assert connecter(client, agnes).get("/mon-compte").status_code == 302


def test_production_shows_nobody_the_mails_of_others(production, session):
    client = connecter(production.test_client(), utilisateur("Amélie", roles=[Role.AGENT]))
    assert client.get("/courriels").status_code == 404


def test_a_code_of_the_telephone_serves_once_even_within_its_minute(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    entree = {"email": damien.email, "password": MOT_DE_PASSE}
    client = production.test_client()
    client.post("/connexion", data=entree)
    secret = mettre_en_place(production, client)
    suivant = code_du_telephone(production, secret, dans=30)
    for essai, (code, attendu) in enumerate(
        [
            (code_du_telephone(production, secret), 200),  # the one that put the telephone in place
            (suivant, 302),
            (suivant, 200),
            (code_du_telephone(production, secret), 200),  # older than the last one used
        ]
    ):
        autre = production.test_client()
        autre.post("/connexion", data=entree)
        assert autre.post("/connexion/second-facteur", data={"code": code}).status_code == attendu, essai
        assert autre.get("/collectivites").status_code == (200 if attendu == 302 else 302), essai


def test_two_people_who_send_the_same_code_at_the_same_moment_are_one(production, session, en_meme_temps):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE})
    secret = mettre_en_place(production, client)
    code, usine = code_du_telephone(production, secret, dans=30), production.extensions["security"].totp_factory
    numero = damien.id

    def essayer():
        with production.app_context():
            personne = db.session.get(Utilisateur, numero)
            juste = usine.verify_totp(code, personne.tf_totp_secret, personne, window=60)
            db.session.commit()
            return juste

    assert sorted(en_meme_temps(essayer, essayer)) == [False, True]


def test_a_mailed_code_and_a_code_of_the_telephone_do_not_count_together(production, session):
    damien = avec_mot_de_passe(production, utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]), session)
    client = production.test_client()
    client.post("/connexion", data={"email": damien.email, "password": MOT_DE_PASSE})
    secret = mettre_en_place(production, client)
    client.post("/deconnexion")
    client.post("/connexion/code/envoi", data={"identity": damien.email})
    corps = session.scalars(text("SELECT corps FROM courriel ORDER BY id DESC")).first()
    mot = re.search(r"\b(\d{6})\b", corps)[1]
    reponse = client.post("/connexion/code", data={"identity": damien.email, "passcode": mot, "submit": "1"})
    assert urlsplit(reponse.location).path == "/connexion/second-facteur"
    suivant = code_du_telephone(production, secret, dans=30)
    assert client.post("/connexion/second-facteur", data={"code": suivant}).status_code == 302
