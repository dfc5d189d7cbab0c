"""What an archivist types: a mission, its days, its end; and the reason of what is given up."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import TextAreaField

from groupement.etats_des_lieux.forms.champs import LONGUEUR, en_mm
from groupement.livraisons.forms.versions import VersionForm
from groupement.prestations.rules.missions import Journee, Projet
from groupement.prestations.states import NATURES_DE_MISSION, NaturePrestation
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, DecimalFr, Entre, Facultatif, Requis, Saisi, TexteCourt

PLUS_DE_ZERO = Entre(Decimal("0.01"), Decimal(10_000), "Indiquez plus de zéro.")


class MissionForm(VersionForm):
    """What was agreed with the body."""

    objet = TexteCourt("Objet", [Requis("Dites ce que l’archiviste vient faire."), AuPlus(200)])
    archiviste = ChoixFr("Archiviste", coerce=int)
    nature = ChoixFr("Compté", choices={nature.value: nature.libelle() for nature in NATURES_DE_MISSION})
    du = DateFr("Premier jour", [Saisi("Indiquez le premier jour.")])
    au = DateFr("Dernier jour", [Saisi("Indiquez le dernier jour.")])
    quantite_prevue = DecimalFr(
        "Durée prévue", [Saisi("Indiquez combien de jours ou d’heures sont prévus."), PLUS_DE_ZERO], exemple="4"
    )

    def avec_archivistes(self, archivistes: Sequence[tuple[int, str]]) -> "MissionForm":
        """Offer these people. Returns itself."""
        self.archiviste.choices = list(archivistes)
        return self

    @staticmethod
    def depuis(mission: Any) -> dict[str, Any]:
        """What a mission is shown as."""
        memes = ("objet", "du", "au", "quantite_prevue", "version")
        return {nom: getattr(mission, nom) for nom in memes} | {
            "nature": mission.nature.value,
            "archiviste": mission.archiviste_id,
        }

    def projet(self) -> Projet:
        """What goes in the table."""
        return Projet(
            archiviste_id=self.archiviste.data,
            nature=NaturePrestation(self.nature.data),
            objet=self.objet.data,
            du=self["du"].data,
            au=self["au"].data,
            quantite_prevue=self["quantite_prevue"].data,
        )


class NouvelleMissionForm(MissionForm):
    """A mission, and in which body."""

    collectivite = TexteCourt(
        "Collectivité",
        [Requis("Indiquez la collectivité."), AuPlus(250)],
        render_kw={"list": "collectivites", "autocomplete": "off"},
    )


class JourneeForm(VersionForm):
    """A day."""

    jour = DateFr("Jour", [Saisi("Indiquez le jour.")])
    quantite = DecimalFr("Temps passé", [Saisi("Indiquez le temps passé.")], exemple="0,5")
    traites_ml = DecimalFr("Traité", [Facultatif(), LONGUEUR], places=3, exemple="1,70")
    elimines_ml = DecimalFr("Dont à éliminer", [Facultatif(), LONGUEUR], places=3, exemple="0,50")
    travail = TexteCourt("Ce qui a été fait", [Requis("Dites en quelques mots ce qui a été fait."), AuPlus(300)])

    def journee(self) -> Journee:
        """The day as the rules take it."""
        return Journee(self["jour"].data, self["quantite"].data, en_mm(self.traites_ml), en_mm(self.elimines_ml))


class FinForm(VersionForm):
    """How the mission ends."""

    bilan = TextAreaField(
        "Bilan", [Requis("Dites ce qui a été fait et ce qu’il reste à faire."), AuPlus(5000)], render_kw={"rows": 6}
    )

    @property
    def texte(self) -> str:
        """What was written, without the spaces around it."""
        return (self.bilan.data or "").strip()


class MotifForm(VersionForm):
    """Why something is given up."""

    motif = TexteCourt("Pourquoi", [Requis("Dites pourquoi\u00a0: le journal le garde."), AuPlus(300)])
