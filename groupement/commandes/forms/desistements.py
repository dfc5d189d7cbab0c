"""What a buyer types when a titulaire declines."""

from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField

from groupement.documents.pieces import PieceVerifiee
from groupement.socle.forms import AuPlus, DateFr, Facultatif, Formulaire, Requis, Saisi

Lettre = tuple[str, PieceVerifiee] | None
LETTRE = {"accept": ".pdf,application/pdf,image/*"}


class DesistementForm(Formulaire):
    """Why, when, and its letter if it wrote. `fournisseur_id`: the titulaire the page showed."""

    lettre_lue: Lettre = None  # once read

    fournisseur_id = HiddenField()
    motif = TextAreaField(
        "Ce que le titulaire a répondu", [Requis("Écrivez pourquoi il décline, en une phrase."), AuPlus(400)]
    )
    du = DateFr("Répondu le", [Saisi("Indiquez le jour, par exemple 14/12/2026.")])
    lettre = FileField("Sa lettre ou son courriel (PDF ou photo)", [Facultatif()], render_kw=LETTRE)


class RetraitDefinitifForm(DesistementForm):
    """The same, for good: from which day on."""

    du = DateFr("Ne prend plus de bon à partir du", [Saisi("Indiquez le jour, par exemple 14/12/2026.")])
