"""What each member owes: billed once, only what is admitted, exact to the centime."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.refacturation.rules.partage import (
    AffectationAFacturer,
    BasesMembre,
    a_facturer,
    cumul_facturable,
    partager_tva,
)

D = Decimal
TROIS = [BasesMembre(membre, {D(20): D("3.33")}) for membre in (1, 2, 3)]


@pytest.mark.parametrize(
    ("montant", "unites", "admises", "cumul"),
    [
        ("10.00", 3, 0, "0.00"),
        ("10.00", 3, 1, "3.33"),
        ("10.00", 3, 2, "6.67"),
        ("10.00", 3, 3, "10.00"),
        ("0.01", 2, 1, "0.01"),  # half a centime goes up
        ("0.00", 5, 3, "0.00"),
    ],
)
def test_the_cumulated_worth_is_rounded_half_up(montant, unites, admises, cumul):
    assert cumul_facturable(D(montant), unites, admises) == D(cumul)


@pytest.mark.parametrize(
    ("montant", "unites", "admises"), [("1.00", 3, 4), ("1.00", 0, 0), ("1.00", 3, -1), ("-1.00", 3, 1)]
)
def test_more_than_was_ordered_cannot_be_billed(montant, unites, admises):
    with pytest.raises(ValueError, match="impossible"):
        cumul_facturable(D(montant), unites, admises)


def test_three_deliveries_of_one_piece_bill_ten_euros_exactly():
    facture, montants = D(0), []
    for admises in (1, 2, 3):
        due = a_facturer(AffectationAFacturer(3, D("10.00"), admises, admises - 1, facture))
        montants.append(due.montant_ht)
        facture += due.montant_ht
    assert montants == [D("3.33"), D("3.34"), D("3.33")]


def test_nothing_admitted_since_is_nothing_to_bill():
    due = a_facturer(AffectationAFacturer(3, D("10.00"), 2, 2, D("6.67")))
    assert due.est_vide
    assert (due.unites, due.montant_ht) == (0, 0)


def test_a_refaction_is_taken_off_once():
    premiere = a_facturer(AffectationAFacturer(10, D("100.00"), 5, refaction_ht=D("7.50")))
    assert (premiere.unites, premiere.brut_ht, premiere.refaction_ht, premiere.montant_ht) == (
        *(5, D("50.00"), D("7.50")),
        D("42.50"),
    )
    seconde = a_facturer(AffectationAFacturer(10, D("100.00"), 10, 5, D("42.50"), D("7.50"), D("7.50")))
    assert (seconde.brut_ht, seconde.refaction_ht, seconde.montant_ht) == (D("50.00"), D("0.00"), D("50.00"))


def test_a_refaction_decided_after_billing_is_for_an_avoir():
    due = a_facturer(AffectationAFacturer(10, D("100.00"), 10, 10, D("100.00"), D("7.50")))
    assert (due.unites, due.montant_ht, due.est_vide) == (0, D("-7.50"), False)


@pytest.mark.parametrize(
    "affectation",
    [
        AffectationAFacturer(10, D("100.00"), 5, 6),
        AffectationAFacturer(10, D("100.00"), 11),
        AffectationAFacturer(10, D("100.00"), 5, refaction_ht=D("50.01")),
        AffectationAFacturer(10, D("100.00"), 5, refaction_ht=D("1.00"), refaction_facturee_ht=D("2.00")),
    ],
)
def test_figures_that_cannot_be_are_refused(affectation):
    with pytest.raises(ValueError, match="impossible|au delà"):
        a_facturer(affectation)


@given(st.integers(1, 500), st.integers(0, 10**7), st.data())
def test_whatever_the_deliveries_the_factures_sum_to_the_share_of_the_bon(unites, centimes, data):
    montant = D(centimes).scaleb(-2)
    admises = facturees = 0
    facture = refaction = refaction_facturee = D("0.00")
    brut_total = D(0)
    while facturees < unites:
        admises += data.draw(st.integers(1, unites - admises))
        cumul = cumul_facturable(montant, unites, admises)
        refaction += D(data.draw(st.integers(0, int((cumul - refaction) * 100)))).scaleb(-2)
        due = a_facturer(
            AffectationAFacturer(unites, montant, admises, facturees, facture, refaction, refaction_facturee)
        )
        assert due.brut_ht >= 0
        brut_total += due.brut_ht
        facturees += due.unites
        facture += due.montant_ht
        refaction_facturee += due.refaction_ht
    assert brut_total == montant
    assert facture == montant - refaction
    assert a_facturer(
        AffectationAFacturer(unites, montant, admises, facturees, facture, refaction, refaction_facturee)
    ).est_vide


def test_mode_a_keeps_each_members_own_vat_and_logs_the_difference():
    partage = partager_tva("A", TROIS)
    assert [total.total_tva for total in partage.membres] == [D("0.67")] * 3
    assert (partage.tva_membres, partage.tva_fournisseur, partage.ecart) == (D("2.01"), D("2.00"), D("0.01"))


@pytest.mark.parametrize("mode", ["B", "C"])
def test_modes_b_and_c_share_the_suppliers_vat_exactly(mode):
    partage = partager_tva(mode, TROIS)
    assert [total.total_tva for total in partage.membres] == [D("0.67"), D("0.67"), D("0.66")]
    assert [total.total_ttc for total in partage.membres] == [D("4.00"), D("4.00"), D("3.99")]
    assert (partage.ecart, partage.tva_membres) == (0, D("2.00"))


def test_the_vat_the_supplier_really_charged_is_what_is_shared():
    partage = partager_tva("C", TROIS, {D(20): D("2.01")})
    assert [total.total_tva for total in partage.membres] == [D("0.67")] * 3
    assert partage.ecart == 0


def test_a_member_without_a_rate_bears_none_of_it():
    membres = [BasesMembre(1, {D(20): D("10.00")}), BasesMembre(2, {D("5.5"): D("10.00")})]
    partage = partager_tva("B", membres)
    assert [total.total_tva for total in partage.membres] == [D("2.00"), D("0.55")]
    assert [[ligne.taux_pct for ligne in total.tva] for total in partage.membres] == [[D(20)], [D("5.5")]]


def test_vat_at_a_rate_nobody_bears_is_refused():
    with pytest.raises(ValueError, match="TVA sans base"):
        partager_tva("C", TROIS, {D("5.5"): D("0.10")})


def test_an_unknown_mode_or_a_negative_base_is_refused():
    with pytest.raises(ValueError, match="mode de TVA inconnu"):
        partager_tva("D", TROIS)
    with pytest.raises(ValueError, match="négative"):
        partager_tva("A", [BasesMembre(1, {D(20): D("-1.00")})])


TAUX = st.sampled_from([D(20), D("5.5"), D("2.1"), D(0)])
BASES = st.dictionaries(TAUX, st.integers(0, 10**6).map(lambda centimes: D(centimes).scaleb(-2)), max_size=3)


@given(st.lists(BASES, max_size=15), st.sampled_from("ABC"))
def test_members_pay_what_the_supplier_is_paid_or_the_difference_is_known(bases, mode):
    membres = [BasesMembre(rang, base) for rang, base in enumerate(bases)]
    partage = partager_tva(mode, membres)
    assert partage.tva_membres == sum((total.total_tva for total in partage.membres), D(0))
    assert [total.total_ht for total in partage.membres] == [sum(base.values(), D(0)) for base in bases]
    if mode == "A":
        assert abs(partage.ecart) <= D("0.005") * sum(len(base) + 1 for base in bases) + D("0.02")
    else:
        assert partage.ecart == 0
        for total in partage.membres:  # never a centime away from one's own computed VAT, rate by rate
            assert all(abs(tva.montant - tva.base_ht * tva.taux_pct / 100) < D("0.02") for tva in total.tva)
