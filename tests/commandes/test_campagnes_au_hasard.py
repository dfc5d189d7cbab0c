"""Random campagnes, whatever lots, tiers, packs, stock, places and decisions: what can never be wrong."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given, settings

from groupement.catalogue.rules.prix import palier_applicable
from groupement.commandes.rules.bons import Affectation, BonRegroupe, CodeRefus, Origine, ResultatRegroupement
from groupement.commandes.rules.demandes import DEPOT, Demande, LotARegrouper
from groupement.commandes.rules.parts import parts_par_collectivite
from groupement.commandes.rules.regroupement import regrouper
from tests.fabriques.hasard import CampagneAuHasard, campagnes

D = Decimal
LIEUX = {50: "Partagé", **{100 + corps: f"Mairie {corps}" for corps in range(7, 0, -1)}, DEPOT: "Dépôt"}


def combiner(campagne: CampagneAuHasard) -> ResultatRegroupement:
    """The calculation under test."""
    lots, articles, demandes, depuis_le_stock = campagne
    return regrouper(lots, articles, demandes, depuis_le_stock=depuis_le_stock, lieux=LIEUX)


def du_bon(bon: BonRegroupe, campagne: CampagneAuHasard, resultat: ResultatRegroupement) -> list[Affectation]:
    """The affectations of a bon."""
    siens = {article.article_id for article in campagne.articles if article.lot == bon.lot}
    return [a for a in resultat.affectations if a.article_id in siens and bon.lieu in (None, a.lieu)]


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_units_and_cents_always_sum(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    assert resultat.est_exact
    for bon in resultat.bons:
        siennes = du_bon(bon, campagne, resultat)
        for ligne in bon.lignes:
            de_l_article = [a for a in siennes if a.article_id == ligne.article_id]
            achetees = [a for a in de_l_article if a.origine is Origine.BON]
            stock = [a for a in de_l_article if a.origine is Origine.STOCK]
            assert sum(a.unites for a in achetees) + ligne.surplus_au_depot == ligne.unites_achetees
            assert D(sum(a.centimes for a in achetees)).scaleb(-2) + ligne.montant_depot_ht == ligne.montant_ht
            assert sum(a.unites for a in stock) == ligne.unites_du_stock
            assert D(sum(a.centimes for a in stock)).scaleb(-2) == ligne.montant_stock_ht
            assert ligne.unites_achetees == ligne.colis * ligne.unites_par_colis
            assert ligne.unites_achetees == (
                ligne.unites_demandees - ligne.unites_du_stock + ligne.unites_acceptees_en_plus + ligne.surplus_au_depot
            )
        ports = [part for part in resultat.ports if (part.lot, part.lieu) == bon.cle]
        assert sum((part.montant_ht for part in ports), D(0)) == bon.port_ht
        servis = {a.collectivite_id for a in siennes if a.origine is Origine.BON}
        assert {part.collectivite_id for part in ports} <= (servis or {None})
        assert bon.total_ht == sum((ligne.montant_ht for ligne in bon.lignes), D(0)) + bon.port_ht
        assert bon.total_ttc == bon.total_ht + bon.total_tva
    assert sum(len(du_bon(bon, campagne, resultat)) for bon in resultat.bons) == len(resultat.affectations)
    parts = sum((part.total_ht for part in parts_par_collectivite(resultat)), D(0))
    depot = sum((ligne.montant_depot_ht for bon in resultat.bons for ligne in bon.lignes), D(0))
    depot += sum((part.montant_ht for part in resultat.ports if part.collectivite_id is None), D(0))
    assert parts + depot == sum((bon.total_ht for bon in resultat.bons), D(0))


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_nobody_gets_more_than_asked_and_accepted_and_what_is_not_refused_is_served(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    servies, extras = defaultdict(int), defaultdict(int)
    for affectation in resultat.affectations:
        assert affectation.unites > 0
        servies[affectation.ligne_id] += affectation.unites_demandees
        extras[affectation.ligne_id] += affectation.unites_en_plus
    refuses = {(refus.lot, refus.lieu) for refus in resultat.refus if refus.article_id is None}
    sans_prix = {refus.article_id for refus in resultat.refus if refus.article_id is not None}
    lots = {article.article_id: article.lot for article in campagne.articles}
    for demande in campagne.demandes:
        assert extras[demande.ligne_id] <= demande.unites_acceptees_en_plus
        assert servies[demande.ligne_id] <= demande.unites
        lot = lots[demande.article_id]
        if demande.article_id in sans_prix or (lot, None) in refuses or (lot, demande.lieu) in refuses:
            assert not servies[demande.ligne_id] and not extras[demande.ligne_id]
        elif (lot, DEPOT) not in refuses:  # what would open a pack goes with the depot's bon
            assert servies[demande.ligne_id] == demande.unites


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_a_later_rank_never_gets_stock_or_extra_while_an_earlier_one_is_left_short(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    for bon in resultat.bons:
        siennes = du_bon(bon, campagne, resultat)
        for ligne in bon.lignes:
            de_l_article = [a for a in siennes if a.article_id == ligne.article_id]
            servies = {a.ligne_id for a in de_l_article if a.origine is Origine.BON}
            demandes = [d for d in campagne.demandes if d.article_id == ligne.article_id]
            extras = {a.ligne_id: a.unites_en_plus for a in de_l_article if a.origine is Origine.BON}
            _par_rang([d for d in demandes if d.ligne_id in servies or (bon.lieu is None)], extras, "accepte")
            if bon.lieu in (None, DEPOT):
                pris = {a.ligne_id: a.unites for a in de_l_article if a.origine is Origine.STOCK}
                _par_rang(_gardees(demandes, bon.lot, resultat), pris, "demande")
            if ligne.surplus_au_depot:
                assert bon.lieu in (None, DEPOT)
                assert all(extras[d.ligne_id] == _accepte(d, bon) for d in demandes if d.ligne_id in servies)


def _gardees(demandes: list[Demande], lot: int, resultat: ResultatRegroupement) -> list[Demande]:
    """Those whose place is not left out."""
    ecartes = {refus.lieu for refus in resultat.refus if refus.lot == lot and refus.lieu is not None}
    return [demande for demande in demandes if demande.lieu not in ecartes]


def _accepte(demande: Demande, bon: BonRegroupe) -> int:
    """The extra pieces a demand takes on this bon."""
    return demande.unites_acceptees_en_plus


def _par_rang(demandes: Iterable[Demande], recu: dict[int, int], quoi: str) -> None:
    """As soon as one is left short, those behind have nothing."""
    court = False
    for demande in demandes:
        voulu = demande.unites_acceptees_en_plus if quoi == "accepte" else demande.unites
        obtenu = recu.get(demande.ligne_id, 0)
        assert not (court and obtenu), (demande, quoi)
        court = court or obtenu < voulu


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_the_ceiling_is_never_passed_nor_a_minimum_missed(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    for lot in campagne.lots:
        bons = [bon for bon in resultat.a_emettre if bon.lot == lot.lot]
        if bons:
            assert lot.deja_engage_ht + sum((bon.total_ht for bon in bons), D(0)) <= lot.plafond_ht
        for bon in bons:
            marchandises = bon.total_ht - bon.port_ht
            assert marchandises >= lot.minimum_commande_ht
            sous_le_franco = lot.franco_ht is None or marchandises < lot.franco_ht
            assert bon.port_ht == (lot.port_ht if sous_le_franco else 0)
        plafonds = [r for r in resultat.refus if r.lot == lot.lot and r.code is CodeRefus.PLAFOND]
        assert not (plafonds and [bon for bon in resultat.bons if bon.lot == lot.lot])


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_a_tier_is_reached_by_what_its_scope_counts(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    lots = {lot.lot: lot for lot in campagne.lots}
    articles = {article.article_id: article for article in campagne.articles}
    achetees: dict[int, int] = defaultdict(int)
    for bon in resultat.bons:
        for ligne in bon.lignes:
            achetees[ligne.article_id] += ligne.unites_achetees
    for bon in resultat.bons:
        for ligne in bon.lignes_a_commander:
            comptees = _comptees(lots[bon.lot], ligne.article_id, ligne.unites_achetees, achetees[ligne.article_id])
            prix = palier_applicable(articles[ligne.article_id].paliers, comptees).prix_unitaire_ht
            assert ligne.prix_unitaire_ht == prix


def _comptees(lot: LotARegrouper, article_id: int, du_bon: int, du_lot: int) -> int:
    """The pieces that reach a tier."""
    return du_bon if lot.palier_par_bon else du_lot + lot.unites_deja_achetees.get(article_id, 0)


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_a_place_gets_sealed_packs_and_one_pack_an_article_is_opened_at_the_depot(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    par_lieu = {lot.lot for lot in campagne.lots if lot.un_bon_par_lieu}
    voulus = {a.article_id for a in campagne.articles if a.palier_vise or a.colis_en_plus}
    cles = [bon.cle for bon in resultat.bons]
    assert len(set(cles)) == len(cles)
    ordre = list(LIEUX)
    assert cles == sorted(cles, key=lambda cle: (cle[0], 0 if cle[1] is None else ordre.index(cle[1])))
    demandes = {demande.ligne_id: demande for demande in campagne.demandes}
    for bon in resultat.bons:
        assert (bon.lieu is not None) == (bon.lot in par_lieu)
        for ligne in bon.lignes:
            if bon.lieu not in (None, DEPOT):
                assert ligne.surplus_au_depot == 0 and ligne.unites_du_stock == 0
            elif ligne.article_id not in voulus:
                assert ligne.surplus_au_depot < ligne.unites_par_colis
    for affectation in resultat.affectations:
        if affectation.origine is Origine.BON:
            assert affectation.lieu in (demandes[affectation.ligne_id].lieu, DEPOT)
        else:
            assert affectation.lieu == DEPOT


@given(campagnes())
@settings(max_examples=150, deadline=None)
def test_the_same_campagne_gives_the_same_figures_in_any_order_of_its_lots(campagne: CampagneAuHasard) -> None:
    resultat = combiner(campagne)
    autre = combiner(campagne._replace(lots=campagne.lots[::-1]))
    assert {bon.cle: bon for bon in resultat.bons} == {bon.cle: bon for bon in autre.bons}
    assert sorted(resultat.affectations) == sorted(autre.affectations)
