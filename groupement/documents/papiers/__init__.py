"""What each paper says: frozen values, already computed, never models.

A paper refuses to exist (PapierIncoherent) when what it would print does not sum: lines and total,
VAT bases and total, delivery places and ordered pieces. It computes no money beyond that check.
Amounts are Decimal euros in centimes, unit prices up to four decimals, lengths whole millimetres.
Every text is what the reader sees, in French; an empty text or None is simply not printed.
"""

from groupement.documents.papiers.bons import (
    BonDeCommandePapier,
    BonDeLivraisonPapier,
    LieuPapier,
    LigneBonPapier,
    LigneLieuPapier,
)
from groupement.documents.papiers.commandes import CommandePapier, LigneCommandePapier
from groupement.documents.papiers.commun import (
    Adresse,
    Organisme,
    PapierIncoherent,
    Signataire,
    Totaux,
    TvaTaux,
    coordonnateur,
    fournisseur_fige,
)
from groupement.documents.papiers.constats import (
    BesoinPapier,
    EtatDesLieuxPapier,
    LocalPapier,
    MesurePapier,
    RayonnagePapier,
    Visa,
)
from groupement.documents.papiers.factures import (
    AvoirPapier,
    FacturePapier,
    LigneFacturePapier,
    Paiement,
    ReferenceMarche,
)
from groupement.documents.papiers.missions import CoutPapier, JourneePapier, MissionPapier

__all__ = [
    "Adresse",
    "AvoirPapier",
    "BesoinPapier",
    "BonDeCommandePapier",
    "BonDeLivraisonPapier",
    "CommandePapier",
    "CoutPapier",
    "EtatDesLieuxPapier",
    "FacturePapier",
    "JourneePapier",
    "LieuPapier",
    "LigneBonPapier",
    "LigneCommandePapier",
    "LigneFacturePapier",
    "LigneLieuPapier",
    "LocalPapier",
    "MesurePapier",
    "MissionPapier",
    "Organisme",
    "Paiement",
    "PapierIncoherent",
    "RayonnagePapier",
    "ReferenceMarche",
    "Signataire",
    "Totaux",
    "TvaTaux",
    "Visa",
    "coordonnateur",
    "fournisseur_fige",
]
