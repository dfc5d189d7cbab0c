"""Sign-in: Flask-Security with our people, in French. Password or mailed code, lock-out, reset, second factor."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from flask import Flask, abort, request, session
from flask_babel import Babel
from flask_security import Security
from flask_wtf.csrf import CSRFError

from groupement.adherents import acces
from groupement.adherents.securite import cles, formulaires, limites, passage, proconnect, verrouillage
from groupement.adherents.securite.courrier import Courrier
from groupement.adherents.securite.magasin import Magasin
from groupement.adherents.securite.messages import MESSAGES, SUJETS
from groupement.adherents.securite.telephone import CodesDuTelephone
from groupement.socle.calendrier import maintenant

ADRESSES = {
    "LOGIN_URL": "/connexion",
    "LOGOUT_URL": "/deconnexion",
    "US_SIGNIN_URL": "/connexion/code",
    "US_SIGNIN_SEND_CODE_URL": "/connexion/code/envoi",
    "US_VERIFY_URL": "/connexion/confirmation",
    "US_VERIFY_SEND_CODE_URL": "/connexion/confirmation/envoi",
    "RESET_URL": "/mot-de-passe-oublie",
    "CHANGE_URL": "/mon-compte/mot-de-passe",
    "TWO_FACTOR_SETUP_URL": "/mon-compte/second-facteur",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/connexion/second-facteur",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/mon-compte/codes-de-secours",
    "MULTI_FACTOR_RECOVERY_URL": "/connexion/code-de-secours",
}
# What the library brings besides and nobody here uses: closed, so that it needs neither a page nor a look.
FERMES = {
    "security.verify",
    "security.us_setup",
    "security.us_setup_validate",
    "security.us_verify_link",
    "security.tf_select",
    "security.two_factor_rescue",
    "security.static",
}
CONNEXION = {
    "PASSWORD_HASH": "argon2",
    "PASSWORD_LENGTH_MIN": 12,
    "TRACKABLE": True,
    "DATETIME_FACTORY": maintenant,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RESET_PASSWORD_WITHIN": timedelta(hours=2),
    "RETURN_GENERIC_RESPONSES": True,
    "JOIN_USER_ROLES": False,
    "API_ENABLED_METHODS": ["session"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "EMAIL_PLAINTEXT": False,  # Courrier draws the text itself, from templates/courriels
    "EMAIL_HTML": False,
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/connexion",
    "POST_CHANGE_VIEW": "/mon-compte",
    "UNIFIED_SIGNIN": True,
    "US_ENABLED_METHODS": ["password", "email"],
    "US_TOKEN_VALIDITY": 600,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_POST_SETUP_VIEW": "/mon-compte",
    "TOTP_ISSUER": "Groupement Archives 62",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "FRESHNESS": timedelta(hours=1),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "CLI_USERS_NAME": False,
    "CLI_ROLES_NAME": False,
    "I18N_DIRNAME": "builtin",
}
ARGON2_LEGER = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def _reglages(app: Flask) -> dict[str, Any]:
    """Everything Flask-Security is told."""
    cle = app.config["TOTP_SECRETS"]
    reglages = {**CONNEXION, **ADRESSES, **SUJETS}
    reglages |= {f"MSG_{nom}": message for nom, message in MESSAGES.items()}
    reglages["TOTP_SECRETS"] = {"1": cle}
    reglages["MULTI_FACTOR_RECOVERY_CODES_KEYS"] = [urlsafe_b64encode(hashlib.sha256(cle.encode()).digest())]
    if app.config["DEMO"] or app.testing:  # fictitious people: hashing at full cost would only slow the loading
        reglages["PASSWORD_HASH_PASSLIB_OPTIONS"] = ARGON2_LEGER
    return {f"SECURITY_{nom}": valeur for nom, valeur in reglages.items()}


def installer(app: Flask) -> None:
    """Plug sign-in into the application; a `Security` of its own for each application of the process."""
    app.config.from_mapping(BABEL_DEFAULT_LOCALE="fr_FR", BABEL_DEFAULT_TIMEZONE="Europe/Paris")
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=8)
    app.config.from_mapping(_reglages(app))
    Babel(app)
    security = Security(mail_util_cls=Courrier, totp_cls=CodesDuTelephone, **formulaires.FORMULAIRES)
    security.unauthn_handler(passage.vers_la_connexion)
    security.want_json(lambda requete: False)
    security.init_app(app, Magasin(), register_blueprint=True)
    # Flask-Principal would look the person up for every picture, for permissions that nobody here uses.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    security.login_context_processor(passage.portes_de_demonstration)
    app.register_error_handler(CSRFError, passage.sur_jeton_perdu)
    app.before_request(_fermer_ce_qui_ne_sert_pas)
    app.before_request(_tenir_la_session)
    app.context_processor(lambda: {"second_facteur_exige": acces.second_facteur_exige()})
    cles.installer(app)
    proconnect.installer(app)
    verrouillage.installer(app)
    limites.installer(app)


def _fermer_ce_qui_ne_sert_pas() -> None:
    """404 for the pages of the library that are not ours."""
    if request.endpoint in FERMES:
        abort(404)


def _tenir_la_session() -> None:
    """Eight hours of inactivity, from the last page seen."""
    if not session.permanent and "_user_id" in session:
        session.permanent = True
