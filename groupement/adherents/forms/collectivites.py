"""What is typed about bodies, their delivery places and their membership."""

from typing import Any

from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import Regexp, StopValidation

from groupement.adherents.forms.personnes import COURRIEL, TELEPHONE
from groupement.adherents.rules.adhesion import motif_de_refus_des_dates
from groupement.adherents.rules.identifiants import compacter, motif_de_refus_du_siret
from groupement.socle.calendrier import aujourdhui
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, EntierFr, Entre, Facultatif, Formulaire, Requis, TexteCourt

CODE_POSTAL = Regexp(r"^\d{5}$", message="Un code postal compte 5 chiffres, par exemple 62000.")


class CollectiviteForm(Formulaire):
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
        donnees = {nom: champ.data for nom, champ in self._fields.items() if nom != "csrf_token"}
        return donnees | {"siret": donnees["siret"] or None, "code_postal": donnees["code_postal"] or None}


class PointForm(Formulaire):
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
        donnees = {nom: champ.data for nom, champ in self._fields.items() if nom != "csrf_token"}
        return donnees | {"consignes": (donnees["consignes"] or "").strip()}


class AdhesionForm(Formulaire):
    """What the body sent: its délibération, then the signed convention."""

    convention_id = ChoixFr("Convention", coerce=int)
    deliberation_numero = TexteCourt("Numéro de la délibération", [Facultatif(), AuPlus(50)])
    deliberee_le = DateFr("Date de la délibération", [Facultatif()])
    signee_le = DateFr("Date de signature de la convention", [Facultatif()])

    def validate(self, extra_validators: Any = None) -> bool:
        """The dates follow each other, none is in the future."""
        juste = bool(super().validate(extra_validators))
        motifs = motif_de_refus_des_dates(self.deliberee_le.data, self.signee_le.data, aujourdhui())
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
