"""Searching the catalogue in memory: words with their mistakes, filters with their counts, order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules import masques
from groupement.catalogue.rules.fiches import Facettes, Filtres
from groupement.catalogue.rules.repertoire import Correction, Repertoire, tri_par_defaut
from tests.fabriques.fiches import boite, fiche, petit_repertoire

D = Decimal
REPERTOIRE = petit_repertoire()


def trouves(termes, filtres=None, tri="pertinence", favoris=()):
    mots = REPERTOIRE.lire(termes, REPERTOIRE.tous)
    masque, _ = REPERTOIRE.filtrer(mots, filtres or Filtres(), favoris)
    return REPERTOIRE.classer(masque, tri, mots)


@pytest.mark.parametrize(
    ("termes", "ids"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("boites archive", [1, 2, 3]),
        ("BOÎTES", [1, 2, 3, 4]),
        ("con-10", [1]),
        ("BTE CON", [1, 2, 3]),
        ("btecon10", [1]),
        ("etageres", [7, 6]),
        ("dos 10", [1, 3, 4]),
        ("dos de 10 cm", [1, 3, 4]),
        ("boites dos 15", [2]),
        ("dos 150 mm", [2]),
        ("chemise permanente", [5]),
        ("a4", [8]),
        ("reliure boite", []),
        ("zzzzzz", []),
        ("%_", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_articles_are_found_by_words_the_nearest_first(termes, ids):
    assert trouves(termes) == ids


@pytest.mark.parametrize(
    ("termes", "corrections", "ids"),
    [
        ("reyonnage", [Correction("reyonnage", "rayonnage")], [6, 7]),
        ("chemsie", [Correction("chemsie", "chemise")], [5]),
        ("boitte", [Correction("boitte", "boîte")], [1, 2, 3, 4]),
        ("reliur cousuee", [Correction("cousuee", "cousue")], [8]),
        ("BTE-COM-10", [Correction("bte-com-10", "BTE-CON-10")], [1]),
        ("btecon19", [Correction("btecon19", "BTE-CON-10")], [1]),
        ("reyonn", [Correction("reyonn", "rayonnage")], [6, 7]),
    ],
)
def test_a_mistake_is_understood_and_said(termes, corrections, ids):
    mots = REPERTOIRE.lire(termes, REPERTOIRE.tous)
    assert list(mots.corrections) == corrections
    assert trouves(termes) == ids


@pytest.mark.parametrize("termes", ["boite", "btecon10", "BTE-CON-10", "dos 10", "étagères", "xyz", "boi"])
def test_what_is_right_or_too_far_is_not_corrected(termes):
    assert REPERTOIRE.lire(termes, REPERTOIRE.tous).corrections == ()


def test_words_that_no_article_holds_together_are_counted_one_by_one():
    assert REPERTOIRE.par_mot("reliure boite zzz", REPERTOIRE.tous) == [("reliure", 1), ("boite", 4)]


@pytest.mark.parametrize(
    ("filtres", "ids"),
    [
        (Filtres(lot=2), [6, 7]),
        (Filtres(famille="boite"), [1, 2, 3]),
        (Filtres(norme="ISO 9706"), [1, 2, 5]),
        (Filtres(dos_mm=100), [1, 3]),
        (Filtres(prix_min=D("1"), prix_max=D("2")), [1, 4, 5, 6, 7]),
        (Filtres(prix_max=D("0.58")), [3]),
        (Filtres(prix_min=D("2.12")), [2]),
        (Filtres(en_detail=True), [3, 6, 7, 8]),
        (Filtres(favoris=True), [2, 8]),
        (Filtres(lot=2, famille="boite"), []),
        (Filtres(lot=99), []),
    ],
)
def test_filters_narrow_and_an_article_without_a_price_has_no_place_in_a_range(filtres, ids):
    assert trouves("", filtres, favoris={2, 8}) == ids


def test_each_count_keeps_the_other_filters_and_leaves_its_own():
    mots = REPERTOIRE.lire("", REPERTOIRE.tous)
    _, facettes = REPERTOIRE.filtrer(mots, Filtres(famille="boite", dos_mm=100), {1})
    assert facettes == Facettes(
        lots={1: 2},
        familles={"boite": 2},
        normes={"ISO 16245-A": 1, "ISO 9706": 1},
        dos_mm={100: 2, 150: 1},
        en_detail=1,
        favoris=1,
    )


@pytest.mark.parametrize(
    ("tri", "ids"),
    [("prix", [3, 1, 4, 5, 6, 7, 2, 8]), ("-prix", [2, 1, 4, 5, 6, 7, 3, 8]), ("nom", [3, 1, 2, 5, 4, 6, 7, 8])],
)
def test_articles_are_sorted_those_without_a_price_last(tri, ids):
    classes = trouves("", tri=tri)
    assert classes[0] == ids[0] and classes[-1] == ids[-1] and sorted(classes) == sorted(ids)


def test_a_search_sorts_by_nearness_unless_asked_otherwise():
    assert (tri_par_defaut("boite"), tri_par_defaut("")) == ("pertinence", "bordereau")
    assert trouves("dos 10", tri="prix") == [3, 1, 4]


def test_a_supplier_searches_in_its_own_lots_only():
    siens = REPERTOIRE.masque_des_lots({2})
    assert list(masques.rangs(REPERTOIRE.lire("rayonnage", siens).masque)) == [5, 6]
    assert REPERTOIRE.lire("reliure", siens).masque == 0
    assert REPERTOIRE.masque_des_lots(None) == REPERTOIRE.tous


def test_a_filter_on_an_unknown_value_is_known_for_what_it_is():
    assert REPERTOIRE.connait("lot", 3) and not REPERTOIRE.connait("lot", None)
    assert REPERTOIRE.connait("dos", 150) and not REPERTOIRE.connait("famille", "inconnue")


def test_nothing_is_found_in_an_empty_catalogue():
    vide = Repertoire([])
    mots = vide.lire("reyonnage", vide.tous)
    assert vide.filtrer(mots, Filtres()) == (0, Facettes()) and vide.classer(0, "prix", mots) == []


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_masks_are_sets(un, autre):
    communs = masques.masque(un, 301) & masques.masque(autre, 301)
    assert set(masques.rangs(communs)) == un & autre
    assert communs.bit_count() == len(un & autre)
    assert set(masques.rangs(masques.tous(301))) == set(range(301))


@given(st.text(max_size=60))
def test_any_words_give_articles_of_the_catalogue_or_none(termes):
    mots = REPERTOIRE.lire(termes, REPERTOIRE.tous)
    assert 0 <= mots.masque <= REPERTOIRE.tous


@given(st.text(alphabet="abcdefghilmnoprstuéèà", min_size=1, max_size=20))
def test_an_article_is_found_by_any_word_of_its_name(mot):
    repertoire = Repertoire([fiche(1, "REF-1", f"Objet {mot} rare"), boite(2)])
    mots = repertoire.lire(mot, repertoire.tous)
    assert 1 in repertoire.classer(mots.masque, "pertinence", mots)
