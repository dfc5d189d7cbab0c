"""The figures of an open campagne, the fingerprint of a preview, the sentence of a deadline."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.delai_du_bon import phrase_du_delai
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.empreinte import empreinte_du_regroupement
from groupement.commandes.rules.regroupement import regrouper
from groupement.commandes.rules.suivi import DemandeArticle, par_gain, suivre_article, suivre_les_lots

D = Decimal
PALIERS = (Palier(1, D("0.58")), Palier(500, D("0.54")), Palier(2000, D("0.50")))
BOITE = DemandeArticle(1, 1, "BTE-10", "Boîte 10 cm", 50, PALIERS)


@pytest.mark.parametrize(
    ("validees", "soumises", "montant", "valide", "manquantes", "gain"),
    [
        (0, 0, "0.00", "0.00", 0, "0.00"),
        (480, 0, "270.00", "270.00", 1500, "20.00"),  # 10 packs: 500 bought, tier reached by the packs
        (120, 0, "87.00", "87.00", 350, "6.00"),  # 150 bought at 0,58; at 0,54 they would cost 81,00
        (450, 100, "297.00", "261.00", 1450, "22.00"),  # the submitted order makes everybody reach 0,54
        (2000, 0, "1000.00", "1000.00", 0, "0.00"),
    ],
)
def test_an_article_costs_the_tier_its_packs_reach(validees, soumises, montant, valide, manquantes, gain):
    suivi = suivre_article(replace(BOITE, validees=validees, soumises=soumises))
    assert (suivi.montant_ht, suivi.montant_valide_ht) == (D(montant), D(valide))
    assert (suivi.manquantes, suivi.gain_suivant_ht) == (manquantes, D(gain))


def test_drafts_count_for_nothing():
    assert suivre_article(replace(BOITE, brouillons=5000)) == replace(
        suivre_article(BOITE), demande=replace(BOITE, brouillons=5000)
    )


def test_an_article_without_a_price_has_no_amount():
    suivi = suivre_article(replace(BOITE, paliers=(), validees=100))
    assert (suivi.explication, suivi.montant_ht, suivi.manquantes) == (None, D("0.00"), 0)


def test_what_was_bought_before_brings_the_tier_nearer():
    assert suivre_article(replace(BOITE, validees=100, deja_achetees=350)).manquantes == 50


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=8))
def test_lots_sum_their_articles_and_the_nearest_gains_come_first(quantites):
    suivis = [
        suivre_article(replace(BOITE, article_id=rang, lot=1 + rang % 2, validees=v, soumises=s))
        for rang, (v, s) in enumerate(quantites)
    ]
    lots = suivre_les_lots(suivis, [1, 2])
    assert sum(lot.montant_ht for lot in lots.values()) == sum(s.montant_ht for s in suivis)
    gains = [s.gain_suivant_ht for s in par_gain(suivis)]
    assert gains == sorted(gains, reverse=True)


def calculer(unites=100, prix="0.58", en_plus=0, plafond="1000"):
    """A regroupement of two bodies on one article."""
    article = ArticleARegrouper(1, "BTE-10", 1, 50, D("20"), (Palier(1, D(prix)),))
    demandes = [Demande(1, 1, "a", 1, unites, en_plus, 1, 1), Demande(2, 2, "b", 1, 30, 0, 1, 2)]
    return regrouper([LotARegrouper(1, D(plafond))], [article], demandes)


@pytest.mark.parametrize("change", [{"unites": 99}, {"prix": "0.59"}, {"en_plus": 10}, {"plafond": "10"}])
def test_a_fingerprint_changes_with_any_figure(change):
    assert empreinte_du_regroupement(calculer()) == empreinte_du_regroupement(calculer())
    assert empreinte_du_regroupement(calculer()) != empreinte_du_regroupement(calculer(**change))


@pytest.mark.parametrize(
    ("emis_le", "jours", "echeance", "attendu"),
    [
        (date(2026, 10, 27), 15, date(2026, 11, 12), "armistice"),
        (date(2026, 10, 30), 15, date(2026, 11, 16), "samedi"),
        (date(2026, 10, 28), 15, date(2026, 11, 12), "le jour de l’échéance est compris"),
        (date(2026, 10, 28), 15, date(2026, 12, 24), "Date fixée"),
    ],
)
def test_a_deadline_says_how_it_was_counted(emis_le, jours, echeance, attendu):
    assert attendu in phrase_du_delai(emis_le, jours, echeance)
