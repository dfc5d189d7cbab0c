"""Quick entry: what is pasted, typed row by row or read from a file, then the preview with its corrections."""

from collections.abc import Iterator
from dataclasses import replace

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField

from groupement.commandes.forms.commandes import identifiant_lu
from groupement.commandes.rules.saisie_rapide import LIGNES_MAX, LigneSaisie, lire_collage, lire_rangees
from groupement.documents.classeurs import ClasseurRefuse, lire_classeur
from groupement.socle.forms import Formulaire
from groupement.socle.nombres import entier_fr

AJOUTER, REMPLACER = "ajouter", "remplacer"
RANGEES = 8
SENS = {
    AJOUTER: "Ajouter à ce que contient déjà le panier",
    REMPLACER: "Remplacer les quantités de ces articles (les autres lignes du panier ne changent pas)",
}


class SaisieForm(Formulaire):
    """Three ways in, which may be used together: rows, a pasted text, a file."""

    collage = TextAreaField("Collez vos lignes", render_kw={"rows": 10, "spellcheck": "false", "wrap": "off"})
    fichier = FileField("Fichier du tableur", render_kw={"accept": ".xlsx,.csv,.txt"})
    sens = RadioField("Si un article est déjà dans le panier", choices=SENS, default=AJOUTER)

    def lire(self) -> list[LigneSaisie]:
        """Every line; none, with a message by the field, when nothing can be read."""
        sources = [list(self._rangees_tapees()), lire_collage(self.collage.data or ""), self._du_fichier()]
        remplies = [lignes for lignes in sources if lignes]
        if len(remplies) == 1:
            return self._verifiees(remplies[0])
        toutes = [ligne for lignes in remplies for ligne in lignes]
        return self._verifiees([replace(ligne, numero=rang) for rang, ligne in enumerate(toutes, 1)])

    @property
    def remplace(self) -> bool:
        """Quantities take the place of those in the basket."""
        return bool(self.sens.data == REMPLACER)

    def _verifiees(self, lignes: list[LigneSaisie]) -> list[LigneSaisie]:
        """The lines, if there are some and not too many."""
        if len(lignes) > LIGNES_MAX:
            self._refuser(f"{entier_fr(LIGNES_MAX)} lignes au plus\u00a0: il y en a {entier_fr(len(lignes))}.")
            return []
        if not lignes and not self.fichier.errors:
            self._refuser("Tapez une référence et une quantité, collez des lignes, ou choisissez un fichier.")
        return lignes

    def _refuser(self, phrase: str) -> None:
        """A message by the pasted text."""
        self.collage.errors = [*self.collage.errors, phrase]

    def _rangees_tapees(self) -> Iterator[LigneSaisie]:
        """The rows filled one by one."""
        couples = zip(request.form.getlist("reference"), request.form.getlist("quantite"), strict=False)
        for rang, (reference, quantite) in enumerate(couples, 1):
            if reference.strip() or quantite.strip():
                yield LigneSaisie(rang, reference.strip()[:100], quantite.strip()[:100])

    def _du_fichier(self) -> list[LigneSaisie]:
        """The rows of the first sheet that has some."""
        depose = self.fichier.data
        if not depose or not getattr(depose, "filename", ""):
            return []
        contenu = depose.read()
        if not contenu.strip():
            self.fichier.errors = ["Ce fichier est vide\u00a0: choisissez celui qui porte les références."]
            return []
        try:
            classeur = lire_classeur(depose.filename, contenu)
        except ClasseurRefuse as refus:
            self.fichier.errors = [str(refus)]
            return []
        feuille = next((feuille for feuille in classeur.feuilles if feuille.rangees), None)
        rangees = feuille.rangees if feuille else ()
        return lire_rangees((rangee.numero, rangee.cellules) for rangee in rangees)


class ApercuForm(SaisieForm):
    """The preview sent back: its lines as they were, what was corrected in them, and whether to leave some out."""

    lignes = HiddenField()
    version = HiddenField()
    sens_vu = HiddenField()
    ecarter = BooleanField("Laisser de côté les lignes en rouge")

    def lire(self) -> list[LigneSaisie]:
        """The lines with their corrections."""
        return self._verifiees([_corrigee(ligne) for ligne in lignes_gardees(self.lignes.data or "")])

    @property
    def a_change(self) -> bool:
        """Something was corrected, or chosen otherwise, since the preview was shown: it must be shown again."""
        return self.lire() != lignes_gardees(self.lignes.data or "") or self.sens.data != self.sens_vu.data

    @property
    def version_vue(self) -> int:
        """The version of the basket the preview was made on; 0: there was none."""
        return identifiant_lu(self.version.data)


def garder(lignes: list[LigneSaisie]) -> str:
    """The lines as the preview carries them, one a row."""
    return "\n".join(f"{li.numero}\t{li.reference}\t{li.quantite}\t{li.en_plus}" for li in lignes)


def lignes_gardees(texte: str) -> list[LigneSaisie]:
    """The lines a preview carried; what is not one is left out."""
    rangees = (rangee.split("\t") for rangee in texte.replace("\r\n", "\n").split("\n"))
    return [LigneSaisie(identifiant_lu(r[0]), *(cellule[:100] for cellule in r[1:])) for r in rangees if len(r) == 4]


def _corrigee(ligne: LigneSaisie) -> LigneSaisie:
    """The line with what was typed over it, then with the button pressed, if it was one of its own."""
    cellules = {"reference": ligne.reference, "quantite": ligne.quantite, "en_plus": ligne.en_plus}
    for nom in cellules:
        tapee = request.form.get(f"{nom}-{ligne.numero}")
        cellules[nom] = cellules[nom] if tapee is None else tapee.strip()[:100]
    numero, _, reste = request.form.get("choix", "").partition(":")
    colonne, _, valeur = reste.partition(":")
    if numero == str(ligne.numero) and colonne in cellules:
        cellules[colonne] = valeur[:100]
    return LigneSaisie(ligne.numero, cellules["reference"], cellules["quantite"], cellules["en_plus"])
