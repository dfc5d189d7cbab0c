"""Reading what people send: every trap is refused before it is opened, every shape gives the same table."""

import io
import re
import struct
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from groupement.documents.classeurs import ClasseurRefuse, archive, feuilles, lettre, lire_classeur, textes
from groupement.documents.classeurs.table import depuis_json, en_json
from tests.fabriques.bordereaux import avec_parties, classeur_xlsx

SIMPLE = classeur_xlsx({"Prix": [["Réf.", "Prix"], ["A-1", 1.74]]})
FEUILLE = "xl/worksheets/sheet1.xml"


def enveloppe(lignes, avant="", fin=""):
    """The XML of a sheet."""
    espace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{avant}<worksheet xmlns="{espace}"><sheetData>{lignes}</sheetData>{fin}</worksheet>'


def avec_feuille(lignes, **options):
    return avec_parties(SIMPLE, {FEUILLE: enveloppe(lignes, **options).encode()})


def rangees(classeur, rang=0):
    return [(rangee.numero, rangee.cellules) for rangee in classeur.feuilles[rang].rangees]


def bombe():
    """A sheet of 70 Mio of spaces."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zip_:
        with zipfile.ZipFile(io.BytesIO(SIMPLE)) as avant:
            for nom in avant.namelist():
                if nom != FEUILLE:
                    zip_.writestr(nom, avant.read(nom))
        with zip_.open(FEUILLE, "w") as flux:
            for _ in range(70):
                flux.write(b" " * 1024 * 1024)
    return sortie.getvalue()


def menteuse():
    """A bomb whose directory says its sheet is small."""
    contenu = bytearray(bombe())
    place = contenu.rindex(FEUILLE.encode()) - 46
    assert contenu[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<L", contenu, place + 24, 900)
    return bytes(contenu)


def chiffree():
    contenu = bytearray(SIMPLE)
    for signature, ecart in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = contenu.find(signature)
        while place >= 0:
            contenu[place + ecart] |= 1
            place = contenu.find(signature, place + 4)
    return bytes(contenu)


TYPES = "[Content_Types].xml"
with zipfile.ZipFile(io.BytesIO(SIMPLE)) as _zip:
    TYPES_A_MACROS = _zip.read(TYPES).replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
assert b"macroEnabled" in TYPES_A_MACROS
DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
REFUSES = {
    "nothing": ("bpu.xlsx", b"", "vide"),
    "spaces": ("bpu.csv", b" \n\n ", "vide"),
    "a picture": ("photo.png", b"\x89PNG\r\n", "«\u00a0photo.png\u00a0» n’en est pas un"),
    "no name": ("", b"a;b", "«\u00a0sans nom\u00a0» n’en est pas un"),
    "an old .xls": ("bpu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "l’ancien format .xls"),
    "a password": ("bpu.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "mot de passe"),
    "an encrypted zip": ("bpu.xlsx", chiffree(), "mot de passe"),
    "a workbook for macros": ("bpu.xlsm", SIMPLE, "des macros"),
    "macros under the name .xlsx": ("bpu.xlsx", avec_parties(SIMPLE, {"xl/vbaProject.bin": b"x"}), "des macros"),
    "macros elsewhere": ("bpu.xlsx", avec_parties(SIMPLE, {"xl/autre/VBAPROJECT.bin": b"x"}), "des macros"),
    "old macro sheets": ("bpu.xlsx", avec_parties(SIMPLE, {"xl/macrosheets/sheet1.xml": b"<x/>"}), "des macros"),
    "macros by the content type": ("bpu.xlsx", avec_parties(SIMPLE, {TYPES: TYPES_A_MACROS}), "des macros"),
    "values of another file": (
        "bpu.xlsx",
        avec_parties(SIMPLE, {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "dans un autre fichier",
    ),
    "a zip bomb": ("bpu.xlsx", bombe(), "démesuré"),
    "a zip bomb that lies": ("bpu.xlsx", menteuse(), "abîmé"),
    "thousands of parts": (
        "bpu.xlsx",
        avec_parties(SIMPLE, {f"xl/media/{n}.txt": b"x" for n in range(2001)}),
        "démesuré",
    ),
    "entities": ("bpu.xlsx", avec_feuille("<row/>", avant=DTD), "qu’un tableur n’écrit jamais"),
    "broken XML": ("bpu.xlsx", avec_parties(SIMPLE, {FEUILLE: b"<worksheet><row>"}), "abîmé"),
    "a broken archive": ("bpu.xlsx", SIMPLE[:-200], "abîmé"),
    "a missing sheet": ("bpu.xlsx", avec_parties(SIMPLE, {"xl/_rels/workbook.xml.rels": b"<x/>"}), "abîmé"),
    "a Word document": (
        "bpu.xlsx",
        avec_parties(b"PK\x05\x06" + b"\0" * 18, {"word/document.xml": b"x"}),
        "pas un classeur",
    ),
    "text named .xlsx": ("bpu.xlsx", b"lot;reference", "n’est pas un classeur Excel"),
    "a workbook named .csv": ("bpu.csv", SIMPLE, "renommez-le en .xlsx"),
    "bytes named .csv": ("bpu.csv", b"lot\x00\x01\x02;\xff", "n’est pas un texte"),
    "quotes left open": ("bpu.csv", b'lot;ref\n1;"A', "guillemets"),
    "too heavy": ("bpu.csv", b"x" * (15 * 1024 * 1024 + 1), "15 Mo"),
}


@pytest.mark.parametrize("cas", REFUSES)
def test_a_file_that_may_not_be_opened_is_refused_with_what_to_do(cas):
    nom, contenu, attendu = REFUSES[cas]
    with pytest.raises(ClasseurRefuse, match=re.escape(attendu)):
        lire_classeur(nom, contenu)


def test_a_part_that_unfolds_more_than_the_directory_says_is_stopped(monkeypatch):
    monkeypatch.setattr(archive, "TOTAL_MAX", 6_000)
    with pytest.raises(ClasseurRefuse, match="démesuré"):
        lire_classeur("bpu.xlsx", classeur_xlsx({"Prix": [[f"référence {n}", n] for n in range(300)]}))


@pytest.mark.parametrize(("plafond", "valeur"), [("RANGEES_MAX", 2), ("CELLULES_MAX", 3), ("FUSIONS_MAX", 0)])
def test_a_sheet_too_big_is_refused(monkeypatch, plafond, valeur):
    monkeypatch.setattr(feuilles, plafond, valeur)
    contenu = classeur_xlsx({"Prix": [["a", "b"], ["c", "d"], ["e", "f"]]}, {"Prix": ["A1:B1"]})
    with pytest.raises(ClasseurRefuse, match="trop grand"):
        lire_classeur("bpu.xlsx", contenu)


def test_merged_cells_over_the_whole_sheet_do_not_unfold(monkeypatch):
    monkeypatch.setattr(feuilles, "CELLULES_MAX", 10_000)
    fusions = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 200))
    contenu = avec_feuille('<row r="1"><c t="str"><v>x</v></c></row>', fin=f"<mergeCells>{fusions}</mergeCells>")
    assert len(lire_classeur("bpu.xlsx", contenu).feuilles[0].rangees[0].cellules) == feuilles.COLONNES_MAX


def test_a_csv_of_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(textes, "RANGEES_MAX", 2)
    with pytest.raises(ClasseurRefuse, match="lignes"):
        lire_classeur("bpu.csv", b"a;b\n1;2\n3;4\n5;6")


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_and_separator_gives_the_same_table(separateur, encodage):
    texte = "Bordereau des prix\r\n\r\n" + "\r\n".join(
        separateur.join(f'"{cellule}"' if separateur in cellule else cellule for cellule in ligne)
        for ligne in (("Réf.", "Désignation", "Prix"), ("A-1", "Boîte « œ »", "1,74"), ("A-2", "Chemise", "2,50"))
    )
    assert rangees(lire_classeur("bpu.csv", texte.encode(encodage))) == [
        (1, ("Bordereau des prix",)),
        (3, ("Réf.", "Désignation", "Prix")),
        (4, ("A-1", "Boîte « œ »", "1,74")),
        (5, ("A-2", "Chemise", "2,50")),
    ]


def test_decimal_commas_do_not_pass_for_separators():
    contenu = b"ref;prix;palier\nA;1,74;1,61\nB;2,12;1,96\n"
    assert rangees(lire_classeur("bpu.csv", contenu))[1] == (2, ("A", "1,74", "1,61"))


def test_the_apostrophe_of_a_formula_goes_and_only_that_one():
    contenu = b"ref;texte\n'=A;'-1\n''=B;l'eau\n'C;d\n"
    assert rangees(lire_classeur("bpu.csv", contenu))[1:] == [
        (2, ("=A", "-1")),
        (3, ("'=B", "l'eau")),
        (4, ("'C", "d")),
    ]


def classeur_de_valeurs(*cellules):
    """A sheet of one row, each (value, format)."""
    classeur = Workbook()
    feuille = classeur.active
    for rang, (valeur, format_) in enumerate(cellules, start=1):
        cellule = feuille.cell(1, rang, valeur)
        if format_:
            cellule.number_format = format_
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("valeur", "format_", "lu"),
    [
        (1.74, "", "1,74"),
        (0.1 + 0.2, "", "0,3"),
        (1234.5, '#,##0.00 "€"', "1234,5"),
        (0.2, "0%", "20 %"),
        (0.055, "0.0%", "5,5 %"),
        (12, '0" %"', "12"),
        (date(2026, 11, 22), "dd/mm/yyyy", "22/11/2026"),
        (True, "", "VRAI"),
        ("  BTE\n10 ", "", "BTE\n10"),
        (1e21, "", "1000000000000000000000"),
        (12345678901, "", "12345678901"),
    ],
)
def test_a_cell_reads_as_it_is_shown(valeur, format_, lu):
    classeur = lire_classeur("bpu.xlsx", classeur_de_valeurs((valeur, format_)))
    assert rangees(classeur) == [(1, (lu,))]


def test_the_calendar_of_old_macintoshes_is_known():
    contenu = classeur_de_valeurs((1, "dd/mm/yyyy"))
    with zipfile.ZipFile(io.BytesIO(contenu)) as zip_:
        plan = re.sub(b"<workbookPr[^>]*>", b'<workbookPr date1904="1"/>', zip_.read("xl/workbook.xml"))
    assert rangees(lire_classeur("bpu.xlsx", avec_parties(contenu, {"xl/workbook.xml": plan}))) == [
        (1, ("02/01/1904",))
    ]


def test_a_formula_gives_its_last_value_and_says_when_it_has_none():
    lignes = (
        '<row r="2"><c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>1/3</f></c><c r="D2" t="str"><f>A1</f><v>mot</v></c>'
        '<c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    feuille = lire_classeur("bpu.xlsx", avec_feuille(lignes)).feuilles[0]
    assert feuille.rangees[0].cellules == ("", "2", "formule", "mot", "#DIV/0!")
    assert list(feuille.anomalies) == [(2, 2), (2, 4)]
    assert "n’a pas encore été calculée" in feuille.anomalies[2, 2] and "en erreur" in feuille.anomalies[2, 4]


def test_rows_and_cells_without_addresses_follow_one_another():
    lignes = (
        '<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>z</t></rPh></is></c><c><v>2</v></c></row>'
        "<row><c><v>3</v></c></row>"
    )
    assert rangees(lire_classeur("bpu.xlsx", avec_feuille(lignes))) == [(1, ("ab", "2")), (2, ("3",))]


def test_a_prefix_before_each_element_changes_nothing():
    espace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cellule = '<x:c r="A1"><x:v>5</x:v></x:c>'
    xml = f'<x:worksheet xmlns:x="{espace}"><x:sheetData><x:row r="1">{cellule}</x:row></x:sheetData></x:worksheet>'
    assert rangees(lire_classeur("bpu.xlsx", avec_parties(SIMPLE, {FEUILLE: xml.encode()}))) == [(1, ("5",))]


def test_merged_cells_count_for_all_their_range():
    contenu = classeur_xlsx(
        {"Prix": [["Titre", None, None], ["a", "b", 1], [None, "c", 2]]}, {"Prix": ["A1:C1", "A2:A3"]}
    )
    assert rangees(lire_classeur("bpu.xlsx", contenu)) == [
        (1, ("Titre", "Titre", "Titre")),
        (2, ("a", "b", "1")),
        (3, ("a", "c", "2")),
    ]


def test_hidden_sheets_are_left_aside_and_told():
    classeur = Workbook()
    classeur.active.append(["vu"])
    cachee = classeur.create_sheet("Anciens prix")
    cachee.append(["pas vu"])
    cachee.sheet_state = "hidden"
    sortie = io.BytesIO()
    classeur.save(sortie)
    lu = lire_classeur("bpu.xlsx", sortie.getvalue())
    assert ([feuille.nom for feuille in lu.feuilles], lu.masquees) == (["Sheet"], ("Anciens prix",))


def test_what_was_read_is_kept_whole():
    contenu = avec_feuille(
        '<row r="7"><c r="C7"><f>1</f></c></row>', fin='<mergeCells><mergeCell ref="C7:D7"/></mergeCells>'
    )
    lu = lire_classeur("bpu.xlsx", contenu)
    assert depuis_json(en_json(lu)) == lu


def test_the_progress_is_told_row_after_row():
    dits = []
    contenu = classeur_xlsx({"a": [[n, "x"] for n in range(1200)], "b": [[n, "y"] for n in range(600)]})
    lire_classeur("bpu.xlsx", contenu, lambda rangees_lues, pour_cent: dits.append((rangees_lues, pour_cent)))
    assert [rangees_lues for rangees_lues, _ in dits] == [500, 1000, 1700]
    assert all(0 <= pour_cent <= 100 for _, pour_cent in dits) and dits == sorted(dits)


@pytest.mark.parametrize(("colonne", "attendue"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_bear_their_letters(colonne, attendue):
    assert lettre(colonne) == attendue
