"""The shell gives the figures of the page, at the titulaire that has not declined."""

from decimal import Decimal

from tests.commandes.test_desistements import Affaire


def test_the_preview_and_the_real_run_name_the_second_at_its_prices(groupement):
    affaire = Affaire()
    affaire.decline()
    attendu = affaire.apercu().resultat.bons[0]
    apercu = groupement("regrouper", "--campagne", affaire.ids[0], "--previsualiser", "--json").json["bons"][0]
    reel = groupement("regrouper", "--campagne", affaire.ids[0], "--json").json["bons"][0]
    assert apercu["fournisseur"] == reel["fournisseur"] == "Papeterie Y (fictive)"
    assert Decimal(str(apercu["total_ht"])) == Decimal(str(reel["total_ht"])) == attendu.total_ht
    assert apercu["lignes"] == reel["lignes"]
