"""Tables as suppliers lay them out: found, read line by line, each fault at its sheet, its line and its column."""

from dataclasses import replace
from decimal import Decimal

import pytest

from groupement.catalogue.rules.bordereau import FACULTATIVES, OBLIGATOIRES
from groupement.catalogue.rules.correspondance import (
    Correspondance,
    correspondance_proposee,
    depuis_json,
    manques,
    unites_groupees,
)
from groupement.catalogue.rules.lecture_de_tables import lire_tables
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.reperage import colonnes_a_choisir, est_a_notre_format, reperer, signature
from groupement.documents.classeurs import lire_classeur
from tests.fabriques.bordereaux import BOITE, CHEMISE, GRANDE, RAYON, TITRES, bordereau_de_fournisseur, classeur_xlsx

D = Decimal
LOTS = (1, 2, 3)
NOTRES = (*OBLIGATOIRES, *FACULTATIVES)


def tables_de(*lignes, fusions=(), **feuilles):
    contenu = classeur_xlsx(feuilles or {"Lot 1": lignes}, {"Lot 1": fusions})
    return reperer(lire_classeur("bpu.xlsx", contenu))


def lire(tables, **dites):
    return lire_tables(tables, replace(correspondance_proposee(tables), **dites), LOTS)


def phrases(lues):
    return [faute.phrase() for faute in lues.lecture.fautes]


def test_a_file_of_two_lots_is_read_as_it_is():
    tables = reperer(lire_classeur("bpu.xlsx", bordereau_de_fournisseur()))
    lues = lire(tables, prix_pour="ensemble")
    assert phrases(lues) == []
    articles = {ligne.reference: ligne for ligne in lues.lecture.lignes}
    assert [(ligne.lot, ligne.feuille, ligne.ligne) for ligne in articles.values()] == [
        *((1, "Lot 1", 6), (1, "Lot 1", 7), (1, "Lot 1", 10)),
        (2, "Lot 2 rayonnages", 2),
    ]
    boite = articles["CAU-10"]
    assert boite.paliers == (Palier(25, D("1.74")), Palier(500, D("1.61")))
    assert (boite.unite, boite.tva_pct, boite.dimensions, boite.norme) == ("piece", 20, "330x250x100", "ISO 16245-A")
    assert articles["CAU-15"].paliers == (Palier(25, D("2.12")),)
    assert articles["CHE-120"].paliers == (Palier(100, D("0.125")), Palier(500, D("0.1125")))
    assert articles["RAY-100"].prix_unitaire_ht == D("1234.50")
    assert "type_element" in boite.absentes and "norme" not in boite.absentes


def test_what_is_no_line_is_left_aside_and_listed():
    tables = reperer(lire_classeur("bpu.xlsx", bordereau_de_fournisseur()))
    ignorees = [(ligne.ligne, ligne.texte, ligne.raison) for ligne in lire(tables).ignorees]
    assert ignorees == [
        (5, "1. Boîtes", "titre ou note, une seule cellule remplie"),
        (9, "2. Chemises", "titre ou note, une seule cellule remplie"),
        (11, "TOTAL", "ligne de total"),
    ]


def test_titles_repeated_at_each_page_are_left_aside():
    lues = lire(tables_de(TITRES, BOITE, TITRES, GRANDE))
    assert len(lues.lecture.lignes) == 2 and [ligne.raison for ligne in lues.ignorees] == ["titres répétés"]


def test_titles_over_two_rows_read_from_top_to_bottom():
    tables = tables_de(
        ("Réf.", "Désignation", "Unité", "Colisage", "Prix unitaire HT", None, "TVA"),
        (None, None, None, None, "de 1 à 499", "≥ 500", None),
        ("A-1", "Boîte", "U", 25, 1.74, 1.61, "20 %"),
        fusions=("E1:F1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "G1:G2"),
    )
    assert list(tables[0].titres.values())[3:6] == [
        "Colisage",
        "Prix unitaire HT / de 1 à 499",
        "Prix unitaire HT / ≥ 500",
    ]
    assert lire(tables).lecture.lignes[0].paliers == (Palier(25, D("1.74")), Palier(500, D("1.61")))


def test_a_title_over_the_prices_alone_is_part_of_theirs():
    tables = tables_de(
        (None, None, None, None, "Prix HT", None, None),
        ("Réf.", "Désignation", "Unité", "Colisage", "1 à 99", "≥ 100", "TVA"),
        ("A-1", "Boîte", "U", 25, 1.74, 1.61, 20),
        fusions=("E1:F1",),
    )
    assert list(tables[0].titres.values())[4:6] == ["Prix HT / 1 à 99", "Prix HT / ≥ 100"]


def test_the_lot_is_said_by_the_sheet_by_a_title_or_by_a_section():
    par_feuille = tables_de(**{"LOT N°3 - Reliures": (TITRES, BOITE), "Prix": (["Lot n° 02 : boîtes"], TITRES, GRANDE)})
    assert [table.lot for table in par_feuille] == [3, 2]
    sections = tables_de(**{"Prix": (TITRES, ["Lot 1 : boîtes"], BOITE, ["LOT N° 2 – Rayonnages"], RAYON)})
    assert [ligne.lot for ligne in lire(sections).lecture.lignes] == [1, 2]


def test_a_sheet_name_that_says_two_lots_says_none():
    assert tables_de(**{"Lots 1 et Lot 2": (TITRES, BOITE)})[0].lot is None


def test_columns_show_three_of_their_values():
    colonnes = {
        colonne.titre: colonne for colonne in colonnes_a_choisir(tables_de(TITRES, BOITE, GRANDE, CHEMISE, RAYON))
    }
    assert colonnes["Réf."].place == "A"
    assert colonnes["Réf."].exemples == ("CAU-10", "CAU-15", "CHE-120")
    assert colonnes["TVA"].exemples == ("20 %", "20")


def test_the_signature_follows_the_titles_not_their_order_nor_their_case():
    marque = signature(tables_de(TITRES, BOITE))
    assert signature(tables_de([titre.upper() for titre in reversed(TITRES)], list(reversed(BOITE)))) == marque
    assert signature(tables_de((*TITRES, "Poids"), (*BOITE, 1))) != marque


def test_a_row_of_titles_the_buyer_says_is_taken():
    tables = reperer(lire_classeur("b.csv", b"x;y\nCode;Texte\nA;B\nC;D"), {"": 2})
    assert list(tables[0].titres.values()) == ["Code", "Texte"]
    assert reperer(lire_classeur("b.csv", b"x;y\nA;B"), {"": 0}) == ()


def test_our_own_columns_are_known():
    ligne = [1, "A-1", "Boîte", "piece", 25, 1.74, "20.00", "25:1.74", *[None] * 8]
    tables = tables_de(NOTRES, ligne)
    assert est_a_notre_format(tables) and not est_a_notre_format(tables_de(TITRES, BOITE))
    (article,) = lire_tables(tables, Correspondance(exacte=True), LOTS).lecture.lignes
    assert (article.reference, article.paliers, article.absentes) == ("A-1", (Palier(25, D("1.74")),), ())


COMPLETS = {
    "Lot": 1,
    "Réf.": "A-1",
    "Désignation": "Boîte",
    "Unité": "pièce",
    "Colisage": 25,
    "Prix HT": "1,74",
    "≥ 500": "1,61",
    "TVA": "20 %",
    "Dimensions": "330x250x100",
    "Poids": "0,26 kg",
    "Norme": "ISO 9706",
    "Capacité": "0,1",
    "Charge par tablette": 100,
    "Famille": "boite",
    "Nombre de tablettes": 6,
    "Feuillets": 200,
}
OBLIGE, PRIX, ENTIER, TAUX = "obligatoire", "prix supérieur à zéro", "nombre entier", "taux de TVA"
MAUVAISES = [
    *[
        ("Lot", valeur, attendu)
        for valeur, attendu in (
            (9, "ce lot n’existe pas"),
            ("deux", ENTIER),
            (-1, ENTIER),
            (None, ENTIER),
            (1.5, ENTIER),
        )
    ],
    *[("Réf.", valeur, attendu) for valeur, attendu in ((None, OBLIGE), ("R" * 51, "50 caractères au plus"))],
    *[("Désignation", valeur, attendu) for valeur, attendu in ((None, OBLIGE), ("D" * 301, "300 caractères au plus"))],
    *[("Unité", valeur, attendu) for valeur, attendu in ((None, OBLIGE), ("u" * 21, "20 caractères au plus"))],
    *[("Colisage", valeur, ENTIER) for valeur in (None, 0, -25, 2.5, "2,5", "carton")],
    ("Colisage", 10**11, "trop grand"),
    *[
        ("Prix HT", valeur, PRIX)
        for valeur in (None, 0, -1.74, "-1,74 €", "sur devis", "1,74563", 1.74563, "1 7,4", 10**9, "9" * 40)
    ],
    *[("≥ 500", valeur, PRIX) for valeur in (0, -1, "sur devis", "1,61234")],
    ("≥ 500", "1,80", "Le prix doit baisser"),
    *[("TVA", valeur, TAUX) for valeur in (None, 19.6, -20, "vingt", 0.2, "200")],
    ("Dimensions", "9" * 61, "60 caractères au plus"),
    *[("Poids", valeur, "nombre positif") for valeur in (-1, "lourd", "0,00001")],
    ("Poids", 10**9, "trop grand"),
    ("Norme", "N" * 201, "200 caractères au plus"),
    *[("Capacité", valeur, "nombre positif") for valeur in (-1, "beaucoup")],
    *[("Charge par tablette", valeur, ENTIER) for valeur in (-1, "lourde", 1.5)],
    ("Famille", "f" * 41, "40 caractères au plus"),
    *[("Nombre de tablettes", valeur, ENTIER) for valeur in (-1, "six", 1.5)],
    *[("Feuillets", valeur, ENTIER) for valeur in (0, -1, "deux cents", 1.5)],
]


@pytest.mark.parametrize(("colonne", "valeur", "attendu"), MAUVAISES)
def test_each_column_refuses_what_it_cannot_hold_at_its_address(colonne, valeur, attendu):
    tables = tables_de(list(COMPLETS), list({**COMPLETS, colonne: valeur}.values()))
    lues = lire(tables)
    lettre = "ABCDEFGHIJKLMNOP"[list(COMPLETS).index(colonne)]
    assert lues.lecture.lignes == ()
    assert any(
        attendu in phrase and phrase.startswith("Feuille «\u00a0Lot 1\u00a0», ligne 2") for phrase in phrases(lues)
    ), phrases(lues)
    colonnes = {faute.colonne for faute in lues.lecture.fautes}
    assert f"{colonne} ({lettre})" in colonnes or colonnes == {"Prix par quantité"}
    assert len(lues.lecture.fautes) == len({(faute.colonne, faute.attendu) for faute in lues.lecture.fautes})


def test_the_line_those_faults_are_made_of_is_right():
    lues = lire(tables_de(list(COMPLETS), list(COMPLETS.values())))
    assert phrases(lues) == [] and lues.lecture.lignes[0].absentes == ()
    assert (lues.lecture.lignes[0].poids_g, lues.lecture.lignes[0].capacite_mm) == (260, 100)


@pytest.mark.parametrize("colonne", COMPLETS)
def test_a_formula_without_value_is_told_on_every_column(colonne):
    lues = lire(tables_de(list(COMPLETS), list({**COMPLETS, colonne: "=1+1"}.values())))
    assert any("n’a pas encore été calculée" in phrase for phrase in phrases(lues))


def test_a_reference_twice_is_refused_wherever_it_is():
    tables = tables_de(**{"Lot 1": (TITRES, BOITE, BOITE), "Lot 2": (TITRES, BOITE)})
    ici, ailleurs = phrases(lire(tables))
    assert "déjà à la ligne 2." in ici and "déjà à la ligne 2 de la feuille «\u00a0Lot 1\u00a0»" in ailleurs


def test_a_comma_that_shifts_the_columns_of_a_csv_is_told():
    contenu = b"Ref,Designation,Unite,Cond,Prix HT,TVA\nA,Boite,u,25,1,74,20\n"
    tables = reperer(lire_classeur("b.csv", contenu), None)
    fautes = lire(tables, defauts={"lot": "1"}).lecture.fautes
    assert any("7 cellules pour 6 colonnes" in faute.attendu for faute in fautes)


def test_a_price_for_several_pieces_that_does_not_divide_is_refused():
    lues = lire(tables_de(TITRES, (*BOITE[:2], "par 12", 12, "10 €", None, *BOITE[6:])), prix_pour="ensemble")
    assert "Divisé par 12, celui-ci en a davantage." in phrases(lues)[0]
    lues = lire(tables_de(TITRES, (*BOITE[:2], "par 12", None, "10 €", None, *BOITE[6:])), prix_pour="piece")
    assert (lues.lecture.lignes[0].unites_par_colis, lues.lecture.lignes[0].prix_unitaire_ht) == (12, 10)


def test_tiers_start_at_a_whole_pack_and_equal_ones_are_one():
    titres = ("Réf.", "Désignation", "Unité", "Colisage", "Prix HT", "≥ 110", "≥ 500", "TVA")
    lues = lire(tables_de(titres, ("A", "Boîte", "u", 25, 2, 1.9, 1.9, 20)))
    assert lues.lecture.lignes[0].paliers == (Palier(25, D(2)), Palier(125, D("1.9")))


def test_what_is_missing_is_said_by_field():
    tables = tables_de(**{"Prix": (("Code", "Poids", "Prix public"), ("A", 1, 2))})
    dites = Correspondance({"Poids": "poids_kg"})
    assert set(manques(tables, dites, LOTS, ())) == {
        *("reference", "designation", "prix_unitaire_ht", "lot", "unite", "conditionnement", "tva"),
    }
    defauts = {"lot": "1", "unite": "pièce", "conditionnement": "1", "tva": "20 %"}
    dites = Correspondance(
        {"Code": "reference", "Poids": "designation", "Prix public": "prix_unitaire_ht"}, {}, defauts
    )
    assert manques(tables, dites, LOTS, ()) == {}
    (article,) = lire_tables(tables, dites, LOTS).lecture.lignes
    assert (article.lot, article.unite, article.unites_par_colis, article.tva_pct) == (1, "piece", 1, 20)


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"colonnes": {"Code": "reference", "Poids": "reference", "Prix public": "prix_unitaire_ht"}}, "reference"),
        ({"colonnes": {"Code": "reference", "Poids": "palier", "Prix public": "palier"}}, "palier"),
        (
            {"colonnes": {"Poids": "palier", "Prix public": "palier"}, "seuils": {"Poids": 5, "Prix public": 5}},
            "palier",
        ),
        ({"defauts": {"lot": "9"}}, "lot"),
        ({"defauts": {"tva": "19,6"}}, "tva"),
        ({"defauts": {"tva": "vingt"}}, "tva"),
        ({"defauts": {"conditionnement": "0"}}, "conditionnement"),
        ({"defauts": {"conditionnement": "2,5"}}, "conditionnement"),
        ({"defauts": {"unite": "u" * 21}}, "unite"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_by_field(changes, champ):
    tables = tables_de(**{"Prix": (("Code", "Poids", "Prix public"), ("A", 1, 2))})
    assert champ in manques(tables, Correspondance(**changes), LOTS, ())


def test_a_unit_of_several_pieces_asks_for_how_many_the_price_is():
    tables = tables_de(TITRES, CHEMISE)
    dites = correspondance_proposee(tables)
    assert unites_groupees(tables, dites) == ("le cent",)
    assert "le cent" in manques(tables, dites, LOTS, ("le cent",))["prix_pour"]
    assert manques(tables, replace(dites, prix_pour="piece"), LOTS, ("le cent",)) == {}


def test_a_remembered_reading_finds_its_columns_again():
    avant = tables_de(TITRES, BOITE)
    retenue = replace(correspondance_proposee(avant), defauts={"lot": "2"}, prix_pour="piece")
    assert depuis_json(retenue.en_json()) == retenue
    apres = tables_de([titre.upper() for titre in TITRES], BOITE)
    proposee = correspondance_proposee(apres, retenue)
    assert proposee.colonnes == {titre.upper(): champ for titre, champ in retenue.colonnes.items()}
    assert proposee.seuils == {"DE 1 À 499": 1, "≥ 500": 500} and proposee.defauts == {"lot": "2"}


def test_two_sheets_may_name_the_same_field_differently():
    tables = tables_de(**{"Lot 1": (TITRES, BOITE), "Lot 2": (("Code", "Libellé", *TITRES[2:]), GRANDE)})
    assert manques(tables, correspondance_proposee(tables), LOTS, ()) == {}
    assert [ligne.reference for ligne in lire(tables).lecture.lignes] == ["CAU-10", "CAU-15"]


def test_titles_without_a_line_under_them_are_told():
    assert "aucune ligne de prix" in phrases(lire(tables_de(TITRES)))[0]
