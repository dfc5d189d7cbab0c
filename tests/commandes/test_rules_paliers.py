"""The tier a combined quantity reaches, explained."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.paliers import cout_isole, cout_isole_total, expliquer_palier, phrases_palier

D = Decimal
BTE_CON_10 = (Palier(25, D("1.74")), Palier(250, D("1.61")), Palier(1000, D("1.48")))


@pytest.mark.parametrize(("unites", "cout"), [(1, "43.50"), (25, "43.50"), (205, "391.50"), (250, "402.50")])
def test_alone_a_body_buys_whole_packs_at_its_own_tier(unites, cout):
    assert cout_isole(BTE_CON_10, 25, unites) == D(cout)


@given(st.lists(st.integers(1, 2000), max_size=30))
def test_the_lonely_costs_are_summed_one_by_one(demandes):
    assert cout_isole_total(BTE_CON_10, 25, demandes) == sum(
        (cout_isole(BTE_CON_10, 25, unites) for unites in demandes), D(0)
    )


def test_buying_925_is_explained_up_to_the_cheaper_thousand():
    explication = expliquer_palier(BTE_CON_10, 25, 925)
    assert (explication.prix_unitaire_ht, explication.montant_ht) == (D("1.61"), D("1489.25"))
    assert explication.gain_palier_ht == D("120.25")  # 925 × (1.74 − 1.61)
    assert explication.suivant.unites_manquantes == 75
    assert explication.conseil == explication.suivant
    assert (explication.conseil.montant_ht, explication.conseil.economie_ht) == (D("1480.00"), D("9.25"))


def test_buying_900_is_not_advised_to_go_up():
    explication = expliquer_palier(BTE_CON_10, 25, 900)
    assert explication.conseil is None
    assert (explication.suivant.unites_a_acheter, explication.suivant.economie_ht) == (1000, D("-31.00"))


def test_units_bought_before_count_for_the_tier_but_are_not_paid_again():
    explication = expliquer_palier(BTE_CON_10, 25, 50, deja_achetees=930)
    assert (explication.unites_comptees, explication.montant_ht) == (980, D("80.50"))
    assert explication.suivant.unites_a_acheter == 75  # 930 + 75 passes 1 000 in whole packs
    assert explication.suivant.montant_ht == D("111.00")


def test_the_last_tier_has_nothing_above():
    explication = expliquer_palier(BTE_CON_10, 25, 1000)
    assert explication.superieurs == ()
    assert (explication.suivant, explication.conseil) == (None, None)
    assert len(phrases_palier(explication)) == 1


def test_a_line_without_a_price_is_refused():
    with pytest.raises(ValueError, match="sans prix"):
        expliquer_palier((), 25, 50)


@pytest.mark.parametrize(
    ("unites", "deja", "phrases"),
    [
        (
            925,
            0,
            [
                "925\u00a0unités\u00a0: 1,61\u00a0€ l’unité au lieu de 1,74\u00a0€, soit 120,25\u00a0€ de moins.",
                "Avec 75\u00a0unités de plus, le prix passe à 1,48\u00a0€\u00a0: 1\u00a0000\u00a0unités coûteraient "
                "1\u00a0480,00\u00a0€, soit 9,25\u00a0€ de moins.",
            ],
        ),
        (
            25,
            25,
            [
                "50\u00a0unités (dont 25 déjà achetées)\u00a0: prix de base, 1,74\u00a0€ l’unité.",
                "Avec 200\u00a0unités de plus, le prix passe à 1,61\u00a0€\u00a0: 225\u00a0unités coûteraient "
                "362,25\u00a0€, soit 318,75\u00a0€ de plus.",
            ],
        ),
    ],
)
def test_the_page_says_the_tier_reached_and_the_next_one(unites, deja, phrases):
    assert phrases_palier(expliquer_palier(BTE_CON_10, 25, unites, deja_achetees=deja)) == phrases


def test_the_page_says_when_the_next_tier_costs_the_same():
    explication = expliquer_palier((Palier(1, D(2)), Palier(10, D(1))), 1, 5)
    assert phrases_palier(explication)[1].endswith("coûteraient 10,00\u00a0€, soit autant.")


@given(st.integers(1, 80), st.integers(0, 2000))
def test_every_higher_tier_is_reached_in_whole_packs_and_its_saving_is_a_difference(colis, deja):
    explication = expliquer_palier(BTE_CON_10, 25, colis * 25, deja_achetees=deja)
    for superieur in explication.superieurs:
        assert superieur.unites_a_acheter % 25 == 0
        assert superieur.unites_a_acheter + deja >= superieur.a_partir_de > explication.unites_comptees
        assert superieur.unites_a_acheter - 25 + deja < superieur.a_partir_de
        assert superieur.economie_ht == explication.montant_ht - superieur.montant_ht
