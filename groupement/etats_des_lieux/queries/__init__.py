"""Named selects on audits: who may see which, what they amount to, what they lead to order."""

from groupement.etats_des_lieux.queries.calcul import calculer, existant_mm, mesurer
from groupement.etats_des_lieux.queries.etats_des_lieux import (
    archivistes,
    en_cours_de,
    etat_visible,
    etats_des_lieux,
    historique_de,
)
from groupement.etats_des_lieux.queries.proposition import LigneChiffree, VueBesoins, lignes_proposees, vue_besoins

__all__ = [
    "LigneChiffree",
    "VueBesoins",
    "archivistes",
    "calculer",
    "en_cours_de",
    "etat_visible",
    "etats_des_lieux",
    "existant_mm",
    "historique_de",
    "lignes_proposees",
    "mesurer",
    "vue_besoins",
]
