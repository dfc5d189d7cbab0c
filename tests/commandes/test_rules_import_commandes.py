"""Reading a file of orders."""

import pytest

from groupement.commandes.rules.import_commandes import LigneImportee, lire_commandes


def fautes(contenu):
    return [(faute.ligne, faute.colonne, faute.attendu) for faute in lire_commandes(contenu).fautes]


def test_the_five_columns_are_read_in_file_order():
    lecture = lire_commandes(
        b"siren,reference,unites,unites_acceptees_en_plus,mode\n"
        b"216200014,BTE-STD-10,100,10,depot\n216200022,BTE-STD-10,50,,\n"
    )
    assert lecture.fautes == ()
    assert lecture.lignes == (
        LigneImportee(2, "216200014", "BTE-STD-10", 100, 10, "depot"),
        LigneImportee(3, "216200022", "BTE-STD-10", 50, 0, "livraison"),
    )


def test_the_last_two_columns_may_be_absent():
    (ligne,) = lire_commandes("\ufeffsiren;reference;unites\n216 200 014;REL-A4;1 000\n".encode()).lignes
    assert (ligne.siren, ligne.unites, ligne.unites_acceptees_en_plus, ligne.mode) == (
        "216200014",
        1000,
        0,
        "livraison",
    )


def test_a_body_may_ask_the_same_article_twice():
    assert len(lire_commandes(b"siren,reference,unites\n216200014,A,1\n216200014,A,2\n").lignes) == 2


def test_an_unknown_column_is_refused_by_its_name():
    assert fautes(b"siren,reference,unites,couleur\n216200014,A,1,bleu\n") == [
        (
            1,
            "couleur",
            "colonne inconnue. Les colonnes sont\u00a0: siren, reference, unites, unites_acceptees_en_plus, mode.",
        )
    ]


@pytest.mark.parametrize(
    ("ligne", "colonne", "attendu"),
    [
        (b"216200015,A,1,0,depot", "siren", "un numéro SIREN de 9 chiffres, clé comprise."),
        (b",A,1,0,depot", "siren", "un numéro SIREN de 9 chiffres, clé comprise."),
        (b"216200014,,1,0,depot", "reference", "cette cellule est obligatoire."),
        (b"216200014,A,0,0,depot", "unites", "un nombre entier d’au moins 1."),
        (b"216200014,A,1.5,0,depot", "unites", "un nombre entier d’au moins 1."),
        (b"216200014,A,1,-1,depot", "unites_acceptees_en_plus", "un nombre entier d’au moins 0."),
        (b"216200014,A,1,0,avion", "mode", "la valeur est l’une de\u00a0: livraison, depot."),
    ],
)
def test_a_cell_that_will_not_do_is_named(ligne, colonne, attendu):
    contenu = b"siren,reference,unites,unites_acceptees_en_plus,mode\n" + ligne
    assert fautes(contenu) == [(2, colonne, attendu)]
    assert lire_commandes(contenu).lignes == ()
