"""What the buyer decides: admission, réfaction, ajournement or rejet, what of the rest, and why."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.livraisons.forms.versions import VersionForm
from groupement.socle.forms import (
    AuPlus,
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

VERBES = {
    "admettre": "Accepter ce qui est arrivé en bon état",
    "refacter": "Accepter avec un rabais (réfaction)",
    "ajourner": "Faire représenter la livraison par le fournisseur (ajournement)",
    "rejeter": "Tout refuser (rejet)",
}
ATTENDRE, RENONCER = "attendre", "renoncer"
RESTES = [
    SelectChoice(ATTENDRE, "Attendre le reste\u00a0: une nouvelle livraison est annoncée"),
    SelectChoice(RENONCER, "Ne plus rien attendre\u00a0: ces unités ne seront jamais facturées"),
]


class DecisionForm(VersionForm):
    """One decision; the fields asked for depend on it."""

    verbe = RadioField(
        "Que décidez-vous\u00a0?",
        [Saisi("Choisissez une décision.")],
        choices=[SelectChoice(*couple) for couple in VERBES.items()],
    )
    montant_ht = DecimalFr("Montant du rabais HT", [Facultatif(), Entre(Decimal("0.01"), message="Plus de zéro.")])
    pct = DecimalFr("ou pourcentage du rabais", [Facultatif(), Entre(Decimal("0.01"), 100, "Entre 0 et 100\u00a0%.")])
    reste = RadioField("Que devient ce qui manque ou a été refusé\u00a0?", choices=RESTES, default=ATTENDRE)
    attendu_le = DateFr("Le reste est attendu au plus tard le", [Facultatif()])
    motif = TextAreaField("Motif", [AuPlus(2000)], render_kw={"rows": 4})

    def preparer(self, verbes: Sequence[str], *, manque: bool, le: date) -> "DecisionForm":
        """Only the decisions the state allows; whether anything is left to come; today. Returns itself."""
        self.verbe.choices = [SelectChoice(verbe, VERBES[verbe]) for verbe in VERBES if verbe in verbes]
        self.verbe.validate_choice = self.reste.validate_choice = False
        self.manque, self.le = manque, le
        return self

    @property
    def laisse_un_reste(self) -> bool:
        """The decision taken leaves pieces of which somebody must say what becomes."""
        return self.verbe.data == "rejeter" or (self.manque and self.verbe.data in ("admettre", "refacter"))

    @property
    def reste_attendu_le(self) -> date | None:
        """The day the rest is expected; None when it is given up, or when nothing is left."""
        return self.attendu_le.data if self.laisse_un_reste and self.reste.data == ATTENDRE else None

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then what the decision taken asks for."""
        juste = super().validate(extra_validators)
        self._exiger(
            self.verbe,
            self.verbe.data in {choix.value for choix in self.verbe.choices or ()},
            "Choisissez une décision de la liste.",
        )
        if self.laisse_un_reste:
            self._exiger(self.reste, self.reste.data in (ATTENDRE, RENONCER), "Dites ce que devient le reste.")
            if self.reste.data == ATTENDRE:
                attendu = self.attendu_le.data
                self._exiger(self.attendu_le, attendu is not None and attendu >= self.le, "Indiquez un jour à venir.")
        if self.verbe.data == "refacter":
            un_seul = (self.montant_ht.data is None) != (self.pct.data is None)
            self._exiger(self.montant_ht, un_seul, "Indiquez un montant, ou un pourcentage, mais pas les deux.")
        if self.verbe.data in ("refacter", "ajourner", "rejeter"):
            self._exiger(
                self.motif, bool((self.motif.data or "").strip()), "Écrivez le motif\u00a0: le fournisseur le lira."
            )
        return juste and not any(champ.errors for champ in self)

    @staticmethod
    def _exiger(champ: Any, tenu: bool, phrase: str) -> None:
        """Add a sentence to the field unless the condition holds, or it has one already."""
        if not tenu and not champ.errors:
            champ.errors = [phrase]


class PartForm(Form):
    """What one body gets of an article. `vu` is its line."""

    vu: Any = None
    calculee: int = 0
    ligne = HiddenField()
    unites = EntierFr("Unités", [Saisi("Indiquez un nombre, 0 pour rien."), Entre(0, message="Zéro au moins.")])


class RepartitionForm(VersionForm):
    """The share of one article, body by body, and why it is changed."""

    parts = FieldList(FormField(PartForm), max_entries=10_000)
    motif = TextAreaField("Pourquoi changez-vous la répartition\u00a0?", [AuPlus(500)], render_kw={"rows": 3})

    def lier(self, lignes: Sequence[Any], calculees: Sequence[int]) -> "RepartitionForm":
        """Tie each part typed to its line, and to what the rule gives it. Returns itself."""
        par_id = {str(ligne.id): (ligne, part) for ligne, part in zip(lignes, calculees, strict=True)}
        for part in self.parts:
            part.form.vu, part.form.calculee = par_id.get(str(part.form.ligne.data), (None, 0))
        return self

    @property
    def choisies(self) -> dict[int, int]:
        """Pieces by line id."""
        return {part.form.vu.id: part.form.unites.data or 0 for part in self.parts if part.form.vu is not None}


class RetraitForm(Formulaire):
    """Who comes for the goods."""

    retiree_par = TexteCourt(
        "Nom de la personne qui emporte", [Requis("Indiquez qui emporte les fournitures."), AuPlus(200)]
    )
