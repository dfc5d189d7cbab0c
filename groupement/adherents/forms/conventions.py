"""What the buyer types of a convention: the version, what it foresees, the signatures, a withdrawal."""

from typing import Any

from wtforms import FileField, TextAreaField
from wtforms.validators import StopValidation

from groupement.adherents.forms.fichiers import CasesFr, lue
from groupement.adherents.rules.lots import LotsIllisibles, lire_les_lots
from groupement.documents.pieces import PieceRefusee, PieceVerifiee, lire_piece
from groupement.socle.forms import AuPlus, DateFr, Facultatif, Formulaire, Requis, Saisi, TexteCourt


def lire_le_texte(octets: bytes) -> PieceVerifiee:
    """The text of a convention: a PDF, nothing else."""
    if octets and not octets.startswith(b"%PDF-"):
        raise PieceRefusee("Ce fichier n’est pas un PDF\u00a0: enregistrez la convention en PDF.")
    return lire_piece(octets)


class ConditionsForm(Formulaire):
    """What may still be said of a version: until when it is signed, its lots, its text."""

    cloture_le = DateFr("Clôture des adhésions", [Facultatif()])
    lots = TextAreaField("Lots prévus", [Facultatif(), AuPlus(5000)], render_kw={"rows": 4})
    fichier = FileField("Texte de la convention", render_kw={"accept": ".pdf"})
    piece: PieceVerifiee | None = None
    lots_lus: list[dict[str, Any]] = []  # replaced, never changed

    def validate_lots(self, champ: TextAreaField) -> None:
        """One lot a line."""
        try:
            self.lots_lus = lire_les_lots(champ.data or "")
        except LotsIllisibles as faute:
            raise StopValidation(str(faute)) from None

    def validate_fichier(self, champ: FileField) -> None:
        """A PDF, when one is sent."""
        self.piece = lue(champ, lire_le_texte)


class ConventionForm(ConditionsForm):
    """A version of the convention constitutive."""

    intitule = TexteCourt("Intitulé", [Requis("Donnez son intitulé à la convention."), AuPlus(200)])
    version = TexteCourt("Version", [Requis("Donnez un numéro à cette version, par exemple 2026-1."), AuPlus(20)])
    adoptee_le = DateFr("Adoptée le", [Saisi("Indiquez la date de la délibération qui l’adopte.")])


class SignaturesForm(Formulaire):
    """Many signatures of one day."""

    signee_le = DateFr("Date de signature", [Saisi("Indiquez la date de signature.")])
    adhesions = CasesFr("Collectivités")

    def validate_adhesions(self, champ: CasesFr) -> None:
        """At least one."""
        if not champ.data:
            raise StopValidation("Cochez au moins une collectivité.")


class RetraitForm(Formulaire):
    """A body leaves."""

    retiree_le = DateFr("Date d’effet du retrait", [Saisi("Indiquez le jour où le retrait prend effet.")])
    motif = TexteCourt("Motif", [Requis("Indiquez le motif, par exemple la délibération de retrait."), AuPlus(300)])
