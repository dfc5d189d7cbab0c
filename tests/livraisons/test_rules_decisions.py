"""What a decision admits, and what a réfaction takes off."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.livraisons.rules.decisions import (
    Constat,
    fautes_de_la_refaction,
    fautes_du_constat,
    partager_refaction,
    refaction_proportionnelle,
    unites_admises,
)

D = Decimal


def test_admitted_is_delivered_less_refused():
    constat = Constat(unites_attendues=100, unites_livrees=90, unites_refusees=5)
    assert unites_admises(constat) == 85
    assert (constat.unites_manquantes, constat.unites_a_remplacer, constat.est_conforme) == (10, 15, False)
    assert Constat(100, 100, 0).est_conforme


@given(st.integers(0, 1000), st.data())
def test_admitted_and_still_owed_always_make_what_was_expected(attendues, data):
    livrees = data.draw(st.integers(0, attendues))
    constat = Constat(attendues, livrees, data.draw(st.integers(0, livrees)))
    assert unites_admises(constat) + constat.unites_a_remplacer == attendues


@pytest.mark.parametrize("constat", [Constat(10, 11, 0), Constat(10, 5, 6), Constat(10, -1, 0), Constat(10, 5, -1)])
def test_impossible_figures_admit_nothing(constat):
    with pytest.raises(ValueError, match="constat impossible"):
        unites_admises(constat)
    assert fautes_du_constat(constat, motif=True)


@pytest.mark.parametrize(
    ("constat", "motif", "fautes"),
    [
        (Constat(10, 10, 0), False, []),
        (Constat(10, 8, 2), True, []),
        (Constat(10, 8, 2), False, ["Dites pourquoi vous refusez ces unités."]),
        (
            Constat(10, 12, 0),
            False,
            [
                "Vous indiquez 12\u00a0unités livrées pour 10\u00a0unités attendues\u00a0: "
                "refusez ce qui est en trop au livreur."
            ],
        ),
        (Constat(10, 1, 2), True, ["Vous ne pouvez pas refuser plus d’unités qu’il n’en a été livré."]),
        (Constat(10, -1, -1), True, ["Une quantité ne peut pas être négative."]),
    ],
)
def test_what_is_typed_at_the_door_is_checked_in_french(constat, motif, fautes):
    assert fautes_du_constat(constat, motif=motif) == fautes


@pytest.mark.parametrize(
    ("montant", "pct", "refaction"), [("100.00", "10", "10.00"), ("33.33", "15", "5.00"), ("0.05", "10", "0.01")]
)
def test_a_proportional_refaction_is_rounded_once(montant, pct, refaction):
    assert refaction_proportionnelle(D(montant), D(pct)) == D(refaction)


@pytest.mark.parametrize("pct", ["-1", "100.01"])
def test_a_refaction_is_between_nothing_and_everything(pct):
    with pytest.raises(ValueError, match="réfaction impossible"):
        refaction_proportionnelle(D("10.00"), D(pct))


@pytest.mark.parametrize(
    ("refaction", "motif", "nombre"),
    [
        ("5.00", "boîtes rayées", 0),
        ("10.00", "x", 0),
        ("0", "x", 1),
        ("5.001", "x", 1),
        ("10.01", "x", 1),
        ("-1", "", 2),
    ],
)
def test_a_refaction_is_positive_within_what_is_admitted_and_reasoned(refaction, motif, nombre):
    assert len(fautes_de_la_refaction(D(refaction), D("10.00"), motif)) == nombre


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=20).filter(any), st.data())
def test_the_parts_of_a_refaction_sum_to_it_and_none_passes_its_line(centimes, data):
    montants = [D(c).scaleb(-2) for c in centimes]
    refaction = D(data.draw(st.integers(0, sum(centimes)))).scaleb(-2)
    parts = partager_refaction(refaction, montants)
    assert sum(parts) == refaction
    assert all(0 <= part <= montant for part, montant in zip(parts, montants, strict=True))


@pytest.mark.parametrize(("refaction", "montants"), [("10.01", ["10.00"]), ("-0.01", ["10.00"]), ("0.00", ["0.00"])])
def test_a_refaction_beyond_what_is_admitted_is_not_shared(refaction, montants):
    with pytest.raises(ValueError, match="réfaction impossible|sans poids"):
        partager_refaction(D(refaction), [D(montant) for montant in montants])
