"""The buyer revises a bon after looking at the figures, then cancels it for a new one; the supplier reads both."""

import re

from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.socle.db import db
from tests.commandes.test_bons_annules import bon_de
from tests.fabriques import adherents
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran, titre


def test_a_bon_is_revised_then_cancelled_for_a_new_one(app, nouvelle_page):
    bon = bon_de()
    acheteur = adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR])
    personne = adherents.utilisateur("Marc Caron", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=personne.id, fournisseur_id=bon.fournisseur_id))
    db.session.commit()
    page = nouvelle_page(acheteur)
    page.goto(f"/bons/{bon.id}")
    page.get_by_role("link", name="Réviser le bon").click()
    titre(page, f"Réviser le bon {bon.numero}")
    page.get_by_label("Motif de la révision").fill("Le fournisseur manque de carton.")

    # More than there is: said by the field, nothing leaves.
    page.locator('[name="articles-0-garder"]').fill("900")
    page.surveillance.tolerer(422)
    page.get_by_role("button", name="Voir ce que cela donne").click()
    expect(page.get_by_role("alert").first).to_contain_text("une révision n’ajoute rien")
    sans_faute_axe(page)
    page.locator('[name="articles-0-garder"]').fill("50")
    page.get_by_role("button", name="Voir ce que cela donne").click()
    expect(page.get_by_role("table", name="Ce qui change sur le bon")).to_contain_text("50\u00a0unités")
    sans_faute_axe(page)
    page.get_by_role("button", name="Envoyer la révision").click()
    titre(page, f"Bon de commande {bon.numero}")
    expect(page.get_by_role("main")).to_contain_text("Révision 1")
    sans_faute_axe(page)

    # The supplier sees what changed, on a phone in the dark.
    fournisseur = nouvelle_page(personne, viewport=TELEPHONE, color_scheme="dark")
    fournisseur.goto(f"/fournisseur/bons/{bon.id}")
    fournisseur.get_by_role("button", name="Ouvrir la révision 1").click()
    expect(fournisseur.get_by_role("main")).to_contain_text("Le fournisseur manque de carton.")
    tient_dans_l_ecran(fournisseur)
    sans_faute_axe(fournisseur)
    fournisseur.get_by_role("button", name="Confirmer la réception").click()
    expect(fournisseur.get_by_role("status").first).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Annuler le bon").click()
    sans_faute_axe(page)
    page.get_by_label("Motif").fill("Le titulaire décline.")
    page.get_by_label(re.compile("^Que deviennent")).select_option(index=1)
    page.get_by_role("button", name="Annuler le bon").click()
    expect(page.get_by_role("main")).to_contain_text(f"Remplace le bon {bon.numero}, annulé")
    page.goto(f"/bons/{bon.id}")
    expect(page.get_by_role("main")).to_contain_text("Bon annulé le")
    sans_faute_axe(page)
    page.goto("/bons/")
    expect(page.get_by_role("main")).to_contain_text("Plafond des lots de cette page")
    sans_faute_axe(page)
