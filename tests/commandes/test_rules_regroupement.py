"""The regroupement: pieces and centimes always sum, ranks are respected, the ceiling is never passed."""

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.commandes.rules.bons import CodeRefus, Origine
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.parts import parts_par_collectivite
from groupement.commandes.rules.regroupement import regrouper

D = Decimal
BOITE = ArticleARegrouper(1, "BTE-STD-10", 1, 50, D(20), (Palier(50, D("0.58")), Palier(500, D("0.54"))))
LOT = LotARegrouper(1, plafond_ht=D("100000.00"))


def demandes(*quantites, article_id=1):
    """Lines in rank order, bodies 1, 2, 3…, each given as units or (units, accepted extra)."""
    paires = [quantite if isinstance(quantite, tuple) else (quantite, 0) for quantite in quantites]
    return [
        Demande(10 + rang, rang, f"{rang:09}", article_id, unites, en_plus, 1, rang)
        for rang, (unites, en_plus) in enumerate(paires, 1)
    ]


def article(**changes):
    champs = {champ: getattr(BOITE, champ) for champ in BOITE.__slots__}
    return ArticleARegrouper(**(champs | changes))


def lot(**changes):
    return LotARegrouper(1, **({"plafond_ht": D("100000.00")} | changes))


def recu(resultat, origine=Origine.BON):
    return [
        (a.collectivite_id, a.unites_demandees, a.unites_en_plus) for a in resultat.affectations if a.origine is origine
    ]


def test_the_example_of_the_file_format():
    resultat = regrouper([LOT], [BOITE], demandes(100, 1000, (134, 10)))
    (ligne,) = resultat.bons[0].lignes
    assert (ligne.unites_demandees, ligne.colis, ligne.unites_achetees) == (1234, 25, 1250)
    assert (ligne.unites_acceptees_en_plus, ligne.surplus_au_depot) == (10, 6)
    assert (ligne.prix_unitaire_ht, ligne.montant_ht) == (D("0.54"), D("675.00"))
    assert [a.montant_ht for a in resultat.affectations] == [D("54.00"), D("540.00"), D("77.76")]
    assert ligne.montant_depot_ht == D("3.24")
    assert (resultat.bons[0].total_ht, resultat.bons[0].total_tva, resultat.bons[0].total_ttc) == (
        D("675.00"),
        D("135.00"),
        D("810.00"),
    )
    assert resultat.est_exact


def test_the_surplus_goes_by_rank_to_who_accepts_it_then_to_the_depot():
    resultat = regrouper([LOT], [BOITE], demandes(10, (10, 5), (10, 30)))
    assert recu(resultat) == [(1, 10, 0), (2, 10, 5), (3, 10, 15)]
    assert resultat.bons[0].lignes[0].surplus_au_depot == 0


def test_whole_packs_leave_no_surplus_to_anyone():
    resultat = regrouper([LOT], [BOITE], demandes((30, 10), (20, 10)))
    assert recu(resultat) == [(1, 30, 0), (2, 20, 0)]


def test_the_depot_serves_first_by_rank_when_asked():
    en_stock = article(stock_disponible=25, cout_unitaire_ht=D("0.5555"))
    resultat = regrouper([LOT], [en_stock], demandes(20, 20, 20), depuis_le_stock=True)
    assert recu(resultat, Origine.STOCK) == [(1, 20, 0), (2, 5, 0)]
    assert recu(resultat) == [(2, 15, 0), (3, 20, 0)]
    (ligne,) = resultat.bons[0].lignes
    assert (ligne.unites_du_stock, ligne.colis, ligne.surplus_au_depot) == (25, 1, 15)
    assert ligne.montant_stock_ht == D("13.89")  # 25 × 0.5555
    parts = [a.montant_ht for a in resultat.affectations if a.origine is Origine.STOCK]
    assert parts == [D("11.11"), D("2.78")]
    assert resultat.est_exact


def test_the_depot_is_left_alone_when_not_asked():
    resultat = regrouper([LOT], [article(stock_disponible=25)], demandes(20))
    assert resultat.bons[0].lignes[0].unites_du_stock == 0


def test_a_lot_wholly_served_from_stock_has_no_bon_to_send_and_no_minimum():
    en_stock = article(stock_disponible=500, cout_unitaire_ht=D("0.50"))
    conditions = lot(minimum_commande_ht=D(100), franco_ht=D(300), port_ht=D(20))
    resultat = regrouper([conditions], [en_stock], demandes(20, 30), depuis_le_stock=True)
    (bon,) = resultat.bons
    assert not bon.est_a_emettre
    assert (bon.total_ht, bon.port_ht, bon.tva, bon.lignes_a_commander) == (D(0), D(0), (), ())
    assert bon.lignes[0].prix_unitaire_ht is None
    assert bon.lignes[0].gain_groupement_ht == 0
    assert sum(a.montant_ht for a in resultat.affectations) == D("25.00")
    assert resultat.est_exact


def test_an_unpriced_article_wholly_in_stock_can_still_be_served():
    sans_prix = article(paliers=(), stock_disponible=50, cout_unitaire_ht=D(1))
    resultat = regrouper([LOT], [sans_prix], demandes(20), depuis_le_stock=True)
    assert resultat.refus == ()
    assert resultat.affectations[0].montant_ht == D("20.00")


def test_units_bought_before_count_for_the_tier():
    avant = lot(unites_deja_achetees={1: 450})
    assert regrouper([avant], [BOITE], demandes(50)).bons[0].lignes[0].prix_unitaire_ht == D("0.54")
    assert regrouper([LOT], [BOITE], demandes(50)).bons[0].lignes[0].prix_unitaire_ht == D("0.58")


def test_the_line_says_what_was_spared_together():
    (ligne,) = regrouper([LOT], [BOITE], demandes(250, 250)).bons[0].lignes
    assert ligne.explication.cout_isole_ht == D("290.00")  # 2 × 250 × 0.58
    assert ligne.gain_groupement_ht == D("20.00")


def test_shipping_is_charged_below_the_franco_and_shared_by_amount():
    conditions = lot(franco_ht=D("100.00"), port_ht=D("10.00"))
    resultat = regrouper([conditions], [BOITE], demandes(50, 25, 25))
    assert (resultat.bons[0].port_ht, resultat.bons[0].total_ht) == (D("10.00"), D("68.00"))
    assert [(part.collectivite_id, part.montant_ht) for part in resultat.ports] == [
        (1, D("5.00")),
        (2, D("2.50")),
        (3, D("2.50")),
    ]
    assert resultat.est_exact


def test_shipping_is_free_from_the_franco_on_and_always_due_without_a_franco():
    assert regrouper([lot(franco_ht=D("29.00"), port_ht=D(10))], [BOITE], demandes(50)).bons[0].port_ht == 0
    assert regrouper([lot(port_ht=D(10))], [BOITE], demandes(50)).bons[0].port_ht == 10


def test_shipping_ties_favour_the_body_of_the_best_rank_not_the_first_article():
    autre = article(article_id=2, reference="CHE-120", unites_par_colis=1, paliers=(Palier(1, D(1)),))
    a_part_egale = article(unites_par_colis=1, paliers=(Palier(1, D(1)),))
    lignes = [Demande(1, 7, "7", 2, 1, 0, 1, 1), Demande(2, 8, "8", 1, 1, 0, 1, 2)]
    resultat = regrouper([lot(franco_ht=D(50), port_ht=D("0.01"))], [a_part_egale, autre], lignes)
    assert [(part.collectivite_id, part.centimes) for part in resultat.ports] == [(7, 1)]


def test_a_body_with_several_articles_keeps_its_best_rank_for_shipping():
    autre = article(article_id=2, reference="CHE-120", unites_par_colis=1, paliers=(Palier(1, D(1)),))
    une = article(unites_par_colis=1, paliers=(Palier(1, D(1)),))
    lignes = [
        Demande(1, 7, "7", 1, 1, 0, 1, 1),
        Demande(2, 8, "8", 1, 2, 0, 1, 2),
        Demande(3, 7, "7", 2, 1, 0, 1, 3),
    ]
    resultat = regrouper([lot(franco_ht=D(50), port_ht=D("0.03"))], [une, autre], lignes)
    assert [(part.collectivite_id, part.centimes) for part in resultat.ports] == [(7, 2), (8, 1)]


def test_shipping_of_things_worth_less_than_a_centime_is_shared_by_pieces():
    etiquette = article(unites_par_colis=1, paliers=(Palier(1, D("0.0001")),))
    resultat = regrouper([lot(franco_ht=D(50), port_ht=D("4.00"))], [etiquette], demandes(1, 3))
    assert [part.montant_ht for part in resultat.ports] == [D("1.00"), D("3.00")]


def test_vat_is_rounded_once_per_rate_shipping_at_the_rate_of_the_lot():
    reduit = article(
        article_id=2, reference="LIVRE", tva_pct=D("5.5"), unites_par_colis=1, paliers=(Palier(1, D("9.99")),)
    )
    lignes = [*demandes(50), *[Demande(99, 4, "4", 2, 1, 0, DEPOT, 9)]]
    (bon,) = regrouper([lot(franco_ht=D(500), port_ht=D("10.00"))], [BOITE, reduit], lignes).bons
    assert [(tva.taux_pct, tva.base_ht, tva.montant) for tva in bon.tva] == [
        (D(20), D("39.00"), D("7.80")),
        (D("5.5"), D("9.99"), D("0.55")),
    ]
    assert bon.total_ttc == bon.total_ht + D("8.35")


def test_a_lot_below_the_minimum_order_is_refused_and_nothing_is_given():
    resultat = regrouper([lot(minimum_commande_ht=D("29.01"))], [BOITE], demandes(50))
    (refus,) = resultat.refus
    assert (refus.code, refus.lot, refus.article_id) == (CodeRefus.MINIMUM, 1, None)
    assert refus.motif == (
        "Commande trop petite pour le fournisseur\u00a0: 29,00\u00a0€ HT, pour un minimum de 29,01\u00a0€. "
        "Il manque 0,01\u00a0€."
    )
    assert (resultat.bons, resultat.affectations, resultat.ports) == ((), [], [])
    assert regrouper([lot(minimum_commande_ht=D("29.00"))], [BOITE], demandes(50)).refus == ()


def test_a_lot_above_its_ceiling_shipping_included_is_refused_with_the_figures():
    conditions = lot(plafond_ht=D(1000), deja_engage_ht=D("966.00"), franco_ht=D(50), port_ht=D("5.01"))
    (refus,) = regrouper([conditions], [BOITE], demandes(50)).refus
    assert refus.code is CodeRefus.PLAFOND
    assert "1\u00a0000,01\u00a0€, pour un plafond de 1\u00a0000,00\u00a0€" in refus.motif
    juste = lot(plafond_ht=D(1000), deja_engage_ht=D("966.00"), franco_ht=D(50), port_ht=D("5.00"))
    assert regrouper([juste], [BOITE], demandes(50)).refus == ()


def test_a_refused_lot_leaves_the_other_one_alone():
    autre = article(article_id=2, lot=2, reference="REL-A4")
    lignes = [*demandes(50), *demandes(50, article_id=2)]
    lignes = [ligne._replace(rang=rang) for rang, ligne in enumerate(lignes)]
    resultat = regrouper([lot(plafond_ht=D(1)), LotARegrouper(2, D(1000))], [BOITE, autre], lignes)
    assert [bon.lot for bon in resultat.bons] == [2]
    assert [refus.lot for refus in resultat.refus] == [1]
    assert {a.article_id for a in resultat.affectations} == {2}


def test_an_article_without_a_price_is_refused_and_the_rest_of_the_lot_goes_on():
    sans_prix = article(article_id=2, reference="NOUVEAU", paliers=())
    lignes = [*demandes(50), Demande(99, 3, "3", 2, 5, 0, 1, 9)]
    resultat = regrouper([LOT], [BOITE, sans_prix], lignes)
    (refus,) = resultat.refus
    assert (refus.code, refus.reference, refus.article_id) == (CodeRefus.SANS_PRIX, "NOUVEAU", 2)
    assert [ligne.reference for ligne in resultat.bons[0].lignes] == ["BTE-STD-10"]


def test_nothing_asked_makes_nothing():
    resultat = regrouper([LOT], [BOITE], [])
    assert (resultat.bons, resultat.affectations, resultat.refus, resultat.preuves) == ((), [], (), ())
    assert resultat.est_exact


@pytest.mark.parametrize(
    ("lots", "articles", "lignes", "faute"),
    [
        ([LOT], [BOITE], demandes(5)[0]._replace(unites=0), "quantité impossible sur la ligne 11"),
        ([LOT], [BOITE], demandes(5)[0]._replace(unites_acceptees_en_plus=-1), "quantité impossible"),
        ([LOT], [BOITE], demandes(5)[0]._replace(article_id=8), "article inconnu : 8"),
        ([], [BOITE], demandes(5)[0], "lot inconnu : 1"),
    ],
)
def test_impossible_input_is_refused(lots, articles, lignes, faute):
    with pytest.raises(ValueError, match=faute):
        regrouper(lots, articles, [lignes])


def test_demands_out_of_rank_order_are_refused():
    with pytest.raises(ValueError, match="ordre des rangs"):
        regrouper([LOT], [BOITE], demandes(5, 6)[::-1])


@st.composite
def campagnes(draw):
    """A random campagne: two lots, a few articles, bodies ordering in a drawn order."""
    articles = []
    for article_id in range(1, draw(st.integers(1, 4)) + 1):
        par_colis = draw(st.sampled_from([1, 3, 25, 50]))
        seuils = sorted(draw(st.sets(st.integers(1, 20), max_size=3)))
        prix = sorted(draw(st.sets(st.integers(1, 99_999), min_size=len(seuils), max_size=len(seuils))), reverse=True)
        articles.append(
            ArticleARegrouper(
                *(article_id, f"A{article_id}", draw(st.sampled_from([1, 2])), par_colis),
                draw(st.sampled_from([D(20), D("5.5"), D("2.1")])),
                tuple(Palier(s * par_colis, D(p).scaleb(-4)) for s, p in zip(seuils, prix, strict=True)),
                draw(st.integers(-5, 60)),
                D(draw(st.integers(0, 99_999))).scaleb(-5),
            )
        )
    couples = draw(st.permutations([(qui, a.article_id) for qui in range(1, 8) for a in articles]))
    lignes = [
        Demande(rang, qui, f"{qui:09}", quoi, draw(st.integers(1, 90)), draw(st.integers(0, 30)), 1, rang)
        for rang, (qui, quoi) in enumerate(couples[: draw(st.integers(0, len(couples)))])
    ]
    centimes = st.integers(0, 100_000).map(lambda c: D(c).scaleb(-2))
    lots = [
        LotARegrouper(
            *(numero, draw(st.just(D(10**7)) | centimes), draw(centimes), draw(st.just(D(0)) | centimes)),
            franco_ht=draw(st.none() | st.just(D(10**7)) | centimes),
            port_ht=draw(centimes),
            unites_deja_achetees={1: draw(st.integers(0, 500))},
        )
        for numero in (1, 2)
    ]
    return lots, articles, lignes, draw(st.booleans())


@given(campagnes())
@settings(max_examples=300, deadline=None)
def test_every_piece_and_every_centime_has_one_owner(campagne):
    lots, articles, lignes, depuis_le_stock = campagne
    resultat = regrouper(lots, articles, lignes, depuis_le_stock=depuis_le_stock)
    assert resultat.est_exact
    par_id = {ligne.ligne_id: ligne for ligne in lignes}
    servies, extras = defaultdict(int), defaultdict(int)
    unites, centimes = defaultdict(int), defaultdict(int)
    for affectation in resultat.affectations:
        servies[affectation.ligne_id] += affectation.unites_demandees
        extras[affectation.ligne_id] += affectation.unites_en_plus
        unites[affectation.article_id, affectation.origine] += affectation.unites
        centimes[affectation.article_id, affectation.origine] += affectation.centimes
        assert affectation.unites > 0
    # nobody gets more than asked + accepted, and the firm demand is served in full
    assert all(servies[ligne_id] == par_id[ligne_id].unites for ligne_id in servies)
    assert all(extras[ligne_id] <= par_id[ligne_id].unites_acceptees_en_plus for ligne_id in extras)
    for bon in resultat.bons:
        for ligne in bon.lignes:
            quoi = ligne.article_id
            assert unites[quoi, Origine.BON] + ligne.surplus_au_depot == ligne.unites_achetees
            assert unites[quoi, Origine.STOCK] == ligne.unites_du_stock
            assert D(centimes[quoi, Origine.BON]).scaleb(-2) + ligne.montant_depot_ht == ligne.montant_ht
            assert D(centimes[quoi, Origine.STOCK]).scaleb(-2) == ligne.montant_stock_ht
        ports = sum((part.montant_ht for part in resultat.ports if part.lot == bon.lot), D(0))
        assert ports == bon.port_ht
        assert bon.total_ht == sum((ligne.montant_ht for ligne in bon.lignes), D(0)) + bon.port_ht
        assert bon.total_ttc == bon.total_ht + bon.total_tva
        assert bon.total_tva == sum((tva.montant for tva in bon.tva), D(0))


@given(campagnes())
@settings(max_examples=200, deadline=None)
def test_packs_ranks_ceiling_and_minimum_are_respected(campagne):
    lots, articles, lignes, depuis_le_stock = campagne
    resultat = regrouper(lots, articles, lignes, depuis_le_stock=depuis_le_stock)
    conditions = {lot.lot: lot for lot in lots}
    par_id = {article.article_id: article for article in articles}
    for bon in resultat.bons:
        lot = conditions[bon.lot]
        if bon.est_a_emettre:
            assert lot.deja_engage_ht + bon.total_ht <= lot.plafond_ht
            assert bon.total_ht - bon.port_ht >= lot.minimum_commande_ht
        for ligne in bon.lignes:
            article = par_id[ligne.article_id]
            assert 0 <= ligne.surplus_au_depot < ligne.unites_par_colis
            assert ligne.unites_achetees == ligne.colis * ligne.unites_par_colis
            assert ligne.unites_du_stock <= (max(article.stock_disponible, 0) if depuis_le_stock else 0)
            if ligne.colis:
                comptees = ligne.unites_achetees + lot.unites_deja_achetees.get(ligne.article_id, 0)
                assert ligne.prix_unitaire_ht == palier_applicable(article.paliers, comptees).prix_unitaire_ht
            _les_rangs_sont_respectes(ligne, resultat, [d for d in lignes if d.article_id == ligne.article_id])
    # each lot with demands either has a bon or says why, never both for the whole lot
    refuses = {refus.lot for refus in resultat.refus if refus.article_id is None}
    assert refuses.isdisjoint({bon.lot for bon in resultat.bons})
    demandes_par_article = {demande.article_id for demande in lignes}
    dits = {ligne.article_id for bon in resultat.bons for ligne in bon.lignes}
    dits |= {refus.article_id for refus in resultat.refus}
    assert all(quoi in dits or par_id[quoi].lot in refuses for quoi in demandes_par_article)


def _les_rangs_sont_respectes(ligne, resultat, demandes):
    """Who comes later gets stock, or extra, only once those before have all they could take."""
    stock, extra = defaultdict(int), defaultdict(int)
    for affectation in resultat.affectations:
        if affectation.article_id == ligne.article_id:
            stock[affectation.ligne_id] += affectation.unites if affectation.origine is Origine.STOCK else 0
            extra[affectation.ligne_id] += affectation.unites_en_plus
    reste_stock, reste_extra = ligne.unites_du_stock, ligne.unites_acceptees_en_plus
    for demande in demandes:
        assert stock[demande.ligne_id] == min(demande.unites, reste_stock)
        assert extra[demande.ligne_id] == min(demande.unites_acceptees_en_plus, reste_extra)
        reste_stock -= stock[demande.ligne_id]
        reste_extra -= extra[demande.ligne_id]
    if ligne.surplus_au_depot:  # the depot only gets what nobody accepted
        assert all(extra[demande.ligne_id] == demande.unites_acceptees_en_plus for demande in demandes)


@given(campagnes())
@settings(max_examples=50, deadline=None)
def test_lots_are_independent_so_a_huge_campagne_can_be_done_lot_by_lot(campagne):
    lots, articles, lignes, depuis_le_stock = campagne
    ensemble = regrouper(lots, articles, lignes, depuis_le_stock=depuis_le_stock)
    un_par_un = []
    for lot in lots:
        du_lot = {article.article_id: article for article in articles if article.lot == lot.lot}
        siennes = [ligne for ligne in lignes if ligne.article_id in du_lot]
        un_par_un.append(regrouper([lot], list(du_lot.values()), siennes, depuis_le_stock=depuis_le_stock))
    assert ensemble.bons == tuple(bon for resultat in un_par_un for bon in resultat.bons)
    assert ensemble.affectations == [a for resultat in un_par_un for a in resultat.affectations]
    assert ensemble.refus == tuple(refus for resultat in un_par_un for refus in resultat.refus)


@given(campagnes())
@settings(max_examples=100, deadline=None)
def test_the_parts_and_the_depot_sum_to_the_bons(campagne):
    lots, articles, lignes, depuis_le_stock = campagne
    resultat = regrouper(lots, articles, lignes, depuis_le_stock=depuis_le_stock)
    parts = parts_par_collectivite(resultat)
    depot = sum((ligne.montant_depot_ht for bon in resultat.bons for ligne in bon.lignes), D(0))
    assert sum((part.total_ht for part in parts), D(0)) + depot == sum((bon.total_ht for bon in resultat.bons), D(0))
    assert [part.siren for part in parts] == sorted(part.siren for part in parts)
    assert sum((part.port_ht for part in parts), D(0)) == sum((bon.port_ht for bon in resultat.bons), D(0))
    tout = parts_par_collectivite(resultat, origine=None)
    assert sum((part.affectations for part in tout), ()) == tuple(
        sorted(resultat.affectations, key=lambda affectation: affectation.siren)
    )
    stock = parts_par_collectivite(resultat, origine=Origine.STOCK)
    assert all(a.origine is Origine.STOCK for part in stock for a in part.affectations)
    assert all(part.port_ht == 0 for part in stock)
