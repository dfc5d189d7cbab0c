"""The rights matrix: every address × every role × somebody else's object, read from the map of the application itself.

A new page is tried as soon as it exists. When it needs an object nobody gave, the failure says where to give one.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from groupement.adherents.acces import LIBRES
from groupement.adherents.states import Role
from tests.exemples.personnes import Exemples, Personne
from tests.outils.application import ClientDEssai

# Served to anybody, and why.
PUBLIQUES = {
    "tableau_de_bord.index": "sends a visitor to the sign-in page",
    "tableau_de_bord.accessibilite": "the law asks for it",
    "tableau_de_bord.mentions_legales": "the law asks for it",
    "tableau_de_bord.sante": "whoever watches over the service",
    "connexion.demonstration": "the doors of the demonstration; production has no such address",
    "connexion.invitation": "whoever holds the signed link",
    "proconnect.new": "the button of ProConnect; no such address without its settings",
    "proconnect.show_retour": "ProConnect sends people back here with a code",
    "cles.new_entree": "a passkey opens the door: asked before anybody is known",
    "declarations.edit": "a body answers an enquête by the signed link of its letter",
    "declarations.show_merci": "the same link, once the answer is sent",
    "paiements.create_evenement": "the payment gateway, which signs what it sends",
    **dict.fromkeys(
        (
            *("bon_par_lien.show", "bon_par_lien.show_pdf", "bon_par_lien.show_version", "bon_par_lien.show_lieux"),
            *("bon_par_lien.create_ouverture", "bon_par_lien.create_accuse"),
            *("bon_par_lien.new_proposition", "bon_par_lien.create_proposition"),
            *("bon_par_lien.new_observation", "bon_par_lien.create_observation"),
            *("livraisons_par_lien.index", "livraisons_par_lien.create_annonce", "livraisons_par_lien.show_pdf"),
            *("livraisons_par_lien.new_partie", "livraisons_par_lien.create_partie"),
        ),
        "a supplier reads and answers its bon by the signed link of the mail",
    ),
}
# Where the number is a row of a list that may have gone meanwhile: refused with a sentence.
DISPARUS = {"besoins.update": {409, 422}, "besoins.create_retrait": {409, 422}}
LECTURE = {200, 302, 303}
# An empty form: sent back with its faults, refused by a rule, or done when it asks for nothing.
ECRITURE = {200, 302, 303, 400, 409, 422}
ECRITS = ("INSERT", "UPDATE", "DELETE")
VERROU = "UPDATE verrou"  # how SQLite takes its write lock; it changes nothing

Requete = tuple[Rule, str]


def regles(app: Flask) -> Iterator[Rule]:
    """Our own addresses; libraries guard theirs."""
    yield from (r for r in app.url_map.iter_rules() if not r.endpoint.startswith(LIBRES))


def requetes(app: Flask) -> Iterator[Requete]:
    """Each address with each of its methods."""
    for regle in regles(app):
        yield from ((regle, methode) for methode in sorted(regle.methods & {"GET", "POST"}))


def gardees(app: Flask) -> Iterator[Requete]:
    """Those that ask for a role."""
    yield from ((r, m) for r, m in requetes(app) if roles(app, r))


def roles(app: Flask, regle: Rule) -> frozenset[Role]:
    """Whom a view serves; nobody in particular when it is public."""
    return getattr(app.view_functions[regle.endpoint], "roles", frozenset())


def demander(client: ClientDEssai, methode: str, adresse: str, formulaire: dict[str, Any] | None = None) -> Any:
    """Send it; a POST carries a right token and a form that is empty, but for the object it is about."""
    return client.open(adresse, method=methode, data=formulaire or None)


def ecritures(envoyees: list[str]) -> list[str]:
    """What was sent to the database that would change it."""
    return [i for i in envoyees if i.lstrip().upper().startswith(ECRITS) and not i.lstrip().startswith(VERROU)]


def test_every_view_names_its_roles_or_is_public(app):
    muettes = {r.endpoint for r in regles(app) if not hasattr(app.view_functions[r.endpoint], "roles")}
    assert not muettes, f"Ajoutez @role_requis(…) ou @publique : {sorted(muettes)}"
    ouvertes = {r.endpoint for r in regles(app) if not roles(app, r)}
    assert ouvertes == set(PUBLIQUES), "Une page publique s’explique dans PUBLIQUES."


def test_every_object_in_an_address_has_an_example(app, exemples):
    manquent = []
    for regle in regles(app):
        if regle.endpoint not in PUBLIQUES:
            manquent += [f"{regle.rule} : {p}" for p in sorted(regle.arguments) if not exemples.cle(regle.endpoint, p)]
    assert not manquent, "Dites quel objet va là, dans tests/exemples/objets.py :\n" + "\n".join(manquent)


def test_no_example_is_left_for_a_page_that_is_gone(app, exemples):
    connus = {r.endpoint for r in regles(app)} | {r.endpoint.rpartition(".")[0] for r in regles(app)}
    perdus = [cle for cle in exemples.valeurs if ":" in cle and cle.partition(":")[0] not in connus]
    assert not perdus, f"À retirer de tests/exemples/objets.py : {perdus}"


def test_a_visitor_is_sent_to_the_sign_in_page_and_nothing_is_written(app, client, adresse, sql):
    fautes = []
    with sql() as envoyees:
        for regle, methode in gardees(app):
            reponse = demander(client, methode, adresse(regle))
            if reponse.status_code not in (302, 303) or not reponse.location.startswith("/connexion"):
                fautes.append(f"{methode} {regle.rule} : {reponse.status_code} {reponse.location or ''}")
    assert not fautes, "\n".join(fautes)
    assert not ecritures(envoyees)


def test_a_role_the_view_does_not_name_is_refused_and_nothing_is_written(app, exemples, clients, adresse, sql):
    fautes = []
    with sql() as envoyees:
        for regle, methode in gardees(app):
            exclus = [p for p in exemples.personnes if p.role not in roles(app, regle)]
            for personne in exclus:
                reponse = demander(clients[personne.nom], methode, adresse(regle))
                if reponse.status_code != 403:
                    fautes.append(f"{methode} {regle.rule} par {personne.nom} : {reponse.status_code}")
    assert not fautes, "\n".join(fautes)
    assert not ecritures(envoyees)


def etrangers(app: Flask, exemples: Exemples, regle: Rule) -> list[Personne]:
    """Those whose role the view names, but not for the object of the address."""
    a_qui = exemples.appartenances(regle.endpoint, regle.arguments)
    return [p for p in exemples.personnes if p.role in roles(app, regle) and not p.voit(a_qui)]


def test_somebody_elses_object_does_not_exist_and_nothing_is_written(app, exemples, clients, adresse, sql):
    fautes, essais = [], 0
    with sql() as envoyees:
        for regle, methode in gardees(app):
            for personne in etrangers(app, exemples, regle):
                essais += 1
                reponse = demander(clients[personne.nom], methode, adresse(regle))
                if reponse.status_code != 404:
                    fautes.append(f"{methode} {adresse(regle)} par {personne.nom} : {reponse.status_code}")
    assert not fautes, "\n".join(fautes)
    assert essais > 50 and not ecritures(envoyees)


def invites(app: Flask, exemples: Exemples, regle: Rule) -> list[Personne]:
    """Those the page is for."""
    a_qui = exemples.appartenances(regle.endpoint, regle.arguments)
    return [p for p in exemples.personnes if p.role in roles(app, regle) and p.voit(a_qui)]


def test_the_right_people_read_every_page(app, exemples, clients, adresse):
    fautes = []
    for regle, methode in gardees(app):
        for personne in invites(app, exemples, regle) if methode == "GET" else ():
            reponse = demander(clients[personne.nom], methode, adresse(regle))
            if reponse.status_code not in LECTURE:
                fautes.append(f"{methode} {adresse(regle)} par {personne.nom} : {reponse.status_code}")
    assert not fautes, "\n".join(fautes)


def test_the_right_people_reach_every_form(app, exemples, clients, adresse, base_d_essai):
    fautes = []
    for regle, methode in gardees(app):
        a_neuf = True
        for personne in invites(app, exemples, regle) if methode == "POST" else ():
            formulaire = exemples.formulaire(regle.endpoint, personne)
            reponse = demander(clients[personne.nom], methode, adresse(regle), formulaire)
            if reponse.status_code == 404 and not a_neuf:  # the one before did it: put the world back
                base_d_essai.remettre(app, "exemples")
                reponse = demander(clients[personne.nom], methode, adresse(regle), formulaire)
            a_neuf = False
            if reponse.status_code not in ECRITURE:
                fautes.append(f"{methode} {adresse(regle)} par {personne.nom} : {reponse.status_code}")
        if not a_neuf:
            base_d_essai.remettre(app, "exemples")
    assert not fautes, "\n".join(fautes)


def avec_un_autre_numero(app: Flask, exemples: Exemples, numero: int) -> Iterator[tuple[Rule, str, str]]:
    """Each address with a number, with `numero` instead of it: rule, method, address."""
    for regle, methode in gardees(app):
        for parametre in re.findall(r"<int:(\w+)>", regle.rule):
            valeurs = exemples.pour(regle.endpoint, regle.arguments) | {parametre: numero}
            with app.test_request_context():
                yield regle, methode, url_for(regle.endpoint, **valeurs)


@pytest.mark.parametrize(("numero", "pourquoi"), [(987_654, "nobody has it"), (99_999_999_999, "no column holds it")])
def test_an_object_that_is_not_there_is_a_404(app, exemples, clients, numero, pourquoi):
    fautes = []
    for regle, methode, absent in avec_un_autre_numero(app, exemples, numero):
        for personne in invites(app, exemples, regle)[:1]:
            formulaire = exemples.formulaire(regle.endpoint, personne)
            reponse = demander(clients[personne.nom], methode, absent, formulaire)
            if reponse.status_code not in {404} | DISPARUS.get(regle.endpoint, set()):
                fautes.append(f"{methode} {absent} par {personne.nom} : {reponse.status_code}")
    assert not fautes, f"{pourquoi} :\n" + "\n".join(fautes)
