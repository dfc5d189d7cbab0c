"""What is typed about people."""

from typing import Any

from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import EqualTo, Length, Regexp

from groupement.adherents import queries
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.socle.forms import AuPlus, ChoixFr, Facultatif, Formulaire, Requis, TexteCourt

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


def _corps(numero: int = 0) -> TexteCourt:
    """A body, typed by name or SIREN and helped by the list of the page."""
    libelle = f"Collectivité {numero}" if numero else "Collectivité"
    return TexteCourt(libelle, [Facultatif()], render_kw={"list": "collectivites", "autocomplete": "off"})


def _designer(champ: TexteCourt) -> int | None:
    """The body meant by what was typed; a sentence on the field when none or several could be."""
    if not champ.data:
        return None
    trouvees = queries.collectivites_designees(champ.data)
    if len(trouvees) == 1:
        return trouvees[0]
    champ.errors = [
        "Plusieurs collectivités portent ce nom\u00a0: écrivez son SIREN."
        if trouvees
        else "Aucune collectivité de ce nom ou de ce SIREN\u00a0: choisissez-la dans la liste proposée."
    ]
    return None


class HabilitationForm(Formulaire):
    """One more role for somebody."""

    role = ChoixFr("Rôle", choices={role.value: role.libelle() for role in Role})
    collectivite = _corps()

    def validate(self, extra_validators: Any = None) -> bool:
        """A role of a body needs a body, the others none."""
        if not super().validate(extra_validators):
            return False
        membre = self.role.data in ROLES_COLLECTIVITE
        self._corps = _designer(self.collectivite) if membre else None
        if membre and not self.collectivite.data:
            self.collectivite.errors = ["Indiquez pour quelle collectivité."]
        return not self.collectivite.errors

    def habilitations(self) -> list[tuple[Role, int | None]]:
        """The one role typed, with its body."""
        return [(role, self._corps) for role in Role if role == self.role.data]


class PersonneForm(Formulaire):
    """Somebody to invite, with as many roles as needed, for up to four bodies at once."""

    nom = TexteCourt("Prénom et nom", [Requis("Indiquez le nom de la personne."), AuPlus(200)])
    email = EmailField("Adresse de courriel", [Requis("Indiquez son adresse."), COURRIEL, AuPlus(255)])
    telephone = TexteCourt("Téléphone", [Facultatif(), TELEPHONE, AuPlus(30)])
    collectivite_1, collectivite_2, collectivite_3, collectivite_4 = (_corps(n) for n in range(1, 5))

    def roles(self) -> list[Role]:
        """The roles ticked."""
        return [role for role in Role if self[f"role_{role.value}"].data]

    def champs_de_role(self, *, membre: bool) -> list[Any]:
        """The boxes to tick: those of a body, or the others."""
        return [self[f"role_{role.value}"] for role in Role if (role in ROLES_COLLECTIVITE) == membre]

    def champs_de_collectivite(self) -> list[Any]:
        """Where bodies are typed."""
        return [self[f"collectivite_{n}"] for n in range(1, 5)]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one role; a role of a body needs a body and the other way round."""
        juste = bool(super().validate(extra_validators))
        self._corps = [corps for champ in self.champs_de_collectivite() if (corps := _designer(champ)) is not None]
        membre = any(role in ROLES_COLLECTIVITE for role in self.roles())
        if not self.roles():
            self.form_errors.append("Cochez au moins un rôle.")
        elif membre and not any(champ.data for champ in self.champs_de_collectivite()):
            self.collectivite_1.errors = ["Indiquez pour quelle collectivité cette personne agit."]
        elif self._corps and not membre:
            self.form_errors.append("Cochez ce que la personne fait pour cette collectivité\u00a0: agent ou valideur.")
        return juste and not self.form_errors and not any(c.errors for c in self.champs_de_collectivite())

    def habilitations(self) -> list[tuple[Role, int | None]]:
        """Each role, for each body where it is a body's."""
        membres = [role for role in self.roles() if role in ROLES_COLLECTIVITE]
        autres: list[tuple[Role, int | None]] = [(r, None) for r in self.roles() if r not in ROLES_COLLECTIVITE]
        return [(role, corps) for corps in self._corps for role in membres] + autres


for _role in Role:
    setattr(PersonneForm, f"role_{_role.value}", BooleanField(_role.libelle()))
