"""Less than a pack: where the depot opens it, and what happens when the order leaves the depot for a delivery."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.commandes.actions import commandes, paniers
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.fractions import lignes_en_fraction
from groupement.commandes.rules.fractions import (
    LigneEnFraction,
    ne_se_livre_pas,
    quantite_commandable,
    refus_de_livrer,
    se_partage,
    total_des_ecarts,
)
from groupement.commandes.rules.quantites import refus_de_quantite
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui, jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import derniere_modification
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE

DEPOT, LIVRAISON = ModeDeRemise.DEPOT, ModeDeRemise.LIVRAISON


@pytest.mark.parametrize(
    ("fractionnable", "mode", "partage"),
    [(False, LIVRAISON, False), (False, DEPOT, True), (True, LIVRAISON, True), (True, DEPOT, True)],
)
def test_a_pack_is_opened_for_some_articles_and_at_the_depot(
    fractionnable: bool, mode: ModeDeRemise, partage: bool
) -> None:
    assert se_partage(fractionnable, mode) is partage


@given(st.integers(1, 5000), st.integers(1, 300), st.booleans())
def test_what_is_rounded_up_can_be_ordered_and_is_less_than_a_pack_away(
    unites: int, par_colis: int, fractionnable: bool
) -> None:
    arrondie = quantite_commandable(unites, par_colis, fractionnable=fractionnable)
    assert refus_de_quantite(arrondie, par_colis, fractionnable=fractionnable) is None
    assert 0 <= arrondie - unites < par_colis
    assert not ne_se_livre_pas(arrondie, 0, par_colis, fractionnable=fractionnable)


def test_extra_units_of_a_pack_that_is_not_shared_are_not_delivered() -> None:
    assert ne_se_livre_pas(50, 10, 25, fractionnable=False)
    assert not ne_se_livre_pas(30, 10, 25, fractionnable=True)


def test_the_sentences_name_the_lines_and_the_difference() -> None:
    une = LigneEnFraction(1, "BTE-10", "Boîte", 30, 50, Decimal("34.80"))
    moins = LigneEnFraction(2, "BTE-15", "Boîte", 901, 1000, Decimal("-12.00"))
    nue = LigneEnFraction(3, "BTE-20", "Boîte", 50, 50)
    phrases = [ligne.phrase().replace("\u00a0", " ") for ligne in (une, moins, nue)]
    assert phrases[0] == "BTE-10, Boîte : 30 unités deviennent 50, soit 34,80 € HT de plus"
    assert "12,00 € HT de moins" in phrases[1] and "sans unité acceptée en plus" in phrases[2]
    assert total_des_ecarts([une, moins, nue]) == Decimal("22.80")
    assert "BTE-10 et BTE-15 se commandent par colis entiers" in refus_de_livrer(["BTE-10", "BTE-15"])
    assert "BTE-10 se commande par" in refus_de_livrer(["BTE-10"])


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """An order of 30 boxes (packs of 25) and 40 folders that may be split, fetched at the depot."""
    campagne = fabrique.campagne()
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    boite = catalogue.article(lot, reference="BTE-CON-10")
    chemise = catalogue.article(lot, reference="CHE-120", unites_par_colis=250, fractionnable=True)
    panier = fabrique.commande(campagne, mairie, [(boite, 30, 5), (chemise, 40)], mode=DEPOT)
    contexte = Contexte("c", "Wissant", agent, frozenset({Role.AGENT}), mairie)
    db.session.commit()
    return SimpleNamespace(
        campagne=campagne, mairie=mairie, agent=agent, boite=boite, chemise=chemise, panier=panier, contexte=contexte
    )


def tenue(monde: SimpleNamespace) -> Commande:
    """The order, as a POST reads it."""
    return commande_visible(monde.panier.id, monde.contexte, verrou=True)


def test_the_depot_serves_any_number_of_any_article(monde: SimpleNamespace) -> None:
    ligne = paniers.ajouter_article(monde.campagne, monde.mairie.id, monde.boite, 7, par=monde.agent, le=LE)
    assert ligne.unites == 37
    paniers.modifier_ligne(ligne, 3, 22, par=monde.agent, le=LE)
    assert (ligne.unites, ligne.unites_acceptees_en_plus) == (3, 22)


def test_a_delivery_is_refused_while_a_line_is_not_in_whole_packs(monde: SimpleNamespace) -> None:
    point = adherents.point_de_livraison(monde.mairie, libelle="École")
    commande = tenue(monde)
    with pytest.raises(commandes.FractionsALivrer, match="BTE-CON-10 se commande par colis entiers") as refus:
        commandes.choisir_livraison(commande, LIVRAISON, point, commande.version, par=monde.agent, le=LE)
    assert [(f.reference, f.unites, f.arrondie, f.difference_ht) for f in refus.value.fractions] == [
        ("BTE-CON-10", 30, 50, Decimal("34.80"))
    ]
    assert (commande.mode, [ligne.unites for ligne in commande.lignes]) == (DEPOT, [30, 40])


def test_one_act_rounds_them_up_and_delivers(monde: SimpleNamespace) -> None:
    point = adherents.point_de_livraison(monde.mairie, libelle="École")
    commande = tenue(monde)
    commandes.choisir_livraison(commande, LIVRAISON, point, commande.version, arrondir=True, par=monde.agent, le=LE)
    db.session.flush()
    assert [(li.unites, li.unites_acceptees_en_plus) for li in commande.lignes] == [(50, 0), (40, 0)]
    assert [li.rang == LE for li in commande.lignes] == [True, False]
    assert (commande.mode, commande.point_de_livraison_id) == (LIVRAISON, point.id)
    assert "choisir la livraison" in derniere_modification("commande", commande.id).verbe
    assert lignes_en_fraction(commande, jour_a_paris(LE)) == []


def test_what_the_buyer_imported_stays_free_from_place_to_place(monde: SimpleNamespace) -> None:
    papier = fabrique.commande(monde.campagne, fabrique.membre("Licques", de=monde.campagne), [(monde.boite, 30)])
    autre = adherents.point_de_livraison(papier.collectivite, libelle="École")
    commandes.choisir_livraison(papier, LIVRAISON, autre, papier.version, par=monde.agent, le=LE)
    assert (papier.point_de_livraison_id, papier.lignes[0].unites) == (autre.id, 30)


@pytest.mark.parametrize("nombre", [1, 30])
def test_naming_the_lines_costs_the_same_whatever_their_number(monde: SimpleNamespace, sql: Any, nombre: int) -> None:
    articles = [catalogue.article(monde.campagne.marche.lots[0]) for _ in range(nombre)]
    autre = fabrique.commande(
        monde.campagne, fabrique.membre("Ayette", de=monde.campagne), [(a, 7) for a in articles], mode=DEPOT
    )
    db.session.commit()
    with sql() as envoyees:
        assert len(lignes_en_fraction(autre, jour_a_paris(LE))) == nombre
    assert len(envoyees) <= 7 and autre.etat is EtatCommande.BROUILLON


def test_the_catalogue_says_that_the_depot_opens_the_pack(monde: SimpleNamespace, client_de: Any) -> None:
    jour = aujourdhui()
    monde.campagne.du, monde.campagne.au = jour - timedelta(days=3), jour + timedelta(days=3)
    client = client_de(monde.agent)
    assert "le dépôt ouvre les colis de 25" in client.get(f"/catalogue/articles/{monde.boite.id}").text
    reponse = client.post(f"/panier/{monde.campagne.id}/lignes", data={"article": monde.boite.id, "unites": "7"})
    assert reponse.status_code == 303


@pytest.mark.parametrize(("mode", "unites"), [(DEPOT, 61), (LIVRAISON, 75)])
def test_needs_and_last_year_s_order_are_rounded_only_for_a_delivery(
    monde: SimpleNamespace, mode: ModeDeRemise, unites: int
) -> None:
    db.session.delete(monde.panier)
    passee = fabrique.campagne(
        monde.campagne.marche,
        intitule="Campagne 2025",
        du=fabrique.DU.replace(year=2025),
        au=fabrique.AU.replace(year=2025),
        etat=EtatCampagne.SOLDEE,
    )
    ancienne = fabrique.commande(passee, monde.mairie, [(monde.boite, 61)], mode=DEPOT, etat=EtatCommande.SOLDEE)
    neuve = fabrique.commande(monde.campagne, monde.mairie, [], mode=mode)
    paniers.reprendre_une_commande(monde.campagne, ancienne, par=monde.agent, le=LE)
    assert db.session.scalars(select(LigneCommande.unites).filter_by(commande_id=neuve.id)).all() == [unites]
