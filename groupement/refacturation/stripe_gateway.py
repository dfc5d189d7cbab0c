"""Stripe Checkout, the real gateway: the only module that talks to Stripe.

Checked against stripe 16.1 (API 2026-10-28.endive). A session is a payment in euros, in whole centimes.
"""

from collections.abc import Mapping

import stripe

from groupement.refacturation.gateway import (
    DEVISE,
    EN_TETE,
    CaisseIndisponible,
    DemandeDePaiement,
    Evenement,
    Session,
    SignatureRefusee,
    evenement_de,
)
from groupement.socle.argent import en_centimes

TENTATIVES = 2
ATTENTE = 10  # seconds: a person is waiting


class CaisseStripe:
    """Opens Checkout sessions and reads the signed events that follow."""

    def __init__(self, cle_secrete: str, secret_des_evenements: str, adresse_api: str = "") -> None:
        """`adresse_api` is only for tests: a server of their own in the place of Stripe's."""
        self._secret = secret_des_evenements
        self._client = stripe.StripeClient(
            cle_secrete,
            base_addresses={"api": adresse_api} if adresse_api else None,
            max_network_retries=TENTATIVES,
            http_client=stripe.RequestsClient(timeout=ATTENTE),
        )

    def ouvrir(self, demande: DemandeDePaiement) -> Session:
        """A hosted payment page for the facture; asked twice with one key, Stripe answers with the same session."""
        try:
            session = self._client.v1.checkout.sessions.create(
                params=self._parametres(demande), options={"idempotency_key": demande.cle}
            )
        except stripe.StripeError as erreur:
            a_repondu = not isinstance(erreur, stripe.APIConnectionError)
            raise CaisseIndisponible(f"{type(erreur).__name__} : {erreur}", a_repondu=a_repondu) from erreur
        if not session.url:
            raise CaisseIndisponible(f"session {session.id} sans adresse", a_repondu=True)
        return Session(session.id, session.url)

    @staticmethod
    def _parametres(demande: DemandeDePaiement) -> stripe.params.checkout.SessionCreateParams:
        """What is asked of Stripe."""
        marque = {"paiement_id": str(demande.paiement_id), "facture": demande.facture_numero}
        article = {"name": f"Facture {demande.facture_numero}"}
        prix = {"currency": DEVISE, "unit_amount": en_centimes(demande.montant_ttc), "product_data": article}
        parametres: stripe.params.checkout.SessionCreateParams = {
            "mode": "payment",
            "locale": "fr",
            "line_items": [{"quantity": 1, "price_data": prix}],  # type: ignore[typeddict-item]
            "client_reference_id": str(demande.paiement_id),
            "metadata": marque,
            "payment_intent_data": {"metadata": marque, "description": f"Facture {demande.facture_numero}"},
            "success_url": demande.succes,
            "cancel_url": demande.abandon,
        }
        if demande.courriel:
            parametres["customer_email"] = demande.courriel
        return parametres

    def lire_evenement(self, corps: bytes, entetes: Mapping[str, str]) -> Evenement | None:
        """The event, once Stripe's own library has checked its signature and its age (five minutes)."""
        try:
            evenement = stripe.Webhook.construct_event(corps, entetes.get(EN_TETE, ""), self._secret)
        except (ValueError, stripe.SignatureVerificationError) as erreur:
            raise SignatureRefusee(str(erreur)) from erreur
        return evenement_de(evenement.to_dict())
