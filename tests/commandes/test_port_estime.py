"""Shipping shown while ordering: due below the franco, shared by amounts, in a fixed number of statements."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.panier_estime import estimer_le_panier
from groupement.commandes.rules.estimation import ArticleDemande, Compte, estimer_ligne
from groupement.commandes.rules.phrases_du_prix import phrase_du_gain_suivant
from groupement.commandes.rules.port_estime import MontantsDuLot, PortEstime, part_du_port
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from tests.fabriques import catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.catalogue import paliers
from tests.fabriques.commandes import LE

D = Decimal
JOUR = jour_a_paris(LE)


@pytest.mark.parametrize(
    ("marchandises", "mien", "membres", "part"),
    [
        ("640.00", "64.00", "640.00", "4.50"),
        ("1000.00", "64.00", "1000.00", "0.00"),  # the franco is reached
        ("999.99", "333.33", "999.99", "15.00"),
        ("640.00", "0.00", "640.00", "0.00"),
        ("700.00", "640.00", "640.00", "45.00"),  # alone: the surplus of packs pays nothing
    ],
)
def test_shipping_is_shared_by_amounts_below_the_franco(marchandises: str, mien: str, membres: str, part: str) -> None:
    montants = MontantsDuLot(D(marchandises), D(membres))
    assert part_du_port(D("45.00"), D("1000.00"), montants, mien_ht=D(mien)) == D(part)


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_a_part_is_never_more_than_the_whole(mien: int, des_autres: int) -> None:
    tous = D(mien + des_autres) / 100
    part = part_du_port(D("45.00"), D("1000.00"), MontantsDuLot(tous, tous), mien_ht=D(mien) / 100)
    assert D(0) <= part <= D("45.00")


def test_the_sentences_say_what_is_missing_and_for_whom() -> None:
    sous = PortEstime(1, "Boîtes", D("45.00"), D("1000.00"), D("640.00"), D("4.50"))
    offert = PortEstime(1, "Boîtes", D("45.00"), D("1000.00"), D("1240.00"), D("0.00"))
    seule = PortEstime(1, "Boîtes", D("45.00"), D("1000.00"), D("64.00"), D("45.00"), bon=Compte.LIEU)
    phrases = [port.phrase().replace("\u00a0", " ") for port in (sous, offert, seule)]
    assert "il manque 360,00 € HT à tout le groupement" in phrases[0] and "environ 4,50 € pour vous" in phrases[0]
    assert "offert" in phrases[1] and "1 240,00 €" in phrases[1]
    assert "votre commande" in phrases[2] and "pour vous seuls" in phrases[2]


def test_the_next_price_says_what_everybody_and_what_you_would_gain() -> None:
    demande = ArticleDemande(1, 100, 150, 25, D("20.00"), paliers("25:1.74|250:1.61|1000:1.48"))
    phrase = phrase_du_gain_suivant(estimer_ligne(demande)).replace("\u00a0", " ")
    assert phrase == "Tout le groupement y gagnerait 32,50 € HT, dont 13,00 € pour vous."
    seul = ArticleDemande(1, 100, 0, 25, D("20.00"), paliers("25:1.74|250:1.61"))
    assert "Vous y gagneriez 13,00" in phrase_du_gain_suivant(estimer_ligne(seul)).replace("\u00a0", " ")
    au_mieux = ArticleDemande(1, 1000, 0, 25, D("20.00"), paliers("25:1.74|250:1.61|1000:1.48"))
    assert phrase_du_gain_suivant(estimer_ligne(au_mieux)) == ""


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Boxes by 50 with shipping below 100 €; 100 asked by another body, 60 by Wissant."""
    lot = catalogue.lot(franco_ht=D(100), port_ht=D("45.00"))
    boite = catalogue.article(lot, reference="BTE-10", unites_par_colis=50, fractionnable=True, paliers="50:0.50")
    campagne = fabrique.campagne(lot.marche)
    autre = fabrique.commande(campagne, None, [(boite, 90)], etat=EtatCommande.VALIDEE)
    panier = fabrique.commande(campagne, fabrique.membre("Wissant", de=campagne), [(boite, 60)])
    return SimpleNamespace(lot=lot, boite=boite, campagne=campagne, autre=autre, panier=panier)


def ports(commande: Commande) -> list[PortEstime]:
    """The shipping of an order, as its basket shows it."""
    return estimer_le_panier(commande, lignes_affichees(commande.id), JOUR).ports


def test_the_group_counts_in_whole_packs_and_the_share_follows_the_pieces(monde: SimpleNamespace) -> None:
    (port,) = ports(monde.panier)
    assert (port.marchandises_ht, port.manque_ht) == (D("75.00"), D("25.00"))
    assert port.part_ht == D("18.00")  # 45 × 30 € of 75 €


def test_a_lot_with_one_bon_a_place_leaves_the_body_alone(monde: SimpleNamespace) -> None:
    monde.lot.un_bon_par_lieu = True
    assert [(port.bon, port.part_ht) for port in ports(monde.panier)] == [(Compte.LIEU, D("45.00"))]
    monde.panier.mode = ModeDeRemise.DEPOT
    assert [port.bon for port in ports(monde.panier)] == [Compte.DEPOT]


def test_without_shipping_nothing_is_said_and_without_lines_nothing_is_asked_of_the_base(
    monde: SimpleNamespace, sql: Any
) -> None:
    monde.lot.port_ht = D("0.00")
    assert ports(monde.panier) == []
    with sql() as envoyees:
        assert estimer_le_panier(monde.panier, [], JOUR).ports == []
    assert envoyees == []


def test_the_estimate_is_the_same_with_its_shipping_as_alone(monde: SimpleNamespace) -> None:
    autre = catalogue.article(monde.lot, unites_par_colis=1, paliers="1:2.00")
    fabrique.commande(monde.campagne, None, [(autre, 10)], etat=EtatCommande.VALIDEE)
    lignes = lignes_affichees(monde.panier.id)
    seule = estimer_lignes(monde.campagne, lignes, JOUR, monde.panier)
    avec, (port,), _ = estimer_le_panier(monde.panier, lignes, JOUR)
    assert (avec, port.marchandises_ht) == (seule, D("95.00"))  # the other article counts for the franco


@pytest.mark.parametrize("portee", [PorteePalier.BON, PorteePalier.MARCHE])
def test_it_costs_as_many_statements_whatever_the_members_and_the_lines(
    monde: SimpleNamespace, sql: Any, portee: PorteePalier
) -> None:
    monde.lot.portee_palier = portee
    for _ in range(10):
        article = catalogue.article(monde.lot)
        fabrique.commande(monde.campagne, None, [(article, 25), (monde.boite, 5)], etat=EtatCommande.SOUMISE)
    lignes = lignes_affichees(monde.panier.id)
    with sql() as envoyees:
        estimer_le_panier(monde.panier, lignes, JOUR)
    assert len(envoyees) == 3, envoyees  # lots with whom takes their bons, demand and what was sold before, prices
