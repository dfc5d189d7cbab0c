"""The cascade: who a bon goes to, on which terms, and what the BPU of another rank may say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.bordereau import LigneBordereau
from groupement.catalogue.rules.bordereau_de_rang import comparer_les_prix
from groupement.catalogue.rules.cascade import Rang, TermesDeLivraison, TermesPropres, retenu, termes_applicables
from groupement.catalogue.rules.comparaison import ArticleConnu
from groupement.catalogue.rules.prix import Palier

LE = date(2026, 12, 14)
VEILLE, LENDEMAIN = LE - timedelta(days=1), LE + timedelta(days=1)
D = Decimal


@pytest.mark.parametrize(
    ("rangs", "declines", "attendu"),
    [
        ([(1, 10), (2, 20)], (), 10),
        ([(2, 20), (1, 10)], (), 10),  # the order they are read in says nothing
        ([(1, 10), (2, 20)], (10,), 20),
        ([(1, 10), (2, 20)], (20,), 10),  # the second declining changes nothing for the first
        ([(1, 10), (2, 20), (3, 30)], (10, 20), 30),
        ([(1, 10), (2, 20)], (10, 20), None),
        ([(1, 10, LE), (2, 20)], (), 20),  # for good, from that very day
        ([(1, 10, VEILLE), (2, 20)], (), 20),
        ([(1, 10, LENDEMAIN), (2, 20)], (), 10),  # not yet
        ([(1, 10, LE), (2, 20)], (20,), None),
        ([], (), None),
    ],
)
def test_the_first_in_rank_that_has_not_declined(rangs, declines, attendu):
    trouve = retenu([Rang(*rang) for rang in rangs], LE, declines)
    assert (trouve.fournisseur_id if trouve else None) == attendu


RANGS = st.lists(st.tuples(st.none() | st.sampled_from([VEILLE, LE, LENDEMAIN])), max_size=10).map(
    lambda lus: [Rang(rang, 100 + rang, retire) for rang, (retire,) in enumerate(lus, 1)]
)


@given(rangs=RANGS, declines=st.sets(st.integers(101, 110)), melange=st.randoms())
def test_nobody_jumps_the_queue(rangs, declines, melange):
    melanges = list(rangs)
    melange.shuffle(melanges)
    trouve = retenu(melanges, LE, declines)
    assert trouve == retenu(rangs, LE, declines)
    avant = [rang for rang in rangs if trouve is None or rang.rang < trouve.rang]
    assert all(r.fournisseur_id in declines or (r.retire_du is not None and r.retire_du <= LE) for r in avant)
    if trouve:
        assert trouve.fournisseur_id not in declines


DU_LOT = TermesDeLivraison(30, D("500.00"), D("45.00"), D("100.00"))


@pytest.mark.parametrize(
    ("propres", "attendus"),
    [
        (TermesPropres(), DU_LOT),
        (TermesPropres(15), TermesDeLivraison(15, D("500.00"), D("45.00"), D("100.00"))),
        (TermesPropres(port_ht=D(0)), TermesDeLivraison(30, D("500.00"), D(0), D("100.00"))),  # 0 is an offer
        (TermesPropres(None, D(0), None, D(0)), TermesDeLivraison(30, D(0), D("45.00"), D(0))),
    ],
)
def test_terms_are_its_own_where_it_has_some(propres, attendus):
    assert termes_applicables(propres, DU_LOT) == attendus


TIERS = (Palier(25, D("1.80")),)
VINGT = D("20.00")


def connu(reference, lot=2, paliers=(), **champs):
    """An article of the lot as saved."""
    valeurs = {"designation": reference, "unites_par_colis": 25, "tva_pct": D("20.00")}
    ids = {"A": 1, "B": 2, "C": 3}
    socle = {"id": ids[reference], "lot": lot, "reference": reference, "actif": True, "valeurs": valeurs}
    return ArticleConnu(**(socle | {"paliers": paliers, "dernier_prix_du": None} | champs))


def ligne(reference, lot=2, paliers=TIERS, colis=25, tva=VINGT):
    """A line of the file, at line 3."""
    return LigneBordereau(3, lot, reference, "Autre nom", "piece", colis, tva, paliers, "",
                          None, "", None, None, "", None, None)  # fmt: skip


def test_only_prices_change_and_what_is_not_priced_is_told():
    c = comparer_les_prix([connu("A"), connu("B"), connu("C", actif=False)], [ligne("A")], LE, "Y")
    assert [change.article.reference for change in c.prix] == ["A"]
    assert [article.reference for article in c.sans_prix] == ["B"]  # C is sold no more
    assert not (c.nouveaux or c.textes or c.disparus or c.refus or c.renommages)


def test_a_price_that_is_the_same_is_left_as_it_is():
    c = comparer_les_prix([connu("A", paliers=TIERS)], [ligne("A")], LE, "Y")
    assert not c.prix and [article.reference for article in c.inchanges] == ["A"] and c.est_sans_effet


@pytest.mark.parametrize(
    ("lue", "colonne", "phrase"),
    [
        (ligne("B"), "reference", "aucun article du lot 2 n’a cette référence"),
        (ligne("A", lot=1), "lot", "Y n’a de prix à elle qu’au lot 2"),
        (ligne("A", colis=20), "unites_par_colis", "le lot vend cet article par 25"),
        (ligne("A", tva=D("5.50")), "tva", "le taux de cet article est 20"),
    ],
)
def test_a_line_that_is_no_article_of_the_lot_is_refused(lue, colonne, phrase):
    (refus,) = comparer_les_prix([connu("A")], [lue], LE, "Y").refus
    assert (refus.ligne, refus.colonne) == (3, colonne) and phrase in refus.attendu


def test_a_price_already_written_is_not_written_over():
    (refus,) = comparer_les_prix([connu("A", dernier_prix_du=LE)], [ligne("A")], LE, "Y").refus
    assert "commence déjà ce jour-là" in refus.attendu
