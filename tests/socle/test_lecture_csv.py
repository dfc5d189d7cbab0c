"""Reading tables saved from spreadsheets: encodings, separators, numbers, and every fault at once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.socle.lecture_csv import Faute, Ligne, lire_tableau, nombre_lu

D = Decimal
TABLE = 'nom,prix\r\nBoîte à œillets,"1,50"\r\n\r\nChemise,2.5\r\n'


def ligne(**cellules):
    return Ligne(7, cellules)


@pytest.mark.parametrize(
    "contenu",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("cp1252"),
        TABLE.encode("utf-16"),
        TABLE.replace(",", ";").replace('"1;50"', "1,50").encode("cp1252"),
        TABLE.replace(",", "\t").replace('"1\t50"', "1,50").encode(),
        TABLE.replace("\r\n", "\n").encode(),
        ("\n" + TABLE.rstrip()).encode(),
        b"\xef\xbb\xbf" + TABLE.replace("nom,prix", " NOM ,Prix,,").encode(),
    ],
)
def test_the_same_table_is_read_however_it_was_saved(contenu):
    tableau = lire_tableau(contenu, ["nom", "prix"])
    assert tableau.fautes == ()
    assert [(lue.texte("nom", 50), lue.decimal("prix", "")) for lue in tableau.lignes] == [
        ("Boîte à œillets", D("1.50")),
        ("Chemise", D("2.5")),
    ]


def test_lines_are_numbered_as_in_the_file_blank_and_long_ones_counted():
    tableau = lire_tableau(b'a,b\n1,"x\ny"\n\n2,z\n', ["a", "b"])
    assert [lue.numero for lue in tableau.lignes] == [2, 5]


def test_columns_may_come_in_any_order_and_optional_ones_may_be_absent():
    (lue,) = lire_tableau(b"b,a\n2,1\n", ["a", "b"], ["c"]).lignes
    assert (lue.entier("a"), lue.entier("b"), lue.texte("c", 9, obligatoire=False)) == (1, 2, "")


@pytest.mark.parametrize(
    ("contenu", "debut"),
    [
        (b"", "Le fichier est vide"),
        (b" \r\n;;;\n", "Le fichier est vide"),
        (b"a,b\n", "Le fichier n’a que ses titres"),
        (b"PK\x03\x04\x00\x00", "Ce fichier n’est pas un texte"),
        (b"\x81\x8d\xff", "Ce fichier n’est pas un texte"),
        (b'a,b\n1,"2\n', "Les guillemets du fichier"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(contenu, debut):
    tableau = lire_tableau(contenu, ["a", "b"])
    assert tableau.lignes == ()
    assert [faute.attendu.startswith(debut) for faute in tableau.fautes] == [True]


def test_missing_unknown_and_repeated_columns_are_named_together():
    fautes = lire_tableau(b"a,a,zut\n1,2,3\n", ["a", "b"], ["c"]).fautes
    assert [(faute.colonne, faute.attendu) for faute in fautes] == [
        ("b", "cette colonne manque."),
        ("a", "cette colonne est là deux fois."),
        ("zut", "colonne inconnue. Les colonnes sont\u00a0: a, b, c."),
    ]


def test_too_many_cells_is_a_fault_of_the_line_but_empty_ones_are_not():
    tableau = lire_tableau(b"a,b\n1,2,,\n1,74,2\n", ["a", "b"])
    assert [lue.numero for lue in tableau.lignes] == [2]
    (faute,) = tableau.fautes
    assert (faute.ligne, faute.valeur) == (3, "2")
    assert faute.attendu.startswith("3 cellules pour 2 colonnes. Une virgule dans un prix")


def test_a_short_line_reads_as_empty_cells():
    (lue,) = lire_tableau(b"a,b\n1\n", ["a", "b"]).lignes
    assert lue.texte("b", 9) == ""
    assert lue.fautes == [Faute(2, "b", "", "cette cellule est obligatoire.")]


@pytest.mark.parametrize(
    ("texte", "nombre"),
    [
        ("1234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u202f567.5", "1234567.5"),
        ("-3", "-3"),
        ("+12", "12"),
        (" 0,118 ", "0.118"),
        ("007", "7"),
    ],
)
def test_numbers_are_read_as_people_write_them(texte, nombre):
    assert nombre_lu(texte) == D(nombre)


@pytest.mark.parametrize(
    "texte", ["", "abc", "1.234,50", "1,234.50", "12 5", "1 23", ",5", "5,", "1e3", "NaN", "٣", "½", "--1", "9" * 31]
)
def test_what_is_not_surely_a_number_is_refused(texte):
    assert nombre_lu(texte) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_a_number_written_in_french_reads_back(nombre):
    assert nombre_lu(f"{nombre:,f}".replace(",", "\u202f").replace(".", ",")) == nombre


@given(st.binary(max_size=200))
def test_no_bytes_whatever_make_it_fail(contenu):
    tableau = lire_tableau(contenu, ["a"])
    assert tableau.fautes or tableau.lignes


@pytest.mark.parametrize("texte", ["0", "1,5", "x", "", "-2"])
def test_a_whole_number_below_the_minimum_or_not_whole_is_a_fault(texte):
    lue = ligne(n=texte)
    lue.entier("n", 1)
    assert lue.fautes == [Faute(7, "n", texte, "un nombre entier d’au moins 1.")]


def test_a_whole_number_may_carry_idle_decimals():
    lue = ligne(n="50,00")
    assert lue.entier("n", 1) == 50
    assert lue.est_correcte


@pytest.mark.parametrize(("texte", "milliemes"), [("0.10", 100), ("7,2", 7200), ("", None), ("0.012", 12)])
def test_metres_become_whole_millimetres(texte, milliemes):
    lue = ligne(m=texte)
    assert lue.milliemes_ou_rien("m") == milliemes
    assert lue.est_correcte


@pytest.mark.parametrize("texte", ["0.0001", "-1", "un"])
def test_a_length_below_the_millimetre_is_a_fault(texte):
    lue = ligne(m=texte)
    assert lue.milliemes_ou_rien("m") is None
    assert not lue.est_correcte


def test_a_missing_or_unreadable_decimal_is_a_fault_with_its_own_sentence():
    lue = ligne(p="gratuit", vide="")
    lue.decimal("p", "un prix.")
    lue.decimal("vide", "un prix.")
    assert [(faute.valeur, faute.attendu) for faute in lue.fautes] == [("gratuit", "un prix."), ("", "un prix.")]


def test_a_choice_outside_the_list_is_a_fault_and_may_have_a_default():
    lue = ligne(mode="avion", vide="")
    assert lue.parmi("vide", ["livraison", "depot"], defaut="livraison") == "livraison"
    lue.parmi("mode", ["livraison", "depot"])
    assert [faute.attendu for faute in lue.fautes] == ["la valeur est l’une de\u00a0: livraison, depot."]


def test_a_text_too_long_is_a_fault():
    lue = ligne(t="x" * 11)
    lue.texte("t", 10)
    assert [faute.attendu for faute in lue.fautes] == ["10 caractères au plus."]


@pytest.mark.parametrize(("texte", "juste"), [("216 200 014", True), ("934483553", True), ("216200015", False)])
def test_a_siren_is_judged_by_its_key_alone(texte, juste):
    lue = ligne(siren=texte)
    assert lue.siren("siren") == texte.replace(" ", "")
    assert lue.est_correcte is juste


@pytest.mark.parametrize("texte", ["", "21620", "2162.00014", "٢١٦٢٠٠٠١٤"])
def test_a_siren_is_nine_digits(texte):
    lue = ligne(siren=texte)
    lue.siren("siren")
    assert not lue.est_correcte


def test_a_siren_may_be_absent_where_it_is_not_obligatory():
    lue = ligne(siren="")
    assert (lue.siren("siren", obligatoire=False), lue.est_correcte) == ("", True)


@pytest.mark.parametrize(
    ("faute", "phrase"),
    [
        (
            Faute(1012, "tva", "7", "20 ou 10."),
            "Ligne 1\u00a0012, colonne «\u00a0tva\u00a0», «\u00a07\u00a0»\u00a0: 20 ou 10.",
        ),
        (Faute(1, "", "", "Le fichier est vide."), "Ligne 1\u00a0: Le fichier est vide."),
    ],
)
def test_a_fault_reads_as_one_french_line(faute, phrase):
    assert faute.phrase() == phrase
