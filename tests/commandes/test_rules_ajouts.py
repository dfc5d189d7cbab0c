"""What one body may add in the completion phase, and what it is told."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.ajouts import (
    PLUS_RIEN,
    Ajout,
    ajout_conseille,
    ajout_possible,
    ajout_sous_verrou,
    refus_d_ajout,
)
from groupement.commandes.rules.complement import DemandeDuGroupe, manque
from groupement.commandes.rules.quantites import Refus

D = Decimal
PALIERS = (Palier(50, D("0.58")), Palier(500, D("0.54")), Palier(2000, D("0.48")))
BOITE = DemandeDuGroupe(1, "BTE-10", "Boîte 10 cm", "piece", "boite", 50, PALIERS, 0)


def ce_qui_manque(**champs):
    return manque(replace(BOITE, **champs))


@pytest.mark.parametrize(
    ("fermes", "deja", "se_partage", "conseille"),
    [
        (38, 0, True, 12),  # what fills the pack
        (38, 38, False, 12),  # its own pack, ordered on paper: whole once completed
        (38, 0, False, 0),  # a body served in whole packs cannot fill twelve
        (440, 100, True, 10),
        (440, 100, False, 50),  # one pack towards the tier
        (400, 100, True, 100),  # full packs: what reaches the tier
        (400, 100, False, 100),
    ],
)
def test_a_body_is_offered_what_fills_the_pack_else_what_reaches_the_tier(fermes, deja, se_partage, conseille):
    assert ajout_conseille(ce_qui_manque(fermes=fermes), deja, se_partage=se_partage) == conseille


@pytest.mark.parametrize(
    ("par_colis", "fermes", "deja", "voulues", "se_partage", "motif", "propositions"),
    [
        (50, 38, 0, 0, True, "Indiquez combien", (12,)),
        (50, 38, 0, 50, True, "Il ne manque que 12\u00a0boîtes", (12,)),
        (50, 440, 100, 20, False, "Livré chez vous, cet article va par colis entiers de 50", (50,)),
        (
            10,
            442,
            100,
            9,
            True,
            "9\u00a0boîtes de plus\u00a0: un nouveau colis de 10 serait entamé, 9\u00a0boîtes iraient au dépôt",
            (8, 10),
        ),
        (50, 38, 0, 12, False, "Livré chez vous", ()),
    ],
)
def test_a_number_that_will_not_do_gets_its_reason_and_the_nearest_that_will(
    par_colis, fermes, deja, voulues, se_partage, motif, propositions
):
    refus = refus_d_ajout(
        ce_qui_manque(unites_par_colis=par_colis, fermes=fermes), deja, voulues, se_partage=se_partage
    )
    assert refus.motif.startswith(motif)
    assert refus.propositions == propositions


def test_what_is_missing_may_be_added():
    assert refus_d_ajout(ce_qui_manque(fermes=38), 0, 12, se_partage=True) is None
    assert ajout_sous_verrou(ce_qui_manque(fermes=38), 0, 12, 38, se_partage=True) == Ajout(12)


def test_who_comes_second_gets_what_is_left_and_is_told():
    ajout = ajout_sous_verrou(ce_qui_manque(fermes=43), 0, 12, 38, se_partage=True)
    assert ajout.unites == 7
    assert ajout.reduction.startswith("D’autres collectivités ont complété cet article entre-temps")
    assert "que 7\u00a0boîtes à ajouter, au lieu de 12" in ajout.reduction


def test_who_comes_when_nothing_is_left_is_told_and_adds_nothing():
    assert ajout_sous_verrou(ce_qui_manque(fermes=43), 0, 12, 38, se_partage=False) == Refus(PLUS_RIEN)


def test_too_many_is_refused_not_cut_down_when_nobody_came_between():
    refus = ajout_sous_verrou(ce_qui_manque(fermes=38), 0, 50, 38, se_partage=True)
    assert isinstance(refus, Refus) and refus.propositions == (12,)
    assert isinstance(ajout_sous_verrou(ce_qui_manque(fermes=43), 0, 0, 38, se_partage=True), Refus)


@given(
    par_colis=st.integers(1, 60),
    fermes=st.integers(1, 4000),
    en_plus=st.integers(0, 60),
    deja=st.integers(0, 300),
    voulues=st.integers(-2, 2000),
    se_partage=st.booleans(),
)
def test_the_nearest_numbers_may_all_be_added_and_a_body_gets_whole_packs(
    par_colis, fermes, en_plus, deja, voulues, se_partage
):
    trouve = ce_qui_manque(unites_par_colis=par_colis, fermes=fermes, acceptees_en_plus=en_plus)
    if trouve is None:
        return
    possible = ajout_possible(trouve, deja, voulues, se_partage=se_partage)
    refus = refus_d_ajout(trouve, deja, voulues, se_partage=se_partage)
    assert (refus is None) == (voulues > 0 and possible == voulues)
    for unites in (possible, *(refus.propositions if refus else ())):
        assert 0 <= unites <= trouve.unites_au_plus
        if unites:
            assert trouve.rapproche(unites)
            assert se_partage or (deja + unites) % par_colis == 0
            assert refus_d_ajout(trouve, deja, unites, se_partage=se_partage) is None
