"""The papers of this package: bons de commande and their lists of deliveries, members' orders."""

from groupement.commandes.documents.bons import (
    acces,
    au_depot,
    au_lieu,
    delai_du_bon,
    liste_des_lieux,
    nom_du_papier,
    papier_du_bon,
    pdf_du_bon,
    phrase_du_port,
    piece_du_bon,
    totaux_du_bon,
    unite,
)
from groupement.commandes.documents.commandes import nom_de_commande, pdf_de_commande, tableau_de_commande

__all__ = [
    "acces",
    "au_lieu",
    "au_depot",
    "delai_du_bon",
    "liste_des_lieux",
    "nom_de_commande",
    "nom_du_papier",
    "papier_du_bon",
    "pdf_de_commande",
    "pdf_du_bon",
    "phrase_du_port",
    "piece_du_bon",
    "tableau_de_commande",
    "totaux_du_bon",
    "unite",
]
