"""Reading a BPU: what is understood, and every fault in French."""

from decimal import Decimal

import pytest

from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.catalogue.rules.prix import Palier

D = Decimal
ENTETE = "lot,reference,designation,unite,conditionnement,prix_unitaire_ht,tva,paliers"
BOITE = "1,BTE-CON-10,Boîte de conservation,piece,25,1.74,20.00,25:1.74|250:1.61"


def lire(*lignes, entete=ENTETE, encodage="utf-8"):
    return lire_bordereau("\n".join([entete, *lignes]).encode(encodage), {1, 2, 3})


def avec(**changes):
    """BOITE with some cells changed, always quoted."""
    cellules = dict(zip(ENTETE.split(","), BOITE.split(","), strict=True)) | changes
    return ",".join(f'"{cellule}"' for cellule in cellules.values())


def fautes(lecture):
    return [(faute.ligne, faute.colonne, faute.valeur, faute.attendu) for faute in lecture.fautes]


def test_a_line_becomes_an_article_with_its_tiers():
    (article,) = lire(BOITE).lignes
    assert (article.lot, article.reference, article.unites_par_colis) == (1, "BTE-CON-10", 25)
    assert (article.prix_unitaire_ht, article.tva_pct) == (D("1.74"), D(20))
    assert article.paliers == (Palier(25, D("1.74")), Palier(250, D("1.61")))
    assert (article.poids_g, article.capacite_mm, article.type_element) == (None, None, "")


def test_the_last_columns_become_millimetres_and_grams():
    suite = ",dims,poids_kg,norme,capacite_ml,charge_kg_par_tablette,type_element,nb_tablettes,feuillets_max"
    lecture = lire(BOITE + ",330x250x100,0.26,ISO 9706,0.10,100,boite,6,200", entete=ENTETE + suite)
    (article,) = lecture.lignes
    assert (article.poids_g, article.capacite_mm, article.mesures_mm) == (260, 100, (330, 250, 100))
    assert (article.charge_kg_par_tablette, article.nb_tablettes, article.feuillets_max) == (100, 6, 200)
    assert (article.norme, article.type_element, article.dimensions) == ("ISO 9706", "boite", "330x250x100")


def test_dimensions_that_are_not_numbers_give_no_measure():
    (article,) = lire(BOITE + ",sur mesure", entete=ENTETE + ",dims").lignes
    assert (article.dimensions, article.mesures_mm) == ("sur mesure", ())


def test_without_tiers_the_price_holds_from_the_first_pack():
    (article,) = lire(avec(paliers="")).lignes
    assert article.paliers == (Palier(25, D("1.74")),)


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_semicolons_and_decimal_commas_are_understood_in_any_encoding(encodage):
    lecture = lire(
        "1;BTE;Boîte « œillet »;piece;25;1\u00a0001,74;5,5;25:1001,74|1 000:900,5",
        entete=ENTETE.replace(",", ";"),
        encodage=encodage,
    )
    assert fautes(lecture) == []
    (article,) = lecture.lignes
    assert (article.designation, article.tva_pct) == ("Boîte « œillet »", D("5.5"))
    assert article.paliers == (Palier(25, D("1001.74")), Palier(1000, D("900.5")))


@pytest.mark.parametrize(
    ("changes", "colonne", "attendu"),
    [
        ({"prix_unitaire_ht": "-1.74"}, "prix_unitaire_ht", "un prix supérieur à zéro"),
        ({"prix_unitaire_ht": "0"}, "prix_unitaire_ht", "un prix supérieur à zéro"),
        ({"prix_unitaire_ht": "1.74563"}, "prix_unitaire_ht", "un prix supérieur à zéro, avec quatre décimales"),
        ({"prix_unitaire_ht": ""}, "prix_unitaire_ht", "un prix supérieur à zéro"),
        ({"prix_unitaire_ht": "1,74 €"}, "prix_unitaire_ht", "un prix supérieur à zéro"),
        ({"lot": "9"}, "lot", "ce lot n’existe pas dans le marché (lots\u00a0: 1, 2, 3)."),
        ({"lot": "un"}, "lot", "un nombre entier d’au moins 1."),
        ({"conditionnement": "0"}, "conditionnement", "un nombre entier d’au moins 1."),
        ({"conditionnement": "2,5"}, "conditionnement", "un nombre entier d’au moins 1."),
        ({"tva": "19.6"}, "tva", "le taux de TVA est 20, 10, 5,5, 2,1 ou 0."),
        ({"tva": ""}, "tva", "le taux de TVA est 20, 10, 5,5, 2,1 ou 0."),
        ({"reference": ""}, "reference", "cette cellule est obligatoire."),
        ({"reference": "R" * 51}, "reference", "50 caractères au plus."),
        ({"paliers": "25:1.74|260:1.61"}, "paliers", "Le seuil 260 n’est pas un multiple du conditionnement (25)."),
        ({"paliers": "25:1.74|250:1.80"}, "paliers", "Le prix doit baisser"),
        ({"paliers": "250:1.74|25:1.61"}, "paliers", "Les seuils doivent augmenter"),
        ({"paliers": "25:1.70"}, "paliers", "le premier palier est au prix de la colonne prix_unitaire_ht."),
        ({"paliers": "25=1.74"}, "paliers", "des paliers « seuil:prix » séparés par « | »"),
        ({"paliers": "25:1.74|"}, "paliers", "des paliers « seuil:prix » séparés par « | »"),
    ],
)
def test_a_cell_that_will_not_do_is_named_with_what_is_expected(changes, colonne, attendu):
    lecture = lire(BOITE, avec(**({"reference": "AUTRE"} | changes)))
    ((ligne, nom, valeur, phrase),) = fautes(lecture)
    assert (ligne, nom) == (3, colonne)
    assert valeur == changes[colonne]
    assert phrase.startswith(attendu)
    assert [article.reference for article in lecture.lignes] == ["BTE-CON-10"]


def test_a_duplicate_reference_is_refused_and_says_where_the_first_is():
    assert fautes(lire(BOITE, avec(lot="2"))) == [
        (3, "reference", "BTE-CON-10", "cette référence est déjà à la ligne 2.")
    ]


def test_an_unquoted_decimal_comma_makes_too_many_cells():
    ((ligne, colonne, _, attendu),) = fautes(lire(BOITE.replace("25,1.74,20", "25,1,74,20")))
    assert (ligne, colonne) == (2, "")
    assert attendu.startswith("9 cellules pour 8 colonnes.")


def test_a_missing_column_is_named_and_nothing_is_read():
    lecture = lire("1,BTE", entete="lot,reference")
    assert lecture.lignes == ()
    assert [faute.colonne for faute in lecture.fautes] == [
        *("designation", "unite", "conditionnement", "prix_unitaire_ht", "tva", "paliers")
    ]


@pytest.mark.parametrize("contenu", [b"", ENTETE.encode(), b"\x00\x01"])
def test_an_empty_or_unreadable_file_is_one_fault(contenu):
    lecture = lire_bordereau(contenu, {1})
    assert (lecture.lignes, len(lecture.fautes)) == ((), 1)


def test_all_the_faults_of_a_file_are_said_at_once():
    lecture = lire(avec(lot="9", tva="7", prix_unitaire_ht="-1"), avec(conditionnement="x", unite=""))
    assert [(faute.ligne, faute.colonne) for faute in lecture.fautes] == [
        *((2, "lot"), (2, "tva"), (2, "prix_unitaire_ht")),
        *((3, "conditionnement"), (3, "unite"), (3, "reference")),
    ]
