"""Prices by tier, advice on quantities, faults of a price list."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import (
    Palier,
    achats_conseilles,
    controler_paliers,
    palier_applicable,
    palier_suivant,
)

D = Decimal
BTE_CON_10 = (Palier(25, D("1.74")), Palier(250, D("1.61")), Palier(1000, D("1.48")))


@st.composite
def baremes(draw):
    """A correct price list and its pack: thresholds rise by packs, prices fall."""
    par_colis = draw(st.sampled_from([1, 5, 25, 50]))
    seuils = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=5)))
    prix = sorted(draw(st.sets(st.integers(1, 90_000), min_size=len(seuils), max_size=len(seuils))), reverse=True)
    return par_colis, tuple(Palier(s * par_colis, D(p).scaleb(-4)) for s, p in zip(seuils, prix, strict=True))


@pytest.mark.parametrize(
    ("unites", "prix"),
    [
        (1, "1.74"),
        (24, "1.74"),
        (25, "1.74"),
        (249, "1.74"),
        (250, "1.61"),
        (999, "1.61"),
        (1000, "1.48"),
        (9999, "1.48"),
    ],
)
def test_the_highest_threshold_reached_gives_the_price(unites, prix):
    assert palier_applicable(BTE_CON_10, unites).prix_unitaire_ht == D(prix)
    assert palier_applicable(BTE_CON_10[::-1], unites).prix_unitaire_ht == D(prix)


@pytest.mark.parametrize(("unites", "seuil"), [(1, 250), (25, 250), (250, 1000), (999, 1000)])
def test_the_next_tier_is_the_one_above_the_one_that_applies(unites, seuil):
    assert palier_suivant(BTE_CON_10, unites).a_partir_de == seuil


def test_there_is_no_tier_above_the_last():
    assert palier_suivant(BTE_CON_10, 1000) is None


def test_an_article_without_a_price_is_refused():
    with pytest.raises(ValueError, match="sans prix"):
        palier_applicable((), 10)
    with pytest.raises(ValueError, match="sans prix"):
        achats_conseilles((), 25, 10)


@pytest.mark.parametrize(
    ("besoin", "arrondi", "cout_arrondi", "meilleur", "cout"),
    [
        (205, 225, "391.50", 225, "391.50"),
        (230, 250, "402.50", 250, "402.50"),
        (900, 900, "1449.00", 900, "1449.00"),
        (901, 925, "1489.25", 1000, "1480.00"),
        (1000, 1000, "1480.00", 1000, "1480.00"),
        (1, 25, "43.50", 25, "43.50"),
    ],
)
def test_achats_conseilles_gives_the_vectors_of_the_domain(besoin, arrondi, cout_arrondi, meilleur, cout):
    achats = achats_conseilles(BTE_CON_10, 25, besoin)
    assert (achats.au_plus_juste.unites, achats.au_plus_juste.montant_ht) == (arrondi, D(cout_arrondi))
    assert (achats.moins_chere.unites, achats.moins_chere.montant_ht) == (meilleur, D(cout))
    assert achats.economie_ht == D(cout_arrondi) - D(cout)


def test_achats_conseilles_lists_the_rounded_quantity_then_every_higher_tier():
    options = achats_conseilles(BTE_CON_10, 25, 205).options
    assert [(option.unites, option.colis, option.montant_ht) for option in options] == [
        (225, 9, D("391.50")),
        (250, 10, D("402.50")),
        (1000, 40, D("1480.00")),
    ]


def test_at_equal_cost_the_smallest_quantity_is_advised():
    assert achats_conseilles([Palier(1, D(2)), Palier(10, D(1))], 1, 5).moins_chere.unites == 5


def test_a_need_below_one_is_refused():
    with pytest.raises(ValueError, match="besoin impossible"):
        achats_conseilles(BTE_CON_10, 25, 0)


@given(baremes(), st.integers(1, 5000))
def test_no_quantity_in_whole_packs_is_cheaper_than_the_one_advised(bareme, besoin):
    par_colis, paliers = bareme
    achats = achats_conseilles(paliers, par_colis, besoin)
    plafond = max(besoin, paliers[-1].a_partir_de) + par_colis
    for unites in range(achats.au_plus_juste.unites, plafond + 1, par_colis):
        prix = palier_applicable(paliers, unites).prix_unitaire_ht
        assert (unites * prix).quantize(D("0.01"), "ROUND_HALF_UP") >= achats.moins_chere.montant_ht
    assert all(option.unites >= besoin and option.unites % par_colis == 0 for option in achats.options)


@given(baremes())
def test_a_correct_price_list_has_no_fault(bareme):
    par_colis, paliers = bareme
    assert controler_paliers(paliers, par_colis) == []


@pytest.mark.parametrize(
    ("paliers", "par_colis", "fautes"),
    [
        ([], 1, ["Indiquez au moins un prix."]),
        ([(1, "2"), (1, "1")], 1, ["Les seuils doivent augmenter\u00a0: 1 vient après 1."]),
        ([(10, "2"), (5, "1")], 1, ["Les seuils doivent augmenter\u00a0: 5 vient après 10."]),
        (
            [(1, "2"), (10, "2")],
            1,
            [
                "Le prix doit baisser à chaque palier\u00a0: "
                "à partir de 10, 2,00\u00a0€ n’est pas inférieur à 2,00\u00a0€."
            ],
        ),
        ([(0, "2")], 1, ["Le seuil d’un palier est d’au moins 1\u00a0: 0 ne convient pas."]),
        ([(30, "2")], 25, ["Le seuil 30 n’est pas un multiple du conditionnement (25)."]),
        ([(1, "0")], 1, ["Un prix est supérieur à zéro\u00a0: 0,00\u00a0€ ne convient pas."]),
        ([(1, "0.12345")], 1, ["Un prix a au plus quatre décimales\u00a0: 0,12345\u00a0€ en a davantage."]),
    ],
)
def test_controler_paliers_says_in_french_what_is_wrong(paliers, par_colis, fautes):
    assert controler_paliers([Palier(seuil, D(prix)) for seuil, prix in paliers], par_colis) == fautes


def test_controler_paliers_says_everything_at_once():
    paliers = [Palier(0, D(-1)), Palier(10, D(2)), Palier(10, D(1))]
    assert len(controler_paliers(paliers)) == 4
