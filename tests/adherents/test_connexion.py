"""Signing in: password, mailed code, reset, lock-out, second factor, the doors of the demonstration."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask_security import totp
from sqlalchemy import select

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import Role
from groupement.socle.courriels import Courriel
from groupement.socle.journal import Evenement
from tests.fabriques.adherents import MOT_DE_PASSE, collectivite, utilisateur

pytestmark = pytest.mark.usefixtures("app")


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


def test_a_person_signs_in_with_a_password_and_comes_back_where_they_wanted(client, amelie):
    reponse = client.get("/mon-compte")
    assert reponse.status_code == 302
    assert urlsplit(reponse.location).path == "/connexion" and "next=/mon-compte" in reponse.location.replace("%2F", "/")
    reponse = essayer(client, amelie.email.upper(), next="/mon-compte")
    assert (reponse.status_code, reponse.location) == (302, "/mon-compte")
    assert est_connecte(client)


def test_the_sign_in_page_never_leads_out_of_the_site(client, amelie):
    reponse = essayer(client, amelie.email, next="https://ailleurs.example.org/")
    assert "ailleurs" not in (reponse.location or "")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, amelie):
    pages = []
    for adresse in (amelie.email, "personne@mairie.example.org"):
        reponse = essayer(client, adresse, "ce n’est pas le bon")
        assert reponse.status_code == 200
        pages.append(re.findall(r'role="alert"[^>]*>.*?</div>', reponse.text, re.S))
    assert pages[0] == pages[1] and "ne correspond pas" in pages[0][0]
    assert not est_connecte(client)
