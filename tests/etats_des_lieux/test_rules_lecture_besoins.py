"""The document of `groupement besoins`: what it accepts, every way it can be wrong, what is written back."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.etats_des_lieux.rules.besoins import calculer_besoins
from groupement.etats_des_lieux.rules.lecture_besoins import lire_besoins, vers_json
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure
from groupement.etats_des_lieux.rules.reliures import AnneeARelier
from tests.etats_des_lieux.exemple import document, document_complet, etat_des_lieux


def fautes(valeur):
    with pytest.raises(DocumentRefuse) as refus:
        lire_besoins(valeur)
    return list(refus.value.fautes)


def mesure(**changements):
    return document()["mesures"][0] | changements


def sans(objet, cle):
    return {nom: valeur for nom, valeur in objet.items() if nom != cle}


def test_the_documented_example_is_read_to_the_millimetre():
    etat = lire_besoins(document())
    assert (etat.population, etat.horizon_ans, etat.taux_remplissage) == (1850, 10, Decimal("0.90"))
    assert (etat.existant_mm, etat.croissance_mm_an, etat.travee_mm) == (24_000, 1_200, 6_000)
    assert etat.mesures == (Mesure("T", Forme.DOSSIERS, 14_000, 1_400, 0, 12_600, 4_000, 0),)
    assert etat.reliures == (
        AnneeARelier("deliberations", 2021, 110),
        AnneeARelier("deliberations", 2022, seances=(80, 70, 60)),
    )


def test_the_whole_town_reads_as_the_audit_it_describes():
    assert lire_besoins(document_complet()) == etat_des_lieux()


def test_json_numbers_are_as_good_as_texts():
    assert lire_besoins(document(croissance_ml_an=Decimal("1.2"), existant_ml=24)) == lire_besoins(document())


@pytest.mark.parametrize("cle", sorted(document()))
def test_every_key_of_the_document_is_obligatory(cle):
    assert fautes(sans(document(), cle)) == [f"{cle}\u00a0: clé absente, ajoutez-la."]


@pytest.mark.parametrize("cle", sorted(document()["mesures"][0]))
def test_every_key_of_a_measure_is_obligatory(cle):
    assert fautes(document(mesures=[sans(mesure(), cle)]))[0] == f"mesures[0].{cle}\u00a0: clé absente, ajoutez-la."


@pytest.mark.parametrize(
    ("changements", "debut"),
    [
        ({"foo": 1}, "foo\u00a0: clé inconnue"),
        ({"mesures": [mesure(), mesure(), mesure(foo=1)]}, "mesures[2].foo\u00a0: clé inconnue"),
        (
            {"reliures": [{"serie": "arretes", "annee": 2021, "feuillets": 1, "pages": 2}]},
            "reliures[0].pages\u00a0: clé",
        ),
        ({"taux_remplissage": "0"}, "taux_remplissage\u00a0: 0 ne convient pas"),
        ({"taux_remplissage": "1.01"}, "taux_remplissage\u00a0: 1.01 ne convient pas"),
        ({"taux_remplissage": "0.12345"}, "taux_remplissage\u00a0: 0.12345 ne convient pas"),
        ({"taux_remplissage": Decimal("1E-999999")}, "taux_remplissage\u00a0: 1E-999999 ne convient pas"),
        ({"taux_remplissage": "90 %"}, 'taux_remplissage\u00a0: "90 %" ne convient pas'),
        ({"existant_ml": "-1"}, "existant_ml\u00a0: -1 ne convient pas, indiquez zéro ou plus"),
        ({"croissance_ml_an": "-0.5"}, "croissance_ml_an\u00a0: -0.5 ne convient pas"),
        ({"travee_ml": "0"}, "travee_ml\u00a0: 0 ne convient pas, indiquez plus de zéro"),
        ({"dos_mm": 0}, "dos_mm\u00a0: 0 ne convient pas"),
        ({"feuillets_max": 0}, "feuillets_max\u00a0: 0 ne convient pas"),
        ({"population": "1850"}, 'population\u00a0: "1850" ne convient pas'),
        ({"horizon_ans": -1}, "horizon_ans\u00a0: -1 ne convient pas"),
        ({"mesures": {}}, "mesures\u00a0: { … } ne convient pas, une liste est attendue"),
        ({"mesures": ["T"]}, 'mesures[0]\u00a0: "T" ne convient pas, un objet'),
        ({"mesures": [mesure(forme="caisses")]}, 'mesures[0].forme\u00a0: "caisses" ne convient pas, choisissez parmi'),
        ({"mesures": [mesure(forme=3)]}, "mesures[0].forme\u00a0: 3 ne convient pas"),
        ({"mesures": [mesure(mesure_ml="-14")]}, "mesures[0].mesure_ml\u00a0: -14 ne convient pas"),
        ({"mesures": [mesure(definitif_ml="12.50")]}, "mesures[0]\u00a0: 14,00\u00a0ml mesurés, mais"),
        ({"reliures": [{"serie": "arretes", "annee": 2021}]}, "reliures[0]\u00a0: indiquez soit «"),
        (
            {"reliures": [{"serie": "a", "annee": 2021, "feuillets": 1, "seances": [1]}]},
            "reliures[0]\u00a0: indiquez soit",
        ),
        ({"reliures": [{"serie": "a", "annee": 2021, "seances": []}]}, "reliures[0].seances\u00a0: [ … ] ne convient"),
        (
            {"reliures": [{"serie": "a", "annee": 2021, "seances": [10, 0]}]},
            "reliures[0].seances[1]\u00a0: 0 ne convient",
        ),
        ({"reliures": [{"serie": "a", "annee": 21, "feuillets": 1}]}, "reliures[0].annee\u00a0: 21 ne convient pas"),
        ({"reliures": [{"serie": "a", "annee": 2021, "feuillets": -1}]}, "reliures[0].feuillets\u00a0: -1 ne convient"),
        (
            {"reliures": [{"serie": "a", "annee": 2021, "feuillets": 1}] * 2},
            "reliures[1]\u00a0: a 2021 est donnée deux fois",
        ),
    ],
)
def test_a_fault_is_one_french_line_that_names_its_place(changements, debut):
    (faute,) = fautes(document(**changements))
    assert faute.startswith(debut)
    assert faute.endswith(".")


@pytest.mark.parametrize("valeur", [None, [], "besoins", 3])
def test_a_document_that_is_not_an_object_is_refused(valeur):
    assert fautes(valeur)[0].startswith("document\u00a0: ")


def test_every_fault_is_collected():
    assert (
        len(fautes(document(foo=1, population=-1, travee_ml="0", mesures=[mesure(forme="x", eliminable_ml="")]))) == 5
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_no_value_of_a_key_makes_anything_but_an_audit_or_a_refusal(valeur):
    for cle in document():
        try:
            lire_besoins(document(**{cle: valeur}))
        except DocumentRefuse as refus:
            assert all(faute.startswith(cle) for faute in refus.fautes)


def test_the_need_is_written_with_texts_for_lengths_and_whole_numbers_for_counts():
    ecrit = vers_json(calculer_besoins(lire_besoins(document_complet())))
    explications = ecrit.pop("explications")
    volumes = ecrit.pop("volumes_a_relier")
    assert ecrit == {
        "net_ml": "50.95",
        "horizon_ml": "62.95",
        "requis_ml": "69.944",
        "a_equiper_ml": "45.944",
        "travees": 8,
        "boites_definitif": 244,
        "boites_temporaire": 89,
        "annees_avant_saturation": "11.5",
        "poids_kg": "3057.00",
    }
    assert volumes[0] == {"serie": "deliberations", "annees": [2021], "feuillets": 110}
    assert len(volumes) == 10
    assert all(isinstance(texte, str) for texte in explications)


def test_without_growth_the_years_left_are_null():
    assert vers_json(calculer_besoins(lire_besoins(document(croissance_ml_an=0))))["annees_avant_saturation"] is None


def test_the_need_is_plain_json():
    ecrit = vers_json(calculer_besoins(lire_besoins(document())))
    assert json.loads(json.dumps(ecrit)) == ecrit
