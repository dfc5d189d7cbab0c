"""Rules of membership: lots joined, withdrawals, closing date, SIRETs, the year of a body."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.adherents.rules.adhesion import (
    lots_rejoints,
    motif_de_refus_des_dates,
    motif_de_refus_du_lot,
    motif_de_refus_du_retrait,
)
from groupement.adherents.rules.identifiants import motif_de_refus_du_siret
from groupement.adherents.rules.lots import LotsIllisibles, ecrire_les_lots, lire_les_lots
from groupement.tableau_de_bord.annee import Faits, etapes, prochaine_etape

LE = date(2026, 11, 22)
LA_POSTE = "356000000"


@pytest.mark.parametrize(
    ("siret", "juste"),
    [
        ("35600000000048", True),  # the head office keeps the ordinary key
        ("35600000049837", True),  # a post office: its digits add up to a multiple of five
        ("35600000049838", False),
        ("35600000000041", False),
    ],
)
def test_the_sirets_of_la_poste_follow_their_own_rule(siret, juste):
    assert (motif_de_refus_du_siret(siret, LA_POSTE) is None) is juste


@given(st.integers(0, 99_999))
def test_a_siret_of_la_poste_is_right_when_its_digits_add_up_to_a_multiple_of_five(nic):
    siret = f"{LA_POSTE}{nic:05}"
    if nic != 48 and sum(map(int, siret)) % 5 == 0:
        assert motif_de_refus_du_siret(siret, LA_POSTE) is None


@pytest.mark.parametrize(
    ("lots", "numero", "refuse"),
    [(None, 1, False), ([1, 3], 1, False), ([1, 3], 2, True), ([], 1, True), ([10], 1, True)],
)
def test_only_the_lots_joined_may_be_ordered_of(lots, numero, refuse):
    motif = motif_de_refus_du_lot(lots, numero, "Boîtes")
    assert bool(motif) is refuse and (not refuse or f"lot {numero} (Boîtes)" in motif)


@given(st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)))
def test_all_the_lots_ticked_are_kept_as_all(coches, prevus):
    gardes = lots_rejoints(coches & prevus, prevus)
    assert gardes is None if coches >= prevus else gardes == sorted(coches & prevus)


@pytest.mark.parametrize(
    ("retiree_le", "en_cours", "champ"),
    [
        (date(2026, 11, 22), [], None),
        (date(2026, 11, 23), [], "retiree_le"),
        (date(2025, 3, 14), [], "retiree_le"),
        (date(2026, 11, 22), ["Campagne d’automne"], ""),
    ],
)
def test_a_body_leaves_once_its_orders_are_done(retiree_le, en_cours, champ):
    refus = motif_de_refus_du_retrait(retiree_le, date(2025, 3, 15), en_cours, LE)
    assert (refus and refus[0]) == champ
    assert not en_cours or "Campagne d’automne" in refus[1]


@pytest.mark.parametrize(
    ("signee_le", "cloture_le", "fautes"),
    [
        (date(2026, 6, 30), date(2026, 6, 30), set()),
        (date(2026, 7, 1), date(2026, 6, 30), {"signee_le"}),
        (date(2026, 7, 1), None, set()),
    ],
)
def test_a_convention_that_is_closed_takes_no_signature(signee_le, cloture_le, fautes):
    assert set(motif_de_refus_des_dates(date(2026, 6, 1), signee_le, LE, cloture_le)) == fautes


@pytest.mark.parametrize(
    "texte", ["1 Boîtes\n2 Rayonnages", "Lot 1 : Boîtes\nlot 2 - Rayonnages", "2. Rayonnages\n\n1) Boîtes"]
)
def test_lots_are_read_as_people_write_them(texte):
    assert lire_les_lots(texte) == [{"numero": 1, "intitule": "Boîtes"}, {"numero": 2, "intitule": "Rayonnages"}]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [("Boîtes", "Ligne 1"), ("1 Boîtes\n1 Rayonnages", "déjà écrit"), ("0 Rien", "Ligne 1"), (f"1 {'x' * 201}", "200")],
)
def test_a_line_that_says_no_lot_is_refused(texte, attendu):
    with pytest.raises(LotsIllisibles, match=attendu):
        lire_les_lots(texte)


@given(st.dictionaries(st.integers(1, 999), st.from_regex(r"[A-Za-zé][a-zé ]{0,30}[a-zé]", fullmatch=True), max_size=6))
def test_lots_written_are_read_back_the_same(lots):
    ecrits = [{"numero": numero, "intitule": lots[numero]} for numero in sorted(lots)]
    assert lire_les_lots(ecrire_les_lots(ecrits)) == ecrits


OUVERTE = {"adhesion": "signee", "campagne": "Automne", "campagne_etat": "ouverte", "campagne_au": date(2026, 12, 4)}


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        (Faits(), "Faire voter"),
        (Faits(adhesion="deliberee"), "Signer la convention"),
        (Faits(**OUVERTE), "Commander avant le 04/12/2026 (Automne)."),
        (Faits(**OUVERTE, commande="brouillon"), "Terminer le panier"),
        (Faits(**OUVERTE, commande="soumise"), "Valider la commande"),
        (Faits(**OUVERTE, refus="Signée trop tard."), "Signée trop tard."),
        (Faits(**OUVERTE, commande="validee"), "Rien à faire"),
        (Faits(adhesion="signee", a_recevoir=1), "Recevoir"),
        (Faits(adhesion="signee", dues=1, echeance_le=date(2026, 12, 1)), "Payer avant le 01/12/2026"),
        (Faits(adhesion="signee", a_recevoir=1, dues=1, en_retard=1), "Payer ce qui est en retard"),
    ],
)
def test_the_next_step_is_the_most_pressing(faits, attendu):
    assert attendu in prochaine_etape(faits, LE)


def test_the_year_says_how_far_each_step_is():
    faits = Faits(**OUVERTE, signee_le=date(2025, 3, 15), audit="suivi", commande="regroupee", a_recevoir=2)
    assert [etape.avancement for etape in etapes(faits)] == ["faite", "faite", "faite", "faite", "en_cours", "a_venir"]
    assert [etape.avancement for etape in etapes(Faits(adhesion="retiree", refus="Retirée."))][1::2] == [
        "arretee",
        "arretee",
        "a_venir",
    ]
