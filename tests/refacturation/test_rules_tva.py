"""VAT of a document."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from groupement.refacturation.rules.tva import LigneTva, totaux_du_document, tva_par_taux

D = Decimal


def test_a_document_of_two_rates():
    totaux = totaux_du_document([(D("3.33"), D("5.5")), (D("3.33"), D(20)), (D("6.66"), D(20))])
    assert (totaux.total_ht, totaux.total_tva, totaux.total_ttc) == (D("13.32"), D("2.18"), D("15.50"))
    assert totaux.tva == (LigneTva(D(20), D("9.99"), D("2.00")), LigneTva(D("5.5"), D("3.33"), D("0.18")))


def test_an_empty_document_is_worth_nothing():
    totaux = totaux_du_document([])
    assert (totaux.total_ht, totaux.total_tva, totaux.total_ttc, totaux.tva) == (0, 0, 0, ())


@given(st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from(["20", "10", "5.5", "2.1", "0"])), max_size=30))
def test_the_totals_are_those_of_the_rates_and_each_rate_is_off_by_half_a_centime_at_most(lignes):
    paires = [(D(centimes).scaleb(-2), D(taux)) for centimes, taux in lignes]
    totaux = totaux_du_document(paires)
    assert totaux.total_ht == sum((montant for montant, _ in paires), D(0))
    assert totaux.total_tva == sum(tva_par_taux(paires).values(), D(0)) == sum((t.montant for t in totaux.tva), D(0))
    assert totaux.total_ttc == totaux.total_ht + totaux.total_tva
    assert all(abs(t.montant - t.base_ht * t.taux_pct / 100) <= D("0.005") for t in totaux.tva)
