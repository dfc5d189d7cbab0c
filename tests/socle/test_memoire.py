"""Large calculations pause the search for cycles, and only while they last."""

import gc

import pytest

from groupement.socle.memoire import sans_ramasse_miettes


@sans_ramasse_miettes()
def en_marche() -> bool:
    """Whether the search runs inside."""
    return gc.isenabled()


def test_the_search_rests_inside_and_goes_on_after():
    assert not en_marche()
    assert gc.isenabled()


def test_it_goes_on_after_a_refusal():
    with pytest.raises(ValueError, match="refus"), sans_ramasse_miettes():
        raise ValueError("refus")
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off():
    gc.disable()
    try:
        assert not en_marche()
        assert not gc.isenabled()
    finally:
        gc.enable()
