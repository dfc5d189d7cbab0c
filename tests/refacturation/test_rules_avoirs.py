"""What an avoir takes off: units, amounts, VAT; crediting in several times gives back exactly the whole."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.refacturation.rules.avoirs import (
    LigneCreditable,
    crediter_montant,
    crediter_unites,
    totaux_de_l_avoir,
    tout_crediter,
)
from groupement.refacturation.rules.encaissements import (
    Imputation,
    est_en_retard,
    imputer,
    refus_de_virement,
    verbe_apres,
)
from groupement.refacturation.rules.tva import totaux_du_document
from groupement.refacturation.states import EtatFacture

D = Decimal
JOUR = date(2026, 12, 22)


def ligne(unites=3, montant="10.00", refaction="0.00", **changes):
    """Three pieces for ten euros."""
    return LigneCreditable(1, "Boîte", unites, D(montant), D(refaction), D(20), **changes)


def test_the_parts_of_a_line_telescope():
    assert [
        crediter_unites(ligne(unites_creditees=n, montant_credite_ht=D(deja)), 1, a_refacturer=False).montant_ht
        for n, deja in ((0, "0.00"), (1, "3.33"), (2, "6.67"))
    ] == [D("3.33"), D("3.34"), D("3.33")]


@pytest.mark.parametrize("unites", [0, 4, -1])
def test_more_units_than_are_left_or_none_cannot_be_credited(unites):
    with pytest.raises(ValueError, match="crédit impossible"):
        crediter_unites(ligne(), unites, a_refacturer=False)


@pytest.mark.parametrize("montant", ["0.00", "10.01", "-1.00"])
def test_more_than_is_left_or_nothing_cannot_be_credited(montant):
    with pytest.raises(ValueError, match="crédit impossible"):
        crediter_montant(ligne(), D(montant))


def test_an_amount_settles_the_refaction_that_waits():
    assert crediter_montant(ligne(refaction_en_attente_ht=D("2.00")), D("3.00")).refaction_ht == D("2.00")
    assert crediter_montant(ligne(), D("3.00")).refaction_ht == 0


def test_units_to_bill_again_give_their_refaction_back():
    credit = crediter_unites(ligne(montant="7.00", refaction="3.00"), 1, a_refacturer=True)
    assert (credit.montant_ht, credit.refaction_ht) == (D("2.33"), D("-1.00"))
    assert crediter_unites(ligne(montant="7.00", refaction="3.00"), 1, a_refacturer=False).refaction_ht == 0


def test_everything_left_is_the_units_or_else_the_amount():
    epuisee = ligne(unites_creditees=3, montant_credite_ht=D("10.00"))
    reste = ligne(unites_creditees=3, montant_credite_ht=D("9.00"))
    credits = tout_crediter([ligne(), epuisee, reste], a_refacturer=False)
    assert [(c.unites, c.montant_ht) for c in credits] == [(3, D("10.00")), (0, D("1.00"))]


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 50_000)), min_size=1, max_size=4),
    st.sampled_from(["A", "B", "C"]),
    st.randoms(use_true_random=False),
)
def test_crediting_unit_by_unit_gives_back_every_centime_of_the_facture(quantites, mode, hasard):
    lignes = [
        LigneCreditable(n, "Boîte", unites, D(centimes) / 100, D(0), D(20) if n % 2 else D("5.5"))
        for n, (unites, centimes) in enumerate(quantites)
    ]
    facture = totaux_du_document((x.montant_ht, x.tva_pct) for x in lignes)
    deja = []
    while any(x.unites_restantes for x in lignes):
        rang = hasard.choice([n for n, x in enumerate(lignes) if x.unites_restantes])
        vue = lignes[rang]
        credit = crediter_unites(vue, hasard.randint(1, vue.unites_restantes), a_refacturer=False)
        assert credit.montant_ht >= 0
        totaux = totaux_de_l_avoir(mode, facture, [credit], deja)
        assert totaux.total_tva >= 0
        deja.append(totaux)
        lignes[rang] = LigneCreditable(
            *(vue.ligne_id, vue.designation, vue.unites, vue.montant_ht, vue.refaction_ht, vue.tva_pct),
            unites_creditees=vue.unites_creditees + credit.unites,
            montant_credite_ht=vue.montant_credite_ht + credit.montant_ht,
        )
    for champ in ("total_ht", "total_tva", "total_ttc"):
        assert sum(getattr(t, champ) for t in deja) == getattr(facture, champ)


@pytest.mark.parametrize(
    ("recu", "reste", "impute", "trop"),
    [
        ("10", "10", "10", "0"),
        ("10", "4", "4", "6"),
        ("3", "10", "3", "0"),
        ("3", "0", "0", "3"),
        ("3", "-1", "0", "3"),
    ],
)
def test_never_more_than_is_owed_settles_a_facture(recu, reste, impute, trop):
    assert imputer(D(recu), D(reste)) == Imputation(D(impute), D(trop))


@pytest.mark.parametrize(
    ("reste", "avoirs", "paiement", "verbe"),
    [
        ("5", "0", True, "encaisser_en_partie"),
        ("0", "0", True, "encaisser"),
        ("0", "40", True, "encaisser"),
        ("5", "5", False, None),
        ("0", "40", False, "solder"),
        ("0", "100", False, "annuler_par_avoir"),
    ],
)
def test_the_state_follows_what_is_left(reste, avoirs, paiement, verbe):
    assert verbe_apres(D(reste), D(avoirs), D(100), paiement=paiement) == verbe


@pytest.mark.parametrize(
    ("montant", "recu_le", "phrase"),
    [
        ("0", JOUR, "supérieur à zéro"),
        ("10.01", JOUR, "est trop élevé"),
        ("5", date(2026, 12, 24), "dans le futur"),
        ("5", date(2026, 12, 1), "ne peut pas être arrivé avant"),
        ("10", JOUR, None),
    ],
)
def test_a_transfer_is_refused_with_a_sentence_or_taken(montant, recu_le, phrase):
    refus = refus_de_virement(D(montant), D(10), recu_le, date(2026, 12, 20), JOUR)
    assert refus is None if phrase is None else phrase in refus


@pytest.mark.parametrize(
    ("etat", "reste", "echeance", "retard"),
    [
        (EtatFacture.EMISE, "5", date(2026, 12, 21), True),
        (EtatFacture.EMISE, "5", JOUR, False),
        (EtatFacture.PAYEE, "0", date(2026, 12, 1), False),
        (EtatFacture.ANNULEE_PAR_AVOIR, "5", date(2026, 12, 1), False),
    ],
)
def test_a_facture_is_late_the_day_after_its_date_while_something_is_owed(etat, reste, echeance, retard):
    assert est_en_retard(etat, D(reste), echeance, JOUR) is retard
