"""A body whose last pieces are not ordered reads it on its order, on a screen and on a telephone."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.outils.navigateur import TELEPHONE, sans_faute_axe
from tests.outils.parcours import tient_dans_l_ecran


@pytest.mark.parametrize("options", [{}, {"viewport": TELEPHONE, "color_scheme": "dark"}], ids=["bureau", "tel"])
def test_the_order_says_what_is_missing_and_why(app, nouvelle_page, serveur, options):
    lot = catalogue.lot(plafond_ht=Decimal(100000), franco_ht=None, minimum_commande_ht=Decimal(101))
    lot.un_bon_par_lieu = True
    boite = catalogue.article(lot, reference="REL-A4", unites_par_colis=10, paliers=catalogue.paliers("1:10.00"))
    fenetre = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    corps = membre("Audresselles", de=fenetre)
    passee = commande(fenetre, corps, [(boite, 25)], etat=EtatCommande.VALIDEE)
    regroupement.regrouper(fenetre.id, par=AUTOMATE, le=APRES)
    claire = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=corps)
    db.session.commit()
    page = nouvelle_page(claire, **options)
    page.goto(f"/commandes/{passee.id}")
    ligne = page.get_by_role("row").filter(has_text="REL-A4")
    expect(ligne).to_contain_text("En partie seulement")
    expect(ligne).to_contain_text("5\u00a0unités ne sont pas commandées")
    expect(ligne).to_contain_text("bon du dépôt, qui ne part pas")
    sans_faute_axe(page)
    tient_dans_l_ecran(page)
