"""What is done to the catalogue: marchés, suppliers, lots, articles, BPU. Nothing here commits."""

from groupement.catalogue.actions.articles import permettre_le_fractionnement
from groupement.catalogue.actions.bordereaux import (
    BilanImport,
    comparer_bordereau,
    importer_bordereau,
)
from groupement.catalogue.actions.fournisseurs import Coordonnees, creer_fournisseur, modifier_fournisseur
from groupement.catalogue.actions.marches import creer_marche, empreinte_du_lot, est_notifie, modifier_lot

__all__ = [
    "BilanImport",
    "Coordonnees",
    "comparer_bordereau",
    "creer_fournisseur",
    "creer_marche",
    "empreinte_du_lot",
    "est_notifie",
    "importer_bordereau",
    "modifier_fournisseur",
    "modifier_lot",
    "permettre_le_fractionnement",
]
