"""Bindings: the vectors B1 to B4, sessions kept whole, periods, thickness and price bands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.reliures import (
    AnneeARelier,
    Volume,
    annees_par_volume,
    epaisseur_mm,
    feuillets_de_pages,
    libelle_serie,
    periodes_a_relier,
    tranche_de_prix,
)


def annees(serie, debut, *feuillets):
    return [AnneeARelier(serie, debut + rang, compte) for rang, compte in enumerate(feuillets)]


def volumes(lignes, population, feuillets_max):
    return [volume for periode in periodes_a_relier(lignes, population, feuillets_max) for volume in periode.volumes]


B4 = annees("deliberations", 2021, 110, 120, 135, 118, 126) + annees("arretes", 2021, 90, 95, 88, 102, 99)


@pytest.mark.parametrize(
    ("numero", "lignes", "population", "max_200", "max_300"),
    [
        ("B1", annees("deliberations", 2011, *[60] * 15), 850, 6, 3),
        ("B2", annees("arretes", 2011, *[40] * 15), 850, 3, 3),
        ("B3", annees("deliberations", 2025, 480), 6200, 3, 2),
        ("B4", B4, 1850, 10, 10),
    ],
)
def test_volumes_of_the_reference_cases(numero, lignes, population, max_200, max_300):
    assert (len(volumes(lignes, population, 200)), len(volumes(lignes, population, 300))) == (max_200, max_300), numero


def test_b4_makes_six_volumes_above_a_hundred_sheets_and_four_below():
    tranches = [volume.tranche for volume in volumes(B4, 1850, 200)]
    assert (tranches.count(200), tranches.count(100)) == (6, 4)


def test_below_a_thousand_inhabitants_a_period_covers_five_years_from_the_first_unbound_one():
    periodes = periodes_a_relier(annees("deliberations", 2019, *[40] * 7), 999, 200)
    assert [[annee.annee for annee in periode.annees] for periode in periodes] == [
        [2019, 2020, 2021, 2022, 2023],
        [2024, 2025],
    ]


def test_a_year_already_bound_does_not_lengthen_the_period():
    lignes = [AnneeARelier("arretes", annee, 10) for annee in (2011, 2013, 2016)]
    assert [volume.annees for volume in volumes(lignes, 500, 200)] == [(2011, 2013), (2016,)]


def test_from_a_thousand_inhabitants_every_year_is_bound_apart():
    assert [volume.annees for volume in volumes(annees("arretes", 2021, 10, 10), 1000, 200)] == [(2021,), (2022,)]


def test_civil_status_is_bound_every_year_even_in_a_small_commune():
    assert annees_par_volume("etat_civil", 300) == 1
    assert annees_par_volume("deliberations", 300) == 5


def test_years_come_in_time_order_whatever_the_order_of_the_file():
    lignes = list(reversed(annees("deliberations", 2021, 110, 120)))
    assert [volume.annees for volume in volumes(lignes, 1850, 200)] == [(2021,), (2022,)]


def test_a_period_without_session_detail_fills_its_volumes_in_order():
    assert volumes(annees("deliberations", 2011, *[60] * 5), 850, 200) == [
        Volume("deliberations", (2011, 2012, 2013, 2014), 200),
        Volume("deliberations", (2014, 2015), 100),
    ]


@pytest.mark.parametrize(
    ("seances", "attendu"),
    [
        ((80, 70, 60), [150, 60]),
        ((100, 100, 1), [200, 1]),
        ((150, 100, 50), [150, 150]),
        ((250,), [250]),
        ((10, 250, 10), [10, 250, 10]),
        ((200, 200), [200, 200]),
    ],
)
def test_a_session_never_straddles_two_volumes(seances, attendu):
    lignes = [AnneeARelier("deliberations", 2022, seances=seances)]
    assert [volume.feuillets for volume in volumes(lignes, 1850, 200)] == attendu


def test_a_session_longer_than_a_volume_stays_whole_and_is_announced():
    (periode,) = periodes_a_relier([AnneeARelier("deliberations", 2022, seances=(250,))], 1850, 200)
    assert "dépasse à elle seule 200 feuillets" in periode.explication
    assert periode.volumes[0].tranche == 300


def test_a_year_without_detail_tops_up_the_volume_that_sessions_left_open():
    lignes = [AnneeARelier("deliberations", 2021, seances=(90, 90)), AnneeARelier("deliberations", 2022, 100)]
    (periode,) = periodes_a_relier(lignes, 850, 200)
    assert [(volume.annees, volume.feuillets) for volume in periode.volumes] == [((2021, 2022), 200), ((2022,), 80)]
    assert "séances non détaillées en 2022" in periode.explication


def test_a_year_without_sheets_makes_no_volume():
    (periode,) = periodes_a_relier([AnneeARelier("arretes", 2021, 0)], 1850, 200)
    assert periode.volumes == ()
    assert periode.explication.endswith("0\u00a0volume.")


def test_the_sentence_gives_the_figures_and_the_rule():
    (periode,) = periodes_a_relier([AnneeARelier("deliberations", 2022, seances=(80, 70, 60))], 1850, 200)
    assert periode.explication == (
        "Reliure, Délibérations 2022\u00a0: 210\u00a0feuillets, 200 au plus par volume, sans couper une séance"
        "\u00a0: 2\u00a0volumes (150 et 60)."
    )


def test_a_year_given_twice_is_refused():
    with pytest.raises(ValueError, match="Arrêtés 2021 donnée deux fois"):
        periodes_a_relier(annees("arretes", 2021, 10) + annees("arretes", 2021, 10), 1850, 200)


def test_a_volume_must_hold_something():
    with pytest.raises(ValueError, match="feuillets par volume"):
        periodes_a_relier([], 1850, 0)


@pytest.mark.parametrize(
    "champs", [{}, {"feuillets": 10, "seances": (10,)}, {"feuillets": -1}, {"seances": ()}, {"seances": (10, 0)}]
)
def test_an_impossible_year_is_refused(champs):
    with pytest.raises(ValueError, match="feuillet"):
        AnneeARelier("arretes", 2021, **champs)


@pytest.mark.parametrize(("feuillets", "epaisseur", "tranche"), [(100, 17, 100), (200, 28, 200), (300, 39, 300)])
def test_thickness_and_band_of_a_volume(feuillets, epaisseur, tranche):
    assert (epaisseur_mm(feuillets), tranche_de_prix(feuillets)) == (epaisseur, tranche)
    assert Volume("arretes", (2021,), feuillets).epaisseur_mm == epaisseur


@pytest.mark.parametrize(("feuillets", "tranche"), [(1, 100), (101, 200), (201, 300), (301, None)])
def test_a_band_includes_its_upper_bound(feuillets, tranche):
    assert tranche_de_prix(feuillets) == tranche


@pytest.mark.parametrize(
    ("pages", "recto", "feuillets"), [(10, True, 10), (10, False, 5), (11, False, 6), (0, False, 0)]
)
def test_pages_become_sheets(pages, recto, feuillets):
    assert feuillets_de_pages(pages, recto_seul=recto) == feuillets


def test_a_negative_number_of_pages_is_refused():
    with pytest.raises(ValueError, match="pages"):
        feuillets_de_pages(-1)


def test_an_unknown_series_is_shown_as_written():
    assert libelle_serie("Registre de la mairie") == "Registre de la mairie"


LIGNES = st.dictionaries(
    st.tuples(st.sampled_from(["deliberations", "arretes"]), st.integers(1990, 2025)),
    st.one_of(st.integers(0, 900), st.lists(st.integers(1, 400), min_size=1, max_size=12).map(tuple)),
    max_size=20,
).map(
    lambda lignes: [
        AnneeARelier(serie, annee, feuillets=contenu)
        if isinstance(contenu, int)
        else AnneeARelier(serie, annee, seances=contenu)
        for (serie, annee), contenu in lignes.items()
    ]
)


@given(LIGNES, st.integers(1, 5000), st.integers(50, 300))
def test_no_sheet_is_lost_and_no_volume_mixes_periods(lignes, population, feuillets_max):
    for periode in periodes_a_relier(lignes, population, feuillets_max):
        assert sum(volume.feuillets for volume in periode.volumes) == sum(
            ligne.total_feuillets for ligne in periode.annees
        )
        dates = [annee for volume in periode.volumes for annee in volume.annees]
        assert dates == sorted(dates)
        assert set(dates) <= {ligne.annee for ligne in periode.annees}
        assert periode.annees[-1].annee - periode.annees[0].annee < annees_par_volume(periode.serie, population)


@given(LIGNES, st.integers(50, 300))
def test_only_a_session_longer_than_the_maximum_makes_a_volume_too_thick(lignes, feuillets_max):
    longues = {seance for ligne in lignes for seance in ligne.seances or () if seance > feuillets_max}
    for volume in volumes(lignes, 500, feuillets_max):
        assert volume.feuillets <= feuillets_max or volume.feuillets in longues


@given(st.lists(st.integers(0, 900), min_size=1, max_size=5), st.integers(1, 300))
def test_without_session_detail_the_count_is_the_ceiling_of_the_division(feuillets, feuillets_max):
    assert len(volumes(annees("arretes", 2021, *feuillets), 500, feuillets_max)) == -(-sum(feuillets) // feuillets_max)
