"""What a buyer types about a campagne: its terms, a new last day, a reason."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.commandes.states import RegleDeReliquat
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, Formulaire, Requis, Saisi, TexteCourt


class CampagneForm(Formulaire):
    """The terms of an ordering window."""

    intitule = TexteCourt(
        "Nom de la campagne", [Requis("Donnez un nom, par exemple « Campagne d’automne 2026 »."), AuPlus(200)]
    )
    marche_id = ChoixFr("Marché", [Requis("Choisissez le marché.")])
    du = DateFr("Premier jour", [Saisi("Indiquez le premier jour, par exemple 02/11/2026.")])
    au = DateFr("Dernier jour, inclus", [Saisi("Indiquez le dernier jour, par exemple 11/12/2026.")])
    depot_id = ChoixFr("Dépôt", [Requis("Choisissez le dépôt.")])
    regle_reliquat = ChoixFr(
        "S’il arrive moins que commandé",
        choices=[SelectChoice(regle.value, regle.libelle()) for regle in RegleDeReliquat],
    )

    def proposer(self, marches: Sequence[tuple[str, str]], depots: Sequence[tuple[str, str]]) -> None:
        """The marchés and depots to choose in."""
        self.marche_id.choices = [SelectChoice(*marche) for marche in marches]
        self.depot_id.choices = [SelectChoice(*depot) for depot in depots]


class ReportForm(Formulaire):
    """A new last day."""

    au = DateFr("Nouveau dernier jour, inclus", [Saisi("Indiquez le nouveau dernier jour, par exemple 18/12/2026.")])


class MotifForm(Formulaire):
    """Why a campagne is opened again or given up; the members may read it."""

    motif = TextAreaField("Motif", [Requis("Écrivez pourquoi, en une phrase."), AuPlus(400)])


class RegroupementForm(Formulaire):
    """What was previewed and is agreed to; the boxes of what is left out are read apart, by their names."""

    empreinte = HiddenField()
    depuis_le_stock = HiddenField()
    accord = BooleanField(
        "J’ai relu ces chiffres\u00a0: envoyez les bons de commande aux fournisseurs.",
        [Requis("Cochez la case pour confirmer l’envoi des bons.")],
    )
