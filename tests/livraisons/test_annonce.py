"""What is expected where, once the bons are issued."""

import re
from decimal import Decimal

from sqlalchemy import func, select, text

from groupement.adherents.models import PointDeLivraison
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, LigneBon
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.livraisons.actions.annonce import annoncer
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre


def regroupee(combien=2):
    """A campagne with deliveries at town halls, one order to collect at the depot, and a surplus for it."""
    lot = catalogue.lot(plafond_ht=Decimal("100000.00"), franco_ht=None)
    boite = catalogue.article(lot, unites_par_colis=50, paliers=catalogue.paliers("50:0.58"))
    chemise = catalogue.article(lot, unites_par_colis=100, paliers=catalogue.paliers("100:0.10"))
    window = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    for _ in range(combien):
        commande(window, membre(de=window), [(boite, 30), (chemise, 100)], etat=EtatCommande.VALIDEE)
    commande(
        window,
        membre(de=window),
        [(boite, 10)],
        etat=EtatCommande.VALIDEE,
        mode=ModeDeRemise.DEPOT,
        point_de_livraison_id=None,
    )
    db.session.flush()
    return regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)[1]


def test_each_place_expects_what_is_meant_for_it(app):
    bons = regroupee()
    livraisons = db.session.scalars(select(Livraison).order_by(Livraison.id)).all()
    assert len(livraisons) == 3
    depot = next(livraison for livraison in livraisons if livraison.point_de_livraison_id is None)
    assert depot.collectivite_id is None
    assert [ligne.unites_attendues for ligne in depot.lignes] == [10, 30]
    for livraison in livraisons:
        assert livraison.etat is EtatLivraison.ANNONCEE
        assert livraison.attendue_le == bons[0].a_livrer_avant_le
        if livraison is not depot:
            lieu = db.session.get(PointDeLivraison, livraison.point_de_livraison_id)
            assert lieu.collectivite_id == livraison.collectivite_id
            assert [ligne.unites_attendues for ligne in livraison.lignes] == [30, 100]


def test_what_is_expected_is_what_was_ordered_to_the_piece(app):
    regroupee()
    attendues = db.session.scalar(select(func.sum(LigneLivraison.unites_attendues)))
    achetees = db.session.scalar(select(func.sum(LigneBon.unites)))
    affectees = db.session.scalar(select(func.sum(Affectation.unites)))
    assert attendues == achetees == affectees == 300


def test_two_statements_whatever_the_number_of_places(app, sql, monkeypatch):
    monkeypatch.setattr(regroupement, "apres_emission", [])
    bons = regroupee(30)
    db.session.flush()
    with sql() as envoyees:
        annoncer(bons, AUTOMATE, APRES)
    assert len(envoyees) == 2
    assert db.session.scalar(select(func.count()).select_from(Livraison)) == 31


def test_each_affectation_looks_its_delivery_up_whatever_the_statistics(app, sql, monkeypatch):
    monkeypatch.setattr(regroupement, "apres_emission", [])
    bons = regroupee()
    with sql() as envoyees:
        annoncer(bons, AUTOMATE, APRES)
    ordre = next(ordre for ordre in envoyees if "ligne_livraison" in ordre)
    places = re.sub(r"%\(\w+\)s|\?", "1", ordre)
    explication = "EXPLAIN " if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    plan = str(db.session.execute(text(explication + places)).all())
    assert "SubPlan" in plan or "CORRELATED SCALAR SUBQUERY" in plan
