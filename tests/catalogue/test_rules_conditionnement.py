"""Packs: how many, which quantities are near, what the page says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.conditionnement import (
    colis_necessaires,
    est_en_colis_entiers,
    phrase_conditionnement,
    quantites_proches,
)


@pytest.mark.parametrize(
    ("unites", "par_colis", "colis"), [(0, 50, 0), (1, 50, 1), (50, 50, 1), (51, 50, 2), (1234, 50, 25), (7, 1, 7)]
)
def test_colis_necessaires_rounds_up(unites, par_colis, colis):
    assert colis_necessaires(unites, par_colis) == colis


@pytest.mark.parametrize(("unites", "par_colis"), [(-1, 50), (10, 0), (10, -5)])
def test_impossible_packs_are_refused(unites, par_colis):
    with pytest.raises(ValueError, match="conditionnement impossible"):
        colis_necessaires(unites, par_colis)


@pytest.mark.parametrize(
    ("unites", "par_colis", "proches"),
    [(60, 25, (50, 75)), (75, 25, (75, 75)), (10, 25, (None, 25)), (1, 1, (1, 1)), (26, 25, (25, 50))],
)
def test_quantites_proches_gives_whole_packs_on_both_sides(unites, par_colis, proches):
    assert quantites_proches(unites, par_colis) == proches


def test_quantites_proches_refuses_to_round_nothing():
    with pytest.raises(ValueError, match="quantité impossible"):
        quantites_proches(0, 25)


@given(st.integers(1, 1_000_000), st.integers(1, 1000))
def test_the_near_quantities_frame_the_need_by_less_than_a_pack(unites, par_colis):
    dessous, dessus = quantites_proches(unites, par_colis)
    assert (dessous or 0) <= unites <= dessus < unites + par_colis
    assert est_en_colis_entiers(dessus, par_colis)
    assert est_en_colis_entiers(dessous or 0, par_colis)
    assert dessus == colis_necessaires(unites, par_colis) * par_colis


@pytest.mark.parametrize(
    ("unites", "par_colis", "fractionnable", "phrase"),
    [
        (3, 1, False, "Cet article se commande à l’unité."),
        (75, 25, False, "75\u00a0unités\u00a0: 3\u00a0colis de 25."),
        (25, 25, True, "25\u00a0unités\u00a0: 1\u00a0colis de 25."),
        (
            60,
            25,
            False,
            "Cet article se vend par colis de 25\u00a0: 60\u00a0unités ne font pas un nombre entier de colis. "
            "Choisissez 50 (2\u00a0colis) ou 75 (3\u00a0colis).",
        ),
        (
            1,
            25,
            False,
            "Cet article se vend par colis de 25\u00a0: 1\u00a0unité ne fait pas un nombre entier de colis. "
            "Choisissez 25 (1\u00a0colis).",
        ),
        (
            60,
            25,
            True,
            "Cet article est acheté par colis de 25, mais vous pouvez en commander le nombre qu’il vous faut\u00a0: "
            "le groupement complète les colis.",
        ),
    ],
)
def test_phrase_conditionnement_tells_a_secretary_what_to_choose(unites, par_colis, fractionnable, phrase):
    assert phrase_conditionnement(unites, par_colis, fractionnable=fractionnable) == phrase
