"""What the buyer types of an enquête, and what a body answers."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FileField, IntegerField, RadioField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from groupement.adherents.forms.personnes import COURRIEL
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

MAXIMUM = 100_000
LONGUEURS = ("archives_mm", "rayonnages_mm")
SOUHAITS = ("veut_etat_des_lieux", "veut_archivage", "veut_groupement", "veut_sae")


class EnqueteForm(Formulaire):
    """A campaign of letters."""

    titre = TexteCourt("Titre", [Requis("Donnez un titre à l’enquête."), AuPlus(200)])
    texte = TextAreaField(
        "Texte de la lettre", [Requis("Écrivez le texte de la lettre."), AuPlus(3000)], render_kw={"rows": 12}
    )
    echeance = DateFr("Dernier jour pour répondre", [Saisi("Indiquez le dernier jour pour répondre.")])
    grace_jours = EntierFr(
        "Jours pendant lesquels le lien montre encore la réponse",
        [Saisi("Indiquez un nombre de jours, par exemple 30."), Entre(0, 365)],
    )
    version = IntegerField("Version", widget=HiddenInput(), default=0)

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table."""
        return {nom: self[nom].data for nom in ("titre", "texte", "echeance", "grace_jours")}


class ReportForm(Formulaire):
    """A later deadline."""

    echeance = DateFr("Nouveau dernier jour pour répondre", [Saisi("Indiquez le nouveau dernier jour.")])


class EcartForm(Formulaire):
    """Why an answer does not count."""

    motif = TexteCourt("Motif", [Requis("Dites pourquoi, par exemple\u00a0: réponse d’essai."), AuPlus(300)])


def _longueur(libelle: str) -> DecimalFr:
    """A length typed in metres."""
    return DecimalFr(libelle, [Facultatif(), Entre(Decimal(0), Decimal(MAXIMUM))], places=3, exemple="59,50")


def _nombre(libelle: str) -> EntierFr:
    """A number of things."""
    return EntierFr(libelle, [Facultatif(), Entre(0, MAXIMUM)])


class EstimationsForm(Formulaire):
    """The figures and the wishes of an answer."""

    veut_etat_des_lieux = BooleanField("Un état des lieux de nos archives (un archiviste vient mesurer)")
    veut_archivage = BooleanField("Une prestation d’archivage (tri, classement, éliminations)")
    veut_groupement = BooleanField("Le groupement de commandes\u00a0: boîtes, rayonnages, reliures")
    veut_sae = BooleanField("L’archivage électronique (SAE SESAM)")
    veut_autre = TexteCourt("Autre souhait", [Facultatif(), AuPlus(300)])
    archives_mm = _longueur("Archives conservées")
    boites = _nombre("Boîtes d’archives")
    rayonnages_mm = _longueur("Rayonnages")
    reliures = _nombre("Registres à relier")
    version = IntegerField("Version", widget=HiddenInput(), default=0)

    def __init__(self, *args: Any, intention: Any = None, **kw: Any) -> None:
        """`intention`: the answer to start from, if any."""
        depart = {nom: getattr(intention, nom) for nom in self.reprises()} if intention is not None else {}
        for nom in LONGUEURS:
            if depart.get(nom) is not None:
                depart[nom] = Decimal(depart[nom]) / 1000
        super().__init__(*args, data=depart | kw.pop("data", {}), **kw)

    @classmethod
    def reprises(cls) -> tuple[str, ...]:
        """The columns of an answer the form shows."""
        return (*SOUHAITS, "veut_autre", "archives_mm", "boites", "rayonnages_mm", "reliures", "version")

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table: lengths in mm."""
        lues = {nom: self[nom].data for nom in self.reprises() if nom != "version"}
        return lues | {nom: None if lues[nom] is None else int(lues[nom] * 1000) for nom in LONGUEURS}


class CorrectionForm(EstimationsForm):
    """The buyer confirms what was read from a file."""

    complete = BooleanField("Compter cette réponse")

    @classmethod
    def reprises(cls) -> tuple[str, ...]:
        """The box to tick besides."""
        return (*super().reprises(), "complete")


class DeclarationForm(EstimationsForm):
    """What a body answers, without an account."""

    participe = RadioField(
        "Votre collectivité souhaite-t-elle participer\u00a0?",
        [Requis("Répondez oui ou non.")],
        choices={"oui": "Oui", "non": "Non"},
    )
    repondant = TexteCourt(
        "Votre nom", [Requis("Indiquez votre nom."), AuPlus(200)], render_kw={"autocomplete": "name"}
    )
    qualite = TexteCourt(
        "Votre fonction", [Facultatif(), AuPlus(100)], render_kw={"autocomplete": "organization-title"}
    )
    courriel = TexteCourt(
        "Votre courriel",
        [Requis("Indiquez où envoyer la confirmation."), COURRIEL, AuPlus(255)],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    commentaire = TextAreaField("Autre chose à nous dire", [Facultatif(), AuPlus(2000)], render_kw={"rows": 3})

    @classmethod
    def reprises(cls) -> tuple[str, ...]:
        """Who answers, besides."""
        return (*super().reprises(), "participe", "repondant", "qualite", "courriel", "commentaire")

    def __init__(self, *args: Any, intention: Any = None, **kw: Any) -> None:
        """The answer shows « oui » or « non »."""
        depart = dict(kw.pop("data", {}))
        if intention is not None and intention.participe is not None:
            depart["participe"] = "oui" if intention.participe else "non"
        super().__init__(*args, intention=intention, data=depart, **kw)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever takes part says in what."""
        juste = bool(super().validate(extra_validators))
        if self.participe.data == "oui" and not (any(self[nom].data for nom in SOUHAITS) or self.veut_autre.data):
            self.veut_autre.errors = [*self.veut_autre.errors, "Cochez au moins un souhait, ou écrivez le vôtre."]
            return False
        return juste

    def valeurs(self) -> dict[str, Any]:
        """Whoever does not take part wishes nothing."""
        lues = super().valeurs() | {"participe": self.participe.data == "oui"}
        lues["commentaire"] = (lues["commentaire"] or "").strip()
        if not lues["participe"]:
            vides: dict[str, Any] = dict.fromkeys(SOUHAITS, False) | {"veut_autre": ""}
            lues |= vides | dict.fromkeys(("archives_mm", "boites", "rayonnages_mm", "reliures"))
        return lues


class FichierLimeSurveyForm(Formulaire):
    """A file of answers."""

    fichier = FileField("Fichier CSV exporté de LimeSurvey", render_kw={"accept": ".csv,text/csv"})
    numero = TexteCourt(
        "Numéro de l’enquête dans LimeSurvey", [Facultatif(), AuPlus(40)], render_kw={"inputmode": "numeric"}
    )

    def validate_fichier(self, champ: FileField) -> None:
        """A file must have been chosen."""
        if not champ.data or not champ.data.filename:
            raise StopValidation("Choisissez un fichier sur votre ordinateur.")


class RattachementForm(Formulaire):
    """Which body answered: one of those proposed, or another, by name or SIREN."""

    collectivite = TexteCourt("Autre collectivité", [Facultatif()], render_kw={"list": "collectivites"})
    proposee = IntegerField("Proposition", default=0)
