"""Where the door of a room is: what a plan of shelving needs to know besides its size."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField
from wtforms.validators import ValidationError

from groupement.etats_des_lieux.forms.champs import en_mm
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml, ml_depuis_mm
from groupement.socle.forms import ChoixFr, DecimalFr, Entre, Saisi

LARGEUR_DE_PORTE_MM = 900


class PlanForm(Form):
    """A question asked in the address: nothing is written, so it bears no token."""

    mur = ChoixFr(
        "Mur de la porte",
        choices={
            "O": "Ouest (à gauche sur le plan)",
            "E": "Est (à droite)",
            "S": "Sud (en bas)",
            "N": "Nord (en haut)",
        },
    )
    decalage_m = DecimalFr(
        "Distance du coin à la porte",
        [
            Saisi("Indiquez une distance, 0 si la porte touche le coin."),
            Entre(Decimal(0), message="Indiquez 0 ou plus."),
        ],
        places=3,
        exemple="1,45",
    )
    ouverture = ChoixFr("Ouverture", choices={"exterieur": "Vers l’extérieur", "interieur": "Vers l’intérieur"})
    juste_assez = RadioField(
        "Combien de rayonnages\u00a0?",
        choices={"non": "Le plus possible", "oui": "Juste assez pour le besoin"},
        default="non",
    )
    x_mm = y_mm = 0

    @classmethod
    def depuis(cls, args: Mapping[str, Any], x_mm: int, y_mm: int) -> "PlanForm":
        """The form of the address; without one, a door in the middle of the west wall is supposed."""
        milieu = max(0, (y_mm - LARGEUR_DE_PORTE_MM) // 2)
        supposee = {"mur": "O", "decalage_m": str(ml_depuis_mm(milieu)).replace(".", ","), "juste_assez": "non"}
        form = cls(MultiDict(args or supposee | {"ouverture": "exterieur"}))
        form.x_mm, form.y_mm = x_mm, y_mm
        return form

    @property
    def decalage_mm(self) -> int:
        """The distance in mm."""
        return en_mm(self.decalage_m)

    def validate_decalage_m(self, champ: Any) -> None:
        """The whole door is in its wall."""
        longueur_mm = self.x_mm if self.mur.data in {"N", "S"} else self.y_mm
        if champ.data is not None and en_mm(champ) + LARGEUR_DE_PORTE_MM > longueur_mm:
            raise ValidationError(
                f"Ce mur fait {ecrire_ml(longueur_mm).replace('ml', 'm')}\u00a0: une porte de 0,90 m n’y tient pas là."
            )
