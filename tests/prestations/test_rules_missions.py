"""What a mission costs, day by day, and which days may be noted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.prestations.rules.missions import (
    Journee,
    JourneeRefusee,
    avancement,
    controler_la_journee,
    controler_les_dates,
    designation,
    lignes_de_mission,
    total_ht,
)
from groupement.prestations.rules.tarifs import SansTarif, Tarif
from groupement.prestations.states import NaturePrestation
from groupement.socle.argent import arrondir

D = Decimal
JOUR, HEURE = NaturePrestation.MISSION_JOUR, NaturePrestation.MISSION_HEURE
DEBUT = date(2026, 6, 29)


def tarif(rang, du, prix, nature=JOUR):
    return Tarif(rang, nature, du, 0, D(prix), D("20.00"))


TARIFS = (tarif(1, date(2026, 1, 1), "300.00"), tarif(2, date(2026, 7, 1), "320.5050"))


def journees(*quantites, debut=DEBUT):
    return [Journee(debut + timedelta(days=rang), D(quantite)) for rang, quantite in enumerate(quantites)]


def test_the_days_of_a_mission_are_billed_at_the_rate_of_each_day():
    lignes = lignes_de_mission(journees("1", "0.5", "1", "1"), TARIFS, JOUR)  # 29 and 30 June, then 1 and 2 July
    assert [(ligne.tarif.id, ligne.quantite, ligne.montant_ht) for ligne in lignes] == [
        (1, D("1.5"), D("450.00")),
        (2, D("2"), D("641.01")),
    ]
    assert [(ligne.du.day, ligne.au.day) for ligne in lignes] == [(29, 30), (1, 2)]
    assert total_ht(lignes) == D("1091.01")


def test_a_line_says_how_it_was_computed():
    ligne = lignes_de_mission(journees("1", "1"), TARIFS, JOUR)[0]
    assert ligne.explication == (
        "2\u00a0jours × 300,00\u00a0€ = 600,00\u00a0€ HT (tarif en vigueur depuis le 1er janvier 2026)"
    )
    assert designation("Classement", ligne) == "Mission d’archiviste\u00a0: Classement, du 29 juin 2026 au 30 juin 2026"
    seule = lignes_de_mission(journees("1"), TARIFS, JOUR)[0]
    assert designation("Classement", seule).endswith(", le 29 juin 2026")


def test_no_day_no_line():
    assert lignes_de_mission([], TARIFS, JOUR) == [] and total_ht([]) == D("0.00")


def test_a_day_without_a_rate_is_refused():
    with pytest.raises(SansTarif, match="28 décembre 2025"):
        lignes_de_mission(journees("1", debut=date(2025, 12, 28)), TARIFS, JOUR)
    with pytest.raises(SansTarif, match="à l’heure"):
        lignes_de_mission(journees("1"), TARIFS, HEURE)


centiemes = st.integers(1, 100).map(lambda n: D(n) / 100)


@given(st.lists(centiemes, max_size=30), st.integers(1, 10_000_000), st.integers(1, 10_000_000))
def test_lines_hold_every_hour_once_and_drift_by_less_than_a_centime(quantites, ancien, nouveau):
    tarifs = (tarif(1, date(2026, 1, 1), D(ancien) / 10_000), tarif(2, date(2026, 7, 1), D(nouveau) / 10_000))
    lignes = lignes_de_mission(journees(*quantites), tarifs, JOUR)
    assert sum((ligne.quantite for ligne in lignes), D(0)) == sum(quantites, D(0))
    for ligne in lignes:
        exact = ligne.quantite * ligne.tarif.prix_unitaire_ht
        assert ligne.montant_ht == arrondir(exact) and abs(ligne.montant_ht - exact) <= D("0.005")
    assert [ligne.tarif.du for ligne in lignes] == sorted({ligne.tarif.du for ligne in lignes})


def test_progress_sums_the_days_against_the_plan():
    faites = [Journee(DEBUT, D("1"), 1700, 500), Journee(DEBUT, D("0.5"), 1000, 0)]
    ou = avancement(faites, D("4"))
    assert (ou.jours, ou.quantite, ou.reste, ou.traites_mm, ou.elimines_mm) == (2, D("1.5"), D("2.5"), 2700, 500)
    assert ou.rendement_mm == 1800
    assert avancement([], D("4")).rendement_mm is None
    assert avancement([Journee(DEBUT, D("3"), 1000)], D("2")).rendement_mm == 333
    assert avancement([Journee(DEBUT, D("3"), 1000)], D("2")).reste == D("-1")


@pytest.mark.parametrize(
    ("journee", "nature", "champ", "phrase"),
    [
        (Journee(date(2026, 6, 28), D(1)), JOUR, "jour", "du 29 juin 2026 au 10 juillet 2026"),
        (Journee(date(2026, 7, 11), D(1)), JOUR, "jour", "entre les deux"),
        (Journee(date(2026, 7, 6), D(1)), JOUR, "jour", "pas encore passé"),
        (Journee(date(2026, 7, 1), D(1)), JOUR, "jour", "1er juillet 2026 est déjà noté"),
        (Journee(date(2026, 7, 2), D("1.01")), JOUR, "quantite", "1.jour au plus.*0,5"),
        (Journee(date(2026, 7, 2), D(0)), JOUR, "quantite", "plus de zéro"),
        (Journee(date(2026, 7, 2), D("24.5")), HEURE, "quantite", "24.heures au plus.*7,5"),
        (Journee(date(2026, 7, 2), D(1), -1, 0), JOUR, "traites_ml", "zéro ou plus"),
        (Journee(date(2026, 7, 2), D(1), 1000, 1001), JOUR, "elimines_ml", "pas plus"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(journee, nature, champ, phrase):
    with pytest.raises(JourneeRefusee, match=phrase) as refus:
        controler_la_journee(journee, nature, DEBUT, date(2026, 7, 10), {date(2026, 7, 1)}, date(2026, 7, 5))
    assert refus.value.champ == champ


@pytest.mark.parametrize(("nature", "quantite"), [(JOUR, "1"), (JOUR, "0.01"), (HEURE, "24"), (HEURE, "7.25")])
def test_a_usual_day_is_accepted_even_on_the_first_and_last_day(nature, quantite):
    for jour in (DEBUT, date(2026, 7, 5)):
        controler_la_journee(Journee(jour, D(quantite), 2000, 2000), nature, DEBUT, date(2026, 7, 5), (), jour)


def test_dates_hold_together_and_around_the_days_noted():
    controler_les_dates(DEBUT, DEBUT, [DEBUT])
    with pytest.raises(JourneeRefusee, match="29 juin 2026 ou après"):
        controler_les_dates(DEBUT, DEBUT - timedelta(days=1), [])
    with pytest.raises(JourneeRefusee, match="29 juin 2026 est déjà noté"):
        controler_les_dates(date(2026, 6, 30), date(2026, 7, 3), [date(2026, 7, 1), DEBUT])
