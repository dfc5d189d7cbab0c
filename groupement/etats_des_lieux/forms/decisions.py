"""What an archivist decides: which body, growth and settings, the visa, what to order."""

from decimal import Decimal
from typing import Any

from wtforms import FileField, TextAreaField

from groupement.etats_des_lieux.forms.champs import LONGUEUR, VersionForm, en_mm
from groupement.etats_des_lieux.rules.metres_lineaires import ml_depuis_mm
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

DOS_MM = (80, 100, 120, 150)


class NouveauForm(Formulaire):
    """Which body, when; its population comes from its sheet unless one types another."""

    collectivite = TexteCourt(
        "Collectivité",
        [Requis("Indiquez la collectivité."), AuPlus(250)],
        render_kw={"list": "collectivites", "autocomplete": "off"},
    )
    visite_le = DateFr("Date de la visite", [Saisi("Indiquez la date de la visite.")])
    population = EntierFr("Nombre d’habitants", [Facultatif(), Entre(0, 10_000_000, "Indiquez zéro ou plus.")])


class ReglagesForm(VersionForm):
    """Visit, population, growth, and what the calculation counts with."""

    croissance_ml_an = DecimalFr(
        "Croissance nette par an", [Saisi("Indiquez la croissance, 0 s’il n’y en a pas."), LONGUEUR], places=3
    )
    horizon_ans = EntierFr("Prévoir pour", [Saisi("Indiquez un nombre d’années."), Entre(0, 50)])
    remplissage_pct = DecimalFr(
        "Remplissage des tablettes",
        [Saisi("Indiquez un pourcentage."), Entre(Decimal(1), Decimal(100), "Indiquez de 1 à 100.")],
    )
    travee_ml = DecimalFr(
        "Longueur offerte par une travée neuve",
        [Saisi("Indiquez une longueur."), Entre(Decimal("0.1"), Decimal(100), "Indiquez de 0,10 à 100 ml.")],
        places=3,
    )
    dos_mm = ChoixFr("Dos des boîtes", coerce=int, choices={dos: f"{dos // 10} cm" for dos in DOS_MM})
    feuillets_max = EntierFr(
        "Feuillets par volume relié", [Saisi("Indiquez un nombre."), Entre(1, 1000, "Indiquez de 1 à 1 000.")]
    )
    visite_le = DateFr("Date de la visite", [Saisi("Indiquez la date de la visite.")])
    population = EntierFr("Nombre d’habitants", [Saisi("Indiquez la population."), Entre(0, 10_000_000)])
    observations = TextAreaField("Remarques générales", [Facultatif(), AuPlus(5000)], render_kw={"rows": 4})

    @staticmethod
    def depuis(etat: Any) -> dict[str, Any]:
        """What the settings of an audit are shown as; lengths in metres."""
        memes = ("horizon_ans", "remplissage_pct", "dos_mm", "feuillets_max", "visite_le", "population", "observations")
        return {nom: getattr(etat, nom) for nom in memes} | {
            "croissance_ml_an": ml_depuis_mm(etat.croissance_mm_an),
            "travee_ml": ml_depuis_mm(etat.travee_mm),
        }

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table."""
        memes = ("horizon_ans", "remplissage_pct", "dos_mm", "feuillets_max", "visite_le", "population")
        return {nom: self[nom].data for nom in memes} | {
            "croissance_mm_an": en_mm(self.croissance_ml_an),
            "travee_mm": en_mm(self.travee_ml),
            "observations": (self.observations.data or "").strip(),
        }


class VisaForm(VersionForm):
    """The answer of the Archives départementales."""

    numero = TexteCourt("Numéro du visa", [Facultatif(), AuPlus(50)])
    accorde_le = DateFr("Date du visa", [Facultatif()])


class UnitesForm(VersionForm):
    """How many of an article of the list."""

    unites = EntierFr("Unités", [Saisi("Indiquez combien."), Entre(1, 1_000_000, "Indiquez 1 ou plus.")])


class BesoinForm(UnitesForm):
    """An article the calculation did not propose."""

    reference = TexteCourt(
        "Référence de l’article",
        [Requis("Indiquez la référence."), AuPlus(50)],
        render_kw={"list": "articles-du-marche", "autocomplete": "off"},
    )
    raison = TexteCourt("Pourquoi", [Facultatif(), AuPlus(500)])


class ImportationForm(VersionForm):
    """A document of measures, as the command line reads it."""

    fichier = FileField("Fichier JSON", render_kw={"accept": ".json,application/json"})
