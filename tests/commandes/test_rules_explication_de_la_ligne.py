"""What a member reads below a line: what was asked, served, and why that price."""

from decimal import Decimal

import pytest

from groupement.commandes.rules.explication_de_la_ligne import (
    AchatDuGroupe,
    LigneServie,
    achats_gardes,
    phrases_de_la_ligne_servie,
)

D = Decimal
PART = "Le montant est une part du bon, au prorata des unités\u00a0: les parts en font exactement le total."
PALIER = AchatDuGroupe(1250, 1250, D("0.5800"), D("0.5400"))
DE_BASE = AchatDuGroupe(100, 100, D("0.5800"), D("0.5800"))
GROUPE = (
    "Le groupement en achète 1\u00a0250\u00a0unités\u00a0: cette quantité donne le prix de 0,54\u00a0€ HT l’unité, "
    "au lieu de 0,58\u00a0€ pour une petite commande."
)
BASE = "Le groupement en achète 100\u00a0unités\u00a0: c’est le prix de base du marché, 0,58\u00a0€ HT l’unité."
STOCK = "30\u00a0unités viennent du stock du dépôt, à son coût moyen."
ANNONCE = "Le prix annoncé à l’envoi de la commande était 0,58\u00a0€."


@pytest.mark.parametrize(
    ("ligne", "achat", "phrases"),
    [
        (LigneServie(100, 0, 0, 0, None, None), PALIER, []),
        (
            LigneServie(100, 100, 0, 0, None, D("0.54")),
            PALIER,
            ["100\u00a0unités demandées, toutes commandées.", GROUPE, PART],
        ),
        (
            LigneServie(100, 110, 30, 10, D("0.58"), D("0.54")),
            PALIER,
            [
                "100\u00a0unités demandées\u00a0; 110 commandées, dont 10 acceptées en plus.",
                STOCK,
                GROUPE,
                ANNONCE,
                PART,
            ],
        ),
        (
            LigneServie(100, 100, 0, 0, D("0.58"), D("0.58")),
            DE_BASE,
            [
                "100\u00a0unités demandées, toutes commandées.",
                BASE,
                PART,
            ],
        ),
        # Revised since: the price is not that of the regroupement, its reason is not given.
        (
            LigneServie(100, 60, 0, 0, None, D("0.60")),
            PALIER,
            ["100\u00a0unités demandées\u00a0; 60 commandées.", PART],
        ),
        (LigneServie(30, 30, 30, 0, None, None), None, ["30\u00a0unités demandées, toutes commandées.", STOCK, PART]),
    ],
)
def test_a_line_says_why_it_costs_what_it_costs(ligne, achat, phrases):
    assert phrases_de_la_ligne_servie(ligne, achat) == phrases


def test_units_bought_before_are_said_apart():
    avant = AchatDuGroupe(250, 700, D("0.5800"), D("0.5400"))
    phrases = phrases_de_la_ligne_servie(LigneServie(250, 250, 0, 0, None, D("0.54")), avant)
    assert "Le groupement en achète 250\u00a0unités, après 450 déjà achetées" in phrases[1]


def test_an_article_on_several_bons_is_one_purchase_and_old_proofs_have_none():
    ligne = {"reference": "BTE", "unites_achetees": 50, "unites_comptees": 100, "prix_de_base_ht": "0.58"}
    lignes = [ligne | {"prix_unitaire_ht": "0.54"}, ligne | {"prix_unitaire_ht": "0.54"}]
    assert achats_gardes({"lignes": lignes})["BTE"].unites_achetees == 100
    assert achats_gardes({"lignes": [ligne | {"prix_unitaire_ht": None}]}) == {}
    assert achats_gardes({"lots": []}) == {}
