"""Urgent orders billed: one facture an order with its own engagement, for exactly what left the stock."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from groupement.commandes.models import Affectation, Commande
from groupement.commandes.rules.remises import Remis
from groupement.commandes.states import EtatCampagne, EtatCommande, MotifDEcart
from groupement.refacturation.actions.ecriture import RienAFacturer
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, LigneFacture
from groupement.refacturation.queries import refacturations
from groupement.refacturation.states import ModeTva
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue, depannages
from tests.fabriques.commandes import membre
from tests.fabriques.en_nombre import commandes_semblables

D = Decimal
ABIME, INTROUVABLE = MotifDEcart.ABIME, MotifDEcart.INTROUVABLE
FACTUREE_LE = datetime(2026, 12, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Boxes whose cost does not divide, and folders at another rate, at the depot that serves the year."""
    lot = catalogue.lot()
    annee = depannages.annee_ouverte(lot)
    monde = SimpleNamespace(
        annee=annee,
        wissant=membre("Wissant", de=annee),
        hesdin=membre("Hesdin", de=annee),
        boite=catalogue.article(lot),
        chemise=catalogue.article(lot, tva_pct=D("5.50")),
    )
    depannages.stocker(annee, monde.boite, 30, "17.41")
    depannages.stocker(annee, monde.chemise, 400, "47.17")
    db.session.commit()
    return monde


def factures() -> list[Facture]:
    """In the order of their numbers."""
    return list(db.session.scalars(select(Facture).order_by(Facture.id)))


def test_each_order_has_its_facture_with_its_own_engagement(monde):
    premiere = depannages.engage(monde.annee, monde.wissant, {monde.boite: 7}, engagement="E-1")
    seconde = depannages.engage(monde.annee, monde.wissant, {monde.boite: 3, monde.chemise: 11}, engagement="E-2")
    autre = depannages.engage(monde.annee, monde.hesdin, {monde.chemise: 100})
    for commande in (premiere, seconde, autre):
        depannages.remise(commande)
    apercu = refacturations.apercu(monde.annee, ModeTva.A)
    run = refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE, attendu_ht=apercu.total_ht)
    emises = factures()
    assert [f.collectivite_id for f in emises] == [monde.hesdin.id, monde.wissant.id, monde.wissant.id]
    assert [f.fige["engagement"] for f in emises] == ["", "E-1", "E-2"]
    assert [f.total_ht for f in emises] == [autre.total_ht, premiere.total_ht, seconde.total_ht]
    assert sum(f.total_ttc for f in emises) == apercu.total_ttc and apercu.membres == 3
    assert run.preuves["preuve"]
    etats = set(db.session.scalars(select(Commande.etat)))
    assert etats == {EtatCommande.SOLDEE} and monde.annee.etat is EtatCampagne.OUVERTE


def test_nothing_is_billed_before_it_is_handed_over(monde):
    remise, attend = (depannages.engage(monde.annee, monde.wissant, {monde.boite: n}) for n in (2, 5))
    depannages.remise(remise)
    refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
    assert [f.total_ht for f in factures()] == [remise.total_ht]
    with pytest.raises(RienAFacturer):
        refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
    depannages.remise(attend)
    refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
    assert [f.total_ht for f in factures()] == [remise.total_ht, attend.total_ht]


def test_what_is_billed_is_what_left_the_stock(monde):
    for combien in (7, 7, 7, 7, 2):
        depannages.remise(depannages.engage(monde.annee, monde.wissant, {monde.boite: combien}))
    refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
    assert db.session.scalar(select(func.sum(LigneFacture.montant_ht))) == D("17.41")
    assert db.session.scalar(select(func.sum(Affectation.montant_facture_ht))) == D("17.41")


def test_handed_over_in_part_only_what_was_received_is_billed_and_the_order_is_done_with(monde):
    commande = depannages.engage(monde.annee, monde.wissant, {monde.boite: 7, monde.chemise: 11}, engagement="E-1")
    assert commande.total_ht == D("4.06") + D("1.30")
    depannages.remise(commande, {monde.boite: Remis(5, ABIME), monde.chemise: Remis(0, INTROUVABLE)})
    apercu = refacturations.apercu(monde.annee, ModeTva.A)
    run = refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE, attendu_ht=apercu.total_ht)
    (facture,) = factures()
    (ligne,) = db.session.scalars(select(LigneFacture))
    assert (ligne.unites, ligne.montant_ht, facture.total_ht, facture.total_ttc) == (
        5, D("2.90"), D("2.90"), D("3.48"),
    )  # fmt: skip
    assert run.preuves["preuve"]["bons"][0]["refuse_ht"] == "2.46"
    assert commande.etat is EtatCommande.SERVIE
    db.session.refresh(commande)
    assert commande.etat is EtatCommande.SOLDEE
    with pytest.raises(RienAFacturer):
        refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)


def test_the_facture_names_the_stock_and_the_day(monde):
    depannages.remise(depannages.engage(monde.annee, monde.wissant, {monde.boite: 2}))
    refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
    fige = factures()[0].fige
    reference = {"bon": "Stock du dépôt", "livree_le": "2026-11-24", "admise_le": "2026-11-24"}
    assert reference in fige["references"] and "Dépannages 2026" in fige["objet"]


def test_statements_do_not_depend_on_the_number_of_orders(monde, sql):
    comptes = []
    for combien in (10, 1300):
        modele = depannages.remise(depannages.engage(monde.annee, monde.wissant, {monde.chemise: 1}))
        commandes_semblables(modele, combien - 1, depuis=combien)
        db.session.commit()
        with sql() as envoyees:
            refacturations.apercu(monde.annee, ModeTva.A)
            refacturer(monde.annee.id, par=AUTOMATE, le=FACTUREE_LE)
        assert db.session.scalar(select(func.count()).select_from(Facture)) == combien + 10 * len(comptes)
        comptes.append(len(envoyees))
        db.session.commit()
    assert comptes[0] == comptes[1], comptes
