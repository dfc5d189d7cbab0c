"""The catalogue in memory never shows what is no longer true, however it was changed; and it costs few statements."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, insert, text, update

from groupement.catalogue.models import Article, MarqueDuCatalogue, PalierPrix, PrixArticle
from groupement.catalogue.queries import prix_a_la_date, repertoire
from groupement.catalogue.rules.recherche import texte_de_recherche
from groupement.socle.db import db
from tests.fabriques import catalogue

LE = date(2026, 6, 1)


@pytest.fixture
def marche(app):
    cree = catalogue.marche(lots=2)
    catalogue.article(cree.lots[0], reference="BTE-1", paliers="25:1.74")
    db.session.commit()
    return cree


def lu(marche, le=LE):
    """(reference, base price) of what is found."""
    connus = repertoire(marche.id, le).fiches
    db.session.commit()
    return [(fiche.reference, fiche.prix) for fiche in connus]


def test_it_is_read_once_while_nothing_changes(marche, sql):
    lu(marche)
    with sql() as envoyees:
        lu(marche)
    assert len(envoyees) == 1 and "marque_du_catalogue" in envoyees[0]


def par_l_orm(article):
    article.reference = "BTE-2"


def par_ensemble(article):
    db.session.execute(update(Article).values(reference="BTE-2"))


def par_le_texte(article):
    db.session.execute(text("UPDATE article SET reference = 'BTE-2'"))


def par_la_connexion(article):
    db.session.connection().execute(Article.__table__.update().values(reference="BTE-2"))


@pytest.mark.parametrize("changer", [par_l_orm, par_ensemble, par_le_texte, par_la_connexion])
def test_any_way_of_changing_an_article_is_seen(marche, changer):
    assert lu(marche) == [("BTE-1", Decimal("1.7400"))]
    changer(db.session.scalars(db.select(Article)).one())
    db.session.commit()
    assert [reference for reference, _ in lu(marche)] == ["BTE-2"]


def test_a_new_price_an_article_more_and_one_less_are_seen(marche):
    article = db.session.scalars(db.select(Article)).one()
    lu(marche)
    catalogue.prix(article, "25:1.50", du=date(2026, 5, 1))
    db.session.commit()
    assert lu(marche) == [("BTE-1", Decimal("1.5000"))]
    catalogue.article(marche.lots[1], reference="RF-1", paliers=None)
    db.session.commit()
    assert lu(marche) == [("BTE-1", Decimal("1.5000")), ("RF-1", None)]
    article.actif = False
    db.session.commit()
    assert lu(marche) == [("RF-1", None)]
    db.session.execute(delete(Article).where(Article.reference == "RF-1"))
    db.session.commit()
    assert lu(marche) == []


def test_what_is_undone_is_not_remembered(marche):
    lu(marche)
    db.session.execute(update(Article).values(reference="BTE-2"))
    assert repertoire(marche.id, LE).fiches[0].reference == "BTE-2"
    db.session.execute(update(Article).values(reference="BTE-3"))
    assert repertoire(marche.id, LE).fiches[0].reference == "BTE-3"
    db.session.rollback()
    assert lu(marche)[0][0] == "BTE-1"
    db.session.execute(update(Article).values(reference="BTE-4"))
    db.session.commit()
    assert lu(marche)[0][0] == "BTE-4"


def test_prices_are_those_of_the_day_asked(marche):
    article = db.session.scalars(db.select(Article)).one()
    catalogue.prix(article, "25:2.00", du=date(2026, 7, 1))
    db.session.commit()
    assert [lu(marche, le)[0][1] for le in (LE, date(2026, 7, 1), LE)] == [
        Decimal("1.7400"),
        Decimal("2.0000"),
        Decimal("1.7400"),
    ]


def test_without_a_mark_nothing_is_kept(marche):
    db.session.execute(delete(MarqueDuCatalogue))
    lu(marche)
    db.session.execute(text("UPDATE article SET designation = 'Autre'"))
    db.session.execute(delete(MarqueDuCatalogue))
    assert repertoire(marche.id, LE).fiches[0].designation == "Autre"


def charger(lot, combien):
    """So many boxes with a price each, in two statements."""
    nom = "Boîte de conservation dos 10 cm"
    commun = {
        "lot_id": lot.id, "designation": nom, "famille": "boite", "unite": "piece", "unites_par_colis": 25,
        "fractionnable": False, "tva_pct": Decimal(20), "dimensions": "330x250x100", "dos_mm": 100,
        "norme": "ISO 9706", "actif": True,
    }  # fmt: skip
    db.session.execute(
        insert(Article),
        [
            commun | {"id": 10_000 + n, "reference": f"G-{n}", "recherche": texte_de_recherche(f"G-{n}", nom, "boite")}
            for n in range(combien)
        ],
    )
    du = date(2026, 1, 1)
    numeros = range(10_000, 10_000 + combien)
    db.session.execute(insert(PrixArticle), [{"id": n, "article_id": n, "du": du, "source": ""} for n in numeros])
    prix = [{"prix_article_id": n, "a_partir_de": 25, "prix_unitaire_ht": Decimal("1.5")} for n in numeros]
    db.session.execute(insert(PalierPrix), prix)
    db.session.commit()


def test_the_price_of_ten_thousand_articles_at_a_date_is_one_statement(marche, sql):
    charger(marche.lots[0], 10_000)
    marche_id = marche.id
    with sql() as envoyees:
        prix = prix_a_la_date(marche, LE)
    assert len(envoyees) == 1 and len(prix) == 10_001
    with sql() as envoyees:
        fiches = repertoire(marche_id, LE).fiches
    assert len(envoyees) == 2 and len(fiches) == 10_001
