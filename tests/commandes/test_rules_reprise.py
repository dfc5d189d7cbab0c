"""A bon taken over by the next titulaire: the same pieces, its prices, its shipping, every centime to somebody."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.cascade import TermesDeLivraison
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.commandes.rules.bon_a_reviser import BonAReviser
from groupement.commandes.rules.changement_de_titulaire import LigneDeLot, OffreDeLot, comparer
from groupement.commandes.rules.lignes_revisees import LigneAReviser, Part
from groupement.commandes.rules.reprise import reprendre
from groupement.socle.argent import en_centimes, montant_ligne, repartir_entier

D = Decimal
LE = date(2026, 12, 14)
LARGE = D("100000.00")
PORT = D("45.00")
FRANCO = TermesDeLivraison(15, D("200.00"), D("30.00"), D("0.00"))


def bon(lignes, plafond=LARGE):
    """A bon of `lignes`: (reference, unit price, pieces of each body, of the depot)."""
    faites = []
    for rang, (reference, prix, unites, au_depot) in enumerate(lignes, 1):
        total = sum(unites) + au_depot
        montant = montant_ligne(total, prix)
        *parts, depot = repartir_entier(en_centimes(montant), [*unites, au_depot])
        membres = tuple(
            Part(rang * 100 + corps, corps, combien, 0, centimes, combien, None)
            for corps, (combien, centimes) in enumerate(zip(unites, parts, strict=True), 1)
        )
        du_depot = Part(rang * 100, None, au_depot, 0, depot, au_depot) if au_depot else None
        faites.append(
            LigneAReviser(
                rang, reference, reference, 1, sum(unites), 0, total, prix, D("20.00"), montant, membres, du_depot
            )
        )
    corps = range(1, max(len(ligne.membres) for ligne in faites) + 1)
    ports = dict(zip(corps, repartir_entier(en_centimes(PORT), [1] * len(corps)), strict=True))
    total_ht = sum((ligne.montant_ht for ligne in faites), D("0.00")) + PORT
    return BonAReviser(0, LE, LE, PORT, D("20.00"), total_ht, plafond, D(0), tuple(faites), ports,
                       {c: f"Corps {c}" for c in corps}, {c: {None: "Dépôt"} for c in corps})  # fmt: skip


BOITES = bon([("BTE", D("1.0000"), (30, 30), 40), ("CHE", D("2.0000"), (20, 20), 0)])
CHEZ_LUI = {1: (Palier(1, D("1.10")), Palier(100, D("1.05"))), 2: (Palier(1, D("1.90")),)}


def test_the_same_pieces_at_its_prices_its_tier_and_its_shipping():
    reprise = reprendre(BOITES, "Y", CHEZ_LUI, {}, FRANCO)
    assert [(li.unites, li.prix_unitaire_ht, li.montant_ht) for li in reprise.repris.lignes] == [
        (100, D("1.05"), D("105.00")),
        (40, D("1.90"), D("76.00")),
    ]
    assert (reprise.repris.port_ht, reprise.repris.total_ht) == (D("30.00"), D("211.00"))
    assert (reprise.changement.ecart_ht, reprise.refus) == (D("-14.00"), "")
    assert reprise.montants == {1: (D("92.50"), D("84.50")), 2: (D("92.50"), D("84.50"))}


@pytest.mark.parametrize(
    ("termes", "port"),
    [
        (FRANCO, D("30.00")),
        (TermesDeLivraison(15, D("181.00"), D("30.00"), D(0)), D("0.00")),  # reached to the centime
        (TermesDeLivraison(15, None, D("30.00"), D(0)), D("30.00")),  # no franco: always due
    ],
)
def test_shipping_is_below_its_own_franco(termes, port):
    assert reprendre(BOITES, "Y", CHEZ_LUI, {}, termes).repris.port_ht == port


def test_what_it_sold_before_counts_for_its_tier():
    paliers = CHEZ_LUI | {1: (Palier(1, D("1.10")), Palier(150, D("1.00")))}
    seul, avec = (reprendre(BOITES, "Y", paliers, deja, FRANCO) for deja in ({}, {1: 50}))
    assert [r.repris.lignes[0].prix_unitaire_ht for r in (seul, avec)] == [D("1.10"), D("1.00")]


@pytest.mark.parametrize(
    ("paliers", "termes", "plafond", "phrase"),
    [
        ({1: CHEZ_LUI[1]}, FRANCO, D(1000), "Y ne donne pas de prix pour CHE"),
        ({}, FRANCO, D(1000), "Y ne donne pas de prix pour BTE, CHE"),
        (CHEZ_LUI, TermesDeLivraison(15, None, D(0), D("181.01")), D(1000), "n’accepte pas de bon de moins de"),
        (CHEZ_LUI, FRANCO, D("210.99"), "Plafond du lot dépassé"),
    ],
)
def test_why_it_cannot_have_the_bon(paliers, termes, plafond, phrase):
    lignes = [("BTE", D("1.0000"), (30, 30), 40), ("CHE", D("2.0000"), (20, 20), 0)]
    assert phrase in reprendre(bon(lignes, plafond=plafond), "Y", paliers, {}, termes).refus


def test_nothing_stands_in_the_way_at_the_very_ceiling_and_minimum():
    lignes = [("BTE", D("1.0000"), (30, 30), 40), ("CHE", D("2.0000"), (20, 20), 0)]
    termes = TermesDeLivraison(15, D("200.00"), D("30.00"), D("181.00"))
    assert reprendre(bon(lignes, plafond=D("211.00")), "Y", CHEZ_LUI, {}, termes).refus == ""


PRIX = st.decimals(D("0.01"), D("99.9999"), places=4)
LIGNES = st.integers(1, 5).flatmap(
    lambda combien: st.lists(
        st.tuples(PRIX, st.lists(st.integers(1, 500), min_size=combien, max_size=combien), st.integers(0, 60)),
        min_size=1,
        max_size=4,
    )
)


@given(
    lignes=LIGNES, prix=st.lists(PRIX, min_size=4, max_size=4), port=st.integers(0, 9999), franco=st.integers(0, 9999)
)
def test_every_piece_and_centime_has_an_owner_whatever_the_prices(lignes, prix, port, franco):
    avant = bon([(f"A{rang}", p, tuple(unites), depot) for rang, (p, unites, depot) in enumerate(lignes)])
    paliers = {rang: (Palier(1, p),) for rang, p in enumerate(prix[: len(lignes)], 1)}
    termes = TermesDeLivraison(15, D(franco), D(port) / 100, D(0))
    reprise = reprendre(avant, "Y", paliers, {}, termes)
    repris = reprise.repris
    assert repris.est_exact
    for ancienne, nouvelle in zip(avant.lignes, repris.lignes, strict=True):
        assert [p.unites for p in nouvelle.membres] == [p.unites for p in ancienne.membres]
        assert (
            nouvelle.prix_unitaire_ht == palier_applicable(paliers[ancienne.ligne_id], nouvelle.unites).prix_unitaire_ht
        )
    du_depot = sum(ligne.depot.centimes for ligne in repris.lignes if ligne.depot)
    assert sum(en_centimes(apres) for _, apres in reprise.montants.values()) + du_depot == en_centimes(repris.total_ht)
    assert reprise.changement.ecart_ht == repris.total_ht - avant.total_ht


LOT = st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(1, 99), PRIX), max_size=6)


def offre(lot, port):
    """The offer of a dictionary of articles."""
    return OffreDeLot([LigneDeLot(r, u, p, montant_ligne(u, p)) for r, (u, p) in lot.items()], D(port))


@given(avant=LOT, apres=LOT, ports=st.tuples(st.integers(0, 50), st.integers(0, 50)))
def test_the_differences_line_by_line_make_the_difference_in_total(avant, apres, ports):
    c = comparer(offre(avant, ports[0]), offre(apres, ports[1]))
    communs = sum((li.ecart_ht for li in c.lignes if li.ecart_ht is not None), D(0))
    perdus = sum((li.avant.montant_ht for li in c.lignes if li.apres is None), D(0))
    gagnes = sum((li.apres.montant_ht for li in c.lignes if li.avant is None), D(0))
    assert communs - perdus + gagnes + ports[1] - ports[0] == c.ecart_ht
    assert {li.reference for li in c.lignes} == avant.keys() | apres.keys()
