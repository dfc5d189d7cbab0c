"""What a price revision would change is counted as the bons will be: by titulaire, with what it sold, bon by bon."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from groupement.catalogue.models import Lot
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.revision import PrixRevise
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Desistement
from groupement.commandes.queries.effet_des_prix import Effet, effets_de_la_revision
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

D = Decimal
JOUR = jour_a_paris(LE)


def doubles(*paliers: tuple[int, str]) -> PrixRevise:
    """A price that doubles."""
    actuels = tuple(Palier(seuil, D(prix)) for seuil, prix in paliers)
    return PrixRevise(actuels, actuels, tuple(Palier(p.a_partir_de, 2 * p.prix_unitaire_ht) for p in actuels))


@dataclass(frozen=True)
class Monde:
    """Boxes by 50 of two titulaires; 900 sold by the first. A window is open, where 60 are asked."""

    lot: Lot
    article: Any
    campagne: Any

    def effets(self) -> list[Effet]:
        premier, second = self.lot.titulaires
        prix = {
            premier: {self.article.id: doubles((50, "1.00"), (950, "0.50"))},
            second: {self.article.id: doubles((50, "1.10"))},
        }
        return effets_de_la_revision(self.lot, JOUR, prix)

    def avant_apres(self) -> tuple[Decimal, Decimal]:
        (effet,) = self.effets()
        return effet.avant_ht, effet.apres_ht


@pytest.fixture
def monde(app: Any) -> Monde:
    lot = catalogue.lot(portee_palier=PorteePalier.MARCHE)
    article = catalogue.article(lot, unites_par_colis=50, paliers="50:1.00|950:0.50")
    catalogue.titulaire(lot, None, {article: "50:1.10"})
    passee = campagne(lot.marche, intitule="Printemps", etat=EtatCampagne.CLOSE)
    commande(passee, None, [(article, 900)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    regroupement.regrouper(passee.id, par=AUTOMATE, le=APRES)
    de = campagne(lot.marche)
    commande(de, None, [(article, 60)])
    db.session.commit()
    db.session.expire_all()
    return Monde(lot, article, de)


@pytest.mark.parametrize(
    ("portee", "avant"), [(PorteePalier.BON, "60.00"), (PorteePalier.CAMPAGNE, "60.00"), (PorteePalier.MARCHE, "30.00")]
)
def test_what_was_sold_before_counts_as_far_as_the_lot_says(monde: Monde, portee: PorteePalier, avant: str) -> None:
    monde.lot.portee_palier = portee
    assert monde.avant_apres() == (D(avant), 2 * D(avant))


@pytest.mark.parametrize("pour_de_bon", [True, False])
def test_the_prices_are_those_of_the_titulaire_the_bons_go_to(monde: Monde, pour_de_bon: bool) -> None:
    premier, second = monde.lot.titulaires
    if pour_de_bon:
        premier.retire_du = JOUR
    else:
        decliner(monde, premier)
    assert monde.avant_apres() == (D("66.00"), D("132.00"))
    decliner(monde, premier if pour_de_bon else second)
    assert len(monde.effets()) == (1 if pour_de_bon else 0)  # nobody is left: no bon leaves


def decliner(monde: Monde, titulaire: Any) -> None:
    """This titulaire declines the window."""
    declare = {"motif": "Rupture de carton.", "par": "Hélène Vasseur", "le": LE, "du": JOUR}
    db.session.add(Desistement(lot=monde.lot, fournisseur=titulaire.fournisseur, campagne=monde.campagne, **declare))
    db.session.flush()


def test_the_tier_is_reached_in_whole_packs(monde: Monde) -> None:
    monde.lot.portee_palier = PorteePalier.BON
    commande(monde.campagne, None, [(monde.article, 845)])  # 905 pieces, bought by 950
    assert monde.avant_apres() == (D("452.50"), D("905.00"))


def test_each_place_reaches_its_own_tier_where_it_has_its_bon(monde: Monde) -> None:
    """950 delivered to one place, 900 to each of two; 60 asked on paper, of which 10 join the 60 collected."""
    monde.lot.portee_palier, monde.lot.un_bon_par_lieu = PorteePalier.BON, True
    for unites in (950, 900, 900):
        commande(monde.campagne, membre(de=monde.campagne), [(monde.article, unites)])
    retrait = {"mode": ModeDeRemise.DEPOT}
    commande(monde.campagne, membre(de=monde.campagne), [(monde.article, 60)], **retrait)
    avant = D("475.00") + 2 * D("900.00") + D("50.00") + D("70.00")
    assert monde.avant_apres() == (avant, 2 * avant)


def test_a_campagne_being_completed_is_under_way(monde: Monde) -> None:
    monde.campagne.etat, monde.campagne.complement_au = EtatCampagne.EN_COMPLEMENT, APRES.date()
    assert monde.avant_apres() == (D("30.00"), D("60.00"))


@pytest.mark.parametrize("campagnes", [0, 5])
def test_it_costs_four_statements_whatever_the_campagnes(monde: Monde, sql: Any, campagnes: int) -> None:
    for rang in range(campagnes):
        de = campagne(monde.lot.marche, intitule=f"Campagne {rang}")
        commande(de, None, [(monde.article, 60)])
    db.session.commit()
    assert monde.article.id and [titulaire.fournisseur.nom for titulaire in monde.lot.titulaires]  # what the page has
    with sql() as envoyees:
        assert len(monde.effets()) == campagnes + 1
    assert len(envoyees) == 4, envoyees
