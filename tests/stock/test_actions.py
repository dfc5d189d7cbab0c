"""Moving stock in the database: append-only, never below zero, exact values, one statement whatever the number."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from groupement.stock import actions, queries
from groupement.stock.actions import Mouvement
from groupement.stock.models import MouvementStock
from groupement.stock.rules.valeur import Stock
from tests.fabriques import catalogue as fabriques

D = Decimal
LE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def depot(app):
    return fabriques.depot()


@pytest.fixture
def boite(app):
    return fabriques.article()


def bouger(depot, article, unites, valeur=None, **options):
    prix = None if valeur is None else D(valeur)
    return actions.mouvementer(depot, article.id, unites, valeur_ht=prix, motif="essai", par=AUTOMATE, le=LE, **options)


def test_what_comes_in_is_there_with_its_cost(depot, boite):
    bouger(depot, boite, 6, "3.24", piece="BC-2026-00001")
    bouger(depot, boite, 4, "3.00")
    assert queries.quantites_en_stock(depot.id) == {boite.id: (10, D("6.24"))}
    ligne = db.session.scalars(select(MouvementStock).order_by(MouvementStock.id)).first()
    assert (ligne.piece, ligne.motif, ligne.par) == ("BC-2026-00001", "essai", AUTOMATE.nom)


def test_what_goes_out_takes_its_share_of_the_value(depot, boite):
    bouger(depot, boite, 3, "1.00")
    assert [bouger(depot, boite, -1) for _ in range(3)] == [D("-0.33"), D("-0.34"), D("-0.33")]
    assert queries.quantites_en_stock(depot.id) == {}
    assert queries.stock_de(depot.id, boite.id) == Stock(0, D("0.00"))


def test_more_than_there_is_is_refused_and_nothing_is_written(depot, boite):
    chemise = fabriques.article()
    bouger(depot, boite, 5, "10.00")
    with pytest.raises(RegleRefusee, match=f"{boite.reference}.*Il reste 5"):
        actions.mouvementer_plusieurs(
            depot,
            [Mouvement(chemise.id, 4, D("2.00")), Mouvement(boite.id, -6)],
            motif="essai", par=AUTOMATE, le=LE,
        )  # fmt: skip
    assert queries.quantites_en_stock(depot.id) == {boite.id: (5, D("10.00"))}


def test_movements_of_one_article_follow_each_other(depot, boite):
    lignes = [Mouvement(boite.id, 2, D("1.00")), Mouvement(boite.id, -1), Mouvement(boite.id, -1)]
    valeurs = actions.mouvementer_plusieurs(depot, lignes, motif="essai", par=AUTOMATE, le=LE)
    assert valeurs == [D("1.00"), D("-0.50"), D("-0.50")]


def test_depots_do_not_mix(depot, boite):
    autre = fabriques.depot()
    bouger(depot, boite, 5, "10.00")
    with pytest.raises(RegleRefusee):
        bouger(autre, boite, -1)
    assert queries.quantites_en_stock(autre.id) == {}


def test_a_count_writes_the_difference_only(depot, boite):
    juste, manquant, trouve = boite, fabriques.article(), fabriques.article()
    bouger(depot, juste, 5, "5.00")
    bouger(depot, manquant, 10, "20.00")
    bouger(depot, trouve, 4, "2.00")
    ecarts = actions.inventorier(
        depot, {juste.id: 5, manquant.id: 8, trouve.id: 6}, motif="annuel", par=AUTOMATE, le=LE
    )
    assert ecarts == {manquant.id: -2, trouve.id: 2}
    assert queries.quantites_en_stock(depot.id) == {
        juste.id: (5, D("5.00")), manquant.id: (8, D("16.00")), trouve.id: (6, D("3.00")),
    }  # fmt: skip


def test_something_found_that_the_books_never_had_needs_a_cost(depot, boite):
    with pytest.raises(RegleRefusee, match=f"{boite.reference}.*indiquez ce que coûtent"):
        actions.inventorier(depot, {boite.id: 3}, motif="annuel", par=AUTOMATE, le=LE)
    actions.inventorier(depot, {boite.id: 3}, valeurs_ht={boite.id: D("5.22")}, motif="annuel", par=AUTOMATE, le=LE)
    assert queries.quantites_en_stock(depot.id) == {boite.id: (3, D("5.22"))}


def test_a_line_of_stock_cannot_be_edited_nor_deleted(depot, boite, session):
    bouger(depot, boite, 5, "10.00")
    session.commit()
    for ordre in ("UPDATE mouvement_stock SET unites = 9", "DELETE FROM mouvement_stock"):
        with pytest.raises(Exception, match="immuable"):
            session.execute(db.text(ordre))
        session.rollback()


def test_two_people_cannot_take_the_same_last_box(depot, boite, session, en_meme_temps):
    bouger(depot, boite, 1, "2.00")
    depot_id, article_id = depot.id, boite.id

    def prendre():
        valeur = actions.mouvementer(depot_id, article_id, -1, motif="retrait", par=AUTOMATE, le=LE)
        db.session.commit()
        return valeur

    reponses = en_meme_temps(prendre, prendre)
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["Decimal", "RegleRefusee"]
    assert session.scalar(select(func.sum(MouvementStock.unites))) == 0


def test_statements_do_not_depend_on_the_number_of_movements(depot, sql):
    lot = fabriques.lot()
    articles = [fabriques.article(lot, paliers=None).id for _ in range(200)]
    comptes = []
    for ids in (articles[:2], articles):
        with sql() as envoyees:
            actions.mouvementer_plusieurs(
                depot, [Mouvement(i, 5, D("1.00")) for i in ids], motif="essai", par=AUTOMATE, le=LE
            )
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 4
