"""Journey: after the window, an agent proposes to fill a pack, the valideur commits it from the mail."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.commandes.models import LigneCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from tests.fabriques.complements import phase
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


@pytest.fixture
def monde(session):
    """A campagne closed three days ago, to be completed for four more."""
    jour = aujourdhui()
    return phase(du=jour - timedelta(days=30), au=jour - timedelta(days=3), complement_au=jour + timedelta(days=4))


@pytest.mark.parametrize(
    "options", [{}, {"viewport": TELEPHONE}, {"java_script_enabled": False}], ids=["ecran", "telephone", "sans"]
)
def test_an_agent_proposes_and_the_valideur_fills_the_pack(monde, nouvelle_page, session, options):
    agent = nouvelle_page(utilisateur=monde.wissant.agent, **options)
    agent.goto("/panier")
    titre(agent, "Compléter les colis")
    expect(agent.get_by_text("Il manque 12", exact=False)).to_be_visible()
    if not options:
        sans_faute_axe(agent)
    carte = agent.locator(".carte", has_text="CHE-50")
    expect(carte.get_by_label(re.compile("Combien en ajouter"))).to_have_value("12")
    carte.get_by_role("button", name="Proposer au valideur").click()
    expect(agent.get_by_text("Proposé à Hervé Duquesne")).to_be_visible()
    session.rollback()
    lien = re.search(r"https?://[^/]+(/commandes/\S+)", session.scalars(select(Courriel.corps)).one())
    valideur = nouvelle_page(utilisateur=monde.wissant.valideur, **options)
    valideur.goto(lien.group(1))
    titre(valideur, "Ajouter à votre commande")
    tient_dans_l_ecran(valideur)
    if not options:
        sans_faute_axe(valideur)
    valideur.get_by_role("button", name="Ajouter et engager").click()
    titre(valideur, "Compléter les colis")
    expect(valideur.get_by_text("sous l’engagement E-2026-41")).to_be_visible()
    session.rollback()
    unites = select(LigneCommande.unites).filter_by(commande_id=monde.wissant.commande.id, article_id=monde.chemise.id)
    assert session.scalar(unites) == 30
