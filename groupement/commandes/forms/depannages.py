"""What is typed about urgent orders: what a body asks the depot for, who got it, why it is given up."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf.form import _Auto
from wtforms import FieldList, Form, FormField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp

from groupement.commandes.forms.commandes import (
    DEPOT,
    ValidationForm,
    ValidationParServiceForm,
    VersionForm,
    identifiant_lu,
)
from groupement.commandes.rules.quantites import UNITES_MAX
from groupement.commandes.rules.remises import Remis
from groupement.commandes.states import MotifDEcart
from groupement.socle.forms import AuPlus, ChoixFr, EntierFr, Entre, Facultatif, Requis, Saisi, TexteCourt

COMBIEN = "Indiquez combien sont remises, 0 s’il n’y en a aucune."


class LigneDemandee(Form):
    """An article of the depot; nothing typed asks for nothing."""

    article_id = HiddenField(validators=[Regexp(r"[0-9]{1,9}$")])
    unites = EntierFr("Quantité", [Facultatif(), Entre(0, UNITES_MAX, "Indiquez un nombre entier, par exemple 12.")])


class DepannageForm(VersionForm):
    """What is needed at once, why, and where it goes."""

    lignes = FieldList(FormField(LigneDemandee))
    motif = TexteCourt(
        "Pourquoi est-ce urgent\u00a0?", [Requis("Dites en une ligne pourquoi cela ne peut pas attendre."), AuPlus(300)]
    )
    lieu = RadioField("Comment recevez-vous les articles\u00a0?", default=DEPOT, validate_choice=False)

    def __init__(self, choix: Sequence[tuple[str, str]], formdata: Any = _Auto, **valeurs: Any) -> None:
        """`choix`: (id of the place or « depot », its words)."""
        super().__init__(formdata, **valeurs)
        self.lieu.choices = list(choix)

    @property
    def unites(self) -> dict[int, int]:
        """Units by article id, of what is asked for."""
        return {
            identifiant_lu(ligne.form.article_id.data): ligne.form.unites.data
            for ligne in self.lignes
            if ligne.form.unites.data
        }

    @property
    def point_id(self) -> int | None:
        """The place chosen; None for the depot."""
        return identifiant_lu(self.lieu.data) or None

    def nommer(self, designations: Mapping[int, str]) -> None:
        """Say of which article each quantity is, for whoever hears the page and for the list of what is wrong."""
        for ligne in self.lignes:
            nom = designations.get(identifiant_lu(ligne.form.article_id.data), "un article qui n’est plus au dépôt")
            ligne.form.unites.label.text = f"Quantité, {nom}"

    def refuser(self, articles: dict[int, str]) -> None:
        """Put each sentence beside its article; what is no more in the list is said by the reason."""
        for ligne in self.lignes:
            if phrase := articles.pop(identifiant_lu(ligne.form.article_id.data), None):
                ligne.form.unites.errors = [phrase]
        if articles:
            self.motif.errors = [*self.motif.errors, "Un article demandé n’est plus au dépôt\u00a0: relisez la liste."]


class _TotalVu:
    """The total the valideur read, carried by the form."""

    vu: HiddenField

    @property
    def total_vu(self) -> Decimal:
        """€ HT; zero when it is missing, so that nothing is committed unread."""
        try:
            return Decimal(str(self.vu.data or "0")).quantize(Decimal("0.01"))
        except InvalidOperation:
            return Decimal("0.00")


class EngagementForm(_TotalVu, ValidationForm):
    """The valideur commits an urgent order."""

    vu = HiddenField()


class EngagementParServiceForm(_TotalVu, ValidationParServiceForm):
    """The same, for a body that has written its services."""

    vu = HiddenField()


class LigneDeRemise(Form):
    """How many of an article are handed over; when some are missing, why."""

    ligne_id = HiddenField(validators=[Regexp(r"[0-9]{1,9}$")])
    unites = EntierFr(
        "Remis", [Saisi(COMBIEN), Entre(0, UNITES_MAX, "Indiquez un nombre entier, 0 si rien n’est remis.")]
    )
    motif = ChoixFr(
        "Raison",
        choices=[
            SelectChoice("", "Tout est remis"),
            *(SelectChoice(motif.value, motif.libelle(coordonnateur=True)) for motif in MotifDEcart),
        ],
        default="",
    )
    precision = TexteCourt("Précision", [AuPlus(200)])


class RemiseForm(VersionForm):
    """Who got the articles, and how many of each."""

    remis_a = TexteCourt(
        "Nom de la personne qui les reçoit", [Requis("Indiquez qui a reçu les articles."), AuPlus(200)]
    )
    lignes = FieldList(FormField(LigneDeRemise))

    @property
    def remis(self) -> dict[int, Remis]:
        """What is handed over, by line id."""
        return {
            identifiant_lu(form.ligne_id.data): Remis(
                form.unites.data, MotifDEcart(form.motif.data) if form.motif.data else None, form.precision.data or ""
            )
            for form in (ligne.form for ligne in self.lignes)
        }

    @property
    def a_des_fautes(self) -> bool:
        """A line has something to correct: its table must be open."""
        return any(ligne.errors or ligne.form.unites.errors for ligne in self.lignes)

    def completer(self, lignes: Iterable[tuple[int, str, int]]) -> None:
        """Offer every (line id, article, pieces) whole unless typed otherwise; say of which article each field is."""
        typees = {identifiant_lu(ligne.form.ligne_id.data): ligne.form for ligne in self.lignes}
        for ligne_id, nom, unites in lignes:
            if ligne_id not in typees:
                typees[ligne_id] = self.lignes.append_entry({"ligne_id": ligne_id, "unites": unites}).form
            form = typees[ligne_id]
            form.unites.label.text, form.motif.label.text = f"Unités remises, {nom}", f"Raison, {nom}"
            form.precision.label.text = f"Précision, {nom}"

    def refuser(self, lignes: Mapping[int, str]) -> None:
        """Put each sentence beside its line."""
        for ligne in self.lignes:
            if phrase := lignes.get(identifiant_lu(ligne.form.ligne_id.data)):
                ligne.form.unites.errors = [phrase]


class AbandonForm(VersionForm):
    """Why the order is given up."""

    motif_abandon = TexteCourt(
        "Pourquoi l’annuler\u00a0?", [Requis("Écrivez la raison\u00a0: la collectivité la lira."), AuPlus(300)]
    )
