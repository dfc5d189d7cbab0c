"""Many rows in stored form, one at a time, on either engine."""

from groupement.socle.db import db
from groupement.socle.insertion import inserer
from groupement.stock.models import Depot
from tests.fabriques import catalogue


def test_rows_are_asked_for_one_by_one_and_all_written(app):
    modele = catalogue.depot()
    colonnes = [colonne.name for colonne in Depot.__table__.columns if colonne.name not in ("id", "nom")]
    valeurs = tuple(getattr(modele, colonne) for colonne in colonnes)
    rendues = []

    def depots():
        for rang in range(1000):
            rendues.append(rang)
            yield (f"Dépôt {rang}", *valeurs)

    inserer(Depot.__table__, ("nom", *colonnes), depots())
    assert len(rendues) == 1000
    assert db.session.query(Depot).filter(Depot.nom.like("Dépôt %")).count() >= 1000


def test_no_row_is_no_harm(app):
    inserer(Depot.__table__, ("nom",), iter(()))
    assert db.session.query(Depot).count() == 0


def test_what_is_inserted_leaves_with_the_transaction(app):
    modele = catalogue.depot()
    db.session.commit()
    colonnes = [colonne.name for colonne in Depot.__table__.columns if colonne.name not in ("id", "nom")]
    inserer(Depot.__table__, ("nom", *colonnes), [("Annexe", *(getattr(modele, c) for c in colonnes))])
    db.session.rollback()
    assert db.session.query(Depot).filter_by(nom="Annexe").count() == 0
