"""Papers that contradict themselves do not exist."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from groupement.documents.papiers import PapierIncoherent, Totaux, TvaTaux
from tests.documents import exemples


def test_totals_whose_bases_do_not_make_the_total_are_refused():
    with pytest.raises(PapierIncoherent, match="bases de TVA"):
        Totaux(
            total_ht=D("10.01"),
            tvas=(TvaTaux(taux_pct=D(20), base_ht=D("10.00"), montant=D("2.00")),),
            total_ttc=D("12.01"),
        )


def test_totals_whose_ttc_is_not_ht_plus_vat_are_refused():
    with pytest.raises(PapierIncoherent, match="total TTC"):
        Totaux(
            total_ht=D("10.00"),
            tvas=(TvaTaux(taux_pct=D(20), base_ht=D("10.00"), montant=D("2.00")),),
            total_ttc=D("12.01"),
        )


def test_a_bon_whose_lines_do_not_make_its_total_is_refused():
    bon = exemples.bon()
    with pytest.raises(PapierIncoherent, match="les lignes font"):
        replace(bon, port_ht=D("145.01"))
    with pytest.raises(PapierIncoherent, match="les lignes font"):
        replace(bon, lignes=bon.lignes[:-1])


def test_a_line_whose_amount_is_not_pieces_times_price_is_refused():
    ligne = exemples.bon().lignes[0]
    with pytest.raises(PapierIncoherent, match="attendus"):
        replace(ligne, montant_ht=ligne.montant_ht + D("0.01"))


def test_a_line_whose_packs_do_not_hold_its_pieces_is_refused():
    with pytest.raises(PapierIncoherent, match="pièces en colis"):
        replace(exemples.bon().lignes[0], colis=3)


def test_a_bon_whose_places_do_not_receive_what_is_ordered_is_refused():
    bon = exemples.bon(lieux=2)
    with pytest.raises(PapierIncoherent, match="BTE-STD-10"):
        replace(bon, lieux=bon.lieux[:1])


def test_a_bon_without_line_and_a_place_without_line_are_refused():
    bon = exemples.bon()
    with pytest.raises(PapierIncoherent, match="sans ligne"):
        replace(bon, lignes=())
    with pytest.raises(PapierIncoherent, match="sans ligne"):
        replace(bon.lieux[0], lignes=())


@pytest.mark.parametrize("fabrique", [exemples.facture, exemples.avoir])
def test_a_facture_or_avoir_whose_lines_do_not_make_its_total_is_refused(fabrique):
    papier = fabrique(4)
    premiere, *suite = papier.lignes
    fausse = replace(premiere, montant_ht=premiere.montant_ht + D("0.01"))
    with pytest.raises(PapierIncoherent, match="les lignes font"):
        replace(papier, lignes=(fausse, *suite))


def test_a_facture_whose_rate_holds_other_lines_than_its_base_is_refused():
    papier = exemples.facture(4)
    premiere, *suite = papier.lignes
    with pytest.raises(PapierIncoherent, match="taux"):
        replace(papier, lignes=(replace(premiere, tva_pct=D("5.5")), *suite))


def test_an_avoir_without_reason_is_refused():
    with pytest.raises(PapierIncoherent, match="sans motif"):
        exemples.avoir(motif="  ")


def test_a_measure_whose_parts_do_not_make_the_whole_is_refused():
    with pytest.raises(PapierIncoherent, match="mesurés"):
        replace(exemples.etat_des_lieux().mesures[0], eliminable_mm=1)


def test_a_report_whose_total_is_not_the_sum_of_its_measures_is_refused():
    papier = exemples.etat_des_lieux()
    with pytest.raises(PapierIncoherent, match="mesure_mm"):
        replace(papier, mesures=papier.mesures[1:])


def test_a_report_whose_estimate_is_not_the_sum_of_its_needs_is_refused():
    papier = exemples.etat_des_lieux()
    with pytest.raises(PapierIncoherent, match="estimation"):
        replace(papier, besoins=papier.besoins[1:])
