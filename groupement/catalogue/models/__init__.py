"""What can be bought: marchés, lots and their titulaires, articles of the BPU, dated prices.

Amounts in € HT. A price is never edited: a revision writes new rows from its start date on.
"""

from groupement.catalogue.models.actes import Avenant, DocumentMarche, DonneesEssentielles, EffetAvenant
from groupement.catalogue.models.articles import Article, PalierPrix, PrixArticle
from groupement.catalogue.models.bordereaux import ImportBordereau, LectureBordereauRetenue
from groupement.catalogue.models.illustrations import Favori, FicheTechnique, MarqueDuCatalogue, PhotoArticle
from groupement.catalogue.models.marches import (
    AccesFournisseur,
    Cotraitant,
    Fournisseur,
    Lot,
    Marche,
    Reconduction,
    Titulaire,
)
from groupement.catalogue.models.revisions import FormuleRevision, IndiceFormule, RevisionPrix

__all__ = [
    "AccesFournisseur",
    "Article",
    "Avenant",
    "Cotraitant",
    "DocumentMarche",
    "DonneesEssentielles",
    "EffetAvenant",
    "Favori",
    "FicheTechnique",
    "FormuleRevision",
    "Fournisseur",
    "ImportBordereau",
    "IndiceFormule",
    "LectureBordereauRetenue",
    "Lot",
    "Marche",
    "MarqueDuCatalogue",
    "PalierPrix",
    "PhotoArticle",
    "PrixArticle",
    "Reconduction",
    "RevisionPrix",
    "Titulaire",
]
