"""The names suppliers give to their columns, and the thresholds their titles say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.bordereau import FACULTATIVES, OBLIGATOIRES
from groupement.catalogue.rules.colonnes import CHAMPS, PALIER, nom_compare, proposer, reconnus, seuil_du_titre


@pytest.mark.parametrize(
    ("titre", "seuil"),
    [
        ("de 1 à 499", 1),
        ("1 à 24 unités", 1),
        ("1-499", 1),
        ("25 à 249 ex.", 25),
        ("De 1 000 à 1 999", 1000),
        ("≥ 500", 500),
        (">= 1 000", 1000),
        ("à partir de 1.000", 1000),
        ("Dès 250", 250),
        ("500 et plus", 500),
        ("250 pièces et +", 250),
        ("plus de 499", 500),
        ("> 499", 500),
        ("moins de 100", 1),
        ("< 100", 1),
        ("jusqu’à 99", 1),
        ("Prix unitaire HT / de 500 à 999", 500),
        ("Prix HT", None),
        ("Réf. 2026", None),
    ],
)
def test_a_title_says_from_how_many_a_price_holds(titre, seuil):
    assert seuil_du_titre(titre) == seuil


@pytest.mark.parametrize(
    ("titres", "champs"),
    [
        (
            ("N° de prix", "Désignation des fournitures", "U", "Colisage", "P.U. H.T. (en €)", "TVA %"),
            ("reference", "designation", "unite", "conditionnement", "prix_unitaire_ht", "tva"),
        ),
        (
            ("LOT", "RÉFÉRENCE", "LIBELLÉ", "UNITÉ DE VENTE", "Cond.", "Prix unitaire € HT", "Taux de TVA"),
            ("lot", "reference", "designation", "unite", "conditionnement", "prix_unitaire_ht", "tva"),
        ),
        (("Code article", "Désignations", "1 à 99", "≥ 100"), ("reference", "designation", PALIER, PALIER)),
        (("Ref", "Prix unitaire TTC", "Montant total HT", "Observations"), ("reference", None, None, None)),
        (("Réf.", "Référence fournisseur"), ("reference", None)),
        (("Feuillets de 1 à 100", "Largeur 1 à 2"), (None, None)),
        (OBLIGATOIRES + FACULTATIVES, OBLIGATOIRES + FACULTATIVES),
    ],
)
def test_columns_are_proposed_by_their_names(titres, champs):
    proposes = proposer(titres)
    assert tuple(proposes.get(titre) for titre in titres) == champs


@given(st.sampled_from([s for champ in CHAMPS for s in champ.synonymes]), st.sampled_from([str.upper, str.title, str]))
def test_case_accents_and_punctuation_never_matter(nom, forme):
    habille = f" {forme(nom)} (€) :"
    assert nom_compare(habille) == nom_compare(nom)
    assert proposer([habille]).get(habille) == proposer([nom]).get(nom) is not None


@given(st.lists(st.text(min_size=1, max_size=30), max_size=12, unique=True))
def test_no_field_but_a_tier_is_proposed_twice(titres):
    proposes = [champ for champ in proposer(titres).values() if champ != PALIER]
    assert len(proposes) == len(set(proposes))


def test_a_line_of_the_table_is_not_taken_for_titles():
    assert reconnus(("BTE-10", "Boîte", "25", "1,74", "20")) == 0
    assert reconnus(("Réf.", "Désignation", "Prix HT", "")) == 3
