"""The letters of an enquête: a page each, archivable, with an address a telephone can read."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
import qrcode
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from groupement.documents.lettres import MASQUE, rendre_lettres
from groupement.documents.papiers import Adresse, Organisme, PapierIncoherent
from groupement.documents.papiers.lettres import LettrePapier

LETTRE = LettrePapier(
    expediteur=Organisme(
        nom="Centre de gestion",
        adresse=Adresse(lignes=("Allée du Château",), code_postal="62700", commune="Bruay-la-Buissière"),
        siret="28629999500014",
    ),
    destinataire=Organisme(
        nom="Ayette", adresse=Adresse(lignes=("1 place de la Mairie",), code_postal="62116", commune="Ayette")
    ),
    objet="Vos archives\u00a0: que souhaite votre collectivité\u00a0?",
    paragraphes=("Madame, Monsieur,", "Que souhaitez-vous\u00a0? <b>Rien</b> & peu."),
    ecrite_le=date(2026, 11, 22),
    echeance=date(2026, 12, 15),
    lien="https://groupement.example.org/declaration-intention/MTI.abc",
)


def test_each_letter_is_one_page_and_the_same_twice():
    octets = rendre_lettres([LETTRE, replace(LETTRE, lien=LETTRE.lien + "d")])
    assert octets == rendre_lettres([LETTRE, replace(LETTRE, lien=LETTRE.lien + "d")])
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert len(pdf.pages) == 2 and "/OutputIntents" in pdf.Root


def test_a_long_text_still_holds_on_its_page():
    octets = rendre_lettres(
        [replace(LETTRE, paragraphes=("Une phrase assez longue pour remplir la lettre. " * 8,) * 7)]
    )
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert len(pdf.pages) == 1


def test_the_square_is_the_one_another_encoder_draws():
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(LETTRE.lien)
    code.version = code.calculate_version()
    code.makeImpl(False, MASQUE)
    autre = qrcode.QRCode(
        version=code.version, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=MASQUE, border=0
    )
    autre.add_data(LETTRE.lien.encode(), optimize=0)
    autre.make(fit=False)
    assert [[bool(m) for m in ligne] for ligne in code.modules] == autre.get_matrix()


def test_a_letter_nobody_could_answer_is_not_printed():
    with pytest.raises(PapierIncoherent):
        replace(LETTRE, lien="")
    with pytest.raises(ValueError, match="aucune lettre"):
        rendre_lettres([])
