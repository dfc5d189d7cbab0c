"""Finding an article with one's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.recherche import mots_cherches, normaliser, texte_de_recherche

BOITE = texte_de_recherche(
    "BTE-CON-10", "Boîte de conservation carton permanent cannelé dos 10 cm", "boite", "ISO 9706"
)
BAIE = texte_de_recherche("RF-100-35-220-D", "Rayonnage fixe simple face, élément de départ", "depart", "acier laqué")


def trouve(termes, texte):
    return all(mot in texte for mot in mots_cherches(termes))


@pytest.mark.parametrize(
    "termes",
    [
        "boite", "BOÎTES", "boîtes de conservation", "carton cannelé", "bte-con-10", "BTE CON", "dos 10", "10cm",
        "10 cm", "archives", "iso 9706", "conserv", "", "   ", "cartons permanents",
    ],
)  # fmt: skip
def test_a_box_is_found_by_its_words(termes):
    assert trouve(termes, BOITE)


@pytest.mark.parametrize(
    "termes", ["registre", "dos 1", "dos 100", "con-bte", "bte-10", "BTE-CON-1", "boite registre", "étagère"]
)
def test_a_box_is_not_found_by_other_words(termes):
    assert not trouve(termes, BOITE)


@pytest.mark.parametrize("termes", ["étagère", "etageres", "rayonnage", "travées", "acier"])
def test_a_bay_is_found_by_what_people_call_it(termes):
    assert trouve(termes, BAIE)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Étui « sur mesure »", "etui sur mesure"),
        ("L’œuvre", "l oeuvre"),
        ("330×250×100", "330x250x100"),
        ("50 m", "50 m"),
        ("90g", "90 g"),
        ("A4", "a4"),
        ("%_", ""),
    ],
)
def test_a_text_is_normalised(texte, attendu):
    assert normaliser(texte) == attendu


@pytest.mark.parametrize(
    ("termes", "motifs"),
    [
        ("dos dos", ("dos",)),
        ("sacs", ("sac",)),
        ("tableaux", ("tableau",)),
        ("10", (" 10 ",)),
        ("a4", ("a4",)),
        ("BTE-CON-10", ("bte con 10 ",)),
        ("l’étagère", ("l", "etagere")),
        ("sous-chemises", ("sous chemise",)),
    ],
)
def test_plurals_and_repetitions_do_not_count(termes, motifs):
    assert mots_cherches(termes) == motifs


@given(st.text(max_size=80))
def test_an_article_is_always_found_by_its_own_designation(designation):
    assert trouve(designation, texte_de_recherche("REF", designation, "boite"))
    assert normaliser(normaliser(designation)) == normaliser(designation)
