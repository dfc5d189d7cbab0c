"""Which gateway takes the cards, and the one path of its events."""

from collections.abc import Mapping
from functools import cache

from flask import current_app

from groupement.refacturation.actions import paiements as actions
from groupement.refacturation.gateway import FausseCaisse, Passerelle
from groupement.refacturation.stripe_gateway import CaisseStripe
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

SANS_INTERET = "Événement d’un autre genre, ignoré."
DEJA_RECU = "Événement déjà reçu."


def passerelle() -> Passerelle | None:
    """Stripe when its key is set; our own till in demonstration; nobody in production without a key."""
    reglages = current_app.config
    if reglages["STRIPE_SECRET_KEY"]:
        return _stripe(*(reglages[nom] for nom in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE")))
    return fausse_caisse()


def fausse_caisse() -> FausseCaisse | None:
    """The till of the demonstration, if this is one and no real key is set."""
    reglages = current_app.config
    if not reglages["DEMO"] or reglages["STRIPE_SECRET_KEY"]:
        return None
    return FausseCaisse(f"caisse-{reglages['SECRET_KEY']}", "", maintenant())


@cache
def _stripe(cle: str, secret: str, adresse: str) -> CaisseStripe:
    """One client a process: it keeps its connections."""
    return CaisseStripe(cle, secret, adresse)


def prendre_en_compte(caisse: Passerelle, corps: bytes, entetes: Mapping[str, str]) -> str:
    """Read a signed event and take it in, committed; returns what was done. Raises SignatureRefusee."""
    evenement = caisse.lire_evenement(corps, entetes)
    if evenement is None:
        return SANS_INTERET
    suite = actions.recevoir(evenement, le=maintenant())
    db.session.commit()
    return DEJA_RECU if suite is None else suite.phrase
