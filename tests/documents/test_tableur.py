"""Tables come back as they left, and nothing typed becomes a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from openpyxl import load_workbook

from groupement.documents.tableur import Colonne, ecrire_csv, ecrire_xlsx

COLONNES = (
    Colonne("nom", "Collectivité"),
    Colonne("colis", "Colis", "entier"),
    Colonne("montant", "Montant HT", "montant"),
    Colonne("prix", "Prix unitaire", "prix"),
    Colonne("le", "Livrée le", "date"),
    Colonne("long", "Longueur", "metres"),
)
LIGNE = {
    "nom": "Écoivres, « mairie »",
    "colis": 1200,
    "montant": D("1234.50"),
    "prix": D("0.1825"),
    "le": date(2026, 11, 12),
    "long": 12600,
}


def lire_csv(octets: bytes) -> list[list[str]]:
    """The records of a CSV file."""
    return list(csv.reader(io.StringIO(octets.decode("utf-8"), newline="")))


def feuille(octets: bytes):
    """The first sheet of a workbook."""
    return load_workbook(io.BytesIO(octets)).worksheets[0]


def test_csv_holds_dots_iso_dates_and_metres():
    octets = ecrire_csv(COLONNES, [LIGNE, {"nom": "Vide"}])
    assert octets.count(b"\r\n") == 3
    assert lire_csv(octets) == [
        ["Collectivité", "Colis", "Montant HT", "Prix unitaire", "Livrée le", "Longueur"],
        ["Écoivres, « mairie »", "1200", "1234.50", "0.1825", "2026-11-12", "12.6"],
        ["Vide", "", "", "", "", ""],
    ]


def test_csv_keeps_commas_quotes_and_line_breaks_inside_their_cell():
    nom = 'Saint-Pol, "la ville"\nannexe'
    assert lire_csv(ecrire_csv(COLONNES[:1], [{"nom": nom}]))[1] == [nom]


def test_rows_may_come_in_the_order_of_the_columns_and_must_then_be_whole():
    assert ecrire_csv(COLONNES, [tuple(LIGNE.values())]) == ecrire_csv(COLONNES, [LIGNE])
    with pytest.raises(ValueError, match="zip"):
        ecrire_csv(COLONNES, [("Divion",)])


def test_xlsx_comes_back_as_numbers_and_dates():
    onglet = feuille(ecrire_xlsx("Commandes", COLONNES, [LIGNE, {"nom": "Vide"}]))
    valeurs = [cellule.value for cellule in onglet[2]]
    assert valeurs[0] == LIGNE["nom"]
    assert [D(str(valeur)) for valeur in valeurs[1:4]] == [D(1200), D("1234.5"), D("0.1825")]
    assert valeurs[4] == datetime(2026, 11, 12)  # noqa: DTZ001  (openpyxl reads naive)
    assert D(str(valeurs[5])) == D("12.6")
    assert [cellule.value for cellule in onglet[3]][1:] == [None] * 5


def test_xlsx_reads_the_french_way():
    onglet = feuille(ecrire_xlsx("Commandes", COLONNES, [LIGNE]))
    assert onglet.title == "Commandes"
    assert onglet.freeze_panes == "A2"
    assert onglet.auto_filter.ref == "A1:F2"
    assert all(cellule.font.bold for cellule in onglet[1])
    assert [cellule.number_format for cellule in onglet[2]][4] == "dd/mm/yyyy"
    assert "€" in onglet["C2"].number_format and "ml" in onglet["F2"].number_format


@pytest.mark.parametrize("saisie", ["=1+1", "+33 3 21", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r=1"])
def test_what_somebody_typed_never_becomes_a_formula(saisie):
    cellule = feuille(ecrire_xlsx("Essai", COLONNES[:1], [{"nom": saisie}]))["A2"]
    assert cellule.data_type == "s"
    assert cellule.quotePrefix
    assert lire_csv(ecrire_csv(COLONNES[:1], [{"nom": saisie}]))[1] == [f"'{saisie}"]


def test_a_negative_amount_stays_a_number():
    assert lire_csv(ecrire_csv(COLONNES[2:3], [{"montant": D("-5.00")}]))[1] == ["-5.00"]
    assert feuille(ecrire_xlsx("Avoirs", COLONNES[2:3], [{"montant": D("-5.00")}]))["A2"].data_type == "n"


def test_a_moment_is_written_as_its_day():
    moment = {"le": datetime(2026, 11, 12, 9, 30, tzinfo=UTC)}
    assert lire_csv(ecrire_csv(COLONNES[4:5], [moment]))[1] == ["2026-11-12"]
    assert feuille(ecrire_xlsx("Essai", COLONNES[4:5], [moment]))["A2"].value == datetime(2026, 11, 12)  # noqa: DTZ001


def test_a_title_excel_would_refuse_and_control_characters_are_cleaned():
    onglet = feuille(ecrire_xlsx("Commandes [2026/2027] : " + "x" * 40, COLONNES[:1], [{"nom": "a\x07b"}]))
    assert len(onglet.title) <= 31 and not set("[]:*?/\\") & set(onglet.title)
    assert onglet["A2"].value == "ab"
    assert feuille(ecrire_xlsx("///", COLONNES[:1], [])).title == "Feuille 1"
