"""The buyer changes the preview in a browser and sends the bons; the member finds what was postponed in its basket."""

from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.socle.db import db
from tests.commandes.test_ajustements import Fenetre
from tests.commandes.test_reports import Suite
from tests.fabriques import adherents
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


def test_a_buyer_changes_the_preview_then_sends_its_very_figures(app, nouvelle_page):
    fenetre = Fenetre()
    acheteur = adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR])
    db.session.commit()
    page = nouvelle_page(acheteur)
    page.goto(f"/campagnes/{fenetre.campagne.id}/regroupement")
    titre(page, "Aperçu du regroupement")
    sans_faute_axe(page)

    # Up to the next tier: read what it spares, say why, take it.
    page.get_by_role("link", name="Acheter jusqu’au palier de BTE-STD-10").click()
    titre(page, "Acheter jusqu’au palier de 1\u00a0000")
    expect(page.get_by_role("main")).to_contain_text("13,00\u00a0€ de moins")
    page.surveillance.tolerer(422)
    page.get_by_role("button", name="Acheter jusqu’au palier").click()
    expect(page.get_by_role("alert").first).to_contain_text("Écrivez pourquoi")
    sans_faute_axe(page)
    page.get_by_label("Motif").fill("Cela coûte moins cher.")
    page.get_by_role("button", name="Acheter jusqu’au palier").click()
    decisions = page.get_by_role("table", name="Vos décisions")
    expect(decisions).to_contain_text("1\u00a0000\u00a0unités achetées")

    # An article, who asks for it, one line of it postponed.
    page.locator(f"a[href$='/articles/{fenetre.chemise.id}']").click()
    demandeurs = page.get_by_role("table", name="Collectivités qui en demandent")
    expect(demandeurs.get_by_role("row")).to_have_count(3)
    sans_faute_axe(page)
    demandeurs.get_by_role("link", name="Reporter la ligne de Bapaume").click()
    page.get_by_label("Motif").fill("Plus de chemises avant mars.")
    page.get_by_role("button", name="Reporter à la prochaine campagne").click()
    expect(decisions.get_by_role("row")).to_have_count(3)
    sans_faute_axe(page)

    # One is taken back, the bons leave with the other.
    decisions.get_by_role("button", name="Retirer la décision sur").first.click()
    expect(page.get_by_role("table", name="Vos décisions").get_by_role("row")).to_have_count(2)
    page.get_by_label("J’ai relu ces chiffres").check()
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    titre(page, "Regroupement fait")
    expect(page.get_by_role("main")).to_contain_text("Plus de chemises avant mars")
    sans_faute_axe(page)
    page.get_by_role("link", name="Vérifier maintenant").click()
    expect(page.get_by_role("main")).to_contain_text("Tout tombe juste")
    sans_faute_axe(page)


def test_the_pages_of_a_decision_fit_a_phone_in_the_dark(app, nouvelle_page):
    fenetre = Fenetre()
    acheteur = adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR])
    db.session.commit()
    page = nouvelle_page(acheteur, viewport=TELEPHONE, color_scheme="dark")
    apercu = f"/campagnes/{fenetre.campagne.id}/regroupement"
    nouveau = f"{apercu}/ajustements/nouveau?genre=ajouter&article={fenetre.boite.id}&colis=2"
    for adresse in (apercu, f"{apercu}/articles/{fenetre.boite.id}", nouveau):
        page.goto(adresse)
        tient_dans_l_ecran(page)
        sans_faute_axe(page)


def test_a_member_puts_what_was_postponed_back_without_javascript(app, nouvelle_page):
    suite = Suite()
    page = nouvelle_page(suite.agent, viewport=TELEPHONE, java_script_enabled=False)
    page.goto("/panier")
    expect(page.get_by_role("main")).to_contain_text("Plus de carton avant mars.")
    page.get_by_role("button", name="Remettre dans mon panier").click()
    expect(page.get_by_role("main")).to_contain_text(suite.boite.designation)
    expect(page.get_by_role("button", name="Remettre dans mon panier")).to_have_count(0)
    page.goto(f"/commandes/{suite.d_ayette.id}")
    expect(page.get_by_role("main")).to_contain_text("Remis dans votre panier le")
