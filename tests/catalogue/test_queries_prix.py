"""Prices at a date, for any number of articles, in one statement."""

from datetime import date

import pytest

from groupement.catalogue.queries import prix_a_la_date
from tests.fabriques import catalogue as fabriques

RENTREE = date(2026, 9, 1)
pytestmark = pytest.mark.usefixtures("app")


def test_the_price_is_the_latest_one_that_started_on_the_day_or_before():
    article = fabriques.article(paliers="25:1.74|250:1.61")
    fabriques.prix(article, "25:1.80|250:1.70", du=RENTREE)
    la_veille = prix_a_la_date([article.id], date(2026, 8, 31))
    le_jour = prix_a_la_date([article.id], RENTREE)
    assert la_veille == {article.id: fabriques.paliers("25:1.74|250:1.61")}
    assert le_jour == {article.id: fabriques.paliers("25:1.80|250:1.70")}


def test_an_article_without_a_price_yet_is_absent():
    article = fabriques.article(paliers=None)
    futur = fabriques.article(du=date(2027, 1, 1))
    assert prix_a_la_date([article.id, futur.id], RENTREE) == {}


def test_prices_are_asked_for_a_lot_or_a_whole_marche():
    marche = fabriques.marche(lots=2)
    autre = fabriques.article()
    boite, baie = (fabriques.article(lot) for lot in marche.lots)
    assert set(prix_a_la_date(marche.lots[0], RENTREE)) == {boite.id}
    assert set(prix_a_la_date(marche, RENTREE)) == {boite.id, baie.id}
    assert autre.id not in prix_a_la_date(marche, RENTREE)


def test_no_article_asked_gives_no_price():
    fabriques.article()
    assert prix_a_la_date([], RENTREE) == {}


def test_one_statement_whatever_the_number_of_articles(sql):
    lot = fabriques.lot()
    articles = [fabriques.article(lot).id for _ in range(40)]
    for ids in (articles[:2], articles):
        with sql() as envoyees:
            assert len(prix_a_la_date(ids, RENTREE)) == len(ids)
        assert len(envoyees) == 1
