"""What a buyer types: marchés, lots, suppliers, a BPU to load."""

import re
from collections.abc import Iterable
from typing import Any

from stdnum.fr import siret
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, ValidationError

from groupement.catalogue.rules.termes import ZERO
from groupement.catalogue.states import PorteePalier
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

Couples = Iterable[tuple[str, str]]  # (value, words)
LOTS_PROPOSES = 3
LOTS_AU_PLUS = 20
TELEPHONE = re.compile(r"[0-9 +().-]{10,30}")


def choix(couples: Couples) -> list[SelectChoice]:
    """The options of a list, as WTForms wants them."""
    return [SelectChoice(valeur, libelle) for valeur, libelle in couples]


PORTEES = choix((portee.value, portee.libelle().capitalize()) for portee in PorteePalier)


def montant(libelle: str, *validators: Any, **options: Any) -> DecimalFr:
    """An amount in € HT, positive or zero."""
    return DecimalFr(libelle, [*validators, Entre(ZERO, message="Indiquez un montant positif, ou 0.")], **options)


class FournisseurForm(Formulaire):
    """How a supplier is named and reached."""

    nom = TexteCourt("Nom de l’entreprise", [Requis("Indiquez le nom de l’entreprise."), AuPlus(200)])
    siret = TexteCourt("SIRET", [Requis("Indiquez les 14 chiffres du SIRET.")])
    courriel = TexteCourt(
        "Courriel des commandes",
        [Requis("Indiquez un courriel."), Email("Écrivez un courriel, par exemple nom@entreprise.fr."), AuPlus(255)],
    )
    telephone = TexteCourt("Téléphone", [Facultatif(), AuPlus(30)])
    adresse = TexteCourt("Adresse", [Requis("Indiquez le numéro et la rue."), AuPlus(300)])
    code_postal = TexteCourt("Code postal", [Requis("Indiquez le code postal.")])
    ville = TexteCourt("Ville", [Requis("Indiquez la ville."), AuPlus(100)])

    def validate_siret(self, champ: Any) -> None:
        """Fourteen digits with a right key, spaces or not."""
        champ.data = "".join(champ.data.split())
        if not siret.is_valid(champ.data):
            raise ValidationError("Ce SIRET n’existe pas\u00a0: vérifiez ses 14 chiffres.")

    def validate_code_postal(self, champ: Any) -> None:
        """Five digits."""
        if not re.fullmatch(r"[0-9]{5}", champ.data):
            raise ValidationError("Un code postal a cinq chiffres, par exemple 62000.")

    def validate_telephone(self, champ: Any) -> None:
        """A number one can dial."""
        if champ.data and not TELEPHONE.fullmatch(champ.data):
            raise ValidationError("Écrivez un numéro de téléphone, par exemple 03 21 00 00 00.")


class LotDuMarcheForm(Form):
    """A lot of a new marché; left blank, it does not count."""

    intitule = TexteCourt("Intitulé du lot", [AuPlus(200)])
    fournisseur = ChoixFr("Titulaire", coerce=str)
    rang_2 = ChoixFr("Titulaire de rang 2", coerce=str, default="")
    rang_3 = ChoixFr("Titulaire de rang 3", coerce=str, default="")
    plafond_ht = DecimalFr("Plafond HT", exemple="200 000")

    @property
    def est_vide(self) -> bool:
        """Nothing was typed: the lot does not exist."""
        return not self.intitule.data and self.plafond_ht.data is None and not self.fournisseur.data

    def validate_intitule(self, champ: Any) -> None:
        """A lot that counts has a name."""
        if not self.est_vide and not champ.data:
            raise ValidationError("Indiquez l’intitulé du lot.")

    def validate_fournisseur(self, champ: Any) -> None:
        """A lot that counts has a titulaire."""
        if not self.est_vide and not champ.data:
            raise ValidationError("Choisissez le titulaire du lot.")

    def validate_rang_2(self, champ: Any) -> None:
        """Nobody twice."""
        if champ.data and champ.data == self.fournisseur.data:
            raise ValidationError("Cette entreprise est déjà au rang 1\u00a0: un rang, une entreprise.")

    def validate_rang_3(self, champ: Any) -> None:
        """Nobody twice, and no rank left out."""
        if champ.data and champ.data in (self.fournisseur.data, self.rang_2.data):
            raise ValidationError("Cette entreprise a déjà un rang\u00a0: un rang, une entreprise.")
        if champ.data and not self.rang_2.data:
            raise ValidationError("Choisissez d’abord le titulaire de rang 2.")

    @property
    def suivants(self) -> tuple[int, ...]:
        """The titulaires after the first, by rank."""
        return tuple(int(champ.data) for champ in (self.rang_2, self.rang_3) if champ.data)

    def validate_plafond_ht(self, champ: Any) -> None:
        """A lot that counts has a ceiling."""
        if not self.est_vide and not champ.errors and (champ.data is None or champ.data <= 0):
            raise ValidationError("Indiquez le plafond\u00a0: la loi l’exige, il est supérieur à zéro.")


class MarcheForm(Formulaire):
    """A new marché and its lots."""

    numero = TexteCourt("Numéro du marché", [Requis("Indiquez le numéro du marché."), AuPlus(30)])
    objet = TexteCourt("Objet", [Requis("Dites en une phrase ce qu’on achète."), AuPlus(500)])
    convention = ChoixFr("Convention du groupement", [Requis("Choisissez la convention.")], coerce=str)
    consultation_le = DateFr("Lancement de la consultation", [Saisi("Indiquez la date de lancement.")])
    notifie_le = DateFr("Notification au titulaire", [Saisi("Indiquez la date de notification.")])
    du = DateFr("Premier jour", [Saisi("Indiquez le premier jour du marché.")])
    au = DateFr("Dernier jour", [Saisi("Indiquez le dernier jour du marché.")])
    justification_duree = TextAreaField("Pourquoi plus de quatre ans", [Facultatif(), AuPlus(500)])
    lots = FieldList(FormField(LotDuMarcheForm), min_entries=LOTS_PROPOSES, max_entries=LOTS_AU_PLUS)

    def proposer(self, conventions: Couples, fournisseurs: Couples) -> None:
        """Fill the lists to choose in."""
        self.convention.choices = choix(conventions)
        fournisseurs = list(fournisseurs)
        titulaires, suivants = choix([("", "Choisissez…"), *fournisseurs]), choix([("", "Aucun"), *fournisseurs])
        for lot in self.lots:
            lot.form.fournisseur.choices = titulaires
            lot.form.rang_2.choices = lot.form.rang_3.choices = suivants

    @property
    def lots_remplis(self) -> list[LotDuMarcheForm]:
        """The lots that count."""
        return [lot.form for lot in self.lots if not lot.form.est_vide]

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: one lot at least, said beside the first."""
        valide = bool(super().validate(extra_validators))
        if not self.lots_remplis:
            premier = self.lots[0].form.intitule
            premier.errors = [*premier.errors, "Décrivez au moins un lot."]
            return False
        return valide


class LotForm(Formulaire):
    """The terms of a lot. `empreinte` is the mark of the terms the page was shown with."""

    empreinte = HiddenField()
    intitule = TexteCourt("Intitulé", [Requis("Indiquez l’intitulé du lot."), AuPlus(200)])
    fournisseur = ChoixFr("Titulaire", [Requis("Choisissez le titulaire.")], coerce=str)
    plafond_ht = DecimalFr(
        "Plafond HT", [Saisi("Indiquez le plafond."), Entre(ZERO, message="Indiquez un montant supérieur à zéro.")]
    )
    minimum_ht = montant("Minimum HT", Saisi("Indiquez un montant, ou 0 s’il n’y a pas de minimum."))
    delai_livraison_jours = EntierFr(
        "Délai de livraison", [Saisi("Indiquez un nombre de jours."), Entre(1, 365, "Entre 1 et 365 jours.")]
    )
    minimum_commande_ht = montant("Minimum de commande HT", Saisi("Indiquez un montant, ou 0."))
    port_ht = montant("Port HT", Saisi("Indiquez un montant, ou 0 si la livraison est comprise."))
    franco_ht = montant("Franco de port HT", Facultatif())
    portee_palier = ChoixFr("Les paliers de prix se comptent", choices=PORTEES)
    un_bon_par_lieu = BooleanField("Un bon de commande par lieu de livraison")
