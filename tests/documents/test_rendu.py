"""The papers as files: archivable, the same every time, and every figure on them can be read."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pikepdf
import pytest
from pypdf import PdfReader

from groupement.documents import rendu
from groupement.documents.encres import lisible
from groupement.documents.pdf import Notice, PdfImpossible, composer
from groupement.documents.unites import accorde_a, iban, metres, sans_coupure
from groupement.socle.affichage import euros, nombre, prix
from tests.documents import exemples

PAPIERS = {
    "bon_de_commande": lambda: rendu.rendre_bon_de_commande(exemples.bon(3, 2)),
    "bon_de_livraison": lambda: rendu.rendre_bon_de_livraison(exemples.bon_de_livraison()),
    "facture": lambda: rendu.rendre_facture(exemples.facture(4)),
    "avoir": lambda: rendu.rendre_avoir(exemples.avoir(2)),
    "etat_des_lieux": lambda: rendu.rendre_etat_des_lieux(exemples.etat_des_lieux()),
}


@pytest.fixture(scope="module", params=PAPIERS)
def fichier(request):
    """Each paper once, laid out once."""
    return PAPIERS[request.param]()


def texte(pdf: bytes) -> str:
    """All that can be read in a file, every run of spaces made one."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def serre(valeur: str) -> str:
    """A value as `texte` gives it."""
    return re.sub(r"\s+", " ", valeur)


def polices(pdf: pikepdf.Pdf):
    """Every font named in the pages and in the forms they draw."""
    for page in pdf.pages:
        ressources = [page.Resources, *(forme.Resources for forme in page.Resources.get("/XObject", {}).values())]
        for ressource in ressources:
            yield from ressource.get("/Font", {}).values()


@pytest.mark.parametrize("nom", PAPIERS)
def test_the_same_paper_gives_the_same_bytes(nom):
    assert PAPIERS[nom]() == PAPIERS[nom]()


def test_every_font_travels_in_the_file(fichier):
    with pikepdf.Pdf.open(io.BytesIO(fichier)) as pdf:
        trouvees = list(polices(pdf))
        assert trouvees
        for police in trouvees:
            assert "/FontFile2" in police.FontDescriptor, police.BaseFont
            assert "SourceSansPro" in str(police.BaseFont)


def test_colours_are_declared_srgb(fichier):
    with pikepdf.Pdf.open(io.BytesIO(fichier)) as pdf:
        (intention,) = pdf.Root.OutputIntents
        assert intention.S == pikepdf.Name.GTS_PDFA1
        assert intention.DestOutputProfile.N == 3
        assert intention.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_the_file_says_it_is_pdf_a_3b_in_french(fichier):
    with pikepdf.Pdf.open(io.BytesIO(fichier)) as pdf:
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "B")
            assert xmp["dc:title"] == str(pdf.docinfo.Title)
            assert xmp["pdf:Producer"] == str(pdf.docinfo.Producer)
        assert str(pdf.Root.Lang) == "fr-FR"
        assert pdf.pdf_version == "1.7"
        assert not pdf.is_encrypted
        assert "/ID" in pdf.trailer


def test_the_file_is_dated_by_its_paper_and_not_by_the_clock(fichier):
    with pikepdf.Pdf.open(io.BytesIO(fichier)) as pdf:
        assert re.fullmatch(r"D:202[67]\d{4}000000Z", str(pdf.docinfo.CreationDate))
        with pdf.open_metadata() as xmp:
            assert xmp["xmp:CreateDate"].replace("-", "")[:8] == str(pdf.docinfo.CreationDate)[2:10]


def test_the_bon_shows_every_line_every_place_and_every_total():
    papier = exemples.bon(6, 3, revision=2, motif_revision="Ajout de Divion.")
    lu = texte(rendu.rendre_bon_de_commande(papier))
    attendus = [
        "2026-0042",
        "2025-ARCH-01",
        "Lot 1",
        "EJ-2026-00817",
        "ARCHIVES",
        "lundi 14 décembre 2026",
        "révision 2",
    ]
    attendus += ["Ajout de Divion.", "286 299 995 00014", "999 999 998 00019", "3 lieux", "Camille Delattre"]
    attendus += [euros(papier.totaux.total_ht), euros(papier.totaux.total_tva), euros(papier.totaux.total_ttc)]
    for ligne in papier.lignes:
        attendus += [ligne.reference, nombre(ligne.unites), prix(ligne.prix_unitaire_ht), euros(ligne.montant_ht)]
    for lieu in papier.lieux:
        attendus += [lieu.contact, lieu.telephone, lieu.horaires, lieu.commande, *lieu.acces]
        attendus += [lieu.adresse.complete[-1]]
    for attendu in attendus:
        assert serre(attendu) in lu, attendu


def test_the_delivery_list_gives_each_place_its_packs():
    lu = texte(rendu.rendre_bon_de_commande(exemples.bon(2, 30)))
    assert "Où livrer : 30 lieux" in lu
    assert lu.count("2 × 50 100 pièces") == 30


def test_the_slip_leaves_room_to_tick_and_to_sign():
    lu = texte(rendu.rendre_bon_de_livraison(exemples.bon_de_livraison(3)))
    for attendu in ("Reçu", "Refusé", "Remarques", "Escalier, 2e étage", "03/12/2026", "14/12/2026", "2026-0042"):
        assert attendu in lu


def test_the_facture_shows_lines_vat_totals_and_how_to_pay():
    papier = exemples.facture(4)
    lu = texte(rendu.rendre_facture(papier))
    attendus = [
        "F2026-000123",
        "20/12/2026",
        "mardi 19 janvier 2027",
        "EJ-2026-00055",
        "SECRETARIAT",
        "216 299 909 00012",
    ]
    attendus += ["FR76 3000 1007 9412 3456 7890 185", "BDFEFRPP", "2026-0042", "L-00311"]
    attendus += [euros(papier.totaux.total_ht), euros(papier.totaux.total_ttc)]
    for tva in papier.totaux.tvas:
        attendus += [euros(tva.base_ht), euros(tva.montant)]
    for ligne in papier.lignes:
        attendus += [ligne.reference, prix(ligne.prix_unitaire_ht), euros(ligne.montant_ht)]
    for attendu in attendus:
        assert serre(attendu) in lu, attendu


def test_a_facture_without_vat_speaks_neither_of_ht_nor_of_vat():
    lignes = tuple(replace(ligne, tva_pct=None) for ligne in exemples.lignes_facture(2))
    papier = exemples.facture(
        2, lignes=lignes, totaux=exemples.totaux(exemples.bases(lignes), sans_tva=True), mentions=()
    )
    lu = texte(rendu.rendre_facture(papier))
    assert serre(euros(papier.totaux.total_ttc)) in lu
    assert not re.search(r"\bHT\b|\bTVA\b|\bTTC\b", lu)


def test_the_avoir_names_the_facture_it_corrects_and_asks_for_no_payment():
    papier = exemples.avoir(2)
    lu = texte(rendu.rendre_avoir(papier))
    for attendu in ("A2026-000007", "F2026-000123 du 20/12/2026", papier.motif, euros(papier.totaux.total_ttc)):
        assert serre(attendu) in lu, attendu
    assert "IBAN" not in lu


@pytest.mark.parametrize(
    ("visa", "attendu"), [(False, "rien ne peut être détruit"), (True, "Visa d’élimination n° 2026-214")]
)
def test_the_report_says_whether_the_eliminations_have_their_visa(visa, attendu):
    lu = texte(rendu.rendre_etat_des_lieux(exemples.etat_des_lieux(visa=visa)))
    for figure in (attendu, "80,20 ml", "29,25 ml", "50,95 ml", "244 boîtes", "243,5, arrondi à 244", "10 colis de 25"):
        assert figure in lu, figure


@pytest.mark.parametrize(("lignes", "pages"), [(1, 1), (60, 3)])
def test_pages_are_numbered_only_when_there_are_several(lignes, pages):
    pdf = rendu.rendre_facture(exemples.facture(lignes))
    lu = texte(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == pages
    assert ("Page 1 / " in lu) == (pages > 1)
    assert lu.count(f"/ {pages}") == (pages if pages > 1 else 0)


def test_the_columns_are_named_again_on_every_page_that_holds_lines():
    lues = [page.extract_text() for page in PdfReader(io.BytesIO(rendu.rendre_facture(exemples.facture(90)))).pages]
    avec_lignes = [page for page in lues if "BTE-" in page]
    assert len(avec_lignes) == 3
    assert all("Désignation" in page for page in avec_lignes)


def test_the_totals_stay_together():
    for lignes in range(12, 24):
        pages = [
            page.extract_text() for page in PdfReader(io.BytesIO(rendu.rendre_facture(exemples.facture(lignes)))).pages
        ]
        assert any("Total HT" in page and "Total TTC" in page for page in pages), lignes


def test_what_people_type_is_text_and_never_markup():
    emetteur = replace(exemples.CDG, nom="<b>A & B</b> {{ 7*7 }}")
    lieu = replace(exemples.bon(1, 1).lieux[0], collectivite="Écoles <i>& Cie</i>")
    bon = replace(exemples.bon(1, 1), donneur_d_ordre=emetteur, lieux=(lieu,))
    lu = texte(rendu.rendre_bon_de_commande(bon))
    assert "<b>A & B</b> {{ 7*7 }}" in lu
    assert "Écoles <i>& Cie</i>" in lu


def test_characters_the_typeface_lacks_are_replaced_and_accents_composed():
    assert lisible("Ecole\u0301 \U0001f4e6\x07 5\u202f€") == "Ecolé ?? 5\u202f€"
    debiteur = replace(exemples.COMMUNE, nom="Mairie \U0001f3db de Lillers")
    assert "Mairie ? de Lillers" in texte(rendu.rendre_facture(exemples.facture(1, debiteur=debiteur)))


def test_a_word_too_long_for_its_column_is_cut_and_hides_nothing():
    reference, designation = "REF-" + "X" * 60, "Y" * 120
    premiere = exemples.lignes_facture(1)[0]
    lignes = (replace(premiere, reference=reference, designation=designation),)
    lu = texte(rendu.rendre_facture(exemples.facture(1, lignes=lignes)))
    assert (lu.count("X"), lu.count("Y")) == (60, 120)
    assert not re.search("X{20}|Y{60}", lu)


def test_a_word_too_long_is_cut_in_the_delivery_list_too():
    bon = exemples.bon(1, 1)
    reference = "R" * 70
    lieu = replace(bon.lieux[0], lignes=(replace(bon.lieux[0].lignes[0], reference=reference),))
    lu = texte(
        rendu.rendre_bon_de_commande(replace(bon, lignes=(replace(bon.lignes[0], reference=reference),), lieux=(lieu,)))
    )
    assert lu.count("R" * 25) == 0
    assert lu.count("R") >= 140


def test_text_in_a_font_that_stays_outside_the_file_is_refused():
    notice = Notice(titre="Essai", auteur="CdG62", sujet="", le=date(2026, 1, 1))
    with pytest.raises(PdfImpossible, match="absente du fichier"):
        composer("<html><body><p>Sans police</p></body></html>", notice)


def test_a_paper_reads_nothing_on_the_disk_but_its_fonts():
    bon = exemples.bon(1, 1, consignes=('<img src="/etc/passwd">',))
    assert '<img src="/etc/passwd">' in texte(rendu.rendre_bon_de_commande(bon))


@pytest.mark.parametrize(
    ("unite", "unites", "attendu"),
    [
        ("pièce", 1, "pièce"),
        ("pièce", 2, "pièces"),
        ("rouleau", 5, "rouleaux"),
        ("colis", 3, "colis"),
        ("", 3, ""),
        ("boîte de 5", 4, "boîtes de 5"),
    ],
)
def test_a_unit_agrees_with_its_count(unite, unites, attendu):
    assert accorde_a(unite, unites) == attendu


def test_an_iban_reads_by_groups_of_four_and_a_dimension_in_metres():
    assert iban("FR76 30001007941234567890185").split("\u00a0") == [
        "FR76",
        "3000",
        "1007",
        "9412",
        "3456",
        "7890",
        "185",
    ]
    assert (metres(4200), metres(2350), metres(None)) == ("4,2\u00a0m", "2,35\u00a0m", "–")


def test_a_negative_line_for_a_refaction_is_billed_and_shown():
    lignes = exemples.lignes_facture(2)
    refaction = replace(
        lignes[1],
        reference="",
        designation="Réfaction : boîtes déchirées",
        unites=None,
        prix_unitaire_ht=None,
        montant_ht=D("-5.00"),
    )
    toutes = (*lignes, refaction)
    papier = exemples.facture(2, lignes=toutes, totaux=exemples.totaux(exemples.bases(toutes)))
    lu = texte(rendu.rendre_facture(papier))
    assert serre(euros(D("-5.00"))) in lu


def test_a_measure_is_not_cut_at_the_end_of_a_line():
    assert (
        sans_coupure("dos 10 cm à monter, 120 g, 6 tablettes")
        == "dos 10\u00a0cm à monter, 120\u00a0g, 6\u00a0tablettes"
    )
    assert sans_coupure("2 boîtes 1,00 m × 0,35 m") == "2 boîtes 1,00\u00a0m\u00a0×\u00a00,35\u00a0m"
