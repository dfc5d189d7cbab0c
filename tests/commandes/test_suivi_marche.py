"""The ceilings of a marché: figures by lot, alerts told once, avenants within what is ordered."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions.alertes import alerter_les_plafonds
from groupement.commandes.models import AlertePlafond, BonDeCommande
from groupement.commandes.queries.suivi_marche import lots_suivis
from groupement.commandes.rules.suivi_plafond import ChiffresDuLot, phrase_du_minimum, seuils_franchis
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques import adherents, catalogue, commandes

LE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def chiffres(**valeurs):
    return ChiffresDuLot(initial_ht=D(100), plafond_ht=D(110), minimum_ht=D(50), **valeurs)


@pytest.mark.parametrize(
    ("valeurs", "reste", "depassement", "minimum"),
    [
        ({}, 110, 0, 50),
        ({"commande_ht": D(60)}, 50, 0, 0),
        ({"commande_ht": D(100), "valide_ht": D(20)}, 10, 10, 0),
        ({"commande_ht": D(120)}, 0, 10, 0),
    ],
)
def test_figures_of_a_lot(valeurs, reste, depassement, minimum):
    c = chiffres(**valeurs)
    assert (c.reste_ht, c.depassement_ht, c.minimum_restant_ht, c.avenants_ht) == (reste, depassement, minimum, 10)


def test_the_minimum_says_what_is_left_and_until_when():
    au = date(2029, 12, 31)
    assert "50,00\u00a0€ HT à commander avant le 31 décembre 2029" in phrase_du_minimum(chiffres(), au)
    assert "est atteint" in phrase_du_minimum(chiffres(commande_ht=D(50)), au)
    assert "Aucun minimum" in phrase_du_minimum(ChiffresDuLot(D(1), D(1), D(0)), au)


@given(st.decimals(1, 10**8, places=2), st.decimals(0, 10**8, places=2))
def test_thresholds_are_those_reached(plafond, commande):
    assert seuils_franchis(plafond, commande) == [s for s in (70, 80, 90) if commande / plafond * 100 >= s]


@pytest.fixture
def lot(app):
    """A lot of 1 000 €, an open campagne and a buyer."""
    adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR])
    lot_etroit = catalogue.lot(catalogue.marche(du=date(2026, 1, 1)), plafond_ht=D("1000.00"))
    catalogue.article(lot_etroit)
    return lot_etroit


def bon(lot, total, **champs):
    """A bon of that amount."""
    campagne = commandes.campagne(marche=lot.marche)
    valeurs = {
        "numero": f"BC-{db.session.scalar(select(func.count()).select_from(BonDeCommande)):03}",
        "campagne": campagne, "lot": lot, "fournisseur": lot.titulaire, "emis_le": LE, "emis_par": "Hélène",
        "a_livrer_avant_le": date(2026, 12, 31), "fournisseur_fige": {}, "port_ht": D(0), "total_ht": D(total),
        "total_tva": D(0), "total_ttc": D(total),
    }  # fmt: skip
    cree = BonDeCommande(**{**valeurs, **champs})
    db.session.add(cree)
    db.session.flush()
    return cree


def alertes():
    return list(db.session.scalars(select(AlertePlafond.seuil_pct).order_by(AlertePlafond.id)))


def test_buyers_are_told_once_a_threshold_by_mail_and_journal(lot):
    bon(lot, "699.99")
    assert alerter_les_plafonds(LE) == 0
    bon(lot, "110.00")
    assert alerter_les_plafonds(LE) == 1
    assert alertes() == [70, 80]
    lettre = db.session.scalars(select(Courriel)).one()
    assert "80\u00a0% du plafond" in lettre.sujet and "Commandé\u00a0: 809,99\u00a0€ HT" in lettre.corps
    assert db.session.scalars(select(Evenement.objet_id).where(Evenement.verbe == "alerter du plafond")).one() == lot.id
    assert alerter_les_plafonds(LE) == 0
    lot.plafond_ht = D("1100.00")
    db.session.flush()
    assert alerter_les_plafonds(LE) == 1 and alertes() == [70, 80, 70]


def test_looking_for_alerts_takes_the_same_statements_whatever_the_lots(lot, sql):
    with sql() as envoyees:
        alerter_les_plafonds(LE)
    peu = len(envoyees)
    for _ in range(5):
        catalogue.lot(lot.marche)
    with sql() as envoyees:
        alerter_les_plafonds(LE)
    assert len(envoyees) == peu


def test_the_figures_count_bons_that_hold_and_the_page_takes_few_statements(lot, client_de, sql):
    bon(lot, "300.00")
    db.session.commit()
    [suivi] = lots_suivis(lot.marche)
    assert (suivi.chiffres.bons, suivi.chiffres.commande_ht, suivi.chiffres.initial_ht) == (1, D(300), D(1000))
    assert (suivi.chiffres.admis_ht, suivi.chiffres.facture_ht, suivi.chiffres.valide_ht) == (0, 0, 0)
    for _ in range(4):
        catalogue.lot(lot.marche)
    db.session.commit()
    client = client_de(adherents.utilisateur("Claire Caron", roles=[Role.COMPTABLE]))
    with sql() as envoyees:
        page = client.get(f"/marches/{lot.marche_id}/suivi")
    assert page.status_code == 200 and "700,00\u00a0€" in page.text
    assert len(envoyees) <= 12


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def saisie(lot, **changes):
    valeurs = {
        "numero": "1", "objet": "Hausse", "notifie_le": "2026-06-01", "fondement": "faible_montant", "motif": "",
        "nouvelle_fin": "", "justification_duree": "", f"plafond_{lot.id}": "1 050",
    }  # fmt: skip
    return {**valeurs, **changes}


def test_an_avenant_raises_the_ceiling_and_shows_in_the_history(lot, acheteur):
    db.session.commit()
    adresse = f"/marches/{lot.marche_id}/avenants"
    assert acheteur.get(f"{adresse}/nouveau").status_code == 200
    assert acheteur.post(f"{adresse}/nouveau", data=saisie(lot)).status_code == 303
    assert lot.plafond_ht == D(1050)
    page = acheteur.get(adresse).text
    assert "plafond de 1\u00a0000,00\u00a0€ à 1\u00a0050,00\u00a0€" in page and "1\u00a0099,99\u00a0€" in page


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"plafond": "1 100"}, "10\u00a0% (100,00\u00a0€ sur 1\u00a0000,00\u00a0€)"),
        ({"plafond": "299"}, "atteignent déjà 300,00\u00a0€"),
        ({"plafond": "beaucoup"}, "Écrivez un nombre"),
        ({"notifie_le": "2025-12-14"}, "suit la notification du marché"),
        ({"notifie_le": ""}, "Indiquez la date de notification."),
        ({"fondement": "clause"}, "Dites ce qui justifie cet avenant"),
        ({"fondement": "titulaire"}, "Choisissez une valeur de la liste."),
        ({"nouvelle_fin": "2025-01-01"}, "La nouvelle fin suit le début"),
        ({"nouvelle_fin": "2031-01-01"}, "Au-delà de quatre ans"),
        ({"numero": ""}, "Indiquez le numéro de l’avenant."),
    ],
)
def test_an_impossible_avenant_is_refused_by_the_field(lot, acheteur, changes, phrase):
    bon(lot, "300.00")
    db.session.commit()
    if "plafond" in changes:
        changes = {f"plafond_{lot.id}": changes["plafond"]}
    reponse = acheteur.post(f"/marches/{lot.marche_id}/avenants/nouveau", data=saisie(lot, **changes))
    assert reponse.status_code == 422 and phrase in reponse.text
    assert lot.plafond_ht == D(1000)
