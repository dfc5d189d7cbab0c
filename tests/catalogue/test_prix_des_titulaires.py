"""Each titulaire has its own prices: which are read, which are revised, which pass on when one leaves."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from groupement.catalogue.actions import titulaires as actions
from groupement.catalogue.actions.revisions import Releve, reviser, simuler
from groupement.catalogue.models import PrixArticle
from groupement.catalogue.queries import prix_a_la_date, prix_de_chacun, repertoire
from groupement.catalogue.queries.revisions import formule_de
from groupement.catalogue.rules.prix import Palier
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.revisions import formule

D = Decimal
AVANT, LE = date(2026, 6, 30), date(2026, 7, 1)
HIER = datetime(2025, 12, 1, tzinfo=UTC)  # before the notification


@pytest.fixture
def lot(app):
    """A lot whose second titulaire is dearer, and gives no price of the second article."""
    fait = catalogue.lot()
    boite = catalogue.article(fait, reference="BTE", paliers="25:1.00")
    catalogue.article(fait, reference="CHE", paliers="25:2.00")
    catalogue.titulaire(fait, "Papeterie Y (fictive)", {boite: "25:1.10|250:1.05"})
    db.session.commit()
    return fait


def prix_de(lot, le=LE, **champs):
    """The base price of each article of the lot, by reference."""
    references = {article.id: article.reference for article in db.session.scalars(select(catalogue.Article))}
    return {references[n]: p[0].prix_unitaire_ht for n, p in prix_a_la_date(lot, le, **champs).items()}


def test_without_being_asked_whose_they_are_those_of_the_first(lot):
    assert prix_de(lot) == {"BTE": D("1.00"), "CHE": D("2.00")}
    assert {n: len(p) for n, p in prix_de_chacun(lot, LE).items()} == {0: 2, lot.titulaires[1].fournisseur_id: 1}


def test_asked_for_the_second_there_is_no_falling_back_on_the_first(lot):
    assert prix_de(lot, chez={lot.id: lot.titulaires[1].bordereau}) == {"BTE": D("1.10")}


def test_from_the_day_the_first_declines_for_good_those_of_the_second(lot, sql):
    lot.titulaires[0].retire_du = LE
    db.session.commit()
    assert prix_de(lot, AVANT) == {"BTE": D("1.00"), "CHE": D("2.00")}
    assert prix_de(lot) == {"BTE": D("1.10")}
    with sql() as envoyees:
        prix_a_la_date(lot, LE)
    assert len(envoyees) == 1


def test_other_lots_are_not_moved_by_it(lot):
    autre = catalogue.lot(lot.marche)
    catalogue.article(autre, reference="REL", paliers="1:9.00")
    lot.titulaires[0].retire_du = LE
    db.session.commit()
    assert prix_de(lot.marche) == {"BTE": D("1.10"), "REL": D("9.00")}
    assert prix_de(lot.marche, chez={lot.id: 0}) == {"BTE": D("1.00"), "CHE": D("2.00"), "REL": D("9.00")}


def test_the_catalogue_in_memory_is_read_again_when_a_titulaire_declines(lot):
    fiches = {fiche.reference: fiche.prix for fiche in repertoire(lot.marche_id, LE).par_id.values()}
    assert fiches == {"BTE": D("1.00"), "CHE": D("2.00")}
    db.session.commit()
    lot.titulaires[0].retire_du = LE
    db.session.commit()
    fiches = {fiche.reference: fiche.prix for fiche in repertoire(lot.marche_id, LE).par_id.values()}
    assert fiches == {"BTE": D("1.10"), "CHE": None}


@pytest.mark.parametrize("rang", [0, 1])
def test_the_database_keeps_one_price_a_day_for_each_titulaire(lot, rang):
    boite = db.session.scalars(select(catalogue.Article).where(catalogue.Article.reference == "BTE")).one()
    with pytest.raises(IntegrityError):
        catalogue.prix(boite, "25:3.00", du=lot.marche.du, de=lot.titulaires[rang].fournisseur if rang else None)


def test_a_revision_revises_the_prices_of_each_at_the_same_coefficient(lot):
    formule(lot)
    db.session.commit()
    du, clause = date(2027, 1, 1), formule_de(lot)
    releves = {indice.code: Releve(indice.valeur_base * D("1.10"), "Bulletin") for indice in clause.indices}
    vue = simuler(lot, clause, du, releves)
    assert [t.rang for t in vue.autres] == [2]
    reviser(lot, du, releves, vue.empreinte, par=AUTOMATE, le=datetime(2026, 12, 1, tzinfo=UTC))
    db.session.commit()
    retenu = vue.coefficient.retenu
    assert retenu > 1
    assert prix_de(lot, du)["BTE"] == (D("1.00") * retenu).quantize(D("0.0001"))
    assert prix_de(lot, du, chez={lot.id: lot.titulaires[1].bordereau}) == {
        "BTE": (D("1.10") * retenu).quantize(D("0.0001"))
    }
    assert prix_de(lot, LE) == {"BTE": D("1.00"), "CHE": D("2.00")}  # those before are never touched


def test_who_takes_the_second_over_takes_its_prices_too(lot):
    second, repreneur = lot.titulaires[1], catalogue.fournisseur("Repreneur (fictif)")
    second.retire_du = LE
    actions._ceder(second, repreneur)
    db.session.commit()
    assert (second.fournisseur, second.retire_du) == (repreneur, None)
    chez_lui = prix_a_la_date(lot, LE, {lot.id: second.bordereau})
    assert list(chez_lui.values()) == [(Palier(25, D("1.10")), Palier(250, D("1.05")))]


def test_when_the_first_leaves_the_next_keeps_its_own_prices(lot):
    actions._enlever(lot, lot.titulaires[0])
    db.session.commit()
    assert [(t.rang, t.prix_du_lot) for t in lot.titulaires] == [(1, False)]
    assert prix_de(lot) == {"BTE": D("1.10")}


def test_before_the_notification_the_prices_of_the_lot_are_those_of_whoever_is_first(app):
    fait = catalogue.lot()
    catalogue.titulaire(fait, "Papeterie Y (fictive)")
    db.session.commit()
    actions.monter_titulaire(fait.titulaires[1], par=AUTOMATE, le=HIER)
    assert [(t.fournisseur.nom, t.prix_du_lot) for t in fait.titulaires][0] == ("Papeterie Y (fictive)", True)
    assert [t.prix_du_lot for t in fait.titulaires] == [True, False]
    actions.retirer_titulaire(fait.titulaires[0], par=AUTOMATE, le=HIER)
    assert [t.prix_du_lot for t in fait.titulaires] == [True]


def test_once_one_has_its_own_prices_they_follow_it_whatever_its_rank(lot):
    actions.monter_titulaire(lot.titulaires[1], par=AUTOMATE, le=HIER)
    db.session.commit()
    assert prix_de(lot) == {"BTE": D("1.10")}
    assert db.session.scalars(select(PrixArticle.fournisseur_id).distinct()).all().count(None) == 1
