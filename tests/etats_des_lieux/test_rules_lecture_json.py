"""Strict reading of JSON: no digit lost, no key ignored, and a French line for whatever is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse, Lecteur, charger_json


def lecteur(**objet):
    return Lecteur(objet, "", [])


def test_a_number_with_a_point_keeps_every_digit():
    assert charger_json(b'{"ml": 1.10, "ans": 10}') == {"ml": Decimal("1.10"), "ans": 10}


def test_a_byte_order_mark_is_allowed():
    assert charger_json(b"\xef\xbb\xbf[]") == []


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        ("é".encode("cp1252"), "pas en UTF-8"),
        (b"", "JSON lisible (ligne 1, colonne 1)"),
        (b'{"a": 1,\n}', "JSON lisible (ligne 2, colonne 1)"),
        (b'{"a": 1, "a": 2}', "a\u00a0: clé donnée deux fois"),
        (b"[NaN]", "NaN\u00a0: ce n’est pas un nombre"),
        (b"[-Infinity]", "-Infinity\u00a0: ce n’est pas un nombre"),
        (b"[" + b"9" * 5000 + b"]", "nombre trop grand"),
        (b"[1e99999999999999999999]", "nombre trop grand"),
        (b"[" * 200_000, "imbriqué trop profondément"),
    ],
)
def test_an_unreadable_document_is_refused_in_one_sentence(octets, phrase):
    with pytest.raises(DocumentRefuse) as refus:
        charger_json(octets)
    assert len(refus.value.fautes) == 1
    assert phrase in refus.value.fautes[0]


@given(st.binary(max_size=60))
def test_no_bytes_make_anything_but_a_value_or_a_refusal(octets):
    try:
        charger_json(octets)
    except DocumentRefuse as refus:
        assert refus.fautes


def test_unknown_and_missing_keys_are_named():
    document = lecteur(foo=1)
    document.controler_cles(["a"], ["b"])
    assert document.fautes == [
        "foo\u00a0: clé inconnue, les clés possibles sont a et b.",
        "a\u00a0: clé absente, ajoutez-la.",
    ]


def test_a_fault_inside_a_list_gives_its_path():
    (ligne,) = lecteur(mesures=[{"foo": 1}]).objets("mesures")
    ligne.controler_cles([])
    assert ligne.fautes[0].startswith("mesures[0].foo\u00a0: ")


@pytest.mark.parametrize(
    ("methode", "valeur"),
    [
        ("texte", ""),
        ("texte", "  "),
        ("texte", 3),
        ("texte", "\ud800"),
        ("entier", "3"),
        ("entier", True),
        ("entier", Decimal("3.0")),
        ("entier", None),
        ("entier", -1),
        ("entier", 10**9 + 1),
        ("entiers", []),
        ("entiers", 3),
        ("entiers", [1, "2"]),
        ("decimal", "1,20"),
        ("decimal", "1e3"),
        ("decimal", ""),
        ("decimal", None),
        ("decimal", False),
        ("decimal", [1]),
        ("longueur_mm", "-0.001"),
        ("longueur_mm", "1.2345"),
        ("longueur_mm", Decimal("1E+999999")),
        ("longueur_mm", {"a": 1}),
        ("objets", {}),
        ("objets", [1]),
    ],
)
def test_a_wrong_value_is_one_fault_that_names_the_key_and_says_what_to_write(methode, valeur):
    document = lecteur(cle=valeur)
    getattr(document, methode)("cle")
    (faute,) = document.fautes
    assert faute.startswith("cle")
    assert " ne convient pas, " in faute
    assert faute.endswith(".")


@pytest.mark.parametrize("methode", ["texte", "entier", "entiers", "decimal", "longueur_mm", "objets"])
def test_an_absent_key_is_only_reported_by_the_control_of_keys(methode):
    document = lecteur()
    getattr(document, methode)("cle")
    assert document.fautes == []


@pytest.mark.parametrize("valeur", ["1.20", Decimal("1.2"), " 1.200 "])
def test_a_length_is_read_from_a_text_or_a_number(valeur):
    assert lecteur(cle=valeur).longueur_mm("cle") == 1200


def test_a_length_may_have_to_be_above_zero():
    document = lecteur(cle="0")
    assert document.longueur_mm("cle", minimum_mm=1) == 1
    assert "indiquez plus de zéro" in document.fautes[0]


def test_good_values_are_given_back_without_a_fault():
    document = lecteur(mot=" deux ", compte=3, comptes=[1, 2])
    assert (document.texte("mot"), document.entier("compte"), document.entiers("comptes")) == ("deux", 3, (1, 2))
    assert document.fautes == []
