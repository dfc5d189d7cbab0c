"""What a member types on the way to an order: quantities, where it goes, a reason, an engagement number."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.form import _Auto
from wtforms import HiddenField, RadioField, TextAreaField

from groupement.commandes.rules.lignes_vues import Quantites
from groupement.socle.forms import AuPlus, ChoixFr, EntierFr, Facultatif, Formulaire, Requis, Saisi, TexteCourt

DEPOT = "depot"


def identifiant_lu(texte: object) -> int:
    """The id written in a hidden field; 0, which no row has, for anything else (a database refuses longer numbers)."""
    chiffres = str(texte or "")
    return int(chiffres) if chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 10 else 0


class QuantiteForm(Formulaire):
    """A quantity, and how many more would be accepted; `choix` is a button that proposes one in a click."""

    article = HiddenField()
    unites = EntierFr("Quantité", [Facultatif()])
    unites_acceptees_en_plus = EntierFr("J’accepte aussi jusqu’à", [Facultatif()])
    choix = EntierFr("Quantité proposée", [Facultatif()])

    @property
    def quantite(self) -> int:
        """What is wanted: the proposition clicked, or what was typed; nothing typed is nothing."""
        return int(self.choix.data if self.choix.data is not None else self.unites.data or 0)

    @property
    def article_id(self) -> int:
        """The article; 0, which none has, when it is missing."""
        return identifiant_lu(self.article.data)

    @property
    def en_plus(self) -> int | None:
        """The extra units accepted; None when the form does not ask."""
        return int(self.unites_acceptees_en_plus.data or 0) if self.unites_acceptees_en_plus.raw_data else None


class LigneForm(QuantiteForm):
    """A line of the basket, with what its page showed: the article, both quantities, the version of the order.

    `garder`: what somebody else wrote of it meanwhile is kept.
    """

    commande = HiddenField()
    vu = HiddenField()
    vu_en_plus = HiddenField()
    vue = HiddenField()
    garder = HiddenField()

    @property
    def quantite(self) -> int:
        """What is wanted; what somebody else wrote, when that is kept."""
        return identifiant_lu(self.vu.data) if self.garder.data else super().quantite

    @property
    def en_plus(self) -> int | None:
        """The extra units accepted; those somebody else wrote, when they are kept."""
        return identifiant_lu(self.vu_en_plus.data) if self.garder.data else super().en_plus

    @property
    def commande_id(self) -> int:
        """The order; 0, which none has, when the page does not say."""
        return identifiant_lu(self.commande.data)

    @property
    def quantites_vues(self) -> Quantites | None:
        """What the page showed; None when it does not say."""
        return Quantites(identifiant_lu(self.vu.data), identifiant_lu(self.vu_en_plus.data)) if self.vu.data else None

    @property
    def version_vue(self) -> int:
        """The version of the order the page shows; 0 when it does not say."""
        return identifiant_lu(self.vue.data)


class VersionForm(Formulaire):
    """A decision in one click: it carries the version of the page it was taken on."""

    version = HiddenField()

    @property
    def version_vue(self) -> int:
        """The version shown; 0, which no order has, when it is missing."""
        return identifiant_lu(self.version.data)


class EnvoiForm(VersionForm):
    """Where the order goes: one of the body's places (by id) or the depot."""

    arrondir = HiddenField()
    lieu = RadioField("Où voulez-vous recevoir votre commande\u00a0?", [Saisi("Choisissez où livrer votre commande.")])

    def __init__(self, choix: Sequence[tuple[str, str]], formdata: Any = _Auto, **valeurs: Any) -> None:
        """`choix`: (id of the place or « depot », its words)."""
        super().__init__(formdata, **valeurs)
        self.lieu.choices = list(choix)
        self.lieu.validate_choice = False

    @property
    def point_id(self) -> int | None:
        """The place chosen; None for the depot."""
        return identifiant_lu(self.lieu.data) or None

    @property
    def arrondir_voulu(self) -> bool:
        """What only the depot can serve is to be rounded up to whole packs."""
        return bool(self.arrondir.data)

    @property
    def au_depot(self) -> bool:
        """The body will fetch its order."""
        return bool(self.lieu.data == DEPOT)


class ValidationForm(VersionForm):
    """The money is committed; the body says on its page whether Chorus Pro will ask for the numbers."""

    engagement = TexteCourt("Numéro d’engagement", [AuPlus(50)])
    code_service = TexteCourt("Code service", [AuPlus(100)])

    def exiger(self, *, engagement: bool, code_service: bool) -> "ValidationForm":
        """Make obligatory what the body must write on its invoices; returns the form."""
        if engagement:
            self.engagement.validators = [Requis("Indiquez le numéro d’engagement."), *self.engagement.validators]
        if code_service:
            self.code_service.validators = [Requis("Indiquez le code service."), *self.code_service.validators]
        self.engagement.flags.required, self.code_service.flags.required = engagement, code_service
        return self


class ValidationParServiceForm(ValidationForm):
    """The same, for a body that has written its services: one is chosen, not typed."""

    code_service = ChoixFr("Service", [AuPlus(100)])

    def __init__(self, services: Sequence[tuple[str, str]], **valeurs: Any) -> None:
        """`services`: (code, name)."""
        super().__init__(**valeurs)
        vide = ("", "Choisissez un service")
        self.code_service.choices = [vide, *((code, f"{nom} ({code})") for code, nom in services)]


class RenvoiForm(VersionForm):
    """Why the valideur sends the order back."""

    motif = TextAreaField("Que faut-il revoir\u00a0?", [Requis("Écrivez ce qu’il faut revoir."), AuPlus(500)])
