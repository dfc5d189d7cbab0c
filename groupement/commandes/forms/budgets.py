"""The limit a body gives itself for a campagne."""

from decimal import Decimal

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from groupement.commandes.states import EffetDuBudget
from groupement.socle.forms import DecimalFr, Entre, Formulaire, Saisi

MAXIMUM = Decimal(10_000_000)


class BudgetForm(Formulaire):
    """An amount TTC, and what it does."""

    montant_ttc = DecimalFr(
        "Budget de la campagne, TTC",
        [
            Saisi("Indiquez le montant, par exemple 1 200,00."),
            Entre(Decimal("0.01"), MAXIMUM, "Indiquez un montant de 0,01 à 10 000 000."),
        ],
        exemple="1 200,00",
    )
    effet = RadioField(
        "Si la commande le dépasse",
        [Saisi("Choisissez ce qui se passe.")],
        choices=[SelectChoice(effet.value, effet.libelle()) for effet in EffetDuBudget],
        default=EffetDuBudget.PREVENIR.value,
    )

    @property
    def effet_choisi(self) -> EffetDuBudget:
        """The choice, once the form is valid."""
        return EffetDuBudget(self.effet.data)
