"""What is typed in the completion phase: how many pieces to add, then the agreement on what was read."""

from datetime import date

from wtforms import HiddenField

from groupement.commandes.forms.commandes import VersionForm, identifiant_lu
from groupement.socle.forms import DateFr, EntierFr, Facultatif, Formulaire, Saisi


class UnitesForm(Formulaire):
    """How many pieces to add."""

    unites = EntierFr("Combien en ajouter\u00a0?", [Facultatif()])

    @property
    def nombre(self) -> int:
        """What was typed; nothing typed is nothing, and what is no number either: the rule says what to write."""
        return int(self.unites.data or 0)


class AjoutForm(VersionForm):
    """The addition that was read and is agreed to: its number, and what the group asked when the page was shown."""

    unites = HiddenField()
    fermes = HiddenField()

    @property
    def nombre(self) -> int:
        """The pieces to add."""
        return identifiant_lu(self.unites.data)

    @property
    def fermes_vues(self) -> int:
        """What the group asked of the article on the page."""
        return identifiant_lu(self.fermes.data)


class PhaseForm(Formulaire):
    """The last day of the completion phase."""

    complement_au = DateFr(
        "Dernier jour de la phase, inclus", [Saisi("Indiquez le dernier jour, par exemple 18/12/2026.")]
    )

    @property
    def fin(self) -> date:
        """The day; asked for once the form is valid."""
        jour = self.complement_au.data
        assert jour is not None
        return jour
