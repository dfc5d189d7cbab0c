"""Urgent orders as rules: what is offered, at what cost, when, and why not."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.commandes.rules import depannages as regle
from groupement.commandes.rules.depannages import Offre
from groupement.commandes.states import EtatCommande
from groupement.stock.rules.valeur import Stock, StockInsuffisant, apres

D = Decimal
DU, AU = date(2026, 3, 1), date(2028, 2, 29)
TERMINE = "Le marché est terminé depuis le 29 février 2028\u00a0: le dépôt n’en sert plus les articles."
OUVERTE = "Commandez dans la campagne «\u00a0Campagne d’automne\u00a0», ouverte jusqu’au 4 décembre 2026."
FENETRE = ("Campagne d’automne", date(2026, 12, 4))


def offre(unites: int, valeur_ht: str = "0.00", reserve: int = 0, article: int = 1) -> Offre:
    return Offre(article, "BTE", D("20.00"), Stock(unites, D(valeur_ht)), reserve)


@pytest.mark.parametrize(
    ("unites", "reserve", "disponibles"), [(10, 0, 10), (10, 3, 7), (10, 10, 0), (10, 12, 0), (0, 0, 0), (-2, 0, 0)]
)
def test_the_depot_offers_what_it_does_not_keep(unites, reserve, disponibles):
    assert offre(unites, reserve=reserve).disponibles == disponibles


@pytest.mark.parametrize(
    ("le", "fenetre", "attendu"),
    [
        (date(2026, 2, 28), None, "Le marché commence le 1er mars 2026\u00a0: le dépannage ouvrira ce jour-là."),
        (date(2028, 3, 1), FENETRE, TERMINE),
        (DU, None, None),
        (AU, None, None),
        (date(2026, 11, 24), FENETRE, OUVERTE),
    ],
)
def test_when_the_depot_serves(le, fenetre, attendu):
    assert regle.motif_de_refus(marche_du=DU, marche_au=AU, le=le, fenetre_ouverte=fenetre) == attendu


@pytest.mark.parametrize(
    ("reste", "unites", "attendu"),
    [
        (5, 5, None),
        (5, 1, None),
        (5, 0, "Indiquez au moins une unité, ou laissez la case vide."),
        (0, 1, "Il n’en reste plus au dépôt\u00a0: retirez cet article."),
        (1, 2, "Il en reste 1\u00a0disponible au dépôt, vous en demandez 2\u00a0: demandez-en 1 au plus."),
        (5, 1200, "Il en reste 5\u00a0disponibles au dépôt, vous en demandez 1\u00a0200\u00a0: demandez-en 5 au plus."),
    ],
)
def test_what_the_depot_answers_to_a_quantity(reste, unites, attendu):
    assert regle.refus_de_la_quantite(offre(reste), unites) == attendu


def test_each_article_that_cannot_be_served_has_its_sentence():
    refus = regle.refus_par_article({1: offre(5), 2: offre(3, article=2)}, [(1, 5), (2, 4), (9, 1)])
    assert list(refus) == [2, 9] and "n’en reste plus" in refus[9]


def test_the_cost_is_the_share_of_the_value_and_the_price_is_only_shown():
    (ligne,) = regle.chiffrer({1: offre(3, "1.00")}, [(1, 2)])
    assert (ligne.montant_ht, ligne.prix_unitaire_ht) == (D("0.67"), D("0.3350"))
    assert regle.total_ht([ligne]) == D("0.67") and regle.total_ttc([ligne]) == D("0.80")
    assert regle.total_ttc([]) == D("0.00")


def test_more_than_there_is_has_no_cost():
    with pytest.raises(StockInsuffisant):
        offre(3, "1.00").cout(4)


def test_the_price_of_nothing_is_zero():
    assert regle.prix_moyen(D("5.00"), 0) == D("0.0000") == offre(0).prix_unitaire_ht


@pytest.mark.parametrize(
    ("vu", "present", "refuse"), [("3.00", "3.00", False), ("3.00", "2.99", False), ("3.00", "3.01", True)]
)
def test_only_a_cost_that_rose_is_read_again(vu, present, refuse):
    assert (regle.refus_du_total(D(vu), D(present)) is not None) is refuse


def test_the_year():
    assert regle.periode(2026) == (date(2026, 1, 1), date(2026, 12, 31)) and regle.intitule(2026) == "Dépannages 2026"


@pytest.mark.parametrize(
    ("etat", "avancements"),
    [
        (EtatCommande.BROUILLON, ["en_cours", "a_venir", "a_venir", "a_venir", "a_venir"]),
        (EtatCommande.SOUMISE, ["faite", "faite", "en_cours", "a_venir", "a_venir"]),
        (EtatCommande.REGROUPEE, ["faite", "faite", "faite", "en_cours", "a_venir"]),
        (EtatCommande.SERVIE, ["faite", "faite", "faite", "faite", "en_cours"]),
        (EtatCommande.SOLDEE, ["faite"] * 5),
    ],
)
def test_the_steps(etat, avancements):
    assert [etape.avancement for etape in regle.etapes(etat, {})] == avancements


def test_the_steps_of_one_given_up_stop_there():
    quand = datetime(2026, 11, 24, 9, tzinfo=UTC)
    passages = {EtatCommande.SOUMISE: quand, EtatCommande.ANNULEE: quand}
    etapes = regle.etapes(EtatCommande.ANNULEE, passages)
    assert [(e.libelle, e.avancement) for e in etapes] == [("Envoyée au valideur", "faite"), ("Annulée", "arretee")]


@given(
    unites=st.integers(1, 500),
    centimes=st.integers(0, 10**7),
    reserve=st.integers(0, 60),
    demandes=st.lists(st.integers(1, 80), max_size=30),
)
def test_whatever_is_asked_the_depot_never_gives_more_than_it_offers_nor_loses_a_centime(
    unites, centimes, reserve, demandes
):
    stock, paye, servies = Stock(unites, D(centimes) / 100), D("0.00"), 0
    for combien in demandes:
        present = Offre(1, "BTE", D("20.00"), stock, reserve)
        if regle.refus_de_la_quantite(present, combien):
            assert combien > present.disponibles
            continue
        (ligne,) = regle.chiffrer({1: present}, [(1, combien)])
        stock = apres(stock, -combien, -ligne.montant_ht)
        paye, servies = paye + ligne.montant_ht, servies + combien
    assert stock.unites + servies == unites and stock.valeur_ht + paye == D(centimes) / 100
    assert stock.unites >= min(reserve, unites) and stock.valeur_ht >= 0


@given(st.integers(1, 10_000), st.integers(1, 10**8))
def test_the_price_shown_is_the_cost_of_all_of_it_divided(unites, centimes):
    montant = D(centimes) / 100
    prix = regle.prix_moyen(montant, unites)
    assert abs(prix * unites - montant) <= D("0.00005") * unites
