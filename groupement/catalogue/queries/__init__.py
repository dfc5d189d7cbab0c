"""Named selects on the catalogue: prices at a date, articles, marchés and their lots, suppliers."""

from groupement.catalogue.queries.articles import (
    article_visible,
    articles_illustres,
    articles_par_id,
    articles_par_reference,
    bordereaux_vus,
    lots_vus,
)
from groupement.catalogue.queries.bordereaux import (
    articles_connus,
    bordereaux_du_marche,
    import_visible,
    lecture_retenue,
)
from groupement.catalogue.queries.illustrations import (
    articles_favoris,
    favoris_de,
    fiche_et_favori,
    fiche_technique_de,
    fiche_technique_visible,
    octets_de_la_photo,
    photo_visible,
    photos_de,
)
from groupement.catalogue.queries.marches import (
    articles_par_lot,
    conventions,
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
from groupement.catalogue.queries.prix import historique_des_prix, prix_a_la_date, prix_de_chacun
from groupement.catalogue.queries.repertoire import repertoire

__all__ = [
    "article_visible",
    "articles_connus",
    "articles_favoris",
    "articles_illustres",
    "articles_par_id",
    "articles_par_lot",
    "articles_par_reference",
    "bordereaux_du_marche",
    "bordereaux_vus",
    "conventions",
    "favoris_de",
    "fiche_et_favori",
    "fiche_technique_de",
    "fiche_technique_visible",
    "fournisseur_visible",
    "fournisseurs",
    "historique_des_prix",
    "import_visible",
    "lecture_retenue",
    "lot_visible",
    "lots_du_marche",
    "lots_tenus",
    "lots_vus",
    "marche_courant",
    "marche_visible",
    "marches",
    "marches_en_cours",
    "octets_de_la_photo",
    "photo_visible",
    "photos_de",
    "prix_a_la_date",
    "prix_de_chacun",
    "repertoire",
]
