"""A basket says before it leaves what the regroupement would leave out: a bon below the supplier's minimum order."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, Commande, LigneCommande
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.panier_estime import estimer_le_panier
from groupement.commandes.rules.estimation import Compte
from groupement.commandes.rules.minimum_estime import MinimumEstime, minimum_estime
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui, jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, LE

D = Decimal
MONTANTS = st.integers(0, 10**7).map(lambda centimes: D(centimes) / 100)


@given(MONTANTS, MONTANTS)
def test_something_is_said_only_below_and_what_is_missing_fills_it(minimum: Decimal, marchandises: Decimal) -> None:
    dit = minimum_estime(1, minimum, marchandises, Compte.LIEU)
    assert (dit is None) is (marchandises >= minimum)
    assert dit is None or dit.marchandises_ht + dit.manque_ht == minimum and dit.manque_ht > 0


@pytest.mark.parametrize(
    ("bon", "repreneur", "phrases"),
    [
        (Compte.LIEU, "", ("le fournisseur n’accepte pas", "Votre lieu", "il manque 86,00 €", "retrait au dépôt")),
        (Compte.DEPOT, "", ("Les commandes à retirer au dépôt en sont à 64,00 €", "D’autres peuvent arriver")),
        (
            Compte.GROUPEMENT,
            "Cartons du Nord",
            ("Cartons du Nord n’accepte pas de bon de moins de 150,00 €", "courriel"),
        ),
    ],
)
def test_the_sentence_says_how_far_what_happens_and_what_to_do(
    bon: Compte, repreneur: str, phrases: tuple[str, ...]
) -> None:
    dite = MinimumEstime(2, D("150.00"), D("64.00"), bon, repreneur).phrase().replace("\u00a0", " ")
    assert all(phrase in dite for phrase in phrases), dite
    assert "ne seront pas commandés" in dite


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Boxes one by one at 2 €, no bon below 100 €; 30 asked by another body, delivered."""
    lot = catalogue.lot(minimum_commande_ht=D("100.00"))
    boite = catalogue.article(lot, unites_par_colis=1, paliers="1:2.00")
    campagne = fabrique.campagne(lot.marche)
    fabrique.commande(campagne, fabrique.membre("Vimy", de=campagne), [(boite, 30)], etat=EtatCommande.VALIDEE)
    return SimpleNamespace(lot=lot, boite=boite, campagne=campagne, wissant=fabrique.membre("Wissant", de=campagne))


def _charge(monde: SimpleNamespace, panier: Commande) -> Decimal:
    """The order is committed as it is and the bons are issued: what Wissant is charged."""
    panier.etat, panier.soumise_le, panier.validee_le = EtatCommande.VALIDEE, LE, LE
    panier.soumise_par = panier.validee_par = "Claire Delattre"
    autre = catalogue.article(catalogue.lot(monde.lot.marche), unites_par_colis=1, paliers="1:1.00")
    fabrique.commande(
        monde.campagne, fabrique.membre("Lens", de=monde.campagne), [(autre, 1)], etat=EtatCommande.VALIDEE
    )
    monde.campagne.etat, monde.campagne.close_le = EtatCampagne.CLOSE, APRES
    db.session.commit()
    regroupement.regrouper(monde.campagne.id, par=AUTOMATE, le=APRES)
    siennes = select(func.sum(Affectation.montant_ht)).join(LigneCommande)
    return db.session.scalar(siennes.where(LigneCommande.commande_id == panier.id)) or D(0)


@pytest.mark.parametrize("par_lieu", [False, True])
@pytest.mark.parametrize(
    ("unites", "ensemble", "seule"),
    [
        (19, D("2.00"), D("62.00")),
        (20, None, D("60.00")),  # 50 boxes together: 100 €
        (50, None, None),
    ],
)
def test_what_is_announced_below_the_minimum_is_what_is_left_out(
    monde: SimpleNamespace, par_lieu: bool, unites: int, ensemble: Decimal | None, seule: Decimal | None
) -> None:
    monde.lot.un_bon_par_lieu = par_lieu
    panier = fabrique.commande(monde.campagne, monde.wissant, [(monde.boite, unites)])
    dits = estimer_le_panier(panier, lignes_affichees(panier.id), jour_a_paris(LE)).minimums
    attendu = seule if par_lieu else ensemble
    assert [(dit.bon, dit.manque_ht) for dit in dits] == (
        [] if attendu is None else [(Compte.LIEU if par_lieu else Compte.GROUPEMENT, attendu)]
    )
    assert _charge(monde, panier) == (D(0) if dits else D(2 * unites))


def test_collected_at_the_depot_it_counts_with_the_others_there(monde: SimpleNamespace) -> None:
    monde.lot.un_bon_par_lieu = True
    panier = fabrique.commande(monde.campagne, monde.wissant, [(monde.boite, 20)], mode=ModeDeRemise.DEPOT)
    (dit,) = estimer_le_panier(panier, lignes_affichees(panier.id), jour_a_paris(LE)).minimums
    assert (dit.bon, dit.marchandises_ht) == (Compte.DEPOT, D("40.00"))  # the other is delivered


def test_the_basket_says_it(client_de: Any, monde: SimpleNamespace) -> None:
    jour = aujourdhui()
    monde.campagne.du, monde.campagne.au, monde.lot.un_bon_par_lieu = jour, jour, True
    fabrique.commande(monde.campagne, monde.wissant, [(monde.boite, 20)])
    db.session.commit()
    page = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=monde.wissant)).get("/panier").text
    assert "Minimum du lot 1" in page and "Sans cela, ces articles ne seront pas commandés" in page
