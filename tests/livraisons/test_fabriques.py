"""The factories of the deliveries make what they say."""

from groupement.livraisons.states import EtatLivraison
from tests.fabriques.livraisons import campagne_regroupee, livraison, livraisons_de


def test_a_regrouped_campagne_expects_its_goods(app):
    bons = campagne_regroupee(2)
    assert len(livraisons_de(bons)) == 2
    assert [ligne.unites_attendues for ligne in livraisons_de(bons, depot=True)[0].lignes] == [10, 30]


def test_the_traits_of_a_delivery(app):
    assert livraison().etat is EtatLivraison.ANNONCEE
    assert livraison(recue=True).etat is EtatLivraison.LIVREE
    assert livraison(signalee=True).lignes[0].unites_refusees == 5
    assert livraison(depot=True, admise=True).etat is EtatLivraison.ADMISE
