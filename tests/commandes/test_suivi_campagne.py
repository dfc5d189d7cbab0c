"""What the buyer follows of a campagne: the tiers its orders reach, before and after its bons."""

from decimal import Decimal
from typing import Any

import pytest

from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.queries.complement import manques
from groupement.commandes.queries.suivi_campagne import suivi
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande

D = Decimal
JOUR = jour_a_paris(LE)


@pytest.mark.parametrize("portee", PorteePalier)
def test_what_the_bons_of_a_campagne_bought_is_what_its_orders_ask_not_more(
    app: Any, sql: Any, portee: PorteePalier
) -> None:
    """300 pieces bought in spring, 400 asked in autumn; the tier is at 750, then at 1 000 pieces."""
    lot = catalogue.lot(portee_palier=portee)
    boite = catalogue.article(lot, unites_par_colis=50, paliers="50:1.00|750:0.90|1000:0.80")
    campagnes = []
    for intitule, unites in (("Printemps", 300), ("Automne", 400)):
        de = campagne(lot.marche, intitule=intitule, etat=EtatCampagne.CLOSE)
        commande(de, None, [(boite, unites)], etat=EtatCommande.VALIDEE)
        db.session.commit()
        avant = suivi(de, JOUR)
        regroupement.regrouper(de.id, par=AUTOMATE, le=APRES)
        db.session.commit()
        campagnes.append((de, avant))
    de, avant = campagnes[-1]
    with sql() as envoyees:
        apres = suivi(de, JOUR)
    comptees = 700 if portee is PorteePalier.MARCHE else 400
    for lu in (avant, apres):
        (article,) = lu.articles
        assert article.explication is not None
        assert (article.explication.unites_comptees, article.montant_ht) == (comptees, D("400.00"))
        assert article.manquantes == 750 - comptees
    assert len(envoyees) <= 5, envoyees
    assert [m.demande.deja_achetees for m in manques(de, JOUR)] in ([], [comptees - 400])
