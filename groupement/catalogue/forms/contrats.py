"""What a buyer types about a signed marché: periods, titulaires, clauses, papers, essential data, avenants."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from stdnum.fr import siret
from wtforms import BooleanField, FieldList, Form, FormField, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from groupement.catalogue.forms import choix
from groupement.catalogue.rules.clauses import TERMES, Clause
from groupement.catalogue.rules.decp import (
    CCAG,
    ENVIRONNEMENTALES,
    PROCEDURES,
    SOCIALES,
    TYPES_DE_LIEU,
    TYPES_DE_PRIX,
)
from groupement.catalogue.rules.periodes import RECONDUCTIONS_AU_PLUS
from groupement.catalogue.states import (
    FondementAvenant,
    ModeReconduction,
    MotifDeChangement,
    NatureDocument,
    TypeGroupement,
    VisibiliteDocument,
)
from groupement.socle.etats import EtatLibelle
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

VIDE = ("", "Choisissez…")
NUMERO_INTERNE = re.compile(r"[A-Za-z0-9_.-]{1,16}")
CPV = re.compile(r"[0-9]{8}(-[0-9])?")


def _liste(etats: Iterable[EtatLibelle]) -> Any:
    """The options of a list of states, in their words."""
    return choix((etat.value, etat.libelle()) for etat in etats)


def _mots(mots: Sequence[str]) -> Any:
    """The options of a list of words, none chosen first."""
    return choix([VIDE, *((mot, mot.replace("'", "’")) for mot in mots)])


class PeriodeForm(Form):
    """A reconduction; left blank, it does not count."""

    mois = EntierFr("Durée en mois", [Facultatif(), Entre(1, 48, "Entre 1 et 48 mois.")])
    mode = ChoixFr("Reconduction", choices=_liste(ModeReconduction))
    preavis_mois = EntierFr("Préavis en mois", [Entre(0, 12, "Entre 0 et 12 mois.")])

    def validate_preavis_mois(self, champ: Any) -> None:
        """A reconduction that counts says how long before it is decided."""
        if self.mois.data is not None and champ.data is None and not champ.errors:
            raise ValidationError("Indiquez le préavis, ou 0.")


class ReconductionsForm(Formulaire):
    """The reconductions the contract foresees."""

    periodes = FieldList(FormField(PeriodeForm), min_entries=3, max_entries=RECONDUCTIONS_AU_PLUS)
    justification_duree = TextAreaField("Pourquoi plus de quatre ans", [Facultatif(), AuPlus(500)])


class DecisionDeReconductionForm(Formulaire):
    """What is decided of a reconduction."""

    choix = ChoixFr(
        "Votre décision",
        [Requis("Choisissez une décision.")],
        choices=choix([VIDE, ("oui", "Reconduire le marché"), ("non", "Ne pas le reconduire")]),
    )
    decidee_le = DateFr("Décidée le", [Saisi("Indiquez la date de la décision.")])
    motif = TextAreaField("Pourquoi", [Requis("Dites pourquoi, en une phrase."), AuPlus(500)])


class GroupementForm(Formulaire):
    """Alone, or with others."""

    groupement = ChoixFr("Répond", choices=_liste(TypeGroupement))
    cotraitants = TextAreaField("Cotraitants", [AuPlus(3000)])

    def validate_cotraitants(self, champ: Any) -> None:
        """A line each: SIRET, then name; none for a company alone, one at least for a group."""
        lignes = _lignes(champ.data)
        for rang, ligne in enumerate(lignes, 1):
            numero, nom = _siret_et_nom(ligne)
            if not siret.is_valid(numero):
                raise ValidationError(f"Ligne {rang}\u00a0: ce SIRET n’existe pas, vérifiez ses 14 chiffres.")
            if not nom:
                raise ValidationError(f"Ligne {rang}\u00a0: après le SIRET, écrivez le nom de l’entreprise.")
        numeros = [_siret_et_nom(ligne)[0] for ligne in lignes]
        if len(set(numeros)) != len(numeros):
            raise ValidationError("Un même SIRET est écrit deux fois.")
        if bool(lignes) == (self.groupement.data == TypeGroupement.SEUL):
            seul = "Une entreprise seule n’a pas de cotraitant\u00a0: effacez, ou choisissez un groupement."
            raise ValidationError(seul if lignes else "Un groupement a au moins un cotraitant\u00a0: SIRET puis nom.")

    def entreprises(self) -> tuple[tuple[str, str], ...]:
        """(name, SIRET) of each."""
        return tuple((nom[:200], numero) for numero, nom in map(_siret_et_nom, _lignes(self.cotraitants.data)))


def _lignes(texte: str | None) -> list[str]:
    """The lines that hold something."""
    return [ligne.strip() for ligne in (texte or "").splitlines() if ligne.strip()]


def _siret_et_nom(ligne: str) -> tuple[str, str]:
    """« 999 999 915 00012 Cartonnages » → (99999991500012, Cartonnages)."""
    trouve = re.match(r"([0-9][0-9 \u00a0]*)(.*)", ligne)
    if trouve is None:
        return "", ligne
    chiffres = re.sub(r"\D", "", trouve[1])
    return chiffres, trouve[2].strip(" ;,:-\t")


class TitulaireForm(GroupementForm):
    """A titulaire to add before the notification."""

    fournisseur = ChoixFr("Entreprise", [Requis("Choisissez une entreprise.")], coerce=str)


class ChangementForm(Formulaire):
    """A titulaire goes, after the notification."""

    motif_du_changement = ChoixFr("Ce qui arrive", choices=_liste(MotifDeChangement))
    remplacant = ChoixFr("Entreprise qui reprend le lot", coerce=str)
    numero = TexteCourt("Numéro de l’acte", [Requis("Indiquez le numéro de l’avenant ou de l’acte."), AuPlus(30)])
    notifie_le = DateFr("Notifié le", [Saisi("Indiquez la date de notification.")])
    motif = TextAreaField("Pourquoi", [Requis("Dites ce qui justifie le changement."), AuPlus(500)])

    def validate_remplacant(self, champ: Any) -> None:
        """A cession names who takes over; a défaillance nobody."""
        if self.motif_du_changement.data == MotifDeChangement.CESSION and not champ.data:
            raise ValidationError("Choisissez l’entreprise qui reprend le lot.")


def formulaire_des_clauses() -> type[Formulaire]:
    """A form with, for each clause, its value and the article of the CCAP; both blank: the default holds."""
    champs: dict[str, Any] = {}
    for clause, terme in TERMES.items():
        if terme.au_moins == terme.au_plus:
            continue
        genre = EntierFr if terme.unite in ("jours", "mois") else DecimalFr
        exemple: dict[str, Any] = {} if genre is EntierFr else {"exemple": f"{terme.defaut:f}", "places": 2}
        champs[clause.value] = genre(terme.titre, [Facultatif()], **exemple)
        champs[f"{clause.value}_article"] = TexteCourt("Article du CCAP", [AuPlus(30)])
    return type("ClausesForm", (Formulaire,), {"__doc__": "The clauses of a lot.", **champs})


ClausesForm = formulaire_des_clauses()
CLAUSES_MODIFIABLES = tuple(c for c in Clause if TERMES[c].au_moins != TERMES[c].au_plus)


class DocumentForm(Formulaire):
    """A signed paper to keep."""

    fichier = FileField(
        "Fichier (PDF ou XLSX)",
        [FileRequired("Choisissez le fichier du document.")],
        render_kw={"accept": ".pdf,.xlsx,application/pdf"},
    )
    nature = ChoixFr("Nature", choices=_liste(NatureDocument))
    intitule = TexteCourt(
        "Intitulé", [Requis("Nommez le document, par exemple «\u00a0CCAP signé\u00a0»."), AuPlus(200)]
    )
    lot = ChoixFr("Concerne", coerce=str)
    signe_le = DateFr("Signé le", [Facultatif()])
    visibilite = ChoixFr("Peuvent l’ouvrir", choices=_liste(VisibiliteDocument))


class ChoixMultiple(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Values of the list only."""
        try:
            super().pre_validate(form)
        except ValueError:
            raise ValidationError("Choisissez des valeurs de la liste.") from None


class DecpForm(Formulaire):
    """The essential data of a lot; each may wait, the page says what is missing."""

    identifiant = TexteCourt("Numéro interne du lot", [AuPlus(16)])
    code_cpv = TexteCourt("Code CPV", [AuPlus(10)])
    procedure = ChoixFr("Procédure", choices=_mots(PROCEDURES))
    offres_recues = EntierFr("Offres reçues", [Facultatif(), Entre(1, 1000, "Entre 1 et 1 000 offres.")])
    ccag = ChoixFr("CCAG de référence", choices=_mots(CCAG))
    type_prix = ChoixFr("Type de prix", choices=_mots(TYPES_DE_PRIX))
    lieu_type = ChoixFr("Le lieu est donné par", choices=_mots(TYPES_DE_LIEU))
    lieu_code = TexteCourt("Code du lieu", [AuPlus(10)])
    considerations_sociales = ChoixMultiple("Considérations sociales", choices=choix((mot, mot) for mot in SOCIALES))
    considerations_environnementales = ChoixMultiple(
        "Considérations environnementales", choices=choix((mot, mot) for mot in ENVIRONNEMENTALES)
    )
    innovant = BooleanField("L’achat est innovant")
    sous_traitance = BooleanField("Un sous-traitant était déclaré à la notification")
    avance = BooleanField("Une avance est versée au titulaire")
    taux_avance_pct = DecimalFr(
        "Taux de l’avance", [Facultatif(), Entre(0, 100, "Indiquez un taux entre 0 et 100.")], exemple="5"
    )

    def validate_identifiant(self, champ: Any) -> None:
        """One to sixteen plain characters."""
        if champ.data and not NUMERO_INTERNE.fullmatch(champ.data):
            raise ValidationError("Écrivez 16 lettres ou chiffres au plus, sans espace ni accent\u00a0: 2026ARCH01-1.")

    def validate_code_cpv(self, champ: Any) -> None:
        """Eight digits, and the key if one likes."""
        if champ.data and not CPV.fullmatch(champ.data):
            raise ValidationError("Un code CPV a huit chiffres, par exemple 39131100-0.")


class PublicationForm(Formulaire):
    """The day the file was deposited."""

    publiee_le = DateFr("Publiées le", [Saisi("Indiquez le jour du dépôt.")])


def formulaire_d_avenant(lots: Sequence[tuple[int, str]]) -> Any:
    """The form of an avenant, with one field a lot (id, name) for its new ceiling."""
    plafonds = {f"plafond_{lot_id}": DecimalFr(nom, [Facultatif()], exemple="250 000") for lot_id, nom in lots}
    return type("AvenantDuMarcheForm", (AvenantForm,), {"__doc__": "An avenant of this marché.", **plafonds})()


class AvenantForm(Formulaire):
    """An avenant, but for the ceilings."""

    numero = TexteCourt("Numéro de l’avenant", [Requis("Indiquez le numéro de l’avenant."), AuPlus(30)])
    objet = TexteCourt("Objet", [Requis("Dites en une phrase ce qui change."), AuPlus(300)])
    notifie_le = DateFr("Notifié le", [Saisi("Indiquez la date de notification.")])
    fondement = ChoixFr(
        "Ce qui le permet", choices=_liste(f for f in FondementAvenant if f is not FondementAvenant.TITULAIRE)
    )
    motif = TextAreaField("Pourquoi", [Facultatif(), AuPlus(500)])
    nouvelle_fin = DateFr("Nouveau dernier jour du marché", [Facultatif()])
    justification_duree = TextAreaField("Pourquoi plus de quatre ans", [Facultatif(), AuPlus(500)])
