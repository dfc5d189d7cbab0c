"""What the comptable types: a transfer, a deposit, what to credit; and the hidden figures of a confirmation."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, HiddenField, TextAreaField

from groupement.refacturation.states import Destination
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

MONTANT_MAX = Decimal("9999999.99")


class EmissionForm(Formulaire):
    """« Émettre les N factures »: the total the page showed goes along."""

    attendu_ht = HiddenField()

    @property
    def total_vu(self) -> Decimal | None:
        """The total shown; None when it cannot be read."""
        try:
            return Decimal(str(self.attendu_ht.data or ""))
        except InvalidOperation:
            return None


class VirementForm(Formulaire):
    """A bank transfer received."""

    montant_ttc = DecimalFr(
        "Montant reçu",
        [
            Saisi("Indiquez le montant reçu."),
            Entre(Decimal("0.01"), MONTANT_MAX, "Indiquez un montant plus grand que zéro."),
        ],
        exemple="118,82",
    )
    recu_le = DateFr("Reçu le", [Saisi("Indiquez le jour où l’argent est arrivé sur le compte.")])
    reference = TexteCourt("Référence du virement", [Requis("Recopiez la référence du relevé."), AuPlus(100)])

    @property
    def valeurs(self) -> tuple[Decimal, date, str]:
        """What was typed, once the form is valid."""
        assert self.montant_ttc.data is not None and self.recu_le.data is not None
        return self.montant_ttc.data, self.recu_le.data, str(self.reference.data)


class RemboursementForm(Formulaire):
    """Money given back."""

    montant_ttc = DecimalFr(
        "Montant rendu",
        [
            Saisi("Indiquez le montant rendu."),
            Entre(Decimal("0.01"), MONTANT_MAX, "Indiquez un montant plus grand que zéro."),
        ],
        exemple="118,82",
    )
    rembourse_le = DateFr("Parti le", [Saisi("Indiquez le jour où le virement est parti.")])
    reference = TexteCourt("Référence du mandat ou du virement", [Requis("Indiquez la référence."), AuPlus(100)])

    @property
    def valeurs(self) -> tuple[Decimal, date, str]:
        """What was typed, once the form is valid."""
        assert self.montant_ttc.data is not None and self.rembourse_le.data is not None
        return self.montant_ttc.data, self.rembourse_le.data, str(self.reference.data)


class DepotForm(Formulaire):
    """Factures deposited: where, when, under which reference; `attendues` is how many the page showed."""

    destination = ChoixFr(
        "Déposées sur",
        [Requis("Dites où les factures ont été déposées.")],
        choices={une.value: une.libelle() for une in Destination},
    )
    deposee_le = DateFr("Déposées le", [Saisi("Indiquez le jour du dépôt.")])
    reference = TexteCourt("Numéro du flux ou du dépôt", [Requis("Recopiez le numéro donné au dépôt."), AuPlus(100)])
    attendues = HiddenField()

    @property
    def combien(self) -> int:
        """How many factures the page showed; -1 when it cannot be read."""
        lu = str(self.attendues.data or "")
        return int(lu) if lu.isdecimal() and len(lu) < 10 else -1

    @property
    def valeurs(self) -> tuple[Destination, date, str, int]:
        """What was typed, once the form is valid."""
        assert self.deposee_le.data is not None
        return Destination(self.destination.data), self.deposee_le.data, str(self.reference.data), self.combien


class ErreurDeDepotForm(Formulaire):
    """Why a deposit does not count."""

    motif = TextAreaField(
        "Qu’est-ce qui ne va pas ?", [Requis("Écrivez ce qui ne va pas : le motif reste."), AuPlus(500)]
    )


class AvoirForm(Formulaire):
    """The reason of an avoir and whether its units will be billed again; `formulaire_d_avoir` adds the lines."""

    motif = TextAreaField(
        "Pourquoi cet avoir\u00a0?", [Requis("Écrivez pourquoi\u00a0: le motif figure sur l’avoir."), AuPlus(500)]
    )
    a_refacturer = BooleanField("À refacturer\u00a0: ces unités seront proposées à la prochaine refacturation")

    def nommer(self, *, services: bool) -> None:
        """Speak of services where the facture bills some."""
        if services:
            phrase = "À refacturer\u00a0: ces prestations seront proposées à la prochaine facturation"
            self.a_refacturer.label.text = phrase
            for champ in self:
                if champ.name.startswith("montant_"):
                    champ.label.text = "Montant HT à créditer"

    def unites(self, ligne_id: int) -> Any:
        """The field of the units of a line."""
        return self[f"unites_{ligne_id}"]

    def montant(self, ligne_id: int) -> Any:
        """The field of the amount of a line."""
        return self[f"montant_{ligne_id}"]

    def saisies(self, prefixe: str, lignes: Sequence[int]) -> Mapping[int, Any]:
        """What was typed in one kind of field, by line."""
        return {ligne: self[f"{prefixe}_{ligne}"].data for ligne in lignes if self[f"{prefixe}_{ligne}"].data}


def formulaire_d_avoir(lignes: Sequence[int]) -> AvoirForm:
    """The form with two fields a line: units, or an amount HT."""
    champs: dict[str, Any] = {}
    for ligne in lignes:
        champs[f"unites_{ligne}"] = EntierFr("Unités à créditer", [Facultatif(), Entre(0)])
        champs[f"montant_{ligne}"] = DecimalFr("ou montant HT", [Facultatif(), Entre(Decimal(0), MONTANT_MAX)])
    forme: AvoirForm = type("AvoirDeLignesForm", (AvoirForm,), champs)()
    return forme
