"""What a buyer gives to illustrate an article: a picture with its words, a data sheet."""

from typing import Any

from flask_wtf.file import FileField, FileRequired

from groupement.documents.images import ImageRefusee, ImageVerifiee, lire_image
from groupement.documents.pieces import MIME_PDF, PieceRefusee, lire_piece
from groupement.socle.forms import AuPlus, Formulaire, Requis, TexteCourt

FICHE_MAX = 10 * 1024 * 1024


class TexteDePhotoForm(Formulaire):
    """The words of a picture, for who does not see it."""

    texte = TexteCourt(
        "Ce que montre la photo",
        [Requis("Décrivez la photo en quelques mots, pour qui ne la voit pas."), AuPlus(200)],
        description="Par exemple «\u00a0Boîte kraft montée, vue de trois quarts, étiquette sur le dos\u00a0».",
    )


class PhotoForm(TexteDePhotoForm):
    """A picture of an article; `image` once it was read."""

    image: ImageVerifiee | None = None
    photo = FileField(
        "Photo",
        [FileRequired("Choisissez une photo.")],
        description="JPEG, PNG ou WebP, 10\u00a0Mo au plus. Elle sera réduite, et ce qu’elle dit du lieu effacé.",
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then the picture itself."""
        juste = bool(super().validate(extra_validators))
        if self.photo.errors:
            return False
        try:
            self.image = lire_image(self.photo.data.read())
        except ImageRefusee as refus:
            self.photo.errors = [*self.photo.errors, str(refus)]
            return False
        return juste


class FicheTechniqueForm(Formulaire):
    """The data sheet of an article; `octets` once it was read."""

    octets: bytes = b""
    fichier = FileField(
        "Fiche technique (PDF)",
        [FileRequired("Choisissez le PDF de la fiche technique.")],
        description="Un PDF sans mot de passe, 10\u00a0Mo au plus.",
        render_kw={"accept": "application/pdf"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The field, then the PDF itself."""
        if not super().validate(extra_validators):
            return False
        try:
            self.octets = _pdf(self.fichier.data.read())
        except PieceRefusee as refus:
            self.fichier.errors = [*self.fichier.errors, str(refus)]
            return False
        return True


def _pdf(octets: bytes) -> bytes:
    """The bytes of a PDF that opens. Raises PieceRefusee."""
    if len(octets) > FICHE_MAX:
        raise PieceRefusee("Cette fiche dépasse 10\u00a0Mo\u00a0: demandez au fournisseur une version plus légère.")
    if octets and not octets.startswith(b"%PDF-"):
        raise PieceRefusee("Ce fichier n’est pas un PDF\u00a0: enregistrez la fiche technique au format PDF.")
    piece = lire_piece(octets)
    assert piece.type_mime == MIME_PDF
    return piece.octets
