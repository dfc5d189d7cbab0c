"""What the forms of an audit share: the version they were shown with, boxes to tick, lengths in metres."""

import re
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from groupement.etats_des_lieux.rules.metres_lineaires import LONGUEUR_MAX_ML, mm_depuis_ml
from groupement.socle.forms import Entre, Formulaire

COTE = Entre(Decimal("0.1"), Decimal(100), "Indiquez des mètres, de 0,10 à 100.")
LONGUEUR = Entre(Decimal(0), Decimal(100_000), "Indiquez des mètres, zéro ou plus.")


class VersionForm(Formulaire):
    """A form that carries the version of the audit it was shown with."""

    version = HiddenField()

    @property
    def version_vue(self) -> int:
        """The version shown; 0, which no audit has, when it is missing."""
        texte = str(self.version.data or "")
        return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0


class CasesFr(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Every value ticked is one of the list."""
        if set(self.data or ()) - set(self.choices):
            raise ValidationError("Cochez des cases de la liste.")


def en_mm(champ: Any) -> int:
    """The length typed, in mm; nothing typed is none, nor what no measure could be (its validator says so)."""
    return 0 if champ.data is None or abs(champ.data) > LONGUEUR_MAX_ML else mm_depuis_ml(champ.data)


def nombres(champ: Any) -> list[int]:
    """The whole numbers typed, parted by spaces, commas or « + ». Raises ValidationError for anything else."""
    morceaux = [morceau for morceau in re.split(r"[\s,;+]+", champ.data or "") if morceau]
    if any(not re.fullmatch(r"[0-9]{1,5}", morceau) or not int(morceau) for morceau in morceaux):
        raise ValidationError("Écrivez des nombres entiers séparés par des espaces, par exemple 80 70 60.")
    return [int(morceau) for morceau in morceaux]
