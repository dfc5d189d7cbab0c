"""Form fields the French way: commas, spaces in numbers, and messages that say what to do."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import TextInput


def _nettoyer(texte: str) -> str:
    """A French number as Python reads it: no spaces of any kind, a dot for the comma, no euro sign."""
    return re.sub(r"[\s  €]", "", texte).replace(",", ".").replace("−", "-")


class DecimalFr(Field):
    """A number typed the French way: 12,5 or 1 234,50 (any space); 12.5 is understood too. `places`: decimals kept."""

    widget = TextInput()  # type=number would blank a value holding a comma

    def __init__(
        self, label: str, validators: Any = None, *, places: int = 2, exemple: str = "12,50", **kw: Any
    ) -> None:
        kw.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, validators or [], **kw)
        self.places, self.exemple = places, exemple

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the text; a sentence when it is not a number with at most `places` decimals."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            self.data = Decimal(_nettoyer(str(valuelist[0])))
        except InvalidOperation:
            self.data = None
            raise ValueError(f"Écrivez un nombre, par exemple {self.exemple}.") from None
        if not self.data.is_finite() or abs(self.data) >= Decimal("1e12"):
            self.data = None
            raise ValueError(f"Écrivez un nombre, par exemple {self.exemple}.")
        if -int(self.data.as_tuple().exponent) > self.places:
            self.data = None
            raise ValueError(f"Écrivez au plus {self.places} chiffres après la virgule.")


class EntierFr(DecimalFr):
    """A whole number typed the French way: 1 250."""

    def __init__(self, label: str, validators: Any = None, **kw: Any) -> None:
        kw.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, validators, places=0, exemple="250", **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the text as an int."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Écrivez un nombre entier, par exemple 250.") from None
        if self.data is not None:
            self.data = int(self.data)  # type: ignore[assignment]  # a Decimal field, but of whole numbers


class DateFr(DateField):
    """A day: the browser's own date field sends AAAA-MM-JJ, a person may type JJ/MM/AAAA."""

    def __init__(self, label: str, validators: Any = None, **kw: Any) -> None:
        super().__init__(label, validators or [], format=["%Y-%m-%d", "%d/%m/%Y"], **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; a French sentence when it is not one."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Écrivez une date, par exemple 22/11/2026.") from None


class ChoixFr(SelectField):
    """A choice in a list; anything else is refused in French."""

    def pre_validate(self, form: Any) -> None:
        """The value must be one of the list."""
        try:
            super().pre_validate(form)
        except ValueError:
            raise ValidationError("Choisissez une valeur de la liste.") from None


class Requis(DataRequired):
    """The field must be filled; the message says what to write."""

    def __init__(self, message: str = "Remplissez ce champ.") -> None:
        super().__init__(message)


class Saisi(InputRequired):
    """Something must be typed, 0 included."""

    def __init__(self, message: str = "Remplissez ce champ.") -> None:
        super().__init__(message)


class Facultatif(Optional):
    """The field may stay empty."""


class Entre:
    """A number between two bounds, inclusive; either may be absent."""

    def __init__(self, minimum: Any = None, maximum: Any = None, message: str | None = None) -> None:
        self.minimum, self.maximum, self.message = minimum, maximum, message

    def __call__(self, form: Any, field: Any) -> None:
        """StopValidation with a French sentence when out of bounds."""
        if field.data is None:
            return
        if self.minimum is not None and field.data < self.minimum:
            raise StopValidation(self.message or f"Indiquez {self.minimum} ou plus.")
        if self.maximum is not None and field.data > self.maximum:
            raise StopValidation(self.message or f"Indiquez {self.maximum} au plus.")


class AuPlus(Length):
    """A text of at most that many characters."""

    def __init__(self, longueur: int) -> None:
        super().__init__(max=longueur, message=f"Écrivez {longueur} caractères au plus.")


class TexteCourt(StringField):
    """A line of text, without the spaces around it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Strip what surrounds the text; refuse the null character databases choke on."""
        self.data = str(valuelist[0]).strip() if valuelist else ""
        if "\x00" in self.data:
            self.data = ""
            raise ValueError("Ce texte contient un caractère interdit.")


class Formulaire(FlaskForm):
    """Base of every form: CSRF on, French messages."""

    class Meta(FlaskForm.Meta):
        """WTForms' own messages in French, for what our validators do not say."""

        locales = ("fr_FR", "fr")
