"""Who pays: re-billing runs, factures and avoirs to the members, money received."""

from groupement.refacturation.models.factures import (
    PRESTATIONS,
    Avoir,
    Facture,
    LigneAvoir,
    LigneFacture,
    Refacturation,
)
from groupement.refacturation.models.paiements import Encaissement, EvenementPaiement, PaiementEnLigne, Remboursement
from groupement.refacturation.models.transmissions import ErreurDeTransmission, FactureTransmise, Transmission

__all__ = [
    "Avoir",
    "Encaissement",
    "ErreurDeTransmission",
    "EvenementPaiement",
    "Facture",
    "FactureTransmise",
    "LigneAvoir",
    "LigneFacture",
    "PRESTATIONS",
    "PaiementEnLigne",
    "Refacturation",
    "Remboursement",
    "Transmission",
]
