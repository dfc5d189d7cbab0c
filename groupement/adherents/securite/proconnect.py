"""ProConnect: the State's door for public servants, by OpenID Connect (Authlib's client does the exchange).

Every word of the provider is checked: the state and the nonce of this session, the signatures of the identity token and
of the userinfo (a signed JWT, not JSON) by its published keys and with the agreed algorithm alone, issuer, audience and
end. The account is found afterwards, never made here (`actions.proconnect`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, current_app, redirect, session, url_for
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from groupement.adherents.rules.proconnect import a_deux_facteurs
from groupement.adherents.securite.courrier import adresse_publique
from groupement.socle.web import CSP

NOM = "proconnect"
PORTEE = "openid given_name usual_name email uid siret"
ID_TOKEN, SUITE = "proconnect_id_token", "proconnect_suite"
ATTENTE_S = 10
TOLERANCE_S = 60  # clocks differ


class RefusDeProConnect(Exception):
    """Nobody enters; the sentence says what to do, `code` is the answer's."""

    def __init__(self, phrase: str, code: int) -> None:
        """`phrase`: French, whole."""
        super().__init__(phrase)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identite:
    """Somebody, as ProConnect vouches for them."""

    sub: str
    email: str
    deux_facteurs: bool
    id_token: str


def est_ouvert() -> bool:
    """Whether this site is registered with ProConnect."""
    return bool(current_app.config["PROCONNECT_ISSUER"])


def _client() -> Any:
    """The client, knowing the addresses of the provider, which must be the one of the settings."""
    client: Any = current_app.extensions["authlib.integrations.flask_client"].create_client(NOM)
    annonce = client.load_server_metadata()
    if annonce.get("issuer") != current_app.config["PROCONNECT_ISSUER"]:
        client.server_metadata.pop("_loaded_at", None)
        raise ValueError("l’adresse annoncée n’est pas celle du réglage")
    annonce["id_token_signing_alg_values_supported"] = [current_app.config["PROCONNECT_ALG"]]
    return client


def partir(suite: str) -> Any:
    """Send the browser to ProConnect; `suite` is where to come back to. RefusDeProConnect when it does not answer."""
    for cle in [cle for cle in session if cle.startswith(f"_state_{NOM}_")]:
        session.pop(cle)  # an older start: kept, they would fill the cookie
    session[SUITE] = suite
    retour = adresse_publique(url_for("proconnect.show_retour"))
    return _ou_panne(lambda: _client().authorize_redirect(retour, acr_values="eidas1"))


def identifier() -> Identite:
    """Who comes back from ProConnect. RefusDeProConnect when they gave up, or when anything is not as it must be."""
    return _ou_panne(_identite)


def _ou_panne(faire: Callable[[], Any]) -> Any:
    """What `faire` gives; anything else is said in French, and logged for whoever watches over the service."""
    try:
        return faire()
    except MismatchingStateError as erreur:
        raise RefusDeProConnect("La demande a expiré, ou vient d’un autre onglet. Recommencez.", 400) from erreur
    except OAuthError as erreur:
        if erreur.error == "access_denied":
            raise RefusDeProConnect("Vous avez interrompu la connexion avec ProConnect.", 403) from erreur
        raise _panne(erreur) from erreur
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as erreur:
        raise _panne(erreur) from erreur


def _panne(erreur: Exception) -> RefusDeProConnect:
    """ProConnect does not answer, or not as agreed."""
    current_app.logger.warning("ProConnect : %s", erreur)
    return RefusDeProConnect("ProConnect ne répond pas comme prévu. Réessayez dans quelques minutes.", 502)


def _identite() -> Identite:
    """Exchange the code, verify both tokens, and that they speak of the same person."""
    client, config = _client(), current_app.config
    attendu = {"iss": _valeur(config["PROCONNECT_ISSUER"]), "aud": _valeur(config["PROCONNECT_CLIENT_ID"])}
    jeton = client.authorize_access_token(claims_options=attendu, leeway=TOLERANCE_S)
    fiche = jeton["userinfo"]
    reponse = client.get(client.server_metadata["userinfo_endpoint"], token=jeton)
    reponse.raise_for_status()
    dit = _verifier(client, reponse.text.strip())
    if dit["sub"] != fiche["sub"]:
        raise ValueError("les deux jetons ne parlent pas de la même personne")
    if dit.get("email_verified") is False or not isinstance(dit["email"], str):
        raise ValueError("l’adresse n’est pas vérifiée")
    deux = a_deux_facteurs(fiche.get("acr"), fiche.get("amr"))
    return Identite(str(dit["sub"]), dit["email"].strip(), deux, jeton["id_token"])


def _valeur(attendue: str) -> dict[str, Any]:
    """A claim that must be there and have that value."""
    return {"essential": True, "values": [attendue]}


def _verifier(client: Any, brut: str) -> dict[str, Any]:
    """The claims of the userinfo, once its signature, issuer, audience and end are right."""
    config = current_app.config
    permis = [config["PROCONNECT_ALG"]]
    try:
        lu = jwt.decode(brut, KeySet.import_key_set(client.fetch_jwk_set()), algorithms=permis)
    except InvalidKeyIdError:  # the keys have turned since they were read
        lu = jwt.decode(brut, KeySet.import_key_set(client.fetch_jwk_set(force=True)), algorithms=permis)
    regles = jwt.JWTClaimsRegistry(
        leeway=TOLERANCE_S,
        iss={"essential": True, "value": config["PROCONNECT_ISSUER"]},
        aud={"essential": True, "value": config["PROCONNECT_CLIENT_ID"]},
        exp={"essential": True},
        sub={"essential": True},
        email={"essential": True},
    )
    regles.validate(lu.claims)
    return dict(lu.claims)


def adresse_de_sortie(id_token: str) -> str | None:
    """Where ProConnect ends its own session; None when it does not answer: here, one is out all the same."""
    try:
        sortie = _client().create_logout_url(
            post_logout_redirect_uri=adresse_publique(url_for("security.login")), id_token_hint=id_token
        )
    except (AuthlibBaseError, requests.RequestException, RuntimeError, ValueError):
        return None
    return str(sortie["url"])


def _sortir_aussi_de_proconnect(app: Flask) -> None:
    """Signing out here signs out there, for whoever came from there."""
    sortir = app.view_functions["security.logout"]

    def deconnexion() -> Any:
        """The library's page, then ProConnect's."""
        id_token = session.pop(ID_TOKEN, None)
        reponse = sortir()
        ailleurs = adresse_de_sortie(id_token) if id_token else None
        return redirect(ailleurs, 303) if ailleurs else reponse

    app.view_functions["security.logout"] = deconnexion


def installer(app: Flask) -> None:
    """Register the client, when the settings name a provider."""
    app.context_processor(lambda: {"proconnect_ouvert": bool(app.config["PROCONNECT_ISSUER"])})
    if not app.config["PROCONNECT_ISSUER"]:
        return
    emetteur = app.config["PROCONNECT_ISSUER"]
    OAuth(app).register(
        NOM,
        client_id=app.config["PROCONNECT_CLIENT_ID"],
        client_secret=app.config["PROCONNECT_CLIENT_SECRET"],
        server_metadata_url=f"{emetteur.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": PORTEE,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_post",
            "default_timeout": ATTENTE_S,
            "leeway": 0,  # ProConnect's access token lives a minute: used at once, it is not « nearly expired »
        },
    )
    _sortir_aussi_de_proconnect(app)
    adresse = urlsplit(emetteur)
    politique = f"{CSP} {adresse.scheme}://{adresse.netloc}"  # the form that signs out is sent on to ProConnect

    def permettre(reponse: Response) -> Response:
        """Chromium holds a redirect against `form-action` too."""
        reponse.headers.setdefault("Content-Security-Policy", politique)
        return reponse

    app.after_request(permettre)
