"""What is typed about stock: a depot, a count."""

import re
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField
from wtforms.validators import Regexp, ValidationError

from groupement.socle.forms import (
    AuPlus,
    DecimalFr,
    EntierFr,
    Entre,
    Facultatif,
    Formulaire,
    Requis,
    Saisi,
    TexteCourt,
)

UNITES_AU_PLUS = 1_000_000
NOMBRE = r"[0-9]{1,9}$"


class DepotForm(Formulaire):
    """A place where stock is kept and orders collected."""

    nom = TexteCourt("Nom du dépôt", [Requis("Donnez un nom au dépôt."), AuPlus(100)])
    adresse = TexteCourt("Adresse", [Requis("Indiquez le numéro et la rue."), AuPlus(300)])
    code_postal = TexteCourt("Code postal", [Requis("Indiquez le code postal.")])
    ville = TexteCourt("Ville", [Requis("Indiquez la ville."), AuPlus(100)])
    contact = TexteCourt("Personne à contacter", [Facultatif(), AuPlus(100)])
    telephone = TexteCourt("Téléphone", [Facultatif(), AuPlus(30)])
    horaires = TexteCourt("Horaires", [Facultatif(), AuPlus(200)])
    livre = BooleanField("Ce dépôt livre les dépannages")

    def validate_code_postal(self, champ: Any) -> None:
        """Five digits."""
        if not re.fullmatch(r"[0-9]{5}", champ.data):
            raise ValidationError("Un code postal a cinq chiffres, par exemple 62700.")


class ReserveForm(Formulaire):
    """How many pieces of an article the depot keeps."""

    unites = EntierFr(
        "Unités gardées en réserve",
        [Saisi("Indiquez un nombre, 0 pour tout proposer."), Entre(0, UNITES_AU_PLUS, "Indiquez 0 ou plus.")],
    )


class LigneComptee(Form):
    """An article of the count sheet. `attendu`: what the books said when the sheet was shown."""

    article_id = HiddenField(validators=[Regexp(NOMBRE)])
    attendu = HiddenField(validators=[Regexp(NOMBRE)])
    compte = EntierFr("Compté", [Facultatif(), Entre(0, UNITES_AU_PLUS, "Indiquez 0 ou plus.")])


class InventaireForm(Formulaire):
    """A count: what was found of each article; blank: not counted. Besides, one article the sheet does not have."""

    motif = TexteCourt(
        "Motif", [Requis("Dites pourquoi vous comptez, par exemple « inventaire annuel »."), AuPlus(150)]
    )
    lignes = FieldList(FormField(LigneComptee))
    reference = TexteCourt("Référence trouvée", [Facultatif(), AuPlus(50)])
    unites = EntierFr("Nombre trouvé", [Entre(1, UNITES_AU_PLUS, "Indiquez 1 ou plus.")])
    valeur_ht = DecimalFr("Valeur totale HT", [Facultatif(), Entre(Decimal(0), message="Indiquez un montant positif.")])

    def validate_unites(self, champ: Any) -> None:
        """A number with its reference."""
        if self.reference.data and not champ.errors and champ.data is None:
            raise ValidationError("Indiquez combien vous en avez trouvé.")

    @property
    def comptes(self) -> dict[int, tuple[int, int]]:
        """(counted, expected) by article id, for the articles that were counted."""
        return {
            int(ligne.form.article_id.data): (ligne.form.compte.data, int(ligne.form.attendu.data))
            for ligne in self.lignes
            if ligne.form.compte.data is not None
        }
