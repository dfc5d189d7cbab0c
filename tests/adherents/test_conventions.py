"""Versions of the convention: recorded once, never in the future, by the buyer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Convention
from groupement.adherents.states import Role
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from tests.fabriques import adherents


@pytest.fixture
def acheteur(client):
    """The buyer, signed in."""
    return adherents.connecter(client, adherents.utilisateur(roles=[Role.ACHETEUR]))


def poster(client, **champs):
    """Send the form of a new version."""
    valeurs = {"intitule": "Convention constitutive", "version": "2026-1", "adoptee_le": "2026-01-15"}
    return client.post("/conventions/nouvelle", data=valeurs | champs)


def test_an_empty_list_says_what_to_do_first(acheteur):
    assert "Commencez par elle" in acheteur.get("/conventions/").text


def test_a_version_is_recorded_and_listed(acheteur):
    assert poster(acheteur).status_code == 303
    assert db.session.scalars(select(Convention)).one().adoptee_le == date(2026, 1, 15)
    assert "2026-1" in acheteur.get("/conventions/").text


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"version": ""}, "Donnez un numéro"),
        ({"intitule": ""}, "Donnez son intitulé"),
        ({"adoptee_le": "hier"}, "Écrivez une date"),
        ({"adoptee_le": (aujourdhui() + timedelta(days=2)).isoformat()}, "dans l’avenir"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(acheteur, champs, phrase):
    reponse = poster(acheteur, **champs)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalar(select(func.count()).select_from(Convention)) == 0


def test_a_version_is_recorded_once(acheteur):
    poster(acheteur)
    assert "déjà enregistrée" in poster(acheteur).text
    assert db.session.scalar(select(func.count()).select_from(Convention)) == 1
