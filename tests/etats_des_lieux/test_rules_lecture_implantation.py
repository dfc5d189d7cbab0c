"""The document of `groupement implantation`: defaults, every way it can be wrong, what is written back."""

import json

import pytest

from groupement.etats_des_lieux.rules.implantation import implanter
from groupement.etats_des_lieux.rules.lecture_implantation import lire_implantation, vers_json
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse
from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Porte, Rectangle
from tests.etats_des_lieux.salles import COULOIR, R1, W1, W2, salle_document

PORTE = salle_document()["portes"][0]


def fautes(valeur):
    with pytest.raises(DocumentRefuse) as refus:
        lire_implantation(valeur)
    return list(refus.value.fautes)


def test_the_documented_room_is_read():
    demande = lire_implantation(salle_document())
    assert (demande.salle, demande.parametres, demande.besoin_mm) == (R1, W2, None)


def test_a_size_is_enough_to_ask_for_a_plan():
    demande = lire_implantation({"x_mm": 5200, "y_mm": 3800})
    assert (demande.salle.portes, demande.parametres) == ((), Parametres())


def test_every_parameter_and_every_thing_in_the_room_is_read():
    demande = lire_implantation(
        salle_document(
            plafond_mm=2400,
            charge_admissible_kg_m2=250,
            besoin_ml="12.50",
            portes=[PORTE | {"ouverture": "interieur"}],
            obstacles=[{"x0_mm": 10, "y0_mm": 20, "x1_mm": 30, "y1_mm": 40}],
            murs_sans_rayonnage=[{"mur": "N", "recul_mm": 600}],
            parametres={
                "allee_mm": 700,
                "allee_principale_mm": 1000,
                "recul_mm": 50,
                "profondeur_mm": 400,
                "montant_mm": 20,
                "largeurs_mm": [1200, 1000, 1200],
                "niveaux": 5,
                "kg_par_ml": 50,
            },
        )
    )
    assert demande.parametres == Parametres(700, 1000, 50, 400, 20, (1000, 1200), 5, 50)
    assert demande.salle.portes == (Porte(Mur.OUEST, 1450, 900, vers_interieur=True),)
    assert demande.salle.obstacles == (Rectangle(10, 20, 30, 40),)
    assert demande.salle.murs_sans_rayonnage == ((Mur.NORD, 600),)
    assert (demande.salle.plafond_mm, demande.salle.charge_admissible_kg_m2, demande.besoin_mm) == (2400, 250, 12_500)


def test_a_null_main_aisle_is_the_default():
    assert lire_implantation(salle_document(parametres={"allee_principale_mm": None})).parametres == Parametres()


@pytest.mark.parametrize(
    ("changements", "debut"),
    [
        ({"foo": 1}, "foo\u00a0: clé inconnue"),
        ({"x_mm": 0}, "x_mm\u00a0: 0 ne convient pas"),
        ({"x_mm": "5200"}, 'x_mm\u00a0: "5200" ne convient pas'),
        ({"plafond_mm": 0}, "plafond_mm\u00a0: 0 ne convient pas"),
        ({"besoin_ml": "-1"}, "besoin_ml\u00a0: -1 ne convient pas"),
        ({"portes": None}, "portes\u00a0: null ne convient pas, une liste"),
        ({"portes": [PORTE | {"mur": "W"}]}, 'portes[0].mur\u00a0: "W" ne convient pas, choisissez parmi N, S, E et O'),
        ({"portes": [PORTE | {"ouverture": "nord"}]}, 'portes[0].ouverture\u00a0: "nord" ne convient pas'),
        ({"portes": [PORTE | {"foo": 1}]}, "portes[0].foo\u00a0: clé inconnue"),
        ({"portes": [PORTE | {"decalage_mm": 3000}]}, "portes[0]\u00a0: la porte sort du mur O, long de 3800 mm."),
        (
            {"portes": [PORTE | {"mur": "N", "decalage_mm": 4400}]},
            "portes[0]\u00a0: la porte sort du mur N, long de 5200",
        ),
        ({"portes": [PORTE] * 21}, "portes\u00a0: 21 éléments, 20 au plus"),
        (
            {"obstacles": [{"x0_mm": 30, "y0_mm": 20, "x1_mm": 10, "y1_mm": 40}]},
            "obstacles[0]\u00a0: un obstacle va de x0 à x1",
        ),
        (
            {"obstacles": [{"x0_mm": 10, "y0_mm": 20, "x1_mm": 5201, "y1_mm": 40}]},
            "obstacles[0]\u00a0: un obstacle va de x0 à x1",
        ),
        ({"obstacles": [{"x0_mm": 10, "y0_mm": 20, "x1_mm": 30}]}, "obstacles[0].y1_mm\u00a0: clé absente"),
        ({"murs_sans_rayonnage": [{"mur": "N", "recul_mm": 6}] * 2}, "murs_sans_rayonnage[1].mur\u00a0: le mur N"),
        ({"parametres": []}, "parametres\u00a0: [ … ] ne convient pas"),
        ({"parametres": {"allee": 1}}, "parametres.allee\u00a0: clé inconnue"),
        ({"parametres": {"niveaux": 0}}, "parametres.niveaux\u00a0: 0 ne convient pas"),
        ({"parametres": {"largeurs_mm": []}}, "parametres.largeurs_mm\u00a0: [ … ] ne convient pas"),
        ({"parametres": {"largeurs_mm": [1000, 10]}}, "parametres.largeurs_mm[1]\u00a0: 10 ne convient pas"),
        ({"parametres": {"largeurs_mm": list(range(1000, 1007))}}, "parametres.largeurs_mm\u00a0: 6 largeurs"),
    ],
)
def test_a_fault_is_one_french_line_that_names_its_place(changements, debut):
    (faute,) = fautes(salle_document(**changements))
    assert faute.startswith(debut)
    assert faute.endswith(".")


@pytest.mark.parametrize("cle", ["x_mm", "y_mm"])
def test_a_room_has_two_sides(cle):
    document = salle_document(portes=[])
    del document[cle]
    assert fautes(document) == [f"{cle}\u00a0: clé absente, ajoutez-la."]


def test_a_document_that_is_not_an_object_is_refused():
    assert fautes([])[0].startswith("document\u00a0: [ … ]")


def test_the_plan_is_written_with_texts_for_lengths_and_whole_numbers_for_counts():
    ecrit = vers_json(implanter(R1, W1))
    avertissements = ecrit.pop("avertissements")
    assert ecrit.pop("rangs")[1] == {
        **{"x0_mm": 950, "y0_mm": 1550, "x1_mm": 5100, "y1_mm": 2250},
        **{"faces": 2, "largeurs_mm": [1000, 1000, 1000, 1000]},
    }
    assert ecrit == {
        "metres_lineaires": "96.0",
        "ml_par_m2": "4.86",
        "travees": 16,
        "departs": 4,
        "suivants": 12,
        "charge_tablette_kg": "60.0",
        "charge_emprise_kg_m2": "1028.6",
        "charge_moyenne_kg_m2": "291.5",
    }
    assert len(avertissements) == 1


def test_a_room_where_nothing_fits_is_a_zero_and_a_sentence():
    ecrit = vers_json(implanter(COULOIR, W1))
    assert (ecrit["metres_lineaires"], ecrit["travees"], ecrit["rangs"]) == ("0.0", 0, [])
    assert len(ecrit["avertissements"]) == 1
    assert json.loads(json.dumps(ecrit)) == ecrit
