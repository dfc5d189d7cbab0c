"""What the letter of an enquête says to one body. Frozen texts, already in French."""

from dataclasses import dataclass
from datetime import date

from groupement.documents.papiers.commun import Organisme, exiger


@dataclass(frozen=True, kw_only=True)
class LettrePapier:
    """One letter: who writes to whom, why, until when, and the address where one answers."""

    expediteur: Organisme
    destinataire: Organisme
    objet: str
    paragraphes: tuple[str, ...]
    ecrite_le: date
    echeance: date
    lien: str  # the signed address, also drawn as a QR code
    lieu: str = ""
    signataire: str = ""

    def __post_init__(self) -> None:
        """Refuse a letter nobody could answer."""
        exiger(self.lien.startswith(("http://", "https://")), f"adresse de réponse impossible : {self.lien}")
        exiger(bool(self.paragraphes), "lettre sans texte")
