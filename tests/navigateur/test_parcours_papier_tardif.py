"""The post brings an order after the last day: the buyer enters it in the closed campagne, its town hall reads why."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.commandes.models import Commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import campagne, commande, membre
from tests.outils.navigateur import ORDINATEUR, TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre

POSTE = "Posté avant la fin, cachet de la poste faisant foi"


def le_monde():
    """A window that ended yesterday: Ayette's order is committed, Wissant's basket was not; a buyer, an agent."""
    jour = aujourdhui()
    marche = catalogue.marche(
        **{"lots": 1, "du": jour - timedelta(days=300), "au": jour + timedelta(days=300)},
        consultation_le=jour - timedelta(days=400),
    )
    close = campagne(marche, du=jour - timedelta(days=30), au=jour - timedelta(days=1), etat=EtatCampagne.CLOSE)
    boite = catalogue.article(marche.lots[0], reference="BTE-10", unites_par_colis=25, paliers="25:1.61")
    commande(close, membre("Ayette", de=close), [(boite, 50)], etat=EtatCommande.VALIDEE)
    wissant = membre("Wissant", de=close)
    commande(close, wissant, [(boite, 75)])
    acheteuse = adherents.utilisateur("Amélie Caron", roles=[Role.ACHETEUR])
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=wissant)
    db.session.commit()
    return close, wissant, acheteuse, agent


def relue(page):
    """Nothing axe finds, nothing to scroll sideways."""
    sans_faute_axe(page)
    tient_dans_l_ecran(page)


@pytest.mark.parametrize("ecran", [ORDINATEUR, TELEPHONE], ids=["ordinateur", "telephone"])
def test_a_paper_of_the_day_after_enters_with_its_reason(nouvelle_page, session, ecran):
    close, wissant, acheteuse, agent = le_monde()
    page = nouvelle_page(utilisateur=acheteuse, viewport=ecran)
    page.goto(f"/campagnes/{close.id}")
    expect(page.locator("main")).to_contain_text("se saisit encore, jusqu’au regroupement")
    relue(page)
    page.get_by_role("link", name="Saisir une commande papier").click()
    titre(page, "Saisir une commande reçue sur papier")
    relue(page)

    # Arrived after the last day: a reason is asked for, by its field.
    page.get_by_label("Collectivité", exact=True).fill(wissant.siren)
    page.get_by_label("Reçue le").fill(aujourdhui().isoformat())
    page.get_by_label("Signée par").fill("Jean Leroy, maire")
    page.get_by_label("Articles").fill("BTE-10\t30")
    page.get_by_role("button", name="Relire avant d’enregistrer").click()
    expect(page.get_by_label(re.compile("Pourquoi l’accepter"))).to_have_attribute("aria-invalid", "true")
    expect(page.locator("main")).to_contain_text("écrivez pourquoi il est accepté")
    relue(page)
    page.get_by_label(re.compile("Pourquoi l’accepter")).fill(POSTE)
    page.get_by_role("button", name="Relire avant d’enregistrer").click()

    # The preview says what it is, what it replaces, and its rank; only the sheet's own quantity counts.
    titre(page, "Relire la commande de Wissant")
    for phrase in (POSTE, "ce panier est annulé", "les commandes déjà là passent avant elle", "30 (nouveau)"):
        expect(page.locator("main")).to_contain_text(phrase)
    relue(page)
    page.get_by_role("button", name="Enregistrer au nom de Wissant").click()
    expect(page.get_by_role("main")).to_contain_text("Saisie d’après un bon papier")
    expect(page.get_by_role("main")).to_contain_text(POSTE)
    relue(page)
    page.goto(f"/campagnes/{close.id}/regroupement")
    expect(page.locator("#papiers-tardifs")).to_contain_text(POSTE)
    relue(page)
    etats = session.scalars(db.select(Commande.etat).where(Commande.collectivite_id == wissant.id)).all()
    assert sorted(etats) == [EtatCommande.ANNULEE, EtatCommande.VALIDEE]
    assert session.scalars(db.select(Courriel.destinataire)).all() == [agent.email]

    # The town hall reads it too, and cannot change it.
    mairie = nouvelle_page(utilisateur=agent, viewport=ecran)
    validee = session.scalars(db.select(Commande.id).where(Commande.etat == EtatCommande.VALIDEE)).all()[-1]
    mairie.goto(f"/commandes/{validee}")
    expect(mairie.locator("main")).to_contain_text(POSTE)
    expect(mairie.get_by_role("button", name="Rouvrir la commande")).to_have_count(0)
    relue(mairie)
