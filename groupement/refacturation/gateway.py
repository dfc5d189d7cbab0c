"""Card payments: what the application asks of a gateway, the events it understands, and a till of our own.

The till (`FausseCaisse`) serves the demonstration only: its payment page is one of ours, and its buttons send a signed
event through the very path the real gateway's events take.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from groupement.socle.argent import en_centimes, en_euros

TOLERANCE = timedelta(minutes=5)
EN_TETE = "Stripe-Signature"
DEVISE = "eur"

TERMINE = "checkout.session.completed"
REUSSI_PLUS_TARD = "checkout.session.async_payment_succeeded"
ECHOUE_PLUS_TARD = "checkout.session.async_payment_failed"
EXPIRE = "checkout.session.expired"


class SignatureRefusee(Exception):
    """The event does not come from the gateway, or is too old: nothing of it is read."""


class CaisseIndisponible(Exception):
    """The gateway does not answer or refuses; the message is for the log.

    `a_repondu`: it answered, and would give that same answer to the same key; a new attempt needs a new one.
    """

    def __init__(self, message: str, *, a_repondu: bool) -> None:
        """Keep whether it answered."""
        super().__init__(message)
        self.a_repondu = a_repondu


@dataclass(frozen=True, slots=True)
class DemandeDePaiement:
    """What to collect: the same `cle` twice opens one payment only."""

    cle: str
    paiement_id: int
    facture_numero: str
    montant_ttc: Decimal
    courriel: str
    succes: str
    abandon: str


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page opened at the gateway."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Evenement:
    """What the gateway says happened. `montant_ttc` is None when it is not in euros."""

    evenement_id: str
    genre: str
    session_id: str
    paiement_id: int | None
    montant_ttc: Decimal | None
    est_paye: bool


class Passerelle(Protocol):
    """A payment gateway."""

    def ouvrir(self, demande: DemandeDePaiement) -> Session:
        """Open a payment page. Raises CaisseIndisponible."""

    def lire_evenement(self, corps: bytes, entetes: Mapping[str, str]) -> Evenement | None:
        """The event of a request, None for a kind we do not follow. Raises SignatureRefusee."""


def evenement_de(objet: Mapping[str, Any]) -> Evenement | None:
    """An event from its JSON, when it is about a Checkout session. Raises SignatureRefusee when it is no event."""
    try:
        session = objet["data"]["object"]
        return _evenement(objet, session) if str(objet["type"]).startswith("checkout.session.") else None
    except (KeyError, TypeError, ValueError) as erreur:
        raise SignatureRefusee(f"événement illisible : {erreur}") from erreur


def _evenement(objet: Mapping[str, Any], session: Mapping[str, Any]) -> Evenement:
    """The event of a Checkout session."""
    reference = str(session.get("client_reference_id") or "")
    en_euro = str(session.get("currency") or "").lower() == DEVISE and session.get("amount_total") is not None
    return Evenement(
        evenement_id=str(objet["id"]),
        genre=str(objet["type"]),
        session_id=str(session["id"]),
        paiement_id=int(reference) if reference.isascii() and reference.isdigit() and len(reference) < 10 else None,
        montant_ttc=en_euros(int(session["amount_total"])) if en_euro else None,
        est_paye=session.get("payment_status") == "paid",
    )


class FausseCaisse:
    """The till of the demonstration. Signs as the real gateway does: HMAC-SHA256 over the moment and the body."""

    def __init__(self, secret: str, adresse: str, le: datetime) -> None:
        """`adresse`: where our payment pages start; `le`: now, against which an event is too old."""
        self._secret, self._adresse, self._le = secret.encode(), adresse.rstrip("/"), le

    def ouvrir(self, demande: DemandeDePaiement) -> Session:
        """A page of ours, whose name cannot be guessed; the same key gives the same page."""
        marque = hmac.new(self._secret, f"session {demande.cle}".encode(), hashlib.sha256).hexdigest()[:32]
        session_id = f"demo_{demande.paiement_id}_{marque}"
        return Session(session_id, f"{self._adresse}/paiement/demonstration/{session_id}")

    def lire_evenement(self, corps: bytes, entetes: Mapping[str, str]) -> Evenement | None:
        """The event, once its signature and its age are checked."""
        champs = dict(morceau.split("=", 1) for morceau in entetes.get(EN_TETE, "").split(",") if "=" in morceau)
        moment = champs.get("t", "")
        if not moment.isdigit() or not hmac.compare_digest(self._signature(moment, corps), champs.get("v1", "")):
            raise SignatureRefusee("signature absente ou fausse")
        if abs(self._le - datetime.fromtimestamp(int(moment), UTC)) > TOLERANCE:
            raise SignatureRefusee("événement trop ancien")
        try:
            return evenement_de(json.loads(corps))
        except ValueError as erreur:
            raise SignatureRefusee("événement illisible") from erreur

    def evenement_signe(
        self, genre: str, session_id: str, paiement_id: int, montant_ttc: Decimal
    ) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of the event a button of our page sends; pressing twice sends the same event."""
        paye = genre == TERMINE
        session = {
            "id": session_id,
            "object": "checkout.session",
            "client_reference_id": str(paiement_id),
            "amount_total": en_centimes(montant_ttc),
            "currency": DEVISE,
            "payment_status": "paid" if paye else "unpaid",
        }
        objet = {"id": f"evt_{session_id}_{genre}", "object": "event", "type": genre, "data": {"object": session}}
        corps = json.dumps(objet).encode()
        moment = str(int(self._le.timestamp()))
        return corps, {EN_TETE: f"t={moment},v1={self._signature(moment, corps)}"}

    def _signature(self, moment: str, corps: bytes) -> str:
        """The hexadecimal signature of a body at a moment."""
        return hmac.new(self._secret, moment.encode() + b"." + corps, hashlib.sha256).hexdigest()
