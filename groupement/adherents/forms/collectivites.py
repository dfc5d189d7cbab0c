"""What is typed about bodies, their delivery places and their membership."""

from datetime import date
from typing import Any

from wtforms import BooleanField, FileField, HiddenField, TextAreaField
from wtforms.validators import Regexp, StopValidation

from groupement.adherents.forms.fichiers import CasesFr, lue
from groupement.adherents.forms.personnes import COURRIEL, TELEPHONE
from groupement.adherents.rules.adhesion import lots_rejoints, motif_de_refus_des_dates
from groupement.adherents.rules.identifiants import compacter, motif_de_refus_du_siret
from groupement.documents.pieces import PieceVerifiee, lire_scan
from groupement.socle.calendrier import aujourdhui
from groupement.socle.forms import AuPlus, DateFr, EntierFr, Entre, Facultatif, Formulaire, Requis, TexteCourt

CODE_POSTAL = Regexp(r"^\d{5}$", message="Un code postal compte 5 chiffres, par exemple 62000.")


class AvecVersion(Formulaire):
    """A form of something several people may edit: it carries the version its page was shown with."""

    version = HiddenField()

    @property
    def version_vue(self) -> int:
        """That version; 0, which nothing has, when it is missing."""
        texte = str(self.version.data or "")
        return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table."""
        return {nom: champ.data for nom, champ in self._fields.items() if nom not in ("csrf_token", "version")}

    def reprendre(self, objet: Any) -> list[tuple[str, str]]:
        """After a conflict: what was typed, on the present version; (label, what is recorded) where they differ."""
        self.version.data = objet.version
        ecarts = [
            (self[nom].label.text, getattr(objet, nom)) for nom, v in self.valeurs().items() if v != getattr(objet, nom)
        ]
        return [(libelle, _en_mots(valeur)) for libelle, valeur in ecarts]


def _en_mots(valeur: Any) -> str:
    """A recorded value as a person reads it."""
    return ("oui" if valeur else "non") if isinstance(valeur, bool) else "" if valeur is None else str(valeur)


class CollectiviteForm(AvecVersion):
    """The identity of a body. The SIREN is not typed: it comes with the body."""

    nom = TexteCourt("Nom", [Requis("Indiquez le nom de la collectivité."), AuPlus(200)])
    siret = TexteCourt("SIRET", [Facultatif()], render_kw={"inputmode": "numeric", "autocomplete": "off"})
    adresse = TexteCourt("Adresse", [Facultatif(), AuPlus(300)])
    code_postal = TexteCourt("Code postal", [Facultatif(), CODE_POSTAL], render_kw={"inputmode": "numeric"})
    ville = TexteCourt("Ville", [Facultatif(), AuPlus(100)])
    courriel = TexteCourt("Courriel du secrétariat", [Facultatif(), COURRIEL, AuPlus(255)])
    population = EntierFr("Nombre d’habitants", [Entre(0, 10_000_000)])
    chorus_service_requis = BooleanField("Un code de service est obligatoire sur les factures")
    chorus_engagement_requis = BooleanField("Un numéro d’engagement est obligatoire sur les factures")

    def __init__(self, *args: Any, siren: str, **kw: Any) -> None:
        """`siren`: the body's own, which its SIRET starts with."""
        super().__init__(*args, **kw)
        self.siren = siren

    def validate_siret(self, champ: TexteCourt) -> None:
        """A SIRET of that SIREN, without the spaces people type."""
        champ.data = compacter(champ.data or "")
        if champ.data and (motif := motif_de_refus_du_siret(champ.data, self.siren)):
            raise StopValidation(motif)

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table: an empty SIRET or post code is none."""
        donnees = super().valeurs()
        return donnees | {"siret": donnees["siret"] or None, "code_postal": donnees["code_postal"] or None}


class PointForm(AvecVersion):
    """Where the driver must go, and what he must know."""

    libelle = TexteCourt("Nom du lieu", [Requis("Donnez un nom à ce lieu, par exemple Mairie."), AuPlus(100)])
    adresse = TexteCourt("Adresse", [Requis("Indiquez l’adresse."), AuPlus(300)])
    code_postal = TexteCourt(
        "Code postal", [Requis("Indiquez le code postal."), CODE_POSTAL], render_kw={"inputmode": "numeric"}
    )
    ville = TexteCourt("Ville", [Requis("Indiquez la ville."), AuPlus(100)])
    contact = TexteCourt("Personne à prévenir", [Requis("Indiquez qui le livreur demande."), AuPlus(100)])
    telephone = TexteCourt(
        "Téléphone", [Requis("Indiquez un numéro où joindre cette personne."), TELEPHONE, AuPlus(30)]
    )
    horaires = TexteCourt("Jours et heures de réception", [Requis("Indiquez quand quelqu’un est là."), AuPlus(200)])
    escalier = BooleanField("Il y a un escalier à monter ou à descendre")
    quai = BooleanField("Il y a un quai de déchargement")
    hayon = BooleanField("Le camion doit avoir un hayon (pas de quai, palettes à descendre)")
    consignes = TextAreaField("Autres consignes", [Facultatif(), AuPlus(1000)], render_kw={"rows": 3})

    def valeurs(self) -> dict[str, Any]:
        """What goes in the table."""
        donnees = super().valeurs()
        return donnees | {"consignes": (donnees["consignes"] or "").strip()}


class ServiceForm(Formulaire):
    """A service of the body in Chorus Pro."""

    code = TexteCourt("Code du service", [Requis("Recopiez le code du service de Chorus Pro."), AuPlus(100)])
    nom = TexteCourt("Nom du service", [Requis("Donnez son nom à ce service, par exemple Finances."), AuPlus(200)])


class AdhesionForm(Formulaire):
    """What the body sent: its délibération, then the signed convention. The lots are those of the convention."""

    deliberation_numero = TexteCourt("Numéro de la délibération", [Facultatif(), AuPlus(50)])
    deliberee_le = DateFr("Date de la délibération", [Facultatif()])
    fichier = FileField("Délibération", render_kw={"accept": ".pdf,.jpg,.jpeg,.png,.webp"})
    lots = CasesFr("Lots rejoints")
    signee_le = DateFr("Date de signature de la convention", [Facultatif()])
    piece: PieceVerifiee | None = None

    def __init__(self, *args: Any, prevus: list[dict[str, Any]], cloture_le: date | None, **kw: Any) -> None:
        """What the convention says: its lots, if any, are those one ticks; the last day it takes signatures."""
        super().__init__(*args, **kw)
        self.cloture_le, self.prevus = cloture_le, [int(lot["numero"]) for lot in prevus]
        self.lots.choices = [(int(lot["numero"]), f"Lot {lot['numero']}\u00a0: {lot['intitule']}") for lot in prevus]
        if not self.is_submitted() and self.lots.data is None:
            self.lots.data = self.prevus

    @property
    def lots_rejoints(self) -> list[int] | None:
        """The lots ticked; None for all of them."""
        return lots_rejoints(self.lots.data or [], self.prevus)

    def validate_lots(self, champ: CasesFr) -> None:
        """At least one, when the convention says its lots."""
        if self.prevus and not champ.data:
            raise StopValidation("Cochez au moins un lot\u00a0: sans lot, il n’y a pas d’adhésion.")

    def validate_fichier(self, champ: FileField) -> None:
        """A file, when one is sent, is what it says."""
        self.piece = lue(champ, lire_scan)

    def validate(self, extra_validators: Any = None) -> bool:
        """The dates follow each other, none is in the future."""
        juste = bool(super().validate(extra_validators))
        motifs = motif_de_refus_des_dates(self.deliberee_le.data, self.signee_le.data, aujourdhui(), self.cloture_le)
        for champ, motif in motifs.items():
            if not self[champ].errors:
                self[champ].errors = [motif]
        return juste and not motifs


class ImportationForm(Formulaire):
    """A file of bodies."""

    fichier = FileField("Fichier CSV des collectivités", render_kw={"accept": ".csv,text/csv"})

    def validate_fichier(self, champ: FileField) -> None:
        """A file must have been chosen."""
        if not champ.data or not champ.data.filename:
            raise StopValidation("Choisissez un fichier sur votre ordinateur.")
