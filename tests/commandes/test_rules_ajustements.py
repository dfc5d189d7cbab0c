"""What the buyer changes before the regroupement: who is left out and why, what is bought more, what it sums to."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.ajustements import Decision, appliquer, refus_des_decisions
from groupement.commandes.rules.bons import CodeRefus, Origine
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.regroupement import regrouper
from groupement.commandes.states import GenreAjustement

D = Decimal
ECARTER, REPORTER, VISER, AJOUTER = GenreAjustement
PALIERS = (Palier(50, D("0.58")), Palier(500, D("0.54")), Palier(1000, D("0.50")))
BOITE = ArticleARegrouper(1, "BTE", 1, 50, D(20), PALIERS)
CHEMISE = ArticleARegrouper(2, "CHE", 2, 10, D(20), (Palier(1, D("0.10")),))
LOTS = [LotARegrouper(1, D(100_000)), LotARegrouper(2, D(100_000))]


def ligne(ligne_id, corps, article_id=1, unites=100, en_plus=0):
    return Demande(ligne_id, corps, f"{corps:09}", article_id, unites, en_plus, 1, ligne_id)


QUATRE = [ligne(1, 7), ligne(2, 8), ligne(3, 7, 2), ligne(4, 8, 2)]
TOUT = {
    "lot": Decision(1, ECARTER, "du lot", lot=1),
    "article": Decision(2, ECARTER, "de l’article", article_id=1),
    "commande": Decision(3, REPORTER, "de la commande", collectivite_id=7),
    "ligne": Decision(4, ECARTER, "de la ligne", article_id=1, collectivite_id=7),
}


def ecartees(*quoi):
    resultat = appliquer([TOUT[nom] for nom in quoi], [BOITE, CHEMISE], QUATRE)
    assert len(resultat.demandes) + len(resultat.ecartees) == 4
    return {e.demande.ligne_id: e.decision.motif for e in resultat.ecartees}


@pytest.mark.parametrize(
    ("quoi", "attendues"),
    [
        ([], {}),
        (["lot"], {1: "du lot", 2: "du lot"}),
        (["article"], {1: "de l’article", 2: "de l’article"}),
        (["commande"], {1: "de la commande", 3: "de la commande"}),
        (["ligne"], {1: "de la ligne"}),
        (["lot", "article"], {1: "de l’article", 2: "de l’article"}),
        (["article", "commande"], {1: "de la commande", 2: "de l’article", 3: "de la commande"}),
        (["lot", "article", "commande", "ligne"], {1: "de la ligne", 2: "de l’article", 3: "de la commande"}),
    ],
)
def test_the_most_precise_decision_gives_the_reason(quoi, attendues):
    assert ecartees(*quoi) == attendues


def test_without_a_decision_the_same_lists_come_back():
    articles = [BOITE, CHEMISE]
    resultat = appliquer([], articles, QUATRE)
    assert resultat.articles is articles
    assert resultat.demandes is QUATRE


def achete(decision, demandes, **options):
    ajustees = appliquer([decision], [replace(BOITE, **options)], demandes)
    resultat = regrouper(LOTS, ajustees.articles, ajustees.demandes, depuis_le_stock=True)
    assert resultat.est_exact
    return resultat


@pytest.mark.parametrize(
    ("genre", "unites", "demande", "achetees", "prix"),
    [
        (VISER, 1000, 901, 1000, "0.50"),
        (VISER, 1000, 1234, 1250, "0.50"),  # reached without it: nothing more
        (VISER, 1000, 1, 1000, "0.50"),
        (VISER, 510, 500, 550, "0.54"),  # whole packs
        (AJOUTER, 100, 901, 1050, "0.50"),
        (AJOUTER, 50, 50, 100, "0.58"),
        (AJOUTER, 30, 50, 100, "0.58"),  # a part of a pack is a pack
    ],
)
def test_more_is_bought_in_whole_packs(genre, unites, demande, achetees, prix):
    resultat = achete(Decision(1, genre, "m", article_id=1, unites=unites), [ligne(1, 7, unites=demande)])
    (du_bon,) = resultat.bons[0].lignes
    assert (du_bon.unites_achetees, du_bon.prix_unitaire_ht) == (achetees, D(prix))
    assert du_bon.surplus_au_depot == achetees - demande


def test_units_bought_before_count_for_the_tier_that_is_aimed_at():
    ajustees = appliquer([Decision(1, VISER, "m", article_id=1, unites=1000)], [BOITE], [ligne(1, 7, unites=100)])
    deja = [replace(LOTS[0], unites_deja_achetees={1: 700}), LOTS[1]]
    (du_bon,) = regrouper(deja, ajustees.articles, ajustees.demandes).bons[0].lignes
    assert (du_bon.unites_achetees, du_bon.prix_unitaire_ht) == (300, D("0.50"))


def test_what_is_bought_in_addition_goes_by_rank_to_who_accepts_it_then_to_the_depot():
    decision = Decision(1, AJOUTER, "m", article_id=1, unites=50)
    lignes = [ligne(1, 7, unites=90, en_plus=5), ligne(2, 8, unites=10), ligne(3, 9, unites=50, en_plus=40)]
    resultat = achete(decision, lignes)
    assert [(a.collectivite_id, a.unites_en_plus) for a in resultat.affectations] == [(7, 5), (8, 0), (9, 40)]
    (du_bon,) = resultat.bons[0].lignes
    assert (du_bon.unites_achetees, du_bon.surplus_au_depot) == (200, 5)
    assert du_bon.montant_depot_ht == D("2.90")


def test_nothing_is_bought_in_addition_to_what_the_stock_serves_whole():
    resultat = achete(Decision(1, AJOUTER, "m", article_id=1, unites=50), [ligne(1, 7)], stock_disponible=100)
    assert not resultat.bons[0].est_a_emettre


def test_a_decision_on_an_article_nobody_asks_for_has_no_effect():
    for decision in (Decision(1, AJOUTER, "m", article_id=2, unites=50), Decision(2, ECARTER, "m", article_id=2)):
        ajustees = appliquer([decision], [BOITE, CHEMISE], [ligne(1, 7)])
        assert not ajustees.ecartees
        assert [bon.lot for bon in regrouper(LOTS, ajustees.articles, ajustees.demandes).bons] == [1]
        assert refus_des_decisions(ajustees, [decision]) == ()


def refus(*quoi, **champs):
    decisions = [replace(TOUT[nom], **champs) for nom in quoi]
    ajustees = appliquer(decisions, [BOITE, CHEMISE], QUATRE)
    return [(r.lot, r.reference, r.code, r.motif) for r in refus_des_decisions(ajustees, decisions)]


def test_a_lot_or_an_article_left_out_is_said_once():
    assert refus("lot") == [(1, None, CodeRefus.ECARTE, "Laissé de côté par l’acheteur\u00a0: du lot")]
    assert refus("article") == [(1, "BTE", CodeRefus.ECARTE, "Laissé de côté par l’acheteur\u00a0: de l’article")]


def test_an_order_left_out_is_said_line_by_line_with_whose_it_is():
    tete = "Reporté à la prochaine campagne par l’acheteur (Ayette, 100\u00a0unités)\u00a0: de la commande"
    assert refus("commande", qui="Ayette") == [
        (1, "BTE", CodeRefus.REPORTE, tete),
        (2, "CHE", CodeRefus.REPORTE, tete),
    ]
    (seule,) = refus("ligne")
    assert seule[3] == "Laissé de côté par l’acheteur (SIREN 000000007, 100\u00a0unités)\u00a0: de la ligne"


def test_what_is_left_out_comes_in_the_order_of_the_decisions():
    assert [motif.rpartition("\u00a0: ")[2] for *_, motif in refus("ligne", "lot")] == ["de la ligne", "du lot"]


@st.composite
def campagnes(draw):
    """Three articles of two lots, seven bodies in a drawn order, and decisions of every kind."""
    articles = [
        ArticleARegrouper(
            *(numero, f"A{numero}", 1 + numero % 2, par_colis),
            D(20),
            tuple(Palier(s * par_colis, D(9000 - 137 * s).scaleb(-4)) for s in sorted(draw(seuils))),
            draw(st.integers(0, 60)),
            D("0.3333"),
        )
        for numero, par_colis, seuils in (
            (numero, draw(st.sampled_from([1, 3, 25, 50])), st.sets(st.integers(1, 30), min_size=1, max_size=3))
            for numero in (1, 2, 3)
        )
    ]
    couples = draw(st.permutations([(qui, quoi) for qui in range(1, 8) for quoi in (1, 2, 3)]))
    lignes = [
        Demande(rang, qui, f"{qui:09}", quoi, draw(st.integers(1, 90)), draw(st.integers(0, 30)), qui, rang)
        for rang, (qui, quoi) in enumerate(couples[: draw(st.integers(1, len(couples)))])
    ]
    cibles = draw(
        st.sets(
            st.tuples(st.just(0), st.sampled_from([1, 2]), st.just(0))
            | st.tuples(st.just(0), st.just(0), st.integers(1, 7))
            | st.tuples(st.integers(1, 3), st.just(0), st.integers(0, 7)),
            max_size=5,
        )
    )
    decisions = [
        Decision(
            *(rang, draw(st.sampled_from(list(GenreAjustement) if quoi and not qui else [ECARTER, REPORTER])), "m"),
            *(numero_du_lot or None, quoi or None, qui or None, draw(st.integers(1, 2000))),
        )
        for rang, (quoi, numero_du_lot, qui) in enumerate(sorted(cibles))
    ]
    port = draw(st.integers(0, 5000).map(lambda centimes: D(centimes).scaleb(-2)))
    lots = [LotARegrouper(numero, D(10**7), franco_ht=D(200), port_ht=port) for numero in (1, 2)]
    return lots, articles, lignes, decisions, draw(st.booleans())


@given(campagnes())
@settings(max_examples=300, deadline=None)
def test_with_any_decisions_pieces_and_centimes_sum_and_ranks_hold(campagne):
    lots, articles, lignes, decisions, depuis_le_stock = campagne
    ajustees = appliquer(decisions, articles, lignes)
    resultat = regrouper(lots, ajustees.articles, ajustees.demandes, depuis_le_stock=depuis_le_stock)
    assert resultat.est_exact
    par_ligne = {d.ligne_id: d for d in lignes}
    servies, extras = defaultdict(int), defaultdict(int)
    for a in resultat.affectations:
        servies[a.ligne_id] += a.unites_demandees
        extras[a.ligne_id] += a.unites_en_plus
    assert {e.demande.ligne_id for e in ajustees.ecartees}.isdisjoint(servies)
    assert set(servies) == {d.ligne_id for d in ajustees.demandes}
    assert all(servies[qui] == par_ligne[qui].unites for qui in servies)
    assert all(extras[qui] <= par_ligne[qui].unites_acceptees_en_plus for qui in extras)
    for du_bon in (li for bon in resultat.bons for li in bon.lignes):
        assert du_bon.unites_achetees == du_bon.colis * du_bon.unites_par_colis
        _by_rank(du_bon, [d for d in ajustees.demandes if d.article_id == du_bon.article_id], extras)


def _by_rank(du_bon, demandes, extras):
    """Extras go by rank: whoever is before somebody who has one has all he accepted; the depot comes last."""
    combles = [extras[d.ligne_id] == d.unites_acceptees_en_plus for d in demandes]
    servis = [bool(extras[d.ligne_id]) for d in demandes]
    dernier = max((i for i, servi in enumerate(servis) if servi), default=0)
    assert all(combles[:dernier])
    assert not (du_bon.surplus_au_depot and not all(combles))


@given(campagnes())
@settings(max_examples=100, deadline=None)
def test_every_line_left_out_is_said_in_the_file_of_the_figures(campagne):
    _, articles, lignes, decisions, _ = campagne
    ajustees = appliquer(decisions, articles, lignes)
    dits = refus_des_decisions(ajustees, decisions)
    lots = {article.article_id: article.lot for article in articles}
    for ecartee in ajustees.ecartees:
        quoi = ecartee.demande.article_id
        assert any(r.article_id == quoi or (r.article_id is None and r.lot == lots[quoi]) for r in dits)


def test_the_share_of_a_member_is_never_that_of_a_line_left_out():
    ajustees = appliquer([TOUT["ligne"]], [BOITE, CHEMISE], QUATRE)
    resultat = regrouper(LOTS, ajustees.articles, ajustees.demandes)
    assert [(a.ligne_id, a.origine) for a in resultat.affectations] == [
        (2, Origine.BON),
        (3, Origine.BON),
        (4, Origine.BON),
    ]
