"""A titulaire declines: the buyer reads what changes, notes it, and the bon goes to the second at its prices."""

import re

from playwright.sync_api import expect

from groupement.adherents.states import Role
from tests.commandes.test_desistements import Affaire
from tests.fabriques import adherents
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


def test_the_first_declines_and_the_bon_goes_to_the_second_at_its_prices(app, nouvelle_page):
    affaire = Affaire()
    acheteur = adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR])
    premier = affaire.premier.fournisseur.nom
    page = nouvelle_page(acheteur)
    page.goto(f"/campagnes/{affaire.ids[0]}/regroupement")
    page.get_by_role("link", name=re.compile("^Il a décliné")).click()
    titre(page, f"{premier} décline le lot 1")
    expect(page.get_by_role("table", name="Ce que cela change")).to_contain_text("105,00\u00a0€")
    sans_faute_axe(page)
    page.get_by_label("Ce que le titulaire a répondu").fill("Rupture de carton jusqu’en mars.")
    page.get_by_role("button", name="Passer au titulaire suivant").click()
    bloc = page.get_by_role("main")
    expect(bloc).to_contain_text("Titulaire du lot 1\u00a0: Papeterie Y (fictive)")
    expect(bloc).to_contain_text("Le lot coûte 14,00\u00a0€ HT de moins.")
    page.get_by_text(f"Ligne par ligne, contre {premier}").click()
    sans_faute_axe(page)

    page.get_by_role("checkbox", name=re.compile("relu|lu ")).check()
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    titre(page, "Regroupement fait")
    expect(page.get_by_role("main")).to_contain_text("Rupture de carton jusqu’en mars.")
    page.get_by_role("main").get_by_role("link", name=re.compile("^BC-")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Papeterie Y (fictive)")
    expect(page.get_by_role("main")).to_contain_text("211,00\u00a0€")

    # The prices of all, and what was declined, on a phone in the dark.
    telephone = nouvelle_page(acheteur, viewport=TELEPHONE, color_scheme="dark")
    for adresse in ("titulaires", "prix", "desistements"):
        telephone.goto(f"/lots/{affaire.ids[1]}/{adresse}")
        tient_dans_l_ecran(telephone)
        sans_faute_axe(telephone)
