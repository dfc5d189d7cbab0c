"""The articles a person keeps at hand, and articles side by side."""

import pytest

from groupement.adherents.states import Role
from groupement.catalogue.actions import favoris
from groupement.catalogue.models import AccesFournisseur, Favori
from groupement.catalogue.queries import favoris_de
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue


@pytest.fixture
def articles(app):
    lot = catalogue.marche(lots=2).lots[0]
    return [catalogue.article(lot, designation=f"Boîte numéro {rang}", dos_mm=80 + 10 * rang) for rang in range(5)]


@pytest.fixture
def amelie(app):
    return adherents.utilisateur("Amélie Delattre", roles=[Role.AGENT])


@pytest.fixture
def agent(client_de, amelie):
    return client_de(amelie)


def basculer(client, article, garder="oui", **options):
    return client.post(
        f"/catalogue/articles/{article.id}/favori", data={"garder": garder, "retour": "/catalogue/?q=boite"}, **options
    )


def test_a_star_keeps_an_article_and_comes_back_where_one_was(articles, agent, amelie):
    reponse = basculer(agent, articles[0])
    assert reponse.status_code == 303 and reponse.location == "/catalogue/?q=boite"
    assert favoris_de(amelie.id) == {articles[0].id}
    assert "Boîte numéro 0" in agent.get("/catalogue/favoris").text
    assert "Dans mes favoris" in agent.get(f"/catalogue/articles/{articles[0].id}").text
    basculer(agent, articles[0], "non")
    assert favoris_de(amelie.id) == set()
    assert "Aucun favori" in agent.get("/catalogue/favoris").text


def test_twice_is_once_and_what_was_not_kept_is_forgotten_without_fault(articles, agent, amelie):
    basculer(agent, articles[0])
    assert basculer(agent, articles[0]).status_code == 303
    assert favoris_de(amelie.id) == {articles[0].id}
    assert basculer(agent, articles[1], "non").status_code == 303


def test_two_windows_at_the_same_moment_keep_one(articles, amelie, en_meme_temps):
    db.session.commit()
    article_id, personne_id = articles[0].id, amelie.id

    def garder():
        favoris.garder(db.session.get_one(type(articles[0]), article_id), personne_id, le=maintenant())
        db.session.commit()

    en_meme_temps(garder, garder)
    assert db.session.scalar(db.select(db.func.count()).select_from(Favori)) == 1


def test_htmx_gets_the_star_alone(articles, agent):
    etoile = basculer(agent, articles[0], headers={"HX-Request": "true"}).text
    assert etoile.lstrip().startswith("<form") and "Dans mes favoris" in etoile and "<html" not in etoile


@pytest.mark.parametrize("retour", ["https://ailleurs.example.org/", "//ailleurs.example.org", "", "javascript:x"])
def test_the_star_never_leads_elsewhere(articles, agent, retour):
    donnees = {"garder": "oui", "retour": retour}
    reponse = agent.post(f"/catalogue/articles/{articles[0].id}/favori", data=donnees)
    assert reponse.location == "/catalogue/favoris"


def test_favourites_are_a_person_s_own(articles, agent, client_de):
    basculer(agent, articles[0])
    autre = client_de(adherents.utilisateur("Karine Lefebvre", roles=[Role.AGENT]))
    assert "Aucun favori" in autre.get("/catalogue/favoris").text


def test_a_favourite_taken_off_the_catalogue_says_so(articles, agent):
    basculer(agent, articles[0])
    articles[0].actif = False
    db.session.commit()
    assert "n’est plus au catalogue" in agent.get("/catalogue/favoris").text


def test_a_supplier_keeps_none_of_another(articles, client_de):
    personne = adherents.utilisateur("Paul Caron", roles=[Role.FOURNISSEUR])
    autre = catalogue.article(articles[0].lot.marche.lots[1])
    db.session.add(AccesFournisseur(utilisateur=personne, fournisseur=articles[0].lot.titulaire))
    assert basculer(client_de(personne), autre).status_code == 404


def test_the_catalogue_shows_the_favourites_alone(articles, agent):
    basculer(agent, articles[3])
    texte = agent.get("/catalogue/?favoris=oui").text
    assert "Boîte numéro 3" in texte and "Boîte numéro 2" not in texte


def test_articles_are_compared_and_what_differs_is_said_in_a_word(articles, agent):
    texte = agent.get(f"/catalogue/comparaison?a={articles[0].id}&a={articles[1].id}").text
    assert "8\u00a0cm" in texte and "9\u00a0cm" in texte and "diffère" in texte
    seules = agent.get(f"/catalogue/comparaison?a={articles[0].id}&a={articles[1].id}&seulement=differences").text
    assert "Largeur du dos" in seules and ">Famille" not in seules


def test_a_fifth_article_is_left_out_and_it_is_said(articles, agent):
    adresse = "/catalogue/comparaison?" + "&".join(f"a={article.id}" for article in articles)
    texte = agent.get(adresse).text
    assert "Quatre articles au plus" in texte and articles[3].reference in texte
    assert articles[4].reference not in texte


@pytest.mark.parametrize(
    ("requete", "phrase"),
    [("", "Rien à comparer"), ("a=abc&a=-1&a=", "Rien à comparer"), ("a=999999", "n’existe pas")],
)
def test_what_is_not_an_article_is_not_compared(articles, agent, requete, phrase):
    reponse = agent.get(f"/catalogue/comparaison?{requete}")
    assert reponse.status_code == 200 and phrase in reponse.text


def test_the_same_article_twice_is_one(articles, agent):
    texte = agent.get(f"/catalogue/comparaison?a={articles[0].id}&a={articles[0].id}").text
    assert "Il en faut deux" in texte


def test_four_articles_cost_as_many_statements_as_one(articles, agent, sql):
    comptes, ids = [], [article.id for article in articles]
    for choisis in (ids[:1], ids[:4]):
        with sql() as envoyees:
            agent.get("/catalogue/comparaison", query_string={"a": choisis})
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12
