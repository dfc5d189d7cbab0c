"""What a buyer says of a BPU: the file, how its columns read, and her agreement on what changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField

from groupement.catalogue.forms import choix
from groupement.catalogue.rules.colonnes import CHAMPS, PALIER
from groupement.catalogue.rules.correspondance import A_DEFAUT, Correspondance, PrixPour
from groupement.catalogue.rules.reperage import Colonne, Table
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, EntierFr, Facultatif, Formulaire, Saisi, TexteCourt

COLONNES_MAX = 400
NE_PAS_LIRE = "0"
PREMIERS = "Titulaires de rang 1\u00a0: les prix du marché"
SENS_DES_COLONNES = choix(
    [
        ("", "Ne pas lire cette colonne"),
        *((champ.cle, champ.libelle) for champ in CHAMPS if champ.cle != "paliers"),
        (PALIER, "Prix HT par quantité"),
        *((champ.cle, champ.libelle) for champ in CHAMPS if champ.cle == "paliers"),
    ]
)


class BordereauForm(Formulaire):
    """A BPU to load."""

    fichier = FileField("Fichier du bordereau (Excel ou CSV)", [FileRequired("Choisissez le fichier du bordereau.")])
    titulaire = ChoixFr("Titulaire dont ce sont les prix", default="")
    du = DateFr("Prix applicables à partir du", [Saisi("Indiquez la date d’effet des prix.")])

    def proposer(self, autres: Iterable[tuple[str, str]]) -> None:
        """The first titulaires, then the suppliers that hold lots at another rank."""
        self.titulaire.choices = choix([("", PREMIERS), *autres])

    @property
    def fournisseur_id(self) -> int | None:
        """The supplier of another rank; none for the first titulaires."""
        return int(self.titulaire.data) if self.titulaire.data else None


class ApplicationForm(Formulaire):
    """The confirmation of a BPU: what was shown, and what to do with the articles it no longer has."""

    empreinte = HiddenField()
    retirer_les_absents = BooleanField("Retirer du catalogue les articles absents du fichier")


class ColonneForm(Form):
    """What one column of the file is."""

    titre = HiddenField()
    champ = ChoixFr("Ce que c’est", choices=SENS_DES_COLONNES)
    seuil = EntierFr("À partir de", [Facultatif()])


class FeuilleForm(Form):
    """Where the titles of one sheet are."""

    nom = HiddenField()
    titres = ChoixFr("Titres des colonnes")


class LectureForm(Formulaire):
    """How the file reads: its columns, and what it does not say."""

    feuilles = FieldList(FormField(FeuilleForm), max_entries=100)
    colonnes = FieldList(FormField(ColonneForm), max_entries=COLONNES_MAX)
    lot = ChoixFr("Lot")
    unite = TexteCourt("Unité de vente", [AuPlus(20)])
    conditionnement = TexteCourt("Unités par colis", [AuPlus(12)])
    tva = TexteCourt("Taux de TVA (%)", [AuPlus(12)])
    prix_pour = ChoixFr("Le prix est donné pour")

    @property
    def titres_a(self) -> dict[str, int]:
        """The row of titles of each sheet, 0 for a sheet that is not read."""
        return {
            feuille.form.nom.data or "": int(feuille.form.titres.data)
            for feuille in self.feuilles
            if str(feuille.form.titres.data or "").isdigit()
        }

    def correspondance(self, titres: Iterable[str]) -> Correspondance:
        """What was told; a title the file does not have is not heard."""
        connus = set(titres)
        dites = [c.form for c in self.colonnes if c.form.titre.data in connus and c.form.champ.data]
        return Correspondance(
            colonnes={colonne.titre.data: colonne.champ.data for colonne in dites},
            seuils={c.titre.data: c.seuil.data for c in dites if c.champ.data == PALIER and c.seuil.data is not None},
            defauts={cle: texte for cle in A_DEFAUT if (texte := (self[cle].data or "").strip())},
            prix_pour=self.prix_pour.data or "",
            titres_a=self.titres_a,
        )


def formulaire_de_lecture(
    dite: Correspondance,
    tables: Sequence[Table],
    colonnes: Sequence[Colonne],
    rangees: Mapping[str, Sequence[tuple[str, str]]],
    lots: Iterable[tuple[str, str]],
    *,
    saisie: bool,
) -> LectureForm:
    """The form of a reading: as sent when `saisie`, else as proposed. `rangees`: by sheet, where titles may be."""
    form: Any = LectureForm() if saisie else LectureForm(formdata=None, data=_valeurs(dite, tables, colonnes, rangees))
    form.lot.choices = choix([("", "Choisissez…"), *lots])
    form.prix_pour.choices = choix(
        [
            ("", "Choisissez…"),
            (PrixPour.ENSEMBLE.value, "l’ensemble (le cent, les 25…)\u00a0: il sera divisé"),
            (PrixPour.PIECE.value, "une seule pièce\u00a0: il est repris tel quel"),
        ]
    )
    form.prix_pour.data = form.prix_pour.data or ""  # only asked when the file sells by several pieces
    for feuille in form.feuilles:
        lignes = rangees.get(feuille.form.nom.data or "", ())
        feuille.form.titres.choices = choix([*lignes, (NE_PAS_LIRE, "Ne pas lire cette feuille")])
    return form


def _valeurs(
    dite: Correspondance,
    tables: Sequence[Table],
    colonnes: Sequence[Colonne],
    rangees: Mapping[str, Sequence[tuple[str, str]]],
) -> dict[str, Any]:
    """The proposal as the form wants it."""
    ou = {table.feuille.nom: str(table.derniere_rangee_de_titres) for table in tables}
    return {
        "feuilles": [{"nom": nom, "titres": ou.get(nom, NE_PAS_LIRE)} for nom in rangees],
        "colonnes": [
            {"titre": c.titre, "champ": dite.colonnes.get(c.titre, ""), "seuil": dite.seuils.get(c.titre)}
            for c in colonnes
        ],
        **{cle: dite.defauts.get(cle, "") for cle in A_DEFAUT},
        "prix_pour": dite.prix_pour,
    }
