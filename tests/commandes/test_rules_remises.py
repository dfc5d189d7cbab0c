"""The hand-over of an urgent order as a rule: what may be typed, what is paid, what goes back to the stock."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules import remises as regle
from groupement.commandes.rules.remises import LigneARemettre, Remis
from groupement.commandes.states import TRANSITIONS_COMMANDE, EtatCommande, MotifDEcart

D = Decimal
PAS_PRIS, INTROUVABLE, ABIME = MotifDEcart


def ligne(unites: int = 12, montant_ht: str = "6.98", numero: int = 1, tva: str = "20.00") -> LigneARemettre:
    return LigneARemettre(numero, 10 + numero, f"REF-{numero}", f"Article {numero}", unites, D(montant_ht), D(tva))


@pytest.mark.parametrize(
    ("demandees", "remis", "attendu"),
    [
        (12, Remis(12), None),
        (12, Remis(10, ABIME), None),
        (12, Remis(0, INTROUVABLE, "rayonnage vide"), None),
        (12, Remis(-1), "Indiquez combien sont remises, 0 s’il n’y en a aucune."),
        (12, Remis(13), "12\u00a0unités engagées, vous en remettez 13\u00a0: indiquez 12 au plus."),
        (1, Remis(2), "1\u00a0unité engagée, vous en remettez 2\u00a0: indiquez 1 au plus."),
        (12, Remis(13, ABIME), "12\u00a0unités engagées, vous en remettez 13\u00a0: indiquez 12 au plus."),
        (12, Remis(10), "Il en manque 2\u00a0: choisissez pourquoi."),
        (
            12,
            Remis(12, PAS_PRIS),
            "Tout est remis, mais une raison est choisie\u00a0: baissez le nombre, ou enlevez la raison.",
        ),
    ],
)
def test_what_may_be_typed_of_a_line(demandees, remis, attendu):
    assert regle.refus_de_la_ligne(demandees, remis) == attendu


def test_each_line_typed_wrong_has_its_sentence_and_a_line_nothing_is_said_of_is_whole():
    lignes = [ligne(numero=1), ligne(numero=2), ligne(numero=3)]
    assert list(regle.refus_par_ligne(lignes, {1: Remis(13), 2: Remis(11, ABIME)})) == [1]
    remises = regle.remettre(lignes, {2: Remis(11, ABIME)})
    assert [r.remises for r in remises] == [12, 11, 12]
    assert [r.ligne.ligne_id for r in regle.manquants(remises)] == [2]


@pytest.mark.parametrize(
    ("unites", "montant", "remises", "paye", "rendu"),
    [
        (12, "6.98", 12, "6.98", "0.00"),
        (12, "6.98", 10, "5.82", "1.16"),
        (12, "6.98", 0, "0.00", "6.98"),
        (3, "1.00", 2, "0.67", "0.33"),
        (2, "0.01", 1, "0.01", "0.00"),  # a half goes up, as everywhere
        (3, "0.00", 1, "0.00", "0.00"),
    ],
)
def test_what_is_paid_and_what_goes_back(unites, montant, remises, paye, rendu):
    (remise,) = regle.remettre([ligne(unites, montant)], {1: Remis(remises, ABIME if remises < unites else None)})
    assert (remise.montant_ht, remise.rendu_ht) == (D(paye), D(rendu))


def test_nothing_at_all_is_no_hand_over():
    lignes = [ligne(numero=1), ligne(numero=2)]
    assert regle.est_vide(regle.remettre(lignes, {1: Remis(0, ABIME), 2: Remis(0, ABIME)}))
    assert not regle.est_vide(regle.remettre(lignes, {1: Remis(0, ABIME)}))


def test_the_journal_says_who_got_it_and_what_is_missing():
    remises = regle.remettre([ligne(numero=1), ligne(numero=2)], {2: Remis(10, ABIME)})
    assert regle.resume("Claire", remises) == "Remis à Claire\u00a0; 10 sur 12 × REF-2 (abîmé au dépôt)"
    assert regle.resume("Claire", regle.remettre([ligne()], {})) == "Remis à Claire"
    beaucoup = regle.remettre([ligne(numero=n) for n in range(60)], {n: Remis(1, ABIME) for n in range(60)})
    assert len(regle.resume("Claire", beaucoup)) == 500


def test_vat_is_counted_once_a_rate():
    lignes = [ligne(2, "0.67", 1, "5.50"), ligne(1, "0.67", 2, "5.50"), ligne(1, "1.00", 3)]
    assert regle.total_ttc(regle.remettre(lignes, {})) == D("2.34") + D("0.07") + D("0.20")


def test_both_verbs_lead_to_the_same_state():
    for verbe in ("servir", "servir_en_partie"):
        assert TRANSITIONS_COMMANDE[verbe] == ({EtatCommande.REGROUPEE}, EtatCommande.SERVIE)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 5000), st.integers(0, 10**8), st.integers(0, 100), st.sampled_from([None, *MotifDEcart])
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_is_handed_over_no_unit_and_no_centime_is_lost(tirages):
    lignes = [ligne(unites, str(D(centimes) / 100), n) for n, (unites, centimes, _, _) in enumerate(tirages)]
    typees = {}
    for n, (unites, _, part, motif) in enumerate(tirages):
        remises = unites * part // 100 if motif else unites
        typees[n] = Remis(remises, motif if remises < unites else None)
    assert not regle.refus_par_ligne(lignes, typees)
    remises_ = regle.remettre(lignes, typees)
    for remise in remises_:
        assert remise.remises + remise.manquantes == remise.ligne.unites
        assert remise.montant_ht + remise.rendu_ht == remise.ligne.montant_ht
        assert remise.montant_ht >= 0 and remise.rendu_ht >= 0
        assert (remise.motif is not None) is bool(remise.manquantes)
        assert remise.rendu_ht == 0 or remise.manquantes
    rendu = sum((r.rendu_ht for r in remises_), D("0.00"))
    assert regle.total_ht(remises_) + rendu == sum((ligne.montant_ht for ligne in lignes), D("0.00"))
