"""What goes with an article, and the reason said for each."""

import pytest

from groupement.catalogue.rules.compatibilite import PAR_GROUPE, accords, tablettes_de
from groupement.catalogue.rules.repertoire import Repertoire
from tests.fabriques.fiches import boite, fiche, petit_repertoire, travee

REPERTOIRE = petit_repertoire()


def proposes(numero, repertoire=REPERTOIRE, lots=None):
    groupes = accords(repertoire.par_id[numero], repertoire, lots)
    return {groupe.titre: [accord.fiche.id for accord in groupe.proposes] for groupe in groupes}


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        (1, {"Rayonnages où elle se range": [6, 7], "À glisser dedans": [5], "Pour la transporter": [4]}),
        (4, {"Boîtes à y transporter": [1, 2, 3]}),
        (5, {"Boîtes qui la reçoivent": [1, 2, 3]}),
        (6, {"Boîtes qui s’y rangent": [1, 2, 3], "Éléments de la même rangée": [7]}),
        (8, {}),
    ],
)
def test_articles_go_together_by_their_measures(numero, attendu):
    assert proposes(numero) == attendu


def test_the_reason_gives_the_figures():
    rayonnages = accords(REPERTOIRE.par_id[1], REPERTOIRE)[0]
    assert rayonnages.proposes[0].raison == (
        "Posée sur son long côté, elle prend 33\u00a0cm des 35\u00a0cm de profondeur\u00a0: 10\u00a0boîtes par "
        "tablette, 6\u00a0niveaux utiles, 60\u00a0boîtes en tout (6,00\u00a0ml). Pleines, elles pèsent environ "
        "60\u00a0kg par tablette, qui en porte 100."
    )


def test_a_box_stands_up_where_the_shelf_is_not_deep_enough():
    etroite = travee(
        9, "RF-100-30-220-D", profondeur_mm=300, capacite_mm=5000, nb_tablettes=5, dimensions="1060x300x2200"
    )
    repertoire = Repertoire([boite(1), etroite])
    raison = accords(etroite, repertoire)[0].proposes[0].raison
    assert raison.startswith("Posée debout, elle prend 25\u00a0cm des 30\u00a0cm")


def test_the_shelf_that_loses_the_least_depth_comes_first():
    profonde = travee(9, profondeur_mm=500, dimensions="1060x500x2200")
    repertoire = Repertoire([profonde, travee(6), boite(1)])
    assert proposes(1, repertoire)["Rayonnages où elle se range"] == [6, 9]


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({}, (1000, 350, 6, 1, 1)),
        ({"famille": "depart_double", "profondeur_mm": 700, "capacite_mm": 12000, "nb_tablettes": 12},
         (1000, 350, 6, 2, 1)),
        (
            {"famille": "mobile_double", "profondeur_mm": 740, "capacite_mm": 36000, "nb_tablettes": 36,
             "dimensions": "3120x740x2350"},
            (1000, 370, 6, 2, 3),
        ),
        ({"famille": "tablette", "capacite_mm": 1000, "nb_tablettes": 1, "dimensions": "1000x350x30"},
         (1000, 350, 1, 1, 1)),
    ],
)  # fmt: skip
def test_shelves_are_read_from_the_bpu(champs, attendu):
    lues = tablettes_de(travee(1, **champs))
    assert (lues.longueur_utile_mm, lues.profondeur_mm, lues.par_face, lues.faces, lues.travees) == attendu


@pytest.mark.parametrize(
    "champs", [{"capacite_mm": None}, {"nb_tablettes": None}, {"profondeur_mm": None}, {"famille": "outil"}]
)
def test_what_has_no_measures_is_proposed_to_nobody(champs):
    muette = travee(9, **champs)
    assert tablettes_de(muette) is None
    assert proposes(1, Repertoire([boite(1), muette])) == {}


def test_a_folder_too_large_for_the_box_is_not_proposed():
    grande = fiche(9, "CHE-A3", "Chemise A3", "chemise", dimensions="430x320")
    assert proposes(1, Repertoire([boite(1), grande])) == {}


def test_a_few_are_proposed_and_the_others_counted():
    repertoire = Repertoire([boite(1), *(travee(n, f"RF-{n}") for n in range(2, 12))])
    rayonnages = accords(repertoire.par_id[1], repertoire)[0]
    assert (len(rayonnages.proposes), rayonnages.autres) == (PAR_GROUPE, 10 - PAR_GROUPE)


def test_a_supplier_is_only_shown_its_own_lots():
    assert proposes(1, lots={1}) == {"À glisser dedans": [5], "Pour la transporter": [4]}


def test_options_go_with_the_bindings_of_their_lot():
    reliure = fiche(1, "REL", "Reliure", "reliure", lot=3)
    options = [fiche(2, "TIT", "Ligne de titre", "option", lot=3), fiche(3, "AUTRE", "Option", "option", lot=4)]
    assert proposes(1, Repertoire([reliure, *options])) == {"Options de reliure": [2]}
