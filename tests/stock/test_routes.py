"""The pages of the stock: what lies at a depot, its history, its count."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock import actions, queries
from groupement.stock.models import Depot, MouvementStock
from tests.fabriques import adherents
from tests.fabriques import catalogue as fabriques

D = Decimal
LE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def depot(app):
    return fabriques.depot("Dépôt de Bruay-la-Buissière")


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def entrer(depot, article, unites, valeur):
    actions.mouvementer(
        depot, article.id, unites, valeur_ht=D(valeur), motif="Surplus", piece="BC-2026-00003", par=AUTOMATE, le=LE
    )
    db.session.commit()


def feuille(client, depot):
    """The count sheet as a browser would send it back, nothing typed yet."""
    page = client.get(f"/stock/{depot.id}/inventaires/nouveau").text
    champs = dict(re.findall(r'name="(lignes-\d+-(?:article_id|attendu))"[^>]*value="([^"]*)"', page))
    comptes = {nom.replace("article_id", "compte"): "" for nom in champs if nom.endswith("article_id")}
    return {**champs, **comptes, "motif": "inventaire annuel", "reference": "", "unites": "", "valeur_ht": ""}


def compter(client, depot, **changes):
    return client.post(f"/stock/{depot.id}/inventaires/", data={**feuille(client, depot), **changes})


def test_without_a_depot_the_page_says_what_to_do_first(acheteur):
    texte = acheteur.get("/stock/").text
    assert "Aucun dépôt pour l’instant" in texte and "/stock/depots/nouveau" in texte


def test_a_depot_is_opened_then_corrected(acheteur):
    saisie = {"nom": "Bruay", "adresse": "Allée du Château", "code_postal": "62700", "ville": "Bruay-la-Buissière"}
    assert acheteur.post("/stock/depots/nouveau", data=saisie).status_code == 303
    depot = db.session.scalars(select(Depot)).one()
    assert "Le dépôt est vide" in acheteur.get("/stock/").text
    acheteur.post(f"/stock/depots/{depot.id}/modification", data={**saisie, "horaires": "de 9 h à 12 h"})
    assert depot.horaires == "de 9 h à 12 h"
    repetition = acheteur.post("/stock/depots/nouveau", data=saisie)
    assert repetition.status_code == 422 and "porte déjà ce nom" in repetition.text
    mauvais = acheteur.post("/stock/depots/nouveau", data={**saisie, "nom": "", "code_postal": "6270"})
    assert mauvais.status_code == 422 and "cinq chiffres" in mauvais.text


def test_what_lies_there_is_shown_with_its_value_and_latest_movements(depot, acheteur):
    boite = fabriques.article()
    entrer(depot, boite, 6, "3.24")
    texte = acheteur.get("/stock/").text
    for attendu in (boite.designation, "3,24\u00a0€", "0,54\u00a0€", "+6", "BC-2026-00003", "Surplus"):
        assert attendu in texte
    assert "None" not in texte
    csv = acheteur.get("/stock/?format=csv").text.splitlines()
    assert csv[1].startswith(f"{boite.reference},") and ",6,0.54,3.24," in csv[1]


def test_another_depot_is_chosen_by_its_tab(depot, acheteur):
    autre = fabriques.depot("Annexe d’Arras")
    boite = fabriques.article()
    entrer(autre, boite, 6, "3.24")
    assert boite.designation in acheteur.get(f"/stock/?depot={autre.id}").text
    assert boite.designation not in acheteur.get(f"/stock/?depot={depot.id}").text


def test_the_history_of_an_article_shows_what_was_left_after_each_movement(depot, acheteur):
    boite = fabriques.article()
    entrer(depot, boite, 3, "1.00")
    actions.mouvementer(depot, boite.id, -1, motif="Retrait", par=AUTOMATE, le=LE)
    texte = acheteur.get(f"/stock/{depot.id}/articles/{boite.id}").text
    assert "−0,33\u00a0€" in texte and "0,67\u00a0€" in texte
    vierge = fabriques.article()
    assert "jamais passé par ce dépôt" in acheteur.get(f"/stock/{depot.id}/articles/{vierge.id}").text


def test_a_count_writes_the_differences(depot, acheteur):
    boite, chemise = fabriques.article(designation="A"), fabriques.article(designation="B")
    entrer(depot, boite, 6, "3.24")
    entrer(depot, chemise, 10, "5.00")
    reponse = compter(acheteur, depot, **{"lignes-0-compte": "4", "lignes-1-compte": "10"})
    assert reponse.status_code == 303
    assert "2\u00a0articles comptés\u00a0: 1\u00a0écart est enregistré." in acheteur.get(reponse.location).text
    assert queries.quantites_en_stock(depot.id) == {boite.id: (4, D("2.16")), chemise.id: (10, D("5.00"))}
    ligne = db.session.scalars(select(MouvementStock).order_by(MouvementStock.id.desc())).first()
    assert (ligne.motif, ligne.par) == ("Inventaire\u00a0: inventaire annuel", "Bruno Lefebvre")


def test_an_article_found_besides_enters_at_the_cost_typed(depot, acheteur):
    trouve = fabriques.article(reference="SAN-100")
    assert compter(acheteur, depot, reference="san-100", unites="12", valeur_ht="10,44").status_code == 303
    assert queries.quantites_en_stock(depot.id) == {trouve.id: (12, D("10.44"))}


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({}, "Comptez au moins un article."),
        ({"motif": "", "lignes-0-compte": "4"}, "Dites pourquoi vous comptez"),
        ({"lignes-0-compte": "-4"}, "Indiquez 0 ou plus."),
        ({"lignes-0-compte": "quatre"}, "Écrivez un nombre entier"),
        ({"reference": "INCONNUE", "unites": "3"}, "Aucun article ne porte cette référence."),
        ({"reference": "BTE", "unites": "3"}, "Cet article est dans la liste"),
        ({"reference": "SAN"}, "Indiquez combien vous en avez trouvé."),
        ({"reference": "SAN", "unites": "3"}, "Indiquez ce qu’ils ont coûté"),
        ({"reference": "SAN", "unites": "0"}, "Indiquez 1 ou plus."),
    ],
)
def test_a_sheet_that_says_nothing_sure_is_sent_back(depot, acheteur, changes, phrase):
    entrer(depot, fabriques.article(reference="BTE"), 6, "3.24")
    fabriques.article(reference="SAN")
    reponse = compter(acheteur, depot, **changes)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalar(select(func.count()).select_from(MouvementStock)) == 1


def test_a_sheet_older_than_a_movement_asks_to_count_again(depot, acheteur):
    boite = fabriques.article()
    entrer(depot, boite, 6, "3.24")
    envoi = feuille(acheteur, depot) | {"lignes-0-compte": "6"}
    actions.mouvementer(depot, boite.id, -2, motif="Retrait", par=AUTOMATE, le=LE)
    reponse = acheteur.post(f"/stock/{depot.id}/inventaires/", data=envoi)
    assert reponse.status_code == 422 and "(6, puis 4)" in reponse.text
    assert queries.stock_de(depot.id, boite.id).unites == 4


def test_a_forged_sheet_is_refused(depot, acheteur):
    envoi = {"motif": "x", "lignes-0-article_id": "99", "lignes-0-attendu": "0", "lignes-0-compte": "5"}
    assert acheteur.post(f"/stock/{depot.id}/inventaires/", data=envoi).status_code == 404
    assert (
        acheteur.post(f"/stock/{depot.id}/inventaires/", data=envoi | {"lignes-0-article_id": "x"}).status_code == 422
    )


def test_only_the_centre_de_gestion_reads_and_only_the_buyer_counts(depot, client_de):
    comptable = client_de(adherents.utilisateur(roles=[Role.COMPTABLE]))
    agent = client_de(adherents.utilisateur(roles=[Role.AGENT]))
    assert (comptable.get("/stock/").status_code, agent.get("/stock/").status_code) == (200, 403)
    assert comptable.get(f"/stock/{depot.id}/inventaires/nouveau").status_code == 403
    assert comptable.post(f"/stock/{depot.id}/inventaires/").status_code == 403
    assert comptable.get("/stock/99/articles/1").status_code == 404


def test_statements_do_not_depend_on_the_number_of_articles(depot, acheteur, sql):
    lot, comptes = fabriques.lot(), []
    for nombre in (2, 60):
        for _ in range(nombre):
            entrer(depot, fabriques.article(lot, paliers=None), 5, "1.00")
        for adresse in ("/stock/", f"/stock/{depot.id}/inventaires/nouveau"):
            with sql() as envoyees:
                assert acheteur.get(adresse).status_code == 200
            comptes.append(len(envoyees))
    assert comptes[:2] == comptes[2:] and max(comptes) <= 12
