"""The forms of the sign-in pages: French labels, and the lock asked before any secret is looked at."""

from typing import Any

from flask import current_app
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    UnifiedSigninForm,
    UnifiedVerifyForm,
)
from flask_security.forms import EmailValidation, EqualToLocalize, RequiredLocalize, email_required, password_required
from wtforms import EmailField, HiddenField, PasswordField, StringField

from groupement.adherents import acces
from groupement.adherents.rules.verrouillage import phrase_de_verrou
from groupement.adherents.securite.limites import repos_d_une_inconnue
from groupement.adherents.securite.verrouillage import heure_de, motif_de_verrou
from groupement.socle.calendrier import maintenant

ADRESSE = "Adresse de courriel"
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "8", "spellcheck": "false"}
CODE_REQUIS = "Recopiez le code."


def _champ_adresse() -> EmailField:
    """The address somebody signs in with."""
    return EmailField(
        ADRESSE,
        [email_required, EmailValidation(verify=False)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


def _nouveau(libelle: str, *regles: Any) -> PasswordField:
    """A new password."""
    return PasswordField(libelle, [password_required, *regles], render_kw={"autocomplete": "new-password"})


def _trouver(adresse: str) -> Any:
    """The person with that address, or None."""
    return current_app.extensions["security"].datastore.find_user(case_insensitive=True, email=adresse)


def _motif(utilisateur: Any, adresse: str) -> str | None:
    """Why this address may not try now, whether somebody has it or not; None when it may."""
    if utilisateur is not None:
        return motif_de_verrou(utilisateur, maintenant())
    fin = repos_d_une_inconnue(adresse)
    return phrase_de_verrou(heure_de(fin)) if fin else None


class Connexion(LoginForm):
    """Address and password."""

    email = _champ_adresse()
    password = PasswordField("Mot de passe", [password_required], render_kw={"autocomplete": "current-password"})
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """The lock first, so that a locked account never says whether the password was right."""
        adresse = (self.email.data or "").strip()
        if adresse:
            self.ifield, self.user = self.email, _trouver(adresse)
            if motif := _motif(self.user, adresse):
                self.form_errors.append(motif)
                return False
        return bool(super().validate(**kwargs))


class ConnexionParCode(UnifiedSigninForm):
    """Address, then the code received by mail. A code serves once: the next is drawn from another secret."""

    identity = _champ_adresse()
    passcode = StringField("Code reçu par courriel", render_kw=CODE)
    chosen_method = HiddenField(default="email")
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """The lock first; a new secret before a code is sent, and after one has served."""
        adresse = (self.identity.data or "").strip()
        personne = _trouver(adresse) if adresse else None
        if adresse and (motif := _motif(personne, adresse)):
            self.form_errors.append(motif)
            return False
        _preparer_l_envoi(self, personne)
        if not super().validate(**kwargs):
            return False
        if self.submit.data:
            current_app.extensions["security"].datastore.us_setup_email(self.user)
        return True


class Confirmation(UnifiedVerifyForm):
    """Is it still you? By password or by mailed code."""

    passcode = PasswordField("Mot de passe, ou code reçu par courriel", render_kw={"autocomplete": "current-password"})
    chosen_method = HiddenField(default="email")

    def validate(self, **kwargs: Any) -> bool:
        """The lock first."""
        personne = acces.utilisateur_connecte()
        if motif := motif_de_verrou(personne, maintenant()):
            self.form_errors.append(motif)
            return False
        _preparer_l_envoi(self, personne)
        return bool(super().validate(**kwargs))


def _preparer_l_envoi(formulaire: Any, personne: Any) -> None:
    """Codes go by mail, and a code about to be sent gets a secret of its own: the ones before it are void."""
    formulaire.chosen_method.data = "email"
    if personne is not None and formulaire.submit_send_code.data:
        current_app.extensions["security"].datastore.us_setup_email(personne)


class MotDePasseOublie(ForgotPasswordForm):
    """The address a link is sent to; the answer is the same whether somebody has it or not."""

    email = EmailField(
        ADRESSE,
        ForgotPasswordForm.email.kwargs["validators"],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


class NouveauMotDePasse(ResetPasswordForm):
    """A password chosen from the link of a mail."""

    password = _nouveau("Nouveau mot de passe")
    password_confirm = _nouveau(
        "Le même, une seconde fois", EqualToLocalize("password", message="RETYPE_PASSWORD_MISMATCH")
    )


class ChangementDeMotDePasse(ChangePasswordForm):
    """A password changed by somebody signed in."""

    password = PasswordField("Mot de passe actuel", render_kw={"autocomplete": "current-password"})
    new_password = _nouveau("Nouveau mot de passe")
    new_password_confirm = _nouveau(
        "Le nouveau, une seconde fois", EqualToLocalize("new_password", message="RETYPE_PASSWORD_MISMATCH")
    )


class MiseEnPlace(TwoFactorSetupForm):
    """Put a second factor in place, or take it away where it is not compulsory."""

    setup = HiddenField(default="authenticator")

    def validate(self, **kwargs: Any) -> bool:
        """People of the Centre de gestion keep theirs."""
        if self.setup.data == "disable" and acces.second_facteur_exige():
            self.form_errors.append("Pour le Centre de gestion, le second facteur est obligatoire.")
            return False
        return bool(super().validate(**kwargs))


class CodeDuTelephone(TwoFactorVerifyCodeForm):
    """The six digits the telephone shows."""

    code = StringField("Code à 6 chiffres", [RequiredLocalize(message="INVALID_CODE")], render_kw=CODE)

    def validate(self, **kwargs: Any) -> bool:
        """The lock first; people copy the code with its space."""
        if motif := motif_de_verrou(self.user, maintenant()):
            self.form_errors.append(motif)
            return False
        self.code.data = (self.code.data or "").replace(" ", "")
        return bool(super().validate(**kwargs))


class CodeDeSecours(MfRecoveryForm):
    """One of the codes kept for the day the telephone is lost."""

    code = StringField("Code de secours", [RequiredLocalize(message="INVALID_RECOVERY_CODE")])

    def validate(self, **kwargs: Any) -> bool:
        """The lock first; a wrong code counts as a failure, which the library forgets."""
        if motif := motif_de_verrou(self.user, maintenant()):
            self.form_errors.append(motif)
            return False
        self.code.data = (self.code.data or "").strip().lower()
        if super().validate(**kwargs):
            return True
        if self.user is not None and self.code.data:
            self.user.track_failed_authn("code", True)
        return False


class _Choix(HiddenField):
    """A choice nobody is offered: the library adds options to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: list[Any] = []


class Secours(TwoFactorRescueForm):
    """The library builds this form beside the code of the telephone; our page links to the recovery codes instead."""

    help_setup = _Choix()


FORMULAIRES = {
    "login_form": Connexion,
    "us_signin_form": ConnexionParCode,
    "us_verify_form": Confirmation,
    "forgot_password_form": MotDePasseOublie,
    "reset_password_form": NouveauMotDePasse,
    "change_password_form": ChangementDeMotDePasse,
    "two_factor_setup_form": MiseEnPlace,
    "two_factor_verify_code_form": CodeDuTelephone,
    "two_factor_rescue_form": Secours,
    "mf_recovery_form": CodeDeSecours,
}
