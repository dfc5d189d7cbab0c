"""What a buyer types about prices that move: the formula of the contract, the indices read."""

from decimal import Decimal
from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField
from wtforms.validators import ValidationError

from groupement.catalogue.forms import choix
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

INDICES_AU_PLUS = 4
POURCENT = Entre(Decimal(0), Decimal(100), "Entre 0 et 100\u00a0%.")


class IndiceForm(Form):
    """An index of the formula; left blank, it does not count."""

    code = TexteCourt("Identifiant", [Facultatif(), AuPlus(20)])
    libelle = TexteCourt("Nom de l’indice", [Facultatif(), AuPlus(200)])
    poids_pct = DecimalFr("Poids", [Facultatif(), POURCENT], exemple="100")
    valeur_base = DecimalFr("Valeur de départ", [Facultatif()], places=4, exemple="121,2")
    mois_base = DateFr("Publié pour le mois du", [Facultatif()])

    @property
    def rempli(self) -> bool:
        """Whether anything was typed."""
        return bool(self.code.data or self.libelle.data or self.poids_pct.raw_data and self.poids_pct.raw_data[0])

    def validate_code(self, champ: Any) -> None:
        """An index that counts is whole."""
        if not self.rempli:
            return
        manque = {
            "identifiant": not champ.data,
            "poids": self.poids_pct.data is None,
            "valeur de départ": self.valeur_base.data is None,
            "mois": self.mois_base.data is None,
        }
        if any(manque.values()):
            raise ValidationError(
                f"Complétez cet indice\u00a0: {', '.join(nom for nom, vide in manque.items() if vide)}."
            )


class FormuleForm(Formulaire):
    """The revision clause of a lot."""

    version = HiddenField()
    source = TexteCourt("Où le contrat le dit", [Requis("Indiquez l’article du CCAP, ou l’avenant."), AuPlus(200)])
    prix_du = DateFr("Prix initiaux du", [Saisi("Indiquez le jour dont les prix sont ceux du départ.")])
    mois_entre_revisions = EntierFr(
        "Une révision tous les", [Saisi("Indiquez un nombre de mois."), Entre(1, 60, "Entre 1 et 60 mois.")]
    )
    part_fixe_pct = DecimalFr("Part fixe", [Saisi("Indiquez la part fixe, ou 0."), POURCENT], exemple="15")
    decimales = ChoixFr("Décimales d’un prix unitaire", choices=choix([("4", "Quatre"), ("3", "Trois"), ("2", "Deux")]))
    seuil_pct = DecimalFr("Seuil de déclenchement", [Facultatif(), POURCENT], exemple="2")
    butoir_pct = DecimalFr("Butoir", [Facultatif(), POURCENT], exemple="5")
    sauvegarde_pct = DecimalFr("Clause de sauvegarde", [Facultatif(), POURCENT], exemple="10")
    indices = FieldList(FormField(IndiceForm), min_entries=INDICES_AU_PLUS, max_entries=INDICES_AU_PLUS)


class ReleveForm(Form):
    """The value of an index, read in its publication."""

    code = HiddenField()
    valeur = DecimalFr("Valeur lue", [Saisi("Indiquez la valeur publiée de cet indice.")], places=4, exemple="130,5")
    source = TexteCourt("Lue dans", [Requis("Indiquez où vous l’avez lue, et pour quel mois."), AuPlus(200)])

    def validate_valeur(self, champ: Any) -> None:
        """Zero would make prices vanish."""
        if champ.data is not None and champ.data <= 0:
            raise ValidationError("Un indice est supérieur à zéro\u00a0: relisez sa publication.")


class RevisionForm(Formulaire):
    """A revision to work out: from when, with which values. The preview is a GET: its address can be kept."""

    du = DateFr("Nouveaux prix à partir du", [Saisi("Indiquez à partir de quand les prix changent.")])
    empreinte = HiddenField()
    releves = FieldList(FormField(ReleveForm))
