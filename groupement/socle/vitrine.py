"""What the page of components shows: one form with its faults, one list with its pages, invented values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, Form, RadioField, StringField, TextAreaField

from groupement.socle.forms import ChoixFr, DateFr, DecimalFr, EntierFr, Entre, Facultatif, Saisi


class FormulaireDExemple(Form):
    """One field of each kind."""

    contact = StringField("Personne à prévenir", [Saisi("Indiquez un nom.")])
    lieu = ChoixFr(
        "Lieu de livraison",
        [Saisi("Choisissez un lieu.")],
        choices={"1": "Mairie", "2": "Services techniques"},
    )
    acces = RadioField(
        "Accès",
        [Saisi("Choisissez un accès.")],
        choices={"quai": "Quai de déchargement", "plain_pied": "De plain-pied", "escalier": "Escalier"},
    )
    longueur = DecimalFr(
        "Longueur occupée",
        [Saisi("Indiquez une longueur."), Entre(Decimal("0.01"), message="Indiquez plus de zéro.")],
    )
    boites = EntierFr("Boîtes demandées", [Facultatif()])
    jour = DateFr("Jour souhaité", [Facultatif()])
    remarque = TextAreaField("Remarque pour le livreur", [Facultatif()])
    photo = FileField("Photo de l’accès", [Facultatif()])
    accord = BooleanField("La collectivité accepte les boîtes en trop du dernier colis.")


@dataclass(frozen=True, slots=True)
class CommandeDExemple:
    """A row of the table."""

    nom: str
    lieu: str
    siren: str
    etat: str
    libelle: str
    lignes: int
    montant: Decimal


COMMANDES = (
    CommandeDExemple("Béthune", "Services techniques", "216201194", "soumise", "À valider", 14, Decimal("1234.50")),
    CommandeDExemple("Beuvry", "Mairie", "216201269", "validee", "Envoyée", 9, Decimal("612.40")),
    CommandeDExemple("Annezin", "Mairie, premier étage", "216200352", "brouillon", "À compléter", 8, Decimal("233.20")),
)


@dataclass(frozen=True, slots=True)
class PageDExemple:
    """The second page of seven, as Flask-SQLAlchemy would describe it."""

    page: int = 2
    pages: int = 7
    total: int = 312
    first: int = 51
    last: int = 100
    has_prev: bool = True
    has_next: bool = True

    def iter_pages(self, **marges: int) -> Iterator[int | None]:
        """Numbers to draw, None for a gap."""
        yield from (1, 2, 3, None, 7)


def valeurs(args: Mapping[str, Any]) -> dict[str, Any]:
    """The context of templates/socle/composants.html; `args` is the query string of the request."""
    formulaire = FormulaireDExemple(MultiDict({"longueur": "-3", "lieu": "2", "boites": "40"}))
    formulaire.validate()
    return {
        "demo_form": formulaire,
        "pages": PageDExemple(),
        "args": args,
        "commandes_demo": COMMANDES,
        "prix_demo": Decimal("1234.50"),
        "unitaire_demo": Decimal("1.0850"),
        "palier_demo": Decimal("0.97"),
    }
