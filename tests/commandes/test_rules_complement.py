"""What a pack or a tier misses, what may be added, and how it is said."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.complement import DemandeDuGroupe, manque, manques
from groupement.commandes.rules.phrases_du_complement import (
    phrase_de_l_ajout,
    phrase_du_depot,
    phrase_du_gain,
    phrases_du_manque,
)

D = Decimal
PALIERS = (Palier(50, D("0.58")), Palier(500, D("0.54")), Palier(2000, D("0.48")))
BOITE = DemandeDuGroupe(1, "BTE-10", "Boîte 10 cm", "piece", "boite", 50, PALIERS, 0)


@pytest.mark.parametrize(
    ("fermes", "en_plus", "colis", "palier"),
    [
        (0, 0, None, None),  # nobody asks for it
        (50, 0, None, None),  # one full pack, the next tier ten times further
        (38, 0, 12, None),
        (38, 5, 7, None),  # five of the twelve are accepted already
        (38, 12, None, None),  # accepted extras fill the pack
        (38, 40, None, None),
        (410, 0, 40, 90),  # 90 to 500: less than a quarter of 410
        (400, 0, None, 100),  # exactly a quarter
        (399, 0, 1, None),  # 101 would be more than a quarter
        (440, 0, 10, 60),
        (440, 30, None, 30),  # thirty extras fill the last pack of the tier
        (440, 200, None, 11),  # extras never open a pack: one firm piece of the last must be asked
        (460, 0, 40, None),  # 500 are bought: the tier is reached by the packs
        (478, 0, 22, None),
        (2000, 0, None, None),  # the best price
        (2001, 0, 49, None),
    ],
)
def test_a_pack_misses_what_extras_do_not_fill_and_a_tier_what_is_within_reach(fermes, en_plus, colis, palier):
    trouve = manque(replace(BOITE, fermes=fermes, acceptees_en_plus=en_plus))
    dits = (
        trouve and trouve.colis and trouve.colis.unites_manquantes,
        trouve and trouve.palier and trouve.palier.unites_manquantes,
    )
    assert dits == (colis, palier)


def test_an_article_sold_by_one_never_misses_a_pack_and_reaches_its_tier_piece_by_piece():
    trouve = manque(replace(BOITE, unites_par_colis=1, fermes=478))
    assert trouve.colis is None
    assert (trouve.palier.unites_comptees, trouve.palier.unites_manquantes) == (478, 22)
    assert trouve.palier.gain_ht == D("277.24") - D("258.12")
    assert trouve.palier.gain_pour(100) == D("4.00")


def test_what_was_bought_before_counts_for_the_tier():
    trouve = manque(replace(BOITE, fermes=400, deja_achetees=1500))
    assert (trouve.palier.a_partir_de, trouve.palier.unites_comptees) == (2000, 1900)
    assert trouve.palier.unites_manquantes == 100


def test_an_article_without_a_price_misses_nothing_that_could_be_bought():
    assert manque(replace(BOITE, fermes=38, paliers=())) is None


def test_a_dearer_next_tier_is_no_aim():
    assert manque(replace(BOITE, fermes=450, paliers=(Palier(50, D("0.58")), Palier(500, D("0.60"))))) is None


def test_only_the_articles_that_miss_something_are_kept_in_their_order():
    demandes = [replace(BOITE, article_id=n, fermes=f) for n, f in ((1, 38), (2, 50), (3, 410))]
    assert [m.demande.article_id for m in manques(demandes)] == [1, 3]


@pytest.mark.parametrize(
    ("par_colis", "fermes", "ajoutees", "rapproche"),
    [
        (50, 38, 0, False),
        (50, 38, 5, True),
        (50, 38, 12, True),
        (50, 38, 13, False),  # one too many
        (50, 440, 10, True),  # fills the pack
        (50, 440, 20, True),  # opens a pack, but 500 are bought: the tier is reached
        (50, 440, 60, True),
        (50, 440, 61, False),
        (10, 442, 8, True),
        (10, 442, 9, False),  # opens a pack that would leave nine to the depot
        (10, 442, 10, True),  # a whole pack: as far from full as before, nearer to the tier
        (10, 442, 49, True),
        (10, 442, 58, True),
    ],
)
def test_an_addition_brings_a_pack_or_a_tier_closer_or_is_none(par_colis, fermes, ajoutees, rapproche):
    assert manque(replace(BOITE, unites_par_colis=par_colis, fermes=fermes)).rapproche(ajoutees) is rapproche


def test_the_sentences_say_what_is_missing_and_what_it_spares():
    trouve = manque(replace(BOITE, fermes=440))
    assert phrases_du_manque(trouve) == [
        "Il manque 10\u00a0boîtes pour compléter un colis de 50.",
        "À 500\u00a0boîtes au lieu de 440, la boîte passe de 0,58\u00a0€ à 0,54\u00a0€\u00a0: il en manque 60.",
    ]
    assert phrase_du_depot(trouve) == "Sinon, 10\u00a0boîtes de trop (5,80\u00a0€ HT) partiraient au stock du dépôt."
    assert phrase_du_gain(trouve) == ("Le groupement paierait 17,60\u00a0€ HT de moins pour ce qu’il a déjà commandé.")
    assert phrase_du_gain(trouve, 100).endswith("déjà commandé, dont 4,00\u00a0€ pour vos 100\u00a0boîtes.")
    assert phrase_de_l_ajout(trouve, 5, D("2.90")) == "5\u00a0boîtes de plus\u00a0: 2,90\u00a0€ HT."
    assert phrase_de_l_ajout(trouve, 10, D("5.80")).endswith("HT (le colis est complet).")
    assert phrase_de_l_ajout(trouve, 60, D("32.40")).endswith(
        "(le colis est complet, le prix suivant est atteint pour tout le groupement)."
    )


def test_what_misses_nothing_has_no_sentence():
    colis = manque(replace(BOITE, fermes=38))
    palier = manque(replace(BOITE, fermes=400, unite="rouleau", famille="papier"))
    assert (phrase_du_gain(colis), phrase_du_depot(palier)) == ("", "")
    assert phrases_du_manque(palier) == [
        "À 500\u00a0rouleaux au lieu de 400, le rouleau passe de 0,58\u00a0€ à 0,54\u00a0€\u00a0: il en manque 100."
    ]


SEUILS = st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True).map(sorted)
DEMANDES = st.builds(
    lambda par_colis, seuils, **champs: replace(
        BOITE,
        unites_par_colis=par_colis,
        paliers=tuple(Palier(s * par_colis, D("2.00") - D("0.05") * n) for n, s in enumerate(seuils)),
        **champs,
    ),
    par_colis=st.integers(1, 60),
    seuils=SEUILS,
    fermes=st.integers(1, 5000),
    acceptees_en_plus=st.integers(0, 300),
    deja_achetees=st.integers(0, 3000),
)


@given(DEMANDES, st.integers(1, 6000))
def test_an_addition_that_is_let_in_never_makes_things_worse(demande, ajoutees):
    trouve = manque(demande)
    if trouve is None or not trouve.rapproche(ajoutees):
        return
    apres = replace(demande, fermes=demande.fermes + ajoutees)
    assert ajoutees <= trouve.unites_au_plus
    assert apres.palier().prix_unitaire_ht <= demande.palier().prix_unitaire_ht
    assert apres.au_depot() < demande.au_depot() or trouve.palier is not None
    assert apres.au_depot() <= demande.au_depot() or trouve.atteint_le_palier(ajoutees)


@given(DEMANDES)
def test_adding_what_is_missing_fills_the_pack_and_reaches_the_tier(demande):
    trouve = manque(demande)
    if trouve and trouve.colis:
        assert trouve.complete_le_colis(trouve.colis.unites_manquantes)
        assert trouve.rapproche(trouve.colis.unites_manquantes)
        assert not trouve.complete_le_colis(trouve.colis.unites_manquantes - 1)
        assert 0 < trouve.colis.unites_presentes < demande.unites_par_colis
    if trouve and trouve.palier:
        manquantes = trouve.palier.unites_manquantes
        assert trouve.atteint_le_palier(manquantes) and trouve.complete_le_colis(manquantes)
        assert trouve.rapproche(manquantes) and trouve.palier.gain_ht >= 0


@given(DEMANDES)
def test_what_is_missing_is_what_the_regroupement_would_send_to_the_depot(demande):
    surplus = -demande.fermes % demande.unites_par_colis
    trouve = manque(demande)
    manquantes = trouve.colis.unites_manquantes if trouve and trouve.colis else 0
    assert manquantes == max(surplus - demande.acceptees_en_plus, 0)
