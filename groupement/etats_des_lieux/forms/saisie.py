"""What is measured in the field: rooms, shelving, documents, years to bind. As short as a thumb allows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from groupement.etats_des_lieux.forms.champs import COTE, LONGUEUR, CasesFr, VersionForm, en_mm, nombres
from groupement.etats_des_lieux.rules.categories import CATEGORIES, categorie
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml, ml_depuis_mm
from groupement.etats_des_lieux.rules.reliures import LIBELLES_SERIES
from groupement.etats_des_lieux.states import Forme
from groupement.socle.forms import AuPlus, ChoixFr, DecimalFr, EntierFr, Entre, Facultatif, Requis, Saisi, TexteCourt
from groupement.socle.nombres import decimal_fr

RISQUES = (
    *("inondation", "humidité", "moisissures", "insectes ou rongeurs", "chaleur", "canalisations"),
    *("plancher surchargé", "accès difficile"),
)
COMME_D_HABITUDE = "habituelle"
LONGUEURS_DE_MESURE = (
    *("mesure", "eliminable", "temporaire", "definitif"),
    *("deja_boite_temporaire", "deja_boite_definitif"),
)


class LocalForm(VersionForm):
    """A room: its size in metres, what threatens it, what its floor carries."""

    nom = TexteCourt("Nom du local", [Requis("Donnez un nom au local, par exemple Grenier."), AuPlus(100)])
    niveau = TexteCourt("Étage", [Facultatif(), AuPlus(40)])
    x_m = DecimalFr("Longueur", [Saisi("Indiquez la longueur."), COTE], places=3, exemple="5,20")
    y_m = DecimalFr("Largeur", [Saisi("Indiquez la largeur."), COTE], places=3, exemple="3,80")
    hauteur_m = DecimalFr("Hauteur sous plafond", [Facultatif(), COTE], places=3, exemple="2,50")
    ferme_a_cle = BooleanField("Ferme à clé")
    risques = CasesFr("Risques constatés", choices={risque: risque.capitalize() for risque in RISQUES})
    charge_admissible_kg_m2 = EntierFr(
        "Charge que le plancher supporte", [Facultatif(), Entre(1, 10_000, "Indiquez de 1 à 10 000 kg/m².")]
    )
    observations = TextAreaField("Remarques", [Facultatif(), AuPlus(2000)], render_kw={"rows": 2})

    @staticmethod
    def depuis(local: Any) -> dict[str, Any]:
        """What a room is shown as."""
        memes = ("nom", "niveau", "ferme_a_cle", "charge_admissible_kg_m2", "observations")
        return {nom: getattr(local, nom) for nom in memes} | {
            "x_m": ml_depuis_mm(local.x_mm),
            "y_m": ml_depuis_mm(local.y_mm),
            "hauteur_m": None if local.hauteur_mm is None else ml_depuis_mm(local.hauteur_mm),
            "risques": local.risques.split(", ") if local.risques else [],
        }

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table, lengths in mm."""
        return {
            "nom": self.nom.data,
            "niveau": self.niveau.data,
            "x_mm": en_mm(self.x_m),
            "y_mm": en_mm(self.y_m),
            "hauteur_mm": None if self.hauteur_m.data is None else en_mm(self.hauteur_m),
            "ferme_a_cle": self.ferme_a_cle.data,
            "risques": ", ".join(self.risques.data or ()),
            "charge_admissible_kg_m2": self.charge_admissible_kg_m2.data,
            "observations": (self.observations.data or "").strip(),
        }


class RayonnageForm(VersionForm):
    """Shelving that stands in the room."""

    travees = EntierFr("Travées", [Saisi("Comptez les travées."), Entre(1, 1000, "Indiquez 1 ou plus.")])
    niveaux = EntierFr("Tablettes par travée", [Saisi("Comptez les tablettes."), Entre(1, 50, "Indiquez de 1 à 50.")])
    longueur_m = DecimalFr("Longueur d’une tablette", [Saisi("Mesurez une tablette."), COTE], places=3, exemple="1,00")
    a_garder = RadioField("Faut-il le garder\u00a0?", choices={"oui": "À garder", "non": "À remplacer"}, default="oui")

    @staticmethod
    def depuis(rayonnage: Any) -> dict[str, Any]:
        """What shelving is shown as."""
        return {
            "travees": rayonnage.travees,
            "niveaux": rayonnage.niveaux,
            "longueur_m": ml_depuis_mm(rayonnage.longueur_utile_mm),
            "a_garder": "oui" if rayonnage.a_garder else "non",
        }

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table."""
        return {
            "travees": self.travees.data,
            "niveaux": self.niveaux.data,
            "longueur_utile_mm": en_mm(self.longueur_m),
            "a_garder": self.a_garder.data == "oui",
        }


class MesureForm(VersionForm):
    """One category measured. Definitive left empty is all the rest; the other parts left empty are none."""

    categorie = ChoixFr(
        "Catégorie",
        [Requis("Choisissez la catégorie.")],
        choices={"": "Choisissez…"} | {connue.code: f"{connue.libelle} ({connue.code})" for connue in CATEGORIES},
    )
    forme = ChoixFr(
        "Forme",
        choices={COMME_D_HABITUDE: "Habituelle pour cette catégorie"}
        | {forme.value: forme.libelle() for forme in Forme},
    )
    mesure_ml = DecimalFr("Mesuré", [Saisi("Indiquez la longueur mesurée."), LONGUEUR], places=3, exemple="14,00")
    eliminable_ml = DecimalFr("Éliminable", [Facultatif(), LONGUEUR], places=3, exemple="1,40")
    temporaire_ml = DecimalFr("À garder quelques années", [Facultatif(), LONGUEUR], places=3, exemple="0,50")
    definitif_ml = DecimalFr("À garder toujours", [LONGUEUR], places=3, exemple="12,60")
    deja_boite_temporaire_ml = DecimalFr(
        "Déjà en boîtes, à garder quelques années", [Facultatif(), LONGUEUR], places=3, exemple="3,00"
    )
    deja_boite_definitif_ml = DecimalFr(
        "Déjà en boîtes, à garder toujours", [Facultatif(), LONGUEUR], places=3, exemple="4,00"
    )
    local = ChoixFr("Local", validate_choice=True)
    intitule = TexteCourt("Précision", [Facultatif(), AuPlus(200)])

    def avec_locaux(self, locaux: Sequence[tuple[int, str]]) -> "MesureForm":
        """Offer the rooms of the audit; returns the form."""
        self.local.choices = {"": "Sans local précis"} | {str(numero): nom for numero, nom in locaux}
        if self.local.data in (None, "None"):
            self.local.data = ""
        return self

    @staticmethod
    def depuis(mesure: Any) -> dict[str, Any]:
        """What a measured line is shown as."""
        longueurs = {f"{nom}_ml": ml_depuis_mm(getattr(mesure, f"{nom}_mm")) for nom in LONGUEURS_DE_MESURE}
        autres = {"categorie": mesure.categorie, "forme": mesure.forme.value, "intitule": mesure.intitule}
        return longueurs | autres | {"local": str(mesure.local_id or "")}

    @property
    def parties_mm(self) -> tuple[int, int, int, int]:
        """(measured, eliminable, temporary, definitive), the last one being the rest when it is left empty."""
        mesure, eliminable, temporaire = (en_mm(self[nom]) for nom in ("mesure_ml", "eliminable_ml", "temporaire_ml"))
        reste = max(0, mesure - eliminable - temporaire)
        return mesure, eliminable, temporaire, reste if self.definitif_ml.data is None else en_mm(self.definitif_ml)

    def validate_definitif_ml(self, champ: Any) -> None:
        """The three parts make the whole; the sentence shows the figures."""
        mesure, *parties = self.parties_mm
        if self.mesure_ml.data is None or any(self[nom].errors for nom in ("eliminable_ml", "temporaire_ml")):
            return
        if sum(parties) != mesure:
            somme = " + ".join(decimal_fr(Decimal(partie).scaleb(-3), 2) for partie in parties)
            raise ValidationError(f"{ecrire_ml(mesure)} mesurés ≠ {somme}\u00a0: corrigez l’un des nombres.")

    def validate_deja_boite_temporaire_ml(self, champ: Any) -> None:
        """No more in boxes than there is."""
        _refuser_au_dela(champ, self.parties_mm[2], "à garder quelques années")

    def validate_deja_boite_definitif_ml(self, champ: Any) -> None:
        """No more in boxes than there is."""
        _refuser_au_dela(champ, self.parties_mm[3], "à garder toujours")

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table, lengths in mm."""
        mesure, eliminable, temporaire, definitif = self.parties_mm
        habituelle = self.forme.data == COMME_D_HABITUDE
        forme = categorie(self.categorie.data).forme.value if habituelle else self.forme.data
        return {
            "categorie": self.categorie.data,
            "forme": Forme(forme),
            "intitule": self.intitule.data,
            "local_id": int(self.local.data) if self.local.data else None,
            "mesure_mm": mesure,
            "eliminable_mm": eliminable,
            "temporaire_mm": temporaire,
            "definitif_mm": definitif,
            "deja_boite_temporaire_mm": en_mm(self.deja_boite_temporaire_ml),
            "deja_boite_definitif_mm": en_mm(self.deja_boite_definitif_ml),
        }


class ReliureForm(VersionForm):
    """Unbound years of a series: one number of sheets a year from the first on, or the sessions of one year."""

    serie = ChoixFr("Registre", choices=dict(LIBELLES_SERIES))
    annee = EntierFr("Année", [Saisi("Indiquez l’année."), Entre(1700, 2200, "Indiquez une année, par exemple 2021.")])
    feuillets = TexteCourt("Feuillets de l’année", [AuPlus(300)], render_kw={"inputmode": "text"})
    seances = TexteCourt("Feuillets de chaque séance", [Facultatif(), AuPlus(500)], render_kw={"inputmode": "text"})

    @staticmethod
    def depuis(ligne: Any) -> dict[str, Any]:
        """What an unbound year is shown as."""
        detail = " ".join(str(feuillets) for feuillets in ligne.seances or ())
        feuillets = "" if detail else str(ligne.feuillets)
        return {"serie": ligne.serie, "annee": ligne.annee, "feuillets": feuillets, "seances": detail}

    def validate_feuillets(self, champ: Any) -> None:
        """Whole numbers, at least one of the two fields."""
        nombres(champ)
        if bool(champ.data) == bool(self.seances.data):
            raise ValidationError("Indiquez soit les feuillets de l’année, soit ceux de chaque séance.")

    def validate_seances(self, champ: Any) -> None:
        """Whole numbers."""
        nombres(champ)

    def lignes(self) -> list[dict[str, Any]]:
        """One row a year."""
        serie, annee, seances = self.serie.data, int(self.annee.data or 0), nombres(self.seances)
        if seances:
            return [{"serie": serie, "annee": annee, "feuillets": sum(seances), "seances": seances}]
        return [
            {"serie": serie, "annee": annee + rang, "feuillets": feuillets, "seances": None}
            for rang, feuillets in enumerate(nombres(self.feuillets))
        ]


def _refuser_au_dela(champ: Any, partie_mm: int, quoi: str) -> None:
    """Raise ValidationError when more is said to be boxed than was measured."""
    if en_mm(champ) > partie_mm:
        raise ValidationError(f"Il y a {ecrire_ml(partie_mm)} {quoi}\u00a0: indiquez-en autant ou moins.")
