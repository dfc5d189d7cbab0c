"""The first administrateur of a new installation comes in through a command."""

from sqlalchemy import select

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import Role
from groupement.socle.db import db
from tests.fabriques import adherents


def test_the_link_of_the_command_opens_the_account(groupement, client):
    sortie = groupement("inviter", "Élodie Martel", "elodie@cdg.example.org", "--role", "administrateur", "--json")
    assert sortie.code == 0, sortie.erreurs
    chemin = "/" + sortie.json["lien"].split("/", 3)[3]
    assert client.get(chemin).status_code == 200
    personne = db.session.scalars(select(Utilisateur)).one()
    assert [h.role for h in personne.habilitations] == [Role.ADMINISTRATEUR]
    assert personne.password is None


def test_an_agent_needs_a_body(groupement, app):
    refus = groupement("inviter", "Bruno", "bruno@mairie.example.org", "--role", "agent")
    assert refus.code == 2 and "--siren" in refus.erreurs
    corps = adherents.collectivite("Ayette")
    fait = groupement("inviter", "Bruno", "bruno@mairie.example.org", "--role", "agent", "--siren", corps.siren)
    assert fait.code == 0
    assert db.session.scalars(select(Utilisateur)).one().habilitations[0].collectivite_id == corps.id


def test_the_same_address_twice_is_refused(groupement, app):
    appel = ("inviter", "Claire", "claire@cdg.example.org", "--role", "acheteur")
    assert groupement(*appel).code == 0
    assert groupement(*appel).code == 3


def test_what_is_not_an_address_is_refused(groupement, app):
    assert groupement("inviter", "Claire", "claire", "--role", "acheteur").code == 2
