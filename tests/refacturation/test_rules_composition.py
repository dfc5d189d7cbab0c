"""From lines to factures: who gets one, what the paper prints, and the proof."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.refacturation.rules.calcul import lignes_affichees, phrases_du_calcul, precision_de_ligne
from groupement.refacturation.rules.composition import (
    STOCK,
    LigneDue,
    composer,
    est_facturable,
    lignes_imprimees,
    parts_de_tva,
)
from groupement.refacturation.rules.document import (
    Debiteur,
    Emission,
    document_avoir,
    document_facture,
    ecart_avec,
    totaux_json,
    totaux_lus,
)
from groupement.refacturation.rules.partage import AFacturer
from groupement.refacturation.rules.preuve import Preuve, PreuveBon, preuve_de_json, preuve_json
from groupement.refacturation.rules.tva import totaux_du_document

D = Decimal
CALCUL = {"commandees": "20", "part_ht": "20.00", "admises": "10", "deja_unites": "0", "deja_ht": "0.00"}


def ligne(montant="10.00", taux="20", refaction="0.00", **changes):
    """Ten boxes."""
    valeurs = {
        "affectation_id": 1, "part_de_port_id": None, "bon": "BC-2026-00001", "reference": "BTE",
        "designation": "Boîte", "unite": "pièce", "unites": 10, "prix_unitaire_ht": D("1.0000"),
        "tva_pct": D(taux), "montant_ht": D(montant), "refaction_ht": D(refaction), "calcul": CALCUL,
    }  # fmt: skip
    return LigneDue(**(valeurs | changes))


@pytest.mark.parametrize(
    ("unites", "montant", "facturable"), [(1, "0.00", True), (1, "-0.01", False), (0, "1.00", False), (3, "2.00", True)]
)
def test_pieces_are_billed_unless_a_refaction_passes_their_worth(unites, montant, facturable):
    assert est_facturable(AFacturer(unites, D(montant), D(0), D(montant))) is facturable


def test_a_member_whose_lines_sum_to_nothing_gets_no_facture():
    comptes, partage = composer("A", {1: [ligne("0.00")], 2: [ligne("3.33")], 3: []})
    assert [compte.membre for compte in comptes] == [2]
    assert (comptes[0].totaux.total_ttc, partage.tva_membres) == (D("4.00"), D("0.67"))


def test_in_mode_a_a_refaction_is_a_negative_line_of_its_own():
    lignes = [ligne("7.50", refaction="2.50"), ligne("5.00", "5.5")]
    imprimees = lignes_imprimees("A", lignes, totaux_du_document((x.montant_ht, x.tva_pct) for x in lignes))
    assert [(x["montant"], x["tva_pct"]) for x in imprimees] == [("10.00", "20"), ("-2.50", "20"), ("5.00", "5.5")]


@given(
    st.lists(st.tuples(st.integers(0, 100_000), st.sampled_from(["20", "5.5", "10"])), min_size=1, max_size=12).filter(
        lambda paires: any(centimes for centimes, _ in paires)
    ),
    st.sampled_from(["B", "C"]),
)
def test_in_modes_b_and_c_the_printed_lines_sum_to_what_is_owed(paires, mode):
    lignes = [ligne(D(centimes) / 100, taux) for centimes, taux in paires]
    (compte,), _ = composer(mode, {1: lignes})
    imprimees = lignes_imprimees(mode, compte.lignes, compte.totaux)
    assert sum(D(x["montant"]) for x in imprimees) == compte.totaux.total_ttc
    assert all(x["prix_unitaire_ht"] is None and x["tva_pct"] is None for x in imprimees)


def test_vat_goes_only_to_the_lines_of_its_rate():
    lignes = [(D("3.00"), D(20)), (D("0.00"), D(10)), (D("1.00"), D(20))]
    assert parts_de_tva(lignes, totaux_du_document(lignes)) == [D("0.60"), D("0.00"), D("0.20")]


def test_the_small_line_says_what_the_amount_rests_on():
    partielle = lignes_imprimees("A", [ligne()], totaux_du_document([(D(10), D(20))]))[0]
    assert precision_de_ligne(partielle) == "10 admises sur 20 commandées à ce jour"
    cout = lignes_imprimees("C", [ligne("7.50", refaction="2.50")], totaux_du_document([(D("7.50"), D(20))]))[0]
    assert "7,50\u00a0€ HT et 1,50\u00a0€ de TVA payés au fournisseur" in precision_de_ligne(cout)
    assert "réfaction de 2,50\u00a0€ HT déduite" in precision_de_ligne(cout)
    entiere = lignes_imprimees("A", [ligne(calcul=None)], totaux_du_document([(D(10), D(20))]))[0]
    assert precision_de_ligne(entiere) == ""


def test_the_page_explains_a_line_step_by_step():
    suite = CALCUL | {"deja_unites": "4", "deja_ht": "4.00"}
    vue = lignes_imprimees("A", [ligne(calcul=suite)], totaux_du_document([(D(10), D(20))]))[0]
    phrases = " ".join(phrases_du_calcul(vue))
    for morceau in (
        "le bon BC-2026-00001",
        "10 sur 20 sont admises",
        "4 étaient déjà facturées",
        "10,00\u00a0€ HT pour 10",
    ):
        assert morceau in phrases
    stock = lignes_imprimees("C", [ligne(bon=STOCK)], totaux_du_document([(D(10), D(20))]))[0]
    assert "le stock du dépôt" in phrases_du_calcul(stock)[0]
    assert "2,00\u00a0€ de TVA payée au fournisseur" in phrases_du_calcul(stock)[-1]


def test_a_line_admitted_whole_and_never_billed_says_only_its_share():
    entiere = CALCUL | {"admises": "20"}
    vue = lignes_imprimees("A", [ligne(calcul=entiere)], totaux_du_document([(D(10), D(20))]))[0]
    assert len(phrases_du_calcul(vue)) == 2


def test_a_facture_and_its_avoir_say_the_same_parties_and_the_avoir_no_payment():
    totaux = totaux_du_document([(D("10.00"), D(20))])
    le = date(2026, 12, 22)
    emission = Emission({"nom": "CdG"}, "Objet", "M1", "Convention", "A", ["Mention"], {"iban": "FR76"}, le)
    debiteur = Debiteur({"nom": "Béthune"}, "EJ-1", "SERVICE", [{"bon": "BC-1"}])
    facture = document_facture("F-1", date(2027, 1, 21), emission, debiteur, [{"montant": "10.00"}], totaux)
    assert (facture["paiement"]["reference"], facture["echeance_le"]) == ("F-1", "2027-01-21")
    avoir = document_avoir("A-1", date(2027, 1, 2), "Erreur", facture, [], totaux, ["Recours"])
    assert (avoir["facture"], avoir["facture_du"], avoir["debiteur"]) == ("F-1", "2026-12-22", {"nom": "Béthune"})
    assert "paiement" not in avoir


def test_shipping_has_its_own_explanation_and_no_unit_price():
    port = ligne(affectation_id=None, part_de_port_id=1, unite="forfait", unites=1, calcul={"port_ht": "45.00"})
    imprimees = lignes_imprimees("A", [port, ligne(refaction="1.00")], totaux_du_document([(D(20), D(20))]))
    (du_port, phrases), (biens, _), (refaction, rien) = lignes_affichees(imprimees)
    assert du_port["prix"] is None and "45,00" in phrases[0]
    assert biens["prix"] == D("1.0000")
    assert refaction["prix"] is None and rien == []


def test_totals_survive_the_frozen_document():
    totaux = totaux_du_document([(D("10.00"), D(20)), (D("3.00"), D("5.5"))])
    assert totaux_lus(totaux_json(totaux)) == totaux


def test_a_column_that_says_otherwise_than_the_document_shows():
    assert ecart_avec({"total_ht": "10.00"}, {"total_ht": D("10.00")}) is None
    assert "dit 11.00" in ecart_avec({"total_ht": "10.00"}, {"total_ht": D("11.00")})


def bon(total="100.00", **parts):
    """A bon cut into parts."""
    valeurs = {champ: D(0) for champ in PreuveBon.__slots__ if champ != "numero"}
    return PreuveBon("BC-2026-00001", **(valeurs | {"total_ht": D(total)} | {c: D(v) for c, v in parts.items()}))


@pytest.mark.parametrize(
    ("parts", "factures", "exacte"),
    [
        ({"facture_maintenant_ht": "60", "depot_ht": "30", "a_venir_ht": "10"}, "60", True),
        ({"facture_maintenant_ht": "60", "depot_ht": "30", "a_venir_ht": "9.99"}, "60", False),
        ({"facture_maintenant_ht": "60", "depot_ht": "30", "refuse_ht": "10"}, "59.99", False),
        ({"facture_avant_ht": "98", "refactions_ht": "5", "a_crediter_ht": "3"}, "0", True),
    ],
)
def test_the_proof_holds_when_every_bon_is_whole_and_the_factures_match(parts, factures, exacte):
    assert Preuve((bon(**parts),), D(factures)).est_exacte is exacte


def test_the_proof_is_read_back_as_it_was_kept():
    preuve = Preuve((bon(facture_maintenant_ht="60", depot_ht="40"),), D("60"))
    texte = preuve_json(preuve)
    assert preuve_de_json(texte["bons"], texte["factures_ht"]) == preuve
    assert (preuve.depot_ht, preuve.colonne("total_ht")) == (D(40), D(100))
