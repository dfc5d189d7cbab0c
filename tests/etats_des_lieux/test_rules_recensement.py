"""What a tender must foresee: quantities, years, ceilings, each with its sentences."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.recensement import (
    ArticleRecense,
    Declaration,
    Hypotheses,
    boites_estimees,
    estimees_par_article,
    plafond_suggere,
    recenser,
    reliures_estimees,
    travees_estimees,
)

BOITE = ArticleRecense(1, "BTE-CON-10", "Boîte", "piece", 25, 1, Decimal("1.74"))
TRAVEE = ArticleRecense(2, "RF-100-S", "Rayonnage", "piece", 1, 2, Decimal("142.00"), 6000)
SANS_PRIX = ArticleRecense(3, "X", "Sans prix", "piece", 1, 1, None)
USUELLES = Hypotheses()


def test_an_article_worked_by_hand():
    """244 measured + 56 estimated = 300; growth 2,5 % × 4 = 30; margin 10 % = 363; 15 packs of 25 = 375."""
    ligne = recenser(BOITE, 244, 3, 56, ("Deux collectivités.",), USUELLES)
    assert ligne.par_annee == (100, 100, 100, 75) and ligne.unites == 375
    assert ligne.montant_ht == Decimal("652.50")
    texte = " ".join(ligne.raisonnement)
    assert "3\u00a0états des lieux demandent 244\u00a0unités" in texte and "Deux collectivités." in texte
    assert "+ 30" in texte and "363 en tout" in texte and "375, soit 15\u00a0colis" in texte


def test_boxes_come_from_counts_then_from_metres():
    declaration = Declaration(boites=500, sur_boites=4, archives_mm=59_000, sur_archives=1)
    boites, phrases = boites_estimees(declaration, USUELLES)
    assert boites == 500 + 236  # 59 ml × 40 % × 10
    assert "4\u00a0collectivités estiment 500\u00a0boîtes" in phrases[0]
    assert "59\u00a0ml" in phrases[1] and "236\u00a0boîtes" in phrases[1]


def test_shelves_are_rounded_up_to_whole_pieces():
    assert travees_estimees(Declaration(rayonnages_mm=48_001, sur_rayonnages=2), 6000)[0] == 9
    assert travees_estimees(Declaration(), 6000) == (0, ())
    with pytest.raises(ValueError, match="capacité"):
        travees_estimees(Declaration(), 0)


def test_bindings_are_those_estimated():
    assert reliures_estimees(Declaration(reliures=15, sur_reliures=2))[0] == 15
    assert reliures_estimees(Declaration()) == (0, ())


def test_estimates_go_to_the_articles_chosen_and_to_no_other():
    declaration = Declaration(
        boites=10, sur_boites=1, rayonnages_mm=6_000, sur_rayonnages=1, reliures=3, sur_reliures=1
    )
    articles = {1: BOITE, 2: TRAVEE}
    trouvees = estimees_par_article(declaration, articles, {"boite": 1, "rayonnage": 2, "reliure": 99}, USUELLES)
    assert {article: unites for article, (unites, _) in trouvees.items()} == {1: 10, 2: 1}


def test_a_ceiling_is_a_round_amount_above_its_lines_and_says_what_it_leaves_out():
    lignes = [recenser(BOITE, 244, 3, 56, (), USUELLES), recenser(SANS_PRIX, 5, 1, 0, (), USUELLES)]
    plafond = plafond_suggere(1, lignes, USUELLES)
    assert (plafond.montant_ht, plafond.plafond_ht) == (Decimal("652.50"), Decimal("1000.00"))
    assert "375 × 1,74\u00a0€ = 652,50\u00a0€" in plafond.raisonnement[0] and "sans prix" in plafond.raisonnement[1]


hypotheses = st.builds(
    Hypotheses,
    annees=st.integers(1, 8),
    croissance_pct=st.decimals(0, 50, places=2),
    marge_pct=st.decimals(0, 100, places=2),
    arrondi_ht=st.sampled_from([Decimal(1), Decimal(500), Decimal(1000)]),
)


@given(st.integers(0, 50_000), st.integers(0, 50_000), st.integers(1, 250), hypotheses)
def test_a_quantity_covers_its_need_in_whole_packs_and_no_pack_too_many(mesurees, estimees, colis, h):
    article = ArticleRecense(1, "A", "A", "piece", colis, 1, Decimal("1.0000"))
    ligne = recenser(article, mesurees, 1, estimees, (), h)
    besoin = mesurees + estimees
    exact = besoin * (1 + h.croissance_pct * h.annees / 100) * (1 + h.marge_pct / 100)
    assert len(ligne.par_annee) == h.annees and all(n % colis == 0 for n in ligne.par_annee)
    assert exact <= ligne.unites < exact + colis + 1
    assert max(ligne.par_annee) - min(ligne.par_annee) <= colis


@given(st.lists(st.integers(1, 10_000), max_size=6), hypotheses)
def test_a_ceiling_is_never_below_its_lines_nor_a_whole_step_above(besoins, h):
    plafond = plafond_suggere(1, [recenser(BOITE, n, 1, 0, (), h) for n in besoins], h)
    assert plafond.plafond_ht >= plafond.montant_ht and plafond.plafond_ht > 0
    assert plafond.plafond_ht - plafond.montant_ht <= h.arrondi_ht
    assert plafond.plafond_ht % h.arrondi_ht == 0


@given(st.integers(0, 10**9), st.integers(0, 100))
def test_boxes_from_metres_never_fall_short(longueur_mm, part):
    h = Hypotheses(part_en_boites_pct=Decimal(part))
    boites, _ = boites_estimees(Declaration(archives_mm=longueur_mm, sur_archives=1), h)
    assert boites * 1000 * 100 >= longueur_mm * part * 10 > (boites - 1) * 1000 * 100 or boites == 0
