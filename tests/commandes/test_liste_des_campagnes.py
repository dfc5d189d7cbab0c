"""What the list of campagnes sums."""

from decimal import Decimal

from groupement.commandes.queries.campagnes import campagnes
from groupement.commandes.states import EtatCommande
from tests.fabriques import catalogue
from tests.fabriques.commandes import campagne, commande, membre


def test_the_amount_of_a_campagne_is_in_euros_and_counts_what_is_committed(session):
    ouverte = campagne()
    boite = catalogue.article(ouverte.marche.lots[0])
    for etat, total in (
        (EtatCommande.VALIDEE, "120.50"),
        (EtatCommande.VALIDEE, "9.05"),
        (EtatCommande.SOUMISE, "77.00"),
    ):
        commande(ouverte, membre(de=ouverte), [(boite, 25)], etat=etat, total_ht=Decimal(total))
    ligne = session.execute(campagnes()).one()
    assert (ligne.commandes, ligne.validees, ligne.total_ht) == (3, 2, Decimal("129.55"))


def test_a_campagne_without_a_committed_order_counts_nothing(session):
    ouverte = campagne()
    commande(ouverte, membre(de=ouverte), [(catalogue.article(ouverte.marche.lots[0]), 25)])
    assert session.execute(campagnes()).one().total_ht == Decimal(0)
