"""What is typed about people."""

from typing import Any

from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, Length, Regexp

from groupement.socle.forms import AuPlus, Facultatif, Formulaire, Requis, TexteCourt

TELEPHONE = Regexp(r"^\+?[0-9 .()-]{6,30}$", message="Écrivez un numéro, par exemple 03 21 00 00 00.")
COURRIEL = Regexp(
    r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}$",
    message="Écrivez une adresse complète, par exemple mairie@exemple.fr.",
)


class CompteForm(Formulaire):
    """What a person says of themselves."""

    nom = TexteCourt("Prénom et nom", [Requis("Indiquez votre nom."), AuPlus(200)], render_kw={"autocomplete": "name"})
    telephone = TexteCourt("Téléphone", [Facultatif(), TELEPHONE, AuPlus(30)], render_kw={"autocomplete": "tel"})


class InvitationForm(Formulaire):
    """The first password of an invited person."""

    mot_de_passe = PasswordField(
        "Votre mot de passe", [Requis("Choisissez un mot de passe.")], render_kw={"autocomplete": "new-password"}
    )
    confirmation = PasswordField(
        "Le même, une seconde fois",
        [
            Requis("Écrivez-le une seconde fois."),
            EqualTo("mot_de_passe", "Les deux mots de passe diffèrent. Écrivez deux fois le même."),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *args: Any, longueur: int, **kw: Any) -> None:
        """`longueur`: the shortest password allowed."""
        super().__init__(*args, **kw)
        court = f"Choisissez un mot de passe d’au moins {longueur} caractères, par exemple quatre mots."
        self.mot_de_passe.validators = [*self.mot_de_passe.validators, Length(min=longueur, message=court)]


class PersonneForm(Formulaire):
    """Somebody to invite."""

    nom = TexteCourt("Prénom et nom", [Requis("Indiquez le nom de la personne."), AuPlus(200)])
    email = EmailField("Adresse de courriel", [Requis("Indiquez son adresse."), COURRIEL, AuPlus(255)])
    telephone = TexteCourt("Téléphone", [Facultatif(), TELEPHONE, AuPlus(30)])
