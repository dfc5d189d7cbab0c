"""What a buyer types about a campagne: its terms, a new last day, a reason."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from groupement.adherents.forms.fichiers import CasesFr
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.forms.contrats import ChoixMultiple
from groupement.commandes.rules.acces_campagne import lire_les_sirens
from groupement.commandes.states import AccesCampagne, RegleDeReliquat
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, Facultatif, Formulaire, Requis, Saisi, TexteCourt


class CampagneForm(Formulaire):
    """The terms of an ordering window."""

    intitule = TexteCourt(
        "Nom de la campagne", [Requis("Donnez un nom, par exemple « Campagne d’automne 2026 »."), AuPlus(200)]
    )
    marche_id = ChoixFr("Marché", [Requis("Choisissez le marché.")])
    du = DateFr("Premier jour", [Saisi("Indiquez le premier jour, par exemple 02/11/2026.")])
    au = DateFr("Dernier jour, inclus", [Saisi("Indiquez le dernier jour, par exemple 11/12/2026.")])
    complement_au = DateFr("Phase de complément, jusqu’au", [Facultatif()])
    depot_id = ChoixFr("Dépôt", [Requis("Choisissez le dépôt.")])
    regle_reliquat = ChoixFr(
        "S’il arrive moins que commandé",
        choices=[SelectChoice(regle.value, regle.libelle()) for regle in RegleDeReliquat],
    )

    lots = CasesFr("Lots ouverts")
    acces = ChoixFr(
        "Qui peut commander",
        choices=[SelectChoice(acces.value, acces.libelle()) for acces in AccesCampagne],
        default=AccesCampagne.TOUS.value,
    )
    types = ChoixMultiple(
        "Types de collectivités admis", choices=[SelectChoice(g.value, g.libelle()) for g in TypeCollectivite]
    )
    sirens = TextAreaField(
        "SIREN des collectivités admises, un par ligne",
        [Facultatif(), AuPlus(30_000)],
        render_kw={"rows": 6, "spellcheck": "false"},
    )
    livraison_du = DateFr("Première livraison", [Facultatif()])
    livraison_au = DateFr("Dernière livraison", [Facultatif()])
    s_ouvre_seule = BooleanField("La campagne s’ouvre d’elle-même", default=True)
    sirens_lus: dict[str, int] = {}  # SIREN → its line; replaced, never changed

    def proposer(
        self,
        marches: Sequence[tuple[str, str]],
        depots: Sequence[tuple[str, str]],
        lots: Sequence[tuple[int, str]],
    ) -> None:
        """The marchés, depots and lots to choose in; all the lots are ticked until somebody chooses."""
        self.marche_id.choices = [SelectChoice(*marche) for marche in marches]
        self.depot_id.choices = [SelectChoice(*depot) for depot in depots]
        self.lots.choices = [SelectChoice(*lot) for lot in lots]

    def validate_sirens(self, champ: TextAreaField) -> None:
        """Every line is a SIREN; each that is not is told by its number."""
        if self.acces.data != AccesCampagne.LISTE:
            return
        self.sirens_lus, fautes = lire_les_sirens(champ.data or "")
        if fautes:
            champ.errors = fautes
            raise StopValidation()


class LivraisonForm(Formulaire):
    """The delivery period announced."""

    livraison_du = DateFr("Première livraison", [Facultatif()])
    livraison_au = DateFr("Dernière livraison", [Facultatif()])


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
