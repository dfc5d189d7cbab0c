"""Papers sent with a form, and boxes to tick."""

from collections.abc import Callable
from typing import Any

from wtforms import FileField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from groupement.documents.pieces import PieceVerifiee
from groupement.socle.etats import RegleRefusee


class CasesFr(SelectMultipleField):
    """Boxes to tick, of whole numbers; one that is not of the list is refused in French."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, validators: Any = None, **kw: Any) -> None:
        """The boxes are numbers: of lots, of rows."""
        super().__init__(label, validators, coerce=int, **kw)
        self.choices: Any = kw.get("choices") or []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Numbers only."""
        try:
            self.data = [int(valeur) for valeur in valuelist]
        except ValueError:
            raise ValueError("Choisissez dans la liste.") from None

    def pre_validate(self, form: Any) -> None:
        """Each must be of the list."""
        if not set(self.data or ()) <= {choix[0] for choix in self.iter_choices()}:
            raise StopValidation("Choisissez dans la liste.")


def lue(champ: FileField, lire: Callable[[bytes], PieceVerifiee]) -> PieceVerifiee | None:
    """The paper sent, once read and checked; None when none was. StopValidation with the reason when it is refused."""
    if not champ.data or not champ.data.filename:
        return None
    try:
        return lire(champ.data.read())
    except RegleRefusee as refus:
        raise StopValidation(str(refus)) from None
