"""A provider of identities like ProConnect, on the loopback: it signs, redirects, and lies when a test asks it to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "groupement-archives", "un secret partagé avec le fournisseur d’identité"


class FournisseurDIdentite:
    """`personne`: what it says of whoever signs in. `fautes`: the lies it tells, by name. `vus`: what it was asked."""

    def __init__(self) -> None:
        """Listen at once, with a key of its own."""
        self.cle = RSAKey.generate_key(2048, parameters={"kid": "cle-1"})
        self.autre_cle = RSAKey.generate_key(2048, parameters={"kid": "cle-1"})
        self.personne: dict[str, Any] = {"sub": "sub-agnes", "email": "agnes.caron@mairie.example.org"}
        self.amr, self.acr = ["pwd"], "eidas1"
        self.fautes: set[str] = set()
        self.vus: list[tuple[str, dict[str, str]]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.id_tokens: list[str] = []
        self._serveur = ThreadingHTTPServer(("127.0.0.1", 0), _porte(self))
        self.adresse = f"http://127.0.0.1:{self._serveur.server_port}/api/v2"
        threading.Thread(target=self._serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def fermer(self) -> None:
        """Stop listening."""
        self._serveur.shutdown()
        self._serveur.server_close()

    def annonce(self) -> dict[str, Any]:
        """The discovery document."""
        chemins = {
            "authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks", "end_session_endpoint": "session/end",
        }  # fmt: skip
        emetteur = "http://127.0.0.1:1/ailleurs" if "autre_emetteur" in self.fautes else self.adresse
        adresses = {nom: f"{self.adresse}/{chemin}" for nom, chemin in chemins.items()}
        return {"issuer": emetteur, "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"], **adresses}

    def autoriser(self, demande: dict[str, str]) -> str:
        """Where the browser goes once the person has signed in, or given up."""
        if "refus" in self.fautes:
            suite = {"error": "access_denied", "error_description": "User denied", "state": demande["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = demande
            suite = {"code": code, "state": demande["state"]}
        return f"{demande['redirect_uri']}?{urlencode(suite)}"

    def jeton(self, demande: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The tokens for a code: once, to whoever has the secret, the verifier and the address it was asked from."""
        origine = self._codes.pop(demande.get("code", ""), None)
        preuve = base64.urlsafe_b64encode(hashlib.sha256(demande.get("code_verifier", "").encode()).digest()).rstrip(
            b"="
        )
        if (
            origine is None
            or (demande.get("client_id"), demande.get("client_secret")) != (CLIENT, SECRET)
            or demande.get("redirect_uri") != origine["redirect_uri"]
            or preuve.decode() != origine["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        nonce = "un nonce d’hier" if "nonce" in self.fautes else origine["nonce"]
        dit = {"sub": self.personne["sub"], "nonce": nonce, "acr": self.acr, "amr": self.amr}
        self.id_tokens.append(self._signer(dit, "id_"))
        return 200, {"access_token": "acces", "token_type": "Bearer", "id_token": self.id_tokens[-1], "expires_in": 60}

    def fiche(self) -> str:
        """The userinfo: a signed JWT."""
        sub = "quelqu’un d’autre" if "sub" in self.fautes else self.personne["sub"]
        return self._signer({**self.personne, "sub": sub}, "")

    def _signer(self, dit: dict[str, Any], prefixe: str) -> str:
        """A token; the lies that start with `id_` are told in the identity token, the others in the userinfo."""
        faux = {f.removeprefix(prefixe) for f in self.fautes if f.startswith("id_") == bool(prefixe)}
        fin = -3600 if "fin" in faux else 300
        tout = {"iss": self.adresse, "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + fin, **dit}
        if "iss" in faux:
            tout["iss"] = "http://127.0.0.1:1/ailleurs"
        if "aud" in faux:
            tout["aud"] = "un autre site"
        if "sans_fin" in faux:
            del tout["exp"]
        if "sans_signature" in faux:
            morceaux = ({"alg": "none", "typ": "JWT"}, tout)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(m).encode()).rstrip(b"=").decode() for m in morceaux) + "."
            )
        if "cle_publique_pour_secret" in faux:  # HS256 keyed with what everybody can read
            cle = OctKey.import_key(self.cle.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "cle-1"}, tout, cle, algorithms=["HS256"])
        cle = self.autre_cle if "cle" in faux else self.cle
        return jwt.encode({"alg": "RS256", "kid": "cle-1"}, tout, cle)

    def cles(self) -> dict[str, Any]:
        """Its public keys."""
        return KeySet([self.cle]).as_dict(private=False)


class Porte(BaseHTTPRequestHandler):
    """What answers its addresses."""

    fournisseur: FournisseurDIdentite

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        adresse = urlsplit(self.path)
        demande = {cle: valeurs[0] for cle, valeurs in parse_qs(adresse.query).items()}
        chemin = adresse.path.removeprefix("/api/v2")
        self.fournisseur.vus.append((chemin, demande))
        if {"panne", f"panne {chemin}"} & self.fournisseur.fautes:
            return self._dire(503, "text/plain", "en panne")
        pages = {
            "/.well-known/openid-configuration": lambda: self._json(200, self.fournisseur.annonce()),
            "/jwks": lambda: self._json(200, self.fournisseur.cles()),
            "/authorize": lambda: self._vers(self.fournisseur.autoriser(demande)),
            "/session/end": lambda: self._vers(demande["post_logout_redirect_uri"]),
            "/userinfo": self._fiche,
        }
        pages.get(chemin, lambda: self._dire(404, "text/plain", "rien ici"))()

    def _fiche(self) -> None:
        if self.headers["Authorization"] != "Bearer acces":
            self._dire(401, "text/plain", "sans jeton")
        elif "json" in self.fournisseur.fautes:
            self._json(200, self.fournisseur.personne)
        else:
            self._dire(200, "application/jwt", self.fournisseur.fiche())

    def do_POST(self) -> None:
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        demande = {cle: valeurs[0] for cle, valeurs in parse_qs(corps).items()}
        self.fournisseur.vus.append((urlsplit(self.path).path.removeprefix("/api/v2"), demande))
        self._json(*self.fournisseur.jeton(demande))

    def _vers(self, adresse: str) -> None:
        self.send_response(302)
        self.send_header("Location", adresse)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, code: int, objet: Any) -> None:
        self._dire(code, "application/json", json.dumps(objet))

    def _dire(self, code: int, genre: str, texte: str) -> None:
        octets = texte.encode()
        self.send_response(code)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


def _porte(fournisseur: FournisseurDIdentite) -> type[BaseHTTPRequestHandler]:
    """A door of that provider."""
    return type("PorteDuFournisseur", (Porte,), {"fournisseur": fournisseur})


@pytest.fixture
def fournisseur() -> Iterator[FournisseurDIdentite]:
    """A provider for one test."""
    ouvert = FournisseurDIdentite()
    yield ouvert
    ouvert.fermer()
