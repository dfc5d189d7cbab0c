"""What the buyer follows of a campagne: the tiers its orders reach, before and after its bons."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.models import BonDeCommande, Campagne
from groupement.commandes.queries.complement import manques
from groupement.commandes.queries.suivi_campagne import suivi
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

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


def test_each_bon_has_its_price_where_each_place_reaches_its_own_tier(app: Any, sql: Any, client_de: Any) -> None:
    """60 and twice 20 delivered, one of them awaiting its valideur; 35 on paper; 10 collected."""
    lot = catalogue.lot(portee_palier=PorteePalier.BON)
    lot.un_bon_par_lieu = True
    boite = catalogue.article(lot, unites_par_colis=10, paliers="1:10.00|50:8.00")
    de = campagne(lot.marche)
    for unites, etat in ((60, EtatCommande.VALIDEE), (20, EtatCommande.VALIDEE), (20, EtatCommande.SOUMISE)):
        commande(de, membre(de=de), [(boite, unites)], etat=etat)
    commande(de, membre(de=de), [(boite, 35)], etat=EtatCommande.VALIDEE)
    commande(de, membre(de=de), [(boite, 10)], etat=EtatCommande.VALIDEE, mode=ModeDeRemise.DEPOT)
    db.session.commit()
    with sql() as envoyees:
        lu = suivi(de, JOUR)
    (article,) = lu.articles
    assert len(envoyees) == 5, envoyees
    # 60 × 8 €; twice 20 and once 30 × 10 €; 15 at the depot are 20 in packs
    assert (lu.montant_ht, lu.montant_valide_ht) == (D("1380.00"), D("1180.00"))
    assert (article.explication, article.manquantes, article.demande.demandees) == (None, 0, 145)
    page = client_de(adherents.utilisateur(roles=[Role.ACHETEUR])).get(f"/campagnes/{de.id}/paliers").text
    assert (
        "Chaque lieu de livraison a son bon et son prix" in page
        and "encore 5" not in page
        and "Meilleur prix" not in page
    )
    regrouper_ce_qui_est_valide(de)
    assert sum(bon.total_ht for bon in db.session.scalars(select(BonDeCommande))) == D("1180.00")


def regrouper_ce_qui_est_valide(de: Campagne) -> None:
    """The window is over, the bons are issued."""
    de.etat, de.close_le = EtatCampagne.CLOSE, APRES
    db.session.commit()
    regroupement.regrouper(de.id, par=AUTOMATE, le=APRES)
    db.session.commit()
