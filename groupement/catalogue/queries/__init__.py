"""Named selects on the catalogue: prices at a date, articles, marchés and their lots, suppliers."""

from groupement.catalogue.queries.articles import (
    Facettes,
    Filtres,
    article_visible,
    articles_par_reference,
    articles_visibles,
    facettes,
    recherche_articles,
)
from groupement.catalogue.queries.bordereaux import articles_connus, bordereau_depose
from groupement.catalogue.queries.marches import (
    articles_par_lot,
    conventions,
    derniere_modification,
    fournisseur_visible,
    fournisseurs,
    lot_visible,
    lots_du_marche,
    lots_tenus,
    marche_courant,
    marche_visible,
    marches,
    marches_en_cours,
)
from groupement.catalogue.queries.prix import historique_des_prix, prix_a_la_date

__all__ = [
    "Facettes",
    "Filtres",
    "article_visible",
    "articles_connus",
    "articles_par_lot",
    "articles_par_reference",
    "articles_visibles",
    "bordereau_depose",
    "conventions",
    "derniere_modification",
    "facettes",
    "fournisseur_visible",
    "fournisseurs",
    "historique_des_prix",
    "lot_visible",
    "lots_du_marche",
    "lots_tenus",
    "marche_courant",
    "marche_visible",
    "marches",
    "marches_en_cours",
    "prix_a_la_date",
    "recherche_articles",
]
