"""A body's limit for a campagne: it warns, or it stops the order; nobody else sees it."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.commandes.actions import budgets, commandes
from groupement.commandes.models import Budget, Campagne, Commande
from groupement.commandes.queries.budgets import budget_de
from groupement.commandes.rules.budget import UsageDuBudget
from groupement.commandes.states import EffetDuBudget, EtatCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE

PREVENIR, BLOQUER = EffetDuBudget.PREVENIR, EffetDuBudget.BLOQUER
centimes = st.integers(1, 10**9).map(lambda n: D(n) / 100)


@pytest.mark.parametrize(
    ("budget", "effet", "commande", "depassement", "arrete"),
    [
        ("100.00", BLOQUER, "100.00", "0.00", False),
        ("100.00", BLOQUER, "100.01", "0.01", True),
        ("100.00", PREVENIR, "100.01", "0.01", False),
        ("100.00", BLOQUER, "0.00", "0.00", False),
    ],
)
def test_an_order_that_reaches_the_budget_fits_and_one_centime_more_does_not(
    budget: str, effet: EffetDuBudget, commande: str, depassement: str, arrete: bool
) -> None:
    usage = UsageDuBudget(D(budget), effet, D(commande))
    assert (usage.depassement_ttc, usage.arrete) == (D(depassement), arrete)
    assert bool(usage.phrase) is (usage.depassement_ttc > 0)


@given(budget=centimes, commande=centimes, effet=st.sampled_from(EffetDuBudget))
def test_only_a_budget_that_stops_ever_stops(budget: D, commande: D, effet: EffetDuBudget) -> None:
    usage = UsageDuBudget(budget, effet, commande)
    assert usage.arrete == (effet is BLOQUER and commande > budget)
    assert usage.commande_ttc - usage.depassement_ttc <= usage.montant_ttc
    assert ("Réduisez" in usage.phrase) is usage.arrete


@pytest.fixture
def panier(app) -> Commande:
    """A basket of 50 boxes at 1,61 € HT: 96,60 € TTC."""
    campagne = fabrique.campagne()
    article = catalogue.article(campagne.marche.lots[0], paliers="25:1.61")
    corps = fabrique.membre("Wissant", de=campagne)
    return fabrique.commande(campagne, corps, [(article, 50)])


def limiter(panier: Commande, montant: str, effet: EffetDuBudget) -> None:
    """Give the body of the basket a budget."""
    budgets.fixer(panier.campagne, panier.collectivite_id, D(montant), effet, par=AUTOMATE, le=LE)


def test_an_order_over_a_stopping_budget_does_not_leave(panier: Commande) -> None:
    limiter(panier, "96.59", BLOQUER)
    with pytest.raises(budgets.BudgetDepasse, match="dépasse de 0,01"):
        commandes.soumettre(panier, panier.version, par=AUTOMATE, le=LE)
    assert panier.etat is EtatCommande.BROUILLON


def test_an_order_that_grew_dearer_since_is_stopped_at_its_validation(panier: Commande) -> None:
    commandes.soumettre(panier, panier.version, par=AUTOMATE, le=LE)
    limiter(panier, "50.00", BLOQUER)
    with pytest.raises(budgets.BudgetDepasse):
        commandes.valider(panier, panier.version, par=AUTOMATE, le=LE)
    assert panier.etat is EtatCommande.SOUMISE


@pytest.mark.parametrize(("montant", "effet"), [("96.60", BLOQUER), ("10.00", PREVENIR)])
def test_an_order_that_fits_or_is_only_warned_leaves(panier: Commande, montant: str, effet: EffetDuBudget) -> None:
    limiter(panier, montant, effet)
    commandes.soumettre(panier, panier.version, par=AUTOMATE, le=LE)
    commandes.valider(panier, panier.version, par=AUTOMATE, le=LE)
    assert panier.etat is EtatCommande.VALIDEE


def test_a_budget_is_changed_in_place_and_the_journal_says_both(panier: Commande) -> None:
    limiter(panier, "100.00", PREVENIR)
    limiter(panier, "250.00", BLOQUER)
    (budget,) = db.session.scalars(db.select(Budget))
    assert (budget.montant_ttc, budget.effet) == (D("250.00"), BLOQUER)
    budgets.retirer(budget, par=AUTOMATE, le=LE)
    assert budget_de(panier.campagne_id, panier.collectivite_id) is None
    dits = db.session.scalars(db.select(Evenement.resume).where(Evenement.verbe.like("%budget%"))).all()
    assert [("100,00" in dit, "250,00" in dit) for dit in dits] == [(True, False), (False, True), (False, False)]


def test_one_body_s_budget_says_nothing_of_another(panier: Commande) -> None:
    autre = fabrique.membre("Wimereux", de=panier.campagne)
    budgets.fixer(panier.campagne, autre.id, D("1.00"), BLOQUER, par=AUTOMATE, le=LE)
    commandes.soumettre(panier, panier.version, par=AUTOMATE, le=LE)


@pytest.fixture
def ouverte(app) -> tuple[Campagne, Collectivite]:
    """A window open today, a body that may order."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour, au=jour)
    campagne.marche.du, campagne.marche.au = jour.replace(year=jour.year - 1), jour.replace(year=jour.year + 1)
    return campagne, fabrique.membre("Wissant", de=campagne)


def test_the_valideur_sets_a_budget_and_the_basket_shows_it(ouverte, client_de) -> None:
    campagne, corps = ouverte
    article = catalogue.article(campagne.marche.lots[0], paliers="25:1.61", du=campagne.marche.du)
    fabrique.commande(campagne, corps, [(article, 50)])
    valideur = client_de(adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=corps))
    page = f"/panier/{campagne.id}/budget"
    assert valideur.get(page).status_code == 200
    refus = valideur.post(page, data={"montant_ttc": "beaucoup", "effet": "bloquer"})
    assert refus.status_code == 422 and "beaucoup" in refus.text
    assert valideur.post(page, data={"montant_ttc": "50,00", "effet": "bloquer"}).status_code == 303
    panier = valideur.get("/panier").text
    assert "Budget de votre collectivité" in panier and "dépasse de 46,60" in panier.replace("\xa0", " ")
    assert valideur.post(f"{page}/retrait").status_code == 303
    assert "Budget de votre collectivité" not in valideur.get("/panier").text


def test_an_agent_reads_the_budget_and_may_not_change_it(ouverte, client_de) -> None:
    campagne, corps = ouverte
    budgets.fixer(campagne, corps.id, D("50.00"), BLOQUER, par=AUTOMATE, le=LE)
    agent = client_de(adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=corps))
    assert agent.get(f"/panier/{campagne.id}/budget").status_code == 403
    assert agent.post(f"/panier/{campagne.id}/budget/retrait").status_code == 403
