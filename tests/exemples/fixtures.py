"""The fixtures: the small world in the database, an address of the map, everybody signed in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from groupement.adherents.models import (
    Utilisateur,
)
from groupement.adherents.states import Role
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from tests.exemples import monde as monde_en_petit
from tests.exemples import objets, urgences
from tests.exemples.personnes import Exemples, Personne
from tests.outils.application import ClientDEssai

MODELE = "exemples"


def monter(le: datetime) -> Exemples:
    """Build the world and say which object goes where; the caller commits."""
    monde = monde_en_petit.Monde(le)
    personnes = monde_en_petit.personnes(monde)
    valeurs = (
        objets.du_catalogue(monde)
        | objets.des_commandes(monde)
        | objets.des_livraisons(monde)
        | objets.des_factures(monde)
        | objets.des_audits(monde)
        | objets.des_prestations(monde)
        | objets.des_personnes(monde, personnes)
        | objets.des_intentions(monde)
        | urgences.des_depannages(monde)
    )
    return Exemples(valeurs, tuple(_avec_session(personne, valeurs) for personne in personnes))


def _avec_session(personne: Personne, valeurs: dict[str, Any]) -> Personne:
    """Files just laid down, that only their own session may see: bodies (administrateur), answers (acheteur too)."""
    reponses = {"importation_limesurvey": valeurs["(fichier de réponses)"]}
    if personne.role is Role.ACHETEUR:
        return replace(personne, en_session=reponses)
    if personne.role is not Role.ADMINISTRATEUR:
        return personne
    depose = [valeurs["importation:fichier_id"], valeurs["(empreinte du fichier)"]]
    return replace(personne, en_session={"importation_collectivites": depose, **reponses})


@pytest.fixture(scope="session")
def _modele_exemples(app: Flask, base_d_essai: Any) -> Iterator[Exemples]:
    """Keep the small world as a model of database; the values stay true when it is put back."""
    base_d_essai.remettre(app)
    with app.app_context():
        exemples = monter(maintenant())
        db.session.commit()
    base_d_essai.garder(app, MODELE)
    yield exemples


@pytest.fixture
def exemples(_modele_exemples: Exemples, session: Any) -> Exemples:
    """The small world is in the database; the values for the addresses, and the people who try them."""
    return _modele_exemples


@pytest.fixture
def adresse(app: Flask, exemples: Exemples) -> Callable[[Rule], str]:
    """The address of a rule, its parameters filled with the objects of the examples."""

    def batir(regle: Rule) -> str:
        with app.test_request_context():
            return url_for(regle.endpoint, **exemples.pour(regle.endpoint, regle.arguments))

    return batir


@pytest.fixture
def clients(app: Flask, session: Any, exemples: Exemples) -> dict[str, ClientDEssai]:
    """Everybody, signed in."""
    return {
        p.nom: app.test_client().connecter(session.get_one(Utilisateur, p.utilisateur_id), **p.en_session)
        for p in exemples.personnes
    }
