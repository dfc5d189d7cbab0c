"""What a supplier types to announce a shipment: the day, the carrier, the packages, the places or the pieces."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField

from groupement.commandes.forms.echanges import FournisseurForm, numero_lu
from groupement.livraisons.rules.envois import Envoi
from groupement.socle.forms import AuPlus, DateFr, EntierFr, Entre, Facultatif, Saisi, TexteCourt

NOMBRE_DE_COLIS = "Indiquez un nombre de colis entre 1 et 100 000, ou laissez vide."


class EnvoiForm(FournisseurForm):
    """A shipment. Not `pour`: that name says for whom a form was shown (`acces.CHAMP_POUR`)."""

    jour = DateFr("Jour de livraison", [Saisi("Indiquez le jour de livraison.")])
    transporteur = TexteCourt("Transporteur", [AuPlus(100)])
    colis = EntierFr("Nombre de colis", [Facultatif(), Entre(1, 100_000, NOMBRE_DE_COLIS)])
    bordereau = TexteCourt("Numéro du bordereau", [AuPlus(60)])
    remplace = BooleanField("Ce jour remplace ce que vous aviez annoncé", [Facultatif()])

    @property
    def envoi(self) -> Envoi:
        """What is announced."""
        colis = None if self.colis.data is None else int(self.colis.data)
        return Envoi(self.jour.data or date.min, str(self.transporteur.data), colis, str(self.bordereau.data))


class AnnonceForm(EnvoiForm):
    """A shipment to the places ticked, or to all."""

    toutes = BooleanField("Toutes les livraisons à venir de ce bon", [Facultatif()])


class LigneForm(Form):
    """An article of a place. `vu`: what it is, put there by `lier`."""

    vu: Any = None
    cle = HiddenField()
    unites = EntierFr("Unités", [Saisi("Indiquez un nombre, 0 pour rien."), Entre(0, message="Zéro au moins.")])


class PartieForm(EnvoiForm):
    """A shipment of a part of what one place expects."""

    lignes = FieldList(FormField(LigneForm), max_entries=500)

    def lier(self, articles: Iterable[Any]) -> "PartieForm":
        """Tie each line to its article; those of another delivery are dropped. Returns itself."""
        par_cle = {article.ligne_bon_id: article for article in articles}
        for ligne in self.lignes:
            ligne.form.vu = par_cle.get(numero_lu(ligne.form.cle.data))
        return self

    @property
    def partie(self) -> dict[int, int]:
        """Pieces by bon line."""
        connues = (ligne.form for ligne in self.lignes if ligne.form.vu is not None)
        return {form.vu.ligne_bon_id: int(form.unites.data or 0) for form in connues}

    def dire(self, fautes: Mapping[int, str]) -> str:
        """Each sentence by its line; returns the one about the whole."""
        for ligne in self.lignes:
            if ligne.form.vu is not None and ligne.form.vu.ligne_bon_id in fautes:
                ligne.form.unites.errors = [fautes[ligne.form.vu.ligne_bon_id]]
        return fautes.get(0, "")
