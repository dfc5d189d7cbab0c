"""A small Stripe on the loopback: Checkout sessions, idempotency keys and signed events, as Stripe documents them.

The real SDK talks to it over real HTTP. A parameter the SDK does not know is refused. The session it answers with
starts from Stripe's own published example (github.com/stripe/openapi, openapi/fixtures3.json, MIT licence).
"""

import hashlib
import hmac
import itertools
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from stripe.params.checkout import SessionCreateParams

CLE = "sk_test_groupement"
SECRET = "whsec_groupement"
CONNUS = frozenset(SessionCreateParams.__annotations__)
EXEMPLE = {
    "object": "checkout.session",
    "amount_total": None,
    "client_reference_id": None,
    "currency": None,
    "customer_email": None,
    "expires_at": 1234567890,
    "livemode": False,
    "locale": None,
    "metadata": {},
    "mode": "payment",
    "payment_intent": "pi_1PgafyB7WZ01zgkWSjxsAJo3",
    "payment_method_types": ["card"],
    "payment_status": "unpaid",
    "status": "open",
    "success_url": "https://example.com/success",
    "cancel_url": "https://example.com/cancel",
}


class FauxStripe:
    """The server and what it remembers: `sessions`, `requetes`; `panne` makes it answer 500 that many times."""

    def __init__(self) -> None:
        """Listen at once on a free port."""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.requetes: list[dict[str, Any]] = []
        self.panne = 0
        self._reponses: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self._rangs = itertools.count(1)
        faux = self

        class Guichet(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                corps = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                statut, objet = faux.repondre(self.path, dict(self.headers), corps)
                octets = json.dumps(objet).encode()
                self.send_response(statut)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
        self._serveur.daemon_threads = True
        self.adresse = f"http://127.0.0.1:{self._serveur.server_port}"
        self._fil = threading.Thread(target=self._serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._fil.start()

    def fermer(self) -> None:
        """Stop listening."""
        self._serveur.shutdown()
        self._fil.join(timeout=5)
        self._serveur.server_close()

    def repondre(self, chemin: str, entetes: dict[str, str], corps: str) -> tuple[int, dict[str, Any]]:
        """One request: authentication, idempotency, then the session."""
        if entetes.get("Authorization") != f"Bearer {CLE}":
            return 401, _erreur("invalid_request_error", "Invalid API Key provided")
        if chemin != "/v1/checkout/sessions":
            return 404, _erreur("invalid_request_error", f"Unrecognized request URL (POST: {chemin})")
        if self.panne:
            self.panne -= 1
            return 500, _erreur("api_error", "Something went wrong")
        cle = entetes.get("Idempotency-Key", "")
        if cle in self._reponses:
            connu, statut, objet = self._reponses[cle]
            if connu != corps:
                return 400, _erreur("idempotency_error", "Keys for idempotent requests can only be used once")
            return statut, objet
        statut, objet = self._creer(lire(corps))
        self._reponses[cle] = (corps, statut, objet)
        return statut, objet

    def _creer(self, demande: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A session, or what is wrong with the request."""
        self.requetes.append(demande)
        inconnus = set(demande) - CONNUS
        if inconnus:
            return 400, _erreur("invalid_request_error", f"Received unknown parameter: {inconnus.pop()}")
        article = demande["line_items"]["0"]
        montant = int(article["price_data"]["unit_amount"]) * int(article["quantity"])
        if montant < 50:
            return 400, _erreur("invalid_request_error", "The amount must be at least €0.50", "amount_too_small")
        numero = f"cs_test_{next(self._rangs):04d}"
        session = EXEMPLE | {
            "id": numero,
            "amount_total": montant,
            "currency": article["price_data"]["currency"],
            "url": f"https://checkout.stripe.com/c/pay/{numero}",
            **{cle: demande.get(cle) for cle in ("client_reference_id", "customer_email", "locale", "metadata")},
            **{cle: demande.get(cle) for cle in ("success_url", "cancel_url", "mode")},
        }
        self.sessions[numero] = session
        return 200, session


def _erreur(genre: str, message: str, code: str = "") -> dict[str, Any]:
    """An error as Stripe writes it."""
    return {"error": {"type": genre, "message": message, **({"code": code} if code else {})}}


def lire(corps: str) -> dict[str, Any]:
    """The nested parameters of a form: line_items[0][quantity]=1."""
    demande: dict[str, Any] = {}
    for cle, valeur in parse_qsl(corps, keep_blank_values=True):
        chemin = [re.split(r"\[", cle, maxsplit=1)[0], *re.findall(r"\[([^\]]*)\]", cle)]
        place = demande
        for nom in chemin[:-1]:
            place = place.setdefault(nom, {})
        place[chemin[-1]] = valeur
    return demande


def evenement(
    genre: str, session: dict[str, Any], *, numero: str = "evt_1", paye: bool = True, **changes: Any
) -> bytes:
    """The body of an event about a session."""
    objet = session | {"payment_status": "paid" if paye else "unpaid"} | changes
    enveloppe = {
        "id": numero,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1234567890,
        "livemode": False,
        "type": genre,
        "data": {"object": objet},
    }
    return json.dumps(enveloppe).encode()


def signature(corps: bytes, moment: int, secret: str = SECRET) -> str:
    """The header `Stripe-Signature` of a body sent at a moment (seconds since 1970)."""
    hachage = hmac.new(secret.encode(), f"{moment}.".encode() + corps, hashlib.sha256).hexdigest()
    return f"t={moment},v1={hachage}"
