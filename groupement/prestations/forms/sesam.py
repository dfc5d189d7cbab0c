"""What the accountant types: rates, memberships of SESAM, the call of a year, payments to CDG59."""

from decimal import Decimal
from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField
from wtforms.validators import ValidationError

from groupement.prestations.rules.tarifs import Vote
from groupement.prestations.states import NaturePrestation
from groupement.socle.forms import (
    AuPlus,
    ChoixFr,
    DateFr,
    DecimalFr,
    EntierFr,
    Entre,
    Facultatif,
    Formulaire,
    Requis,
    Saisi,
    TexteCourt,
)

ANNEE = Entre(2000, 2100, "Indiquez une année, par exemple 2026.")
TRANCHES = 6  # bands offered at once


class TrancheForm(Form):
    """A price, and from how many inhabitants."""

    population = EntierFr("À partir de (habitants)", [Facultatif(), Entre(0, 10_000_000, "Indiquez zéro ou plus.")])
    prix = DecimalFr(
        "Prix HT", [Facultatif(), Entre(Decimal("0.01"), Decimal(1_000_000), "Indiquez plus de zéro.")], places=4
    )


class TarifForm(Formulaire):
    """A grid as the délibération gives it: one line, or several by population."""

    nature = ChoixFr("Prestation", choices={nature.value: nature.libelle() for nature in NaturePrestation})
    du = DateFr("En vigueur à partir du", [Saisi("Indiquez le premier jour du tarif.")])
    tva_pct = DecimalFr(
        "TVA", [Saisi("Indiquez le taux, 0 hors du champ de la TVA."), Entre(Decimal(0), Decimal(100), "De 0 à 100.")]
    )
    deliberation_numero = TexteCourt("Numéro de la délibération", [Requis("Indiquez le numéro."), AuPlus(50)])
    deliberee_le = DateFr("Date de la délibération", [Saisi("Indiquez la date de la délibération.")])
    tranches = FieldList(FormField(TrancheForm), min_entries=TRANCHES, max_entries=TRANCHES)

    def validate_tranches(self, champ: Any) -> None:
        """A price for each band begun, and at least one."""
        fautes = False
        for rang, entree in enumerate(champ):
            tranche = entree.form
            if tranche.prix.data is None and not tranche.prix.errors and (rang == 0 or tranche.population.data):
                tranche.prix.errors = ["Indiquez le prix."]
                fautes = True
        if fautes:
            raise ValidationError("Indiquez le prix de chaque ligne commencée.")

    @property
    def grille(self) -> list[tuple[int, Decimal]]:
        """(from how many inhabitants, price) of the lines filled."""
        lignes = [entree.form for entree in self.tranches]
        return [(ligne.population.data or 0, ligne.prix.data) for ligne in lignes if ligne.prix.data is not None]

    def vote(self) -> Vote:
        """What goes in the table."""
        return Vote(
            nature=NaturePrestation(self.nature.data),
            du=self["du"].data,
            tranches=self.grille,
            deliberation_numero=self.deliberation_numero.data,
            deliberee_le=self["deliberee_le"].data,
            tva_pct=self["tva_pct"].data,
        )


class AdhesionForm(Formulaire):
    """A body that takes part."""

    collectivite = TexteCourt(
        "Collectivité",
        [Requis("Indiquez la collectivité."), AuPlus(250)],
        render_kw={"list": "collectivites", "autocomplete": "off"},
    )
    depuis = EntierFr("Première année", [Saisi("Indiquez l’année."), ANNEE])
    deliberation_numero = TexteCourt("Numéro de sa délibération", [Facultatif(), AuPlus(50)])


class FinAdhesionForm(Formulaire):
    """When it ends."""

    jusqu_en = EntierFr("Dernière année", [Saisi("Indiquez la dernière année."), ANNEE])


class AppelForm(Formulaire):
    """The call, and how many the page announced."""

    attendues = HiddenField()

    @property
    def annoncees(self) -> int:
        """How many the page announced; −1, which no call has, when it is missing."""
        texte = str(self.attendues.data or "")
        return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else -1


class ReversementForm(Formulaire):
    """A payment to CDG59."""

    montant_ht = DecimalFr(
        "Montant versé", [Saisi("Indiquez le montant."), Entre(Decimal("0.01"), message="Indiquez plus de zéro.")]
    )
    verse_le = DateFr("Versé le", [Saisi("Indiquez la date du versement.")])
    reference = TexteCourt("Référence du mandat", [Requis("Indiquez la référence."), AuPlus(100)])
