"""What suppliers write in their cells, in the words of our own format; what is not sure stays as it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules import cellules
from groupement.socle.lecture_csv import nombre_lu


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50 EUR", "1234.50"),
        ("12,5", "12.5"),
        ("12.5 euros HT", "12.5"),
        ("1.234.567,8", "1234567.8"),
        ("-3 €", "-3"),
        ("0,118 € H.T.", "0.118"),
    ],
)
def test_a_price_is_read_however_it_is_written(texte, lu):
    assert nombre_lu(cellules.nombre_ecrit(texte)) == Decimal(lu)


@pytest.mark.parametrize("texte", ["12 5", "douze", "1,2,3", "€", "", "1,74 ou 1,80", "1.2345.6", "10 €/20 €"])
def test_a_price_that_is_not_sure_stays_as_it_is(texte):
    assert cellules.nombre_ecrit(texte) == texte and nombre_lu(texte) is None


@given(st.decimals(min_value=0, max_value=999_999, places=2), st.sampled_from(["{:,.2f}", "{:.2f}"]), st.booleans())
def test_french_and_english_ways_give_the_same_number(prix, forme, francais):
    texte = forme.format(prix)
    if francais:
        texte = texte.translate(str.maketrans(",.", ".,"))
    assert nombre_lu(cellules.nombre_ecrit(f"{texte} €")) == prix


@pytest.mark.parametrize(("texte", "lu"), [("20 %", "20"), ("5,5%", "5,5"), ("20", "20"), ("sans", "sans"), ("%", "%")])
def test_a_rate_loses_its_sign(texte, lu):
    assert cellules.taux_ecrit(texte) == lu


@pytest.mark.parametrize(
    ("unite", "combien", "lue"),
    [
        ("le cent", 100, "piece"),
        ("Cent", 100, "piece"),
        ("le mille", 1000, "piece"),
        ("par 25", 25, "piece"),
        ("les 50", 50, "piece"),
        ("paquet de 10", 10, "piece"),
        ("Boîte de 1 000 pièces", 1000, "piece"),
        ("U", 1, "piece"),
        ("à l’unité", 1, "piece"),
        ("Pièces", 1, "piece"),
        ("ml", 1, "metre"),
        ("la ramette", 1, "ramette"),
        ("Travée", 1, "travee"),
        ("kit complet", 1, "kit complet"),
        ("", 1, ""),
    ],
)
def test_a_unit_says_how_many_pieces_it_holds(unite, combien, lue):
    assert (cellules.par_combien(unite), cellules.unite_ecrite(unite)) == (combien, lue)


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("25", "25"),
        ("par 25", "25"),
        ("colis de 25 boîtes", "25"),
        ("le cent", "100"),
        ("2,5", "2,5"),
        ("10 x 25", "10 x 25"),
        ("-5", "-5"),
        ("carton", "carton"),
    ],
)
def test_a_pack_is_the_one_number_of_its_cell(texte, lu):
    assert cellules.conditionnement_ecrit(texte) == lu


@pytest.mark.parametrize(
    ("texte", "titre", "lu"),
    [
        ("33 x 25 x 10 cm", "", "330x250x100"),
        ("33x25x10", "Dim. (cm)", "330x250x100"),
        ("330 × 250 × 100 mm", "Dimensions (cm)", "330x250x100"),
        ("33,5 X 25 cm", "", "335x250"),
        ("330*250*100", "", "330x250x100"),
        ("33,55 x 25 cm", "", "33,55 x 25 cm"),
        ("sur mesure", "", "sur mesure"),
        ("A4", "Format", "A4"),
    ],
)
def test_sides_become_millimetres(texte, titre, lu):
    assert cellules.dimensions_ecrites(texte, titre) == lu


@pytest.mark.parametrize(
    ("texte", "lu"), [("0,26 kg", "0.26"), ("260 g", "0.26"), ("0,26", "0,26"), ("lourd", "lourd"), ("x kg", "x kg")]
)
def test_a_weight_may_bear_its_unit(texte, lu):
    assert cellules.mesure_ecrite(texte, "kg", "g") == lu


@pytest.mark.parametrize(("texte", "lu"), [("10 cm", "0.1"), ("0,10 ml", "0.1"), ("0,10", "0,10")])
def test_a_capacity_may_bear_its_unit(texte, lu):
    assert nombre_lu(cellules.mesure_ecrite(texte, "ml", "cm")) == nombre_lu(lu)


@pytest.mark.parametrize(
    ("texte", "lu"), [("Lot n° 2", "2"), ("LOT 03", "3"), ("2", "2"), ("lot 2 : rayonnages", "2"), ("lots", "lots")]
)
def test_a_lot_is_its_number(texte, lu):
    assert cellules.lot_ecrit(texte) == lu


@pytest.mark.parametrize(
    ("texte", "lu"),
    [("Boîtes d’archives", "boite"), ("petit matériel", "petit_materiel"), ("boite", "boite"), ("Divers", "Divers")],
)
def test_a_family_is_known_by_its_key_or_its_name(texte, lu):
    assert cellules.famille_ecrite(texte) == lu


@pytest.mark.parametrize("texte", ["-", " – ", "Néant", "sans objet", "N/A"])
def test_a_dash_is_nothing(texte):
    assert cellules.rien_d_ecrit(texte) == "" and cellules.rien_d_ecrit("A-1") == "A-1"
