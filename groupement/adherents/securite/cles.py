"""Passkeys: the challenge kept in the session, and what the browser answers to it, verified by py_webauthn.

Ours, not Flask-Security's: it takes the name of the site from the Host header, and a key of its own serves either alone
or after the password. Here one key does both, for the address in ADRESSE_PUBLIQUE and no other, always with the finger,
the face or the PIN of the device (« user verification »): a key is two factors at once.
"""

import secrets
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import Flask, current_app, redirect, session, url_for
from flask_security.signals import user_authenticated
from flask_security.tf_plugin import TfPluginBase
from sqlalchemy import exists, select
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from groupement.adherents.acces import SECOND_FACTEUR
from groupement.adherents.models import CleDAcces, Utilisateur
from groupement.socle.db import db

DEFI = "defi_de_cle"
VALABLE_S = 300
REPONSE_MAX = 20_000  # characters: a key of any kind answers in less


class CleRefusee(Exception):
    """What the browser answered proves nothing; the sentence says what to do."""


def site() -> tuple[str, str]:
    """The name a key is made for, and the origin it answers to."""
    morceaux = urlsplit(current_app.config["ADRESSE_PUBLIQUE"])
    return morceaux.hostname or "", f"{morceaux.scheme}://{morceaux.netloc}"


def _nouveau_defi(pour: str, poignee: str = "") -> bytes:
    """A challenge that serves once, in this session, for five minutes; `poignee`: who the new key will be for."""
    defi = secrets.token_bytes(32)
    session[DEFI] = [bytes_to_base64url(defi), pour, int(time.time()) + VALABLE_S, poignee]
    return defi


def _reprendre_le_defi(pour: str) -> tuple[bytes, str]:
    """The challenge of the page shown, taken out of the session. CleRefusee when there is none, or too old."""
    defi, voulu, jusqu_a, poignee = session.pop(DEFI, ["", "", 0, ""])
    if voulu != pour or jusqu_a < time.time():
        raise CleRefusee("La page était ouverte depuis trop longtemps. Recommencez.")
    return base64url_to_bytes(defi), poignee


def _descriptions(cles: Sequence[CleDAcces]) -> list[PublicKeyCredentialDescriptor]:
    """The keys as the browser is told of them."""
    return [PublicKeyCredentialDescriptor(id=cle.identifiant) for cle in cles]


def options_d_ajout(personne: Utilisateur, cles: Sequence[CleDAcces]) -> str:
    """What the page asks the browser to make a key with: JSON. `cles`: those they have, not to be made twice."""
    poignee = personne.poignee_de_cle or secrets.token_urlsafe(32)
    options = webauthn.generate_registration_options(
        rp_id=site()[0],
        rp_name=current_app.config["SECURITY_TOTP_ISSUER"],
        user_id=base64url_to_bytes(poignee),
        user_name=personne.email,
        user_display_name=personne.nom,
        challenge=_nouveau_defi(f"ajout-{personne.id}", poignee),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptions(cles),
    )
    return options_to_json(options)


def options_d_entree(cles: Sequence[CleDAcces] = ()) -> str:
    """What the page asks the browser to sign with: JSON. `cles`: those of a person already named, else any."""
    options = webauthn.generate_authentication_options(
        rp_id=site()[0],
        challenge=_nouveau_defi("entree"),
        allow_credentials=_descriptions(cles),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def verifier_l_ajout(reponse: str, personne: Utilisateur) -> tuple[VerifiedRegistration, str]:
    """The new key, and the handle of its person. CleRefusee when the answer is not to our challenge."""
    (defi, poignee), (rp, origine) = _reprendre_le_defi(f"ajout-{personne.id}"), site()
    try:
        verifiee = webauthn.verify_registration_response(
            credential=_lisible(reponse),
            expected_challenge=defi,
            expected_rp_id=rp,
            expected_origin=origine,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as refus:
        raise CleRefusee("Cette clé d’accès n’a pas pu être vérifiée. Recommencez.") from refus
    return verifiee, poignee


def verifier_l_entree(reponse: str) -> tuple[CleDAcces, VerifiedAuthentication]:
    """The key that signed. CleRefusee for an answer to another challenge, another site, or of an unknown key."""
    (defi, _), (rp, origine) = _reprendre_le_defi("entree"), site()
    inconnue = CleRefusee(
        "Cette clé d’accès n’est pas reconnue ici. Connectez-vous avec votre mot de passe, ou avec un code reçu par "
        "courriel."
    )
    try:
        lue = webauthn.helpers.parse_authentication_credential_json(_lisible(reponse))
        cle = db.session.scalars(select(CleDAcces).where(CleDAcces.identifiant == lue.raw_id)).one_or_none()
        if cle is None:
            raise inconnue
        verifiee = webauthn.verify_authentication_response(
            credential=lue,
            expected_challenge=defi,
            expected_rp_id=rp,
            expected_origin=origine,
            credential_public_key=cle.cle_publique,
            credential_current_sign_count=cle.compteur,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as refus:
        raise inconnue from refus
    return cle, verifiee


def _lisible(reponse: str) -> str:
    """The answer, if it has the size of one."""
    if not reponse or len(reponse) > REPONSE_MAX:
        raise ValueError("réponse vide ou trop longue")
    return reponse


def cles_de(utilisateur_id: int) -> Sequence[CleDAcces]:
    """The passkeys of a person, in the order they were added."""
    return db.session.scalars(
        select(CleDAcces).where(CleDAcces.utilisateur_id == utilisateur_id).order_by(CleDAcces.id)
    ).all()


def a_une_cle(utilisateur_id: int) -> bool:
    """Whether the person has at least one."""
    return bool(db.session.scalar(select(exists().where(CleDAcces.utilisateur_id == utilisateur_id))))


class SecondFacteurParCle(TfPluginBase):
    """After the password, whoever has keys and no telephone shows one of them."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """The key, for those whose telephone will not be asked: its page leads here for the others."""
        if user.tf_primary_method or not a_une_cle(user.id):
            return []
        return [("cle", "Clé d’accès")]

    def create_blueprint(self, app: Any, bp: Any, state: Any) -> None:
        """Our pages are ours."""

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        """To the page that asks for the key."""
        session["tf_state"] = "ready"
        return redirect(url_for("cles.new_entree", next=next_loc))


def en_attente_de_second_facteur() -> Utilisateur | None:
    """Who has given their password and owes the second factor, in this session; None otherwise."""
    if session.get("tf_state") != "ready" or "tf_user_id" not in session:
        return None
    magasin: Any = current_app.extensions["security"].datastore
    personne: Utilisateur | None = magasin.find_user(fs_uniquifier=session["tf_user_id"])
    return personne if personne is not None and personne.active else None


def marquer_le_second_facteur(par: str) -> None:
    """This session has seen two factors: `par` says which (« cle », « proconnect »)."""
    session[SECOND_FACTEUR] = par


def _oublier_le_second_facteur(emetteur: Any, **details: Any) -> None:
    """Whoever enters has shown nothing yet: what the one before them showed in this browser is not theirs."""
    session.pop(SECOND_FACTEUR, None)


def installer(app: Flask) -> None:
    """The key as a second factor; and each entry starts from none."""
    app.extensions["security"].two_factor_plugins.register_tf_impl(app, "cle", SecondFacteurParCle)
    user_authenticated.connect(_oublier_le_second_facteur, app)
