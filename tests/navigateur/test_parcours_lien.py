"""A supplier without an account: the mail, its link, confirmed, another date asked, accepted, a shipment announced."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.queries.liens import jeton_du_bon
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques import adherents
from tests.fabriques.livraisons import campagne_regroupee
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


def lien_du_courriel(bon, adresse):
    """What the supplier reads in its mail, on the server of the test."""
    corps = db.session.scalars(
        select(Courriel.corps).where(Courriel.destinataire == bon.fournisseur.courriel).order_by(Courriel.id.desc())
    ).first()
    db.session.rollback()
    return adresse + re.search(r"(/bon-recu/\S+)", corps)[1]


def jour(plus):
    """A day to come, as a date field takes it."""
    return (aujourdhui() + timedelta(days=plus)).isoformat()


@pytest.mark.parametrize(
    "options",
    [{}, {"java_script_enabled": False, "viewport": TELEPHONE, "color_scheme": "dark"}],
    ids=["bureau", "tel"],
)
def test_a_supplier_without_an_account_answers_its_bon_to_the_end(app, nouvelle_page, serveur, options):
    (bon,) = campagne_regroupee(2)
    bon.emis_le, bon.a_livrer_avant_le = maintenant() - timedelta(days=1), aujourdhui() + timedelta(days=20)
    sandrine = adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR])
    db.session.commit()

    def juste(page):
        """Nothing for axe to say, nothing beyond the screen (both need scripts to be asked)."""
        if options.get("java_script_enabled", True):
            sans_faute_axe(page)
            tient_dans_l_ecran(page)

    page = nouvelle_page(**options)
    page.goto(lien_du_courriel(bon, serveur.adresse))
    titre(page, f"Bon {bon.numero}")
    juste(page)
    page.get_by_role("button", name="Ouvrir le bon de commande").click()
    expect(page.locator("main .phrase").first).to_contain_text("À confirmer")
    juste(page)

    # Without a name, nothing is confirmed.
    page.surveillance.tolerer(422)
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_role("alert").first).to_contain_text("Votre nom")
    juste(page)
    page.get_by_label("Votre nom").fill("Paul Martin")
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_role("status").first).to_contain_text("sait que vous avez le bon")

    page.get_by_role("link", name="Proposer une date").click()
    juste(page)
    page.get_by_label("Date de livraison proposée").fill(jour(34))
    page.get_by_label("Depuis quand le savez-vous").fill(jour(0))
    page.get_by_label("Pourquoi").fill("Rupture de carton chez le cartonnier.")
    expect(page.get_by_label("Votre nom")).to_have_value("Paul Martin")
    page.get_by_role("button", name="Proposer cette date").click()
    expect(page.get_by_role("main")).to_contain_text("attend la réponse du Centre de gestion")
    page.get_by_role("link", name="Écrire une observation").click()
    juste(page)
    page.get_by_label("Votre observation").fill("Un lieu n’a pas de quai.")
    page.get_by_role("button", name="Envoyer l’observation").click()

    acheteur = nouvelle_page(sandrine, **options)
    acheteur.goto("/")
    expect(acheteur.get_by_role("main")).to_contain_text("1 observation de fournisseur")
    acheteur.get_by_role("listitem").filter(has_text="autre date").get_by_role("link").first.click()
    titre(acheteur, f"Bon de commande {bon.numero}")
    juste(acheteur)
    acheteur.get_by_role("link", name="Répondre").first.click()
    titre(acheteur, re.compile("^(Autre date|Observation)"))
    acheteur.goto(acheteur.url.rpartition("/bons/")[0] + f"/bons/{bon.id}/propositions/1")
    juste(acheteur)
    acheteur.get_by_label("Accepter cette date").check()
    acheteur.get_by_role("button", name="Envoyer la réponse").click()
    expect(acheteur.get_by_role("main")).to_contain_text("Révision 1")
    acheteur.goto(f"/bons/{bon.id}/observations/1")
    juste(acheteur)
    acheteur.get_by_label("Votre réponse").fill("La mairie prête un transpalette.")
    acheteur.get_by_role("button", name="Envoyer la réponse").click()

    # The new mail carries the same link; the revision is opened, confirmed, and a round announced.
    page.goto(lien_du_courriel(bon, serveur.adresse))
    page.get_by_role("button", name="Ouvrir la révision 1").click()
    expect(page.get_by_role("main")).to_contain_text("La mairie prête un transpalette.")
    page.get_by_role("button", name="Confirmer la réception").click()
    page.get_by_role("link", name="Annoncer un envoi").click()
    juste(page)
    page.get_by_label(re.compile("^Annoncer la livraison")).first.check()
    page.get_by_label("Jour de livraison").fill(jour(30))
    page.get_by_label("Transporteur").fill("Transports Dubois")
    page.get_by_label("Nombre de colis").fill("12")
    page.get_by_role("button", name="Annoncer l’envoi").click()
    expect(page.get_by_role("status").first).to_contain_text("Date annoncée")
    page.locator("tbody th a").last.click()
    titre(page, re.compile("^Annoncer une partie"))
    juste(page)

    # Another day for the place announced: the old one stays to be read, by the supplier and by who waits for it.
    page.goto(page.url.rpartition("/")[0])
    annoncee = page.get_by_label(re.compile("^Annoncer la livraison")).first
    numero = annoncee.get_attribute("value")
    page.locator("tbody th a").first.click()
    expect(page.get_by_label("Ce jour remplace ce que vous aviez annoncé")).to_be_checked()
    page.get_by_label("Jour de livraison").fill(jour(32))
    page.get_by_role("button", name="Annoncer cet envoi").click()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("main")).to_contain_text("Ne tient plus")
    juste(page)
    for adresse in (f"/livraisons/{numero}", "/livraisons/"):
        acheteur.goto(adresse)
        expect(acheteur.get_by_role("main")).to_contain_text(re.compile("avant", re.IGNORECASE))
        juste(acheteur)
    acheteur.goto(f"/bons/{bon.id}")
    expect(acheteur.get_by_role("main")).to_contain_text("Transports Dubois, 12\u00a0colis")

    # The buyer renews the link: the old one says so.
    ancien = f"/bon-recu/{jeton_du_bon(bon)}"
    acheteur.get_by_text("Envoyer un nouveau lien", exact=True).click()
    acheteur.get_by_role("button", name="Oui, envoyer").click()
    expect(acheteur.get_by_role("status").first).to_contain_text("Un nouveau lien part")
    page.surveillance.tolerer(410)
    assert page.goto(ancien).status == 410
    titre(page, "Ce lien n’est plus valable")
    juste(page)
