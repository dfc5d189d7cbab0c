"""States: labels that depend on the reader, transitions as a table."""

import pytest

from groupement.socle.etats import EtatLibelle, RegleRefusee, TransitionInterdite, etat_suivant


class EtatBoite(EtatLibelle):
    """A small state machine for the test."""

    VIDE = "vide", "À remplir", "En attente de l’adhérent"
    PLEINE = "pleine", "Remplie"


TRANSITIONS = {"remplir": ({EtatBoite.VIDE}, EtatBoite.PLEINE)}


def test_the_stored_value_is_the_string_and_reads_back():
    assert EtatBoite.VIDE == "vide"
    assert str(EtatBoite.VIDE) == "vide"
    assert EtatBoite("pleine") is EtatBoite.PLEINE


def test_the_label_depends_on_the_reader_and_is_shared_when_there_is_one():
    assert EtatBoite.VIDE.libelle() == "À remplir"
    assert EtatBoite.VIDE.libelle(coordonnateur=True) == "En attente de l’adhérent"
    assert EtatBoite.PLEINE.libelle() == EtatBoite.PLEINE.libelle(coordonnateur=True) == "Remplie"


def test_a_transition_of_the_table_leads_to_its_state():
    assert etat_suivant(EtatBoite.VIDE, TRANSITIONS, "remplir") is EtatBoite.PLEINE


def test_a_transition_from_elsewhere_is_refused_with_the_state_in_words():
    with pytest.raises(TransitionInterdite, match="Impossible de remplir.*« Remplie »") as refus:
        etat_suivant(EtatBoite.PLEINE, TRANSITIONS, "remplir")
    assert isinstance(refus.value, RegleRefusee)


def test_an_unknown_verb_is_a_programming_error():
    with pytest.raises(KeyError):
        etat_suivant(EtatBoite.VIDE, TRANSITIONS, "vider")
