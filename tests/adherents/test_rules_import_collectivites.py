"""Reading a file of public bodies."""

import pytest

from groupement.adherents.rules.import_collectivites import CollectiviteLue, lire_collectivites

TYPES = ("commune", "CC", "CA", "CU")
ENTETE = "type,siren,nom,code_insee,code_postal,population,siren_epci\n"


def lire(*lignes, entete=ENTETE):
    return lire_collectivites((entete + "\n".join(lignes)).encode(), TYPES)


def test_a_commune_and_an_epci_are_read():
    lecture = lire(
        "CA,246200299,CA d'Hénin-Carvin,,,126133,", "commune,216209072,Libercourt,62907,62820,7973,246200299"
    )
    assert lecture.fautes == ()
    assert lecture.lignes == (
        CollectiviteLue(2, "CA", "246200299", "CA d'Hénin-Carvin", None, None, 126133, None),
        CollectiviteLue(3, "commune", "216209072", "Libercourt", "62907", "62820", 7973, "246200299"),
    )


def test_the_communes_nouvelles_with_an_unusual_siren_are_read():
    assert lire("commune,934483553,Hesdin-la-Forêt,62447,62140,2900,").fautes == ()


def test_the_columns_after_the_name_may_be_absent():
    (lue,) = lire("CC,200035442,CC du Sud-Artois", entete="type,siren,nom\n").lignes
    assert (lue.code_insee, lue.population, lue.siren_epci) == (None, None, None)


@pytest.mark.parametrize(
    ("ligne", "colonne", "attendu"),
    [
        ("canton,216209072,X,62907,62820,1,", "type", "la valeur est l’une de\u00a0: commune, CC, CA, CU."),
        ("commune,216209073,X,62907,62820,1,", "siren", "un numéro SIREN de 9 chiffres, clé comprise."),
        ("commune,216209072,,62907,62820,1,", "nom", "cette cellule est obligatoire."),
        ("commune,216209072,X,,62820,1,", "code_insee", "une commune a un code INSEE."),
        ("commune,216209072,X,6290,62820,1,", "code_insee", "un code INSEE de 5 caractères, par exemple 62041."),
        ("commune,216209072,X,62907,6282,1,", "code_postal", "un code postal de 5 chiffres."),
        ("commune,216209072,X,62907,62820,-1,", "population", "un nombre entier d’au moins 0."),
        ("commune,216209072,X,62907,62820,1,246200298", "siren_epci", "un numéro SIREN de 9 chiffres, clé comprise."),
    ],
)
def test_a_cell_that_will_not_do_is_named(ligne, colonne, attendu):
    lecture = lire(ligne)
    assert lecture.lignes == ()
    assert [(faute.ligne, faute.colonne, faute.attendu) for faute in lecture.fautes] == [(2, colonne, attendu)]


def test_a_siren_may_appear_once():
    lecture = lire("CC,200035442,A,,,,", "CC,200035442,B,,,,")
    assert [(faute.ligne, faute.attendu) for faute in lecture.fautes] == [(3, "ce SIREN est déjà à la ligne 2.")]
