"""The regroupement as an action: what it writes, what it refuses, and what it costs."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.commandes.actions import regroupement
from groupement.commandes.models import (
    Affectation,
    AlertePlafond,
    BonDeCommande,
    Campagne,
    Commande,
    LigneBon,
    LigneCommande,
    PartDePort,
    Regroupement,
)
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle import numerotation
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.stock.models import MouvementStock
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre


@pytest.fixture
def boites(app):
    """A lot of boxes by packs of 50 with three tiers, and one closed campagne on it."""
    lot = catalogue.lot(plafond_ht=Decimal("100000.00"), franco_ht=Decimal("1000.00"), port_ht=Decimal("45.00"))
    boite = catalogue.article(
        lot, reference="BTE-STD-10", unites_par_colis=50, paliers=catalogue.paliers("50:0.58|500:0.54|2000:0.50")
    )
    window = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    return lot, boite, window


def commandes_de(window, article, *quantites, etat=EtatCommande.VALIDEE):
    """One committed order per quantity: (units) or (units, extra)."""
    return [
        commande(window, membre(de=window), [(article, *(q if isinstance(q, tuple) else (q,)))], etat=etat)
        for q in quantites
    ]


def lancer(window, **options):
    """Regroup as the buyer would, and commit."""
    resultat = regroupement.regrouper(window.id, par=AUTOMATE, le=APRES, **options)
    db.session.commit()
    return resultat


def test_every_piece_and_centime_of_the_bon_belongs_to_somebody(boites):
    lot, boite, window = boites
    commandes_de(window, boite, 100, (610, 10), 524)
    _, (bon,), _ = lancer(window)
    ligne = db.session.scalars(select(LigneBon)).one()
    assert (ligne.unites_demandees, ligne.colis, ligne.unites) == (1234, 25, 1250)
    assert (ligne.unites_acceptees_en_plus, ligne.surplus_au_depot) == (10, 6)
    assert ligne.montant_ht == Decimal("675.00")
    affectations = db.session.scalars(select(Affectation).order_by(Affectation.rang)).all()
    assert [a.unites for a in affectations] == [100, 620, 524, 6]
    assert affectations[-1].collectivite_id is None
    assert sum(a.montant_ht for a in affectations) == ligne.montant_ht
    assert sum(db.session.scalars(select(PartDePort.montant_ht))) == bon.port_ht == Decimal("45.00")
    assert bon.total_ht == Decimal("720.00")
    assert bon.total_ttc == bon.total_ht + bon.total_tva == Decimal("864.00")


def test_orders_move_on_with_a_journal_line_each(boites):
    _, boite, window = boites
    faites = commandes_de(window, boite, 100, 50)
    commandes_de(window, boite, 50, etat=EtatCommande.SOUMISE)
    lancer(window)
    db.session.expire_all()
    assert [c.etat for c in faites] == [EtatCommande.REGROUPEE] * 2
    restee = db.session.scalars(select(Commande).where(Commande.etat == EtatCommande.SOUMISE)).one()
    lignes = db.session.scalars(select(Evenement).where(Evenement.objet == "commande")).all()
    assert {(e.objet_id, e.avant, e.apres) for e in lignes} == {(c.id, "validee", "regroupee") for c in faites}
    assert restee.id not in {e.objet_id for e in lignes}
    assert db.session.get(Campagne, window.id).etat == EtatCampagne.REGROUPEE


def test_the_supplier_gets_a_mail_with_the_bon(boites):
    lot, boite, window = boites
    commandes_de(window, boite, 100)
    _, (bon,), _ = lancer(window)
    courriel = db.session.scalars(select(Courriel)).one()
    assert courriel.destinataire == lot.titulaire.courriel
    assert courriel.pieces == [f"bon_de_commande:{bon.id}"]
    assert bon.numero in courriel.sujet


def test_a_second_run_is_refused_and_writes_nothing(boites):
    _, boite, window = boites
    commandes_de(window, boite, 100)
    lancer(window)
    with pytest.raises(TransitionInterdite, match="Impossible de regrouper"):
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 1


def test_an_open_campagne_is_not_regrouped(boites):
    _, boite, window = boites
    window.etat = EtatCampagne.OUVERTE
    commandes_de(window, boite, 100)
    with pytest.raises(TransitionInterdite):
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)


def test_a_ceiling_that_would_be_passed_stops_everything(boites):
    lot, boite, window = boites
    lot.plafond_ht = Decimal("700.00")
    commandes_de(window, boite, 1250)
    db.session.commit()
    with pytest.raises(regroupement.RegroupementRefuse, match="plafond"):
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)
    db.session.rollback()
    for modele in (BonDeCommande, Affectation, Regroupement, Courriel):
        assert db.session.scalar(select(func.count()).select_from(modele)) == 0
    assert db.session.get(Campagne, window.id).etat == EtatCampagne.CLOSE


def test_the_alert_of_a_ceiling_leaves_with_the_bon_that_reaches_it(boites):
    lot, boite, window = boites
    lot.plafond_ht = Decimal("215.00")  # 58.00 and 45.00 of shipping: 48 %; twice that: 96 %
    commandes_de(window, boite, 100)
    lancer(window)
    assert db.session.scalars(select(AlertePlafond)).all() == []
    suivante = campagne(lot.marche, etat=EtatCampagne.CLOSE, intitule="La suivante")
    commandes_de(suivante, boite, 100)
    lancer(suivante)
    assert list(db.session.scalars(select(AlertePlafond.seuil_pct).order_by(AlertePlafond.id))) == [70, 80, 90]


def test_what_earlier_bons_engage_counts_in_the_ceiling(boites):
    lot, boite, window = boites
    lot.plafond_ht = Decimal("150.00")  # one bon of 58.00 + 45.00 of shipping fits, two do not
    commandes_de(window, boite, 100)
    lancer(window)
    suivante = campagne(lot.marche, etat=EtatCampagne.CLOSE, intitule="La suivante")
    commandes_de(suivante, boite, 100)
    db.session.commit()
    with pytest.raises(regroupement.RegroupementRefuse, match="plafond"):
        regroupement.regrouper(suivante.id, par=AUTOMATE, le=APRES)


def test_nothing_to_regroup_is_said(boites):
    _, _, window = boites
    with pytest.raises(RegleRefusee, match="rien à regrouper"):
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)


def test_preview_and_real_run_give_the_same_figures(boites):
    _, boite, window = boites
    commandes_de(window, boite, 130, (610, 10), 524)
    apercu = regroupement.previsualiser(window, le=APRES.date())
    _, _, reel = lancer(window)
    assert apercu.resultat.bons == reel.resultat.bons
    assert apercu.resultat.affectations == reel.resultat.affectations


def test_stock_serves_first_and_leaves_the_depot_at_the_cost_charged(boites):
    _, boite, window = boites
    db.session.add(
        MouvementStock(
            depot_id=window.depot_id,
            article_id=boite.id,
            unites=30,
            valeur_ht=Decimal("15.00"),
            motif="Surplus",
            par="Amélie",
            le=APRES,
        )
    )
    commandes_de(window, boite, 20, 110)
    lancer(window, depuis_le_stock=True)
    sortie = db.session.scalars(select(MouvementStock).where(MouvementStock.unites < 0)).one()
    assert (sortie.unites, sortie.valeur_ht) == (-30, Decimal("-15.00"))
    du_stock = db.session.scalars(select(Affectation).where(Affectation.ligne_bon_id.is_(None))).all()
    assert sum(a.unites for a in du_stock) == 30
    assert sum(a.montant_ht for a in du_stock) == Decimal("15.00")
    assert all(a.unites_admises == a.unites for a in du_stock)
    assert db.session.scalars(select(LigneBon)).one().unites == 100


def compter(window, sql):
    """How many statements one regroupement sends, from an empty session."""
    db.session.expunge_all()
    with sql() as envoyees:
        lancer(window)
    return len(envoyees)


def test_statements_do_not_depend_on_the_number_of_members(boites, sql):
    lot, boite, window = boites
    lot.franco_ht = None  # shipping would cost the small one a statement more
    numerotation.reserver("BC", 2026, 1)  # the first bon of a year opens its counter
    commandes_de(window, boite, *[50] * 10)
    grande = campagne(lot.marche, etat=EtatCampagne.CLOSE, intitule="La grande")
    beaucoup_de_commandes(grande, boite, 1300)
    db.session.commit()
    peu = compter(window, sql)
    assert compter(grande, sql) == peu
    assert peu <= 40
    reparties = db.session.scalar(
        select(func.count())
        .select_from(Affectation)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == grande.id)
    )
    assert reparties == 1300


def beaucoup_de_commandes(window, article, combien):
    """That many bodies with a committed order of one pack each."""
    for _ in range(combien):
        commande(window, membre(de=window), [(article, 50)], etat=EtatCommande.VALIDEE)
