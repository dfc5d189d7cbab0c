"""What a facture of services says, its proof, and what credits leave of each part."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.prestations.rules.sesam import partager
from groupement.prestations.states import NaturePrestation
from groupement.refacturation.rules.avoirs import (
    CreditPartiel,
    LigneCreditable,
    crediter_prestation,
    tout_crediter,
)
from groupement.refacturation.rules.calcul import phrases_du_calcul, precision_de_ligne, quantite_lisible
from groupement.refacturation.rules.composition import LigneDue, composer, lignes_imprimees
from groupement.refacturation.rules.prestations import (
    PreuveNature,
    PreuvePrestations,
    factures_par_nature,
    mentions_de_tva,
    objet_des_prestations,
    part_apres_credit,
    preuve_de_json,
    preuve_json,
)

D = Decimal
ESPACE = "\u00a0"
MONTANTS = st.decimals(D("0.01"), D("9999.99"), places=2)


def ligne(nature="sesam", montant="157.77", *, mission="", annee="2026", taux="0", quantite="1", unite="an"):
    """A service to bill."""
    calcul = {"nature": nature, "mission": mission, "annee": annee, "rendue_le": "2026-01-01"}
    vote = {"deliberation": "2025-41", "deliberee_le": "2025-12-12"}
    return LigneDue(
        *(None, None, "", "SESAM", "Contribution", unite, 0, D("310"), D(taux), D(montant)),
        calcul=calcul | vote,
        prestation_id=1,
        quantite=D(quantite),
    )


def creditable(montant, credite="0.00"):
    """A billed service, and what was taken off it before."""
    return LigneCreditable(1, "Mission", 0, montant, D("0.00"), D(0), 0, D(credite), quantite=D(1), unite="an")


@pytest.mark.parametrize(
    ("lignes", "objet"),
    [
        ([ligne()], "Contribution SESAM 2026"),
        ([ligne(annee="2026"), ligne(annee="2025")], "Contributions SESAM 2025 et 2026"),
        ([ligne("mission_jour", mission="3", annee="")], "Mission d’archiviste"),
        ([ligne("mission_jour", mission="3", annee=""), ligne("mission_jour", mission="3")], "Mission d’archiviste"),
        ([ligne("mission_jour", mission="3"), ligne("mission_heure", mission="4")], "Missions d’archiviste"),
        ([ligne(), ligne("mission_heure", mission="4")], "Mission d’archiviste et contribution SESAM 2026"),
    ],
)
def test_the_facture_says_what_it_is_for(lignes, objet):
    assert objet_des_prestations(lignes) == objet


@pytest.mark.parametrize(
    ("taux", "attendu"),
    [
        (["0", "0.00"], ["Exonéré."]),
        (["20"], []),
        (["20", "0"], [f"Lignes au taux de 0{ESPACE}%{ESPACE}: Exonéré."]),
        ([], []),
    ],
)
def test_vat_that_is_not_charged_is_said(taux, attendu):
    assert mentions_de_tva([D(t) for t in taux], "Exonéré.") == attendu


@pytest.mark.parametrize(
    ("quantite", "unite", "texte"),
    [
        ("3.50", "jour", "3,5 jours"),
        ("1.00", "an", "1 an"),
        ("1.50", "jour", "1,5 jour"),
        ("12.25", "heure", "12,25 heures"),
    ],
)
def test_a_quantity_is_read_as_people_say_it(quantite, unite, texte):
    assert quantite_lisible({"quantite": quantite, "unite": unite}) == texte.replace(" ", ESPACE)


def test_a_printed_service_explains_its_amount_and_its_rate():
    comptes, _ = composer("A", {1: [ligne("mission_jour", "1085", mission="3", quantite="3.5", unite="jour")]})
    (imprimee,) = lignes_imprimees("A", comptes[0].lignes, comptes[0].totaux)
    assert imprimee["unites"] is None and imprimee["quantite"] == "3.5"
    assert phrases_du_calcul(imprimee)[0] == "3,5 jours × 310,00 € HT, soit 1 085,00 € HT.".replace(
        "3,5 j", f"3,5{ESPACE}j"
    ).replace(" €", f"{ESPACE}€").replace("1 0", f"1{ESPACE}0")
    assert precision_de_ligne(imprimee) == "Tarif fixé par la délibération 2025-41 du 12 décembre 2025"


def test_goods_print_as_before_without_a_word_of_services():
    biens = LigneDue(1, None, "BC-1", "B1", "Boîte", "boîte", 50, D("0.58"), D("20"), D("29.00"))
    comptes, _ = composer("A", {1: [biens]})
    (imprimee,) = lignes_imprimees("A", comptes[0].lignes, comptes[0].totaux)
    assert "quantite" not in imprimee and imprimee["unites"] == 50


@given(st.lists(st.tuples(st.sampled_from(list(NaturePrestation)), MONTANTS), min_size=1, max_size=12))
def test_the_proof_is_exact_for_any_services_and_survives_its_json(services):
    lignes = [ligne(nature.value, str(montant)) for nature, montant in services]
    factures = factures_par_nature(lignes)
    natures = []
    for nature in {nature for nature, _ in services}:
        parts = [partager(m) if nature is NaturePrestation.SESAM else (m, D(0)) for n, m in services if n is nature]
        cdg62, cdg59 = (sum((part[rang] for part in parts), D("0.00")) for rang in (0, 1))
        natures.append(PreuveNature(nature, len(parts), cdg62 + cdg59, cdg62, cdg59, factures[nature.value]))
    preuve = PreuvePrestations(tuple(natures), sum(factures.values(), D("0.00")))
    assert preuve.est_exacte and preuve.prestations_ht == sum(m for _, m in services)
    assert preuve_de_json(preuve_json(preuve)) == preuve


@given(MONTANTS, st.lists(st.integers(1, 100_000), max_size=8))
def test_any_sequence_of_credits_gives_back_the_whole_and_no_more(montant, voulus):
    credite = D("0.00")
    for centimes in voulus:
        vue = creditable(montant, credite)
        somme = D(centimes) / 100
        if somme > vue.reste_ht:
            with pytest.raises(ValueError, match="impossible"):
                crediter_prestation(vue, somme, a_refacturer=False)
        else:
            credite += crediter_prestation(vue, somme, a_refacturer=False).montant_ht
    credite += sum(credit.montant_ht for credit in tout_crediter([creditable(montant, credite)], a_refacturer=False))
    assert credite == montant


@given(MONTANTS, st.integers(1, 999_999))
def test_only_a_whole_line_goes_back_to_be_billed(montant, centimes):
    vue, somme = creditable(montant), D(centimes) / 100
    if somme > montant:
        with pytest.raises(ValueError, match="impossible"):
            crediter_prestation(vue, somme, a_refacturer=True)
    elif somme < montant:
        with pytest.raises(CreditPartiel):
            crediter_prestation(vue, somme, a_refacturer=True)
    else:
        assert crediter_prestation(vue, somme, a_refacturer=True).a_refacturer


@given(MONTANTS, st.lists(st.integers(0, 100), max_size=6))
def test_the_two_parts_make_what_credits_leave_whatever_their_sequence(montant, pourcents):
    _, cdg59 = partager(montant)
    credite, avant = D("0.00"), cdg59
    for pourcent in pourcents:
        credite += ((montant - credite) * pourcent / 100).quantize(D("0.01"), rounding="ROUND_DOWN")
        apres = part_apres_credit(montant, cdg59, credite)
        assert 0 <= apres <= avant and apres <= montant - credite
        avant = apres
    assert part_apres_credit(montant, cdg59, D("0.00")) == cdg59 and part_apres_credit(montant, cdg59, montant) == 0


def test_a_line_credited_before_does_not_go_back_with_the_rest():
    with pytest.raises(CreditPartiel) as refus:
        tout_crediter([creditable(D("100.00"), "0.01")], a_refacturer=True)
    assert refus.value.ligne.reste_ht == D("99.99")
