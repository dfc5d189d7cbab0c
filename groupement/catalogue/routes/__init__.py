"""Pages of the catalogue, of the marchés and of the suppliers.

An article page has a place for buying, which this floor knows nothing of: the template calls the Jinja global
`bloc_achat(article_id, sur_sa_page=…)`, which returns Markup, or '' (the default below). The package above sets it:
`bp.record(lambda etat: etat.app.jinja_env.globals.update(bloc_achat=…))`; the order of registration does not matter.
So does `bloc_deja_commande(article)`: what the body acted for has already ordered of it. `g.articles_montres` tells
both which articles the page shows. `bloc_effet_des_prix(lot, du, prix)`: what revised prices would change in orders
under way. In return, `bloc_des_marches(convention)` tells the pages of the conventions which marchés rest on one.
"""

from groupement.catalogue.routes.articles import bp as articles
from groupement.catalogue.routes.bordereaux import bp as bordereaux
from groupement.catalogue.routes.clauses import bp as clauses
from groupement.catalogue.routes.comparaison import bp as comparaison
from groupement.catalogue.routes.conventions import bp as conventions
from groupement.catalogue.routes.decp import bp as decp
from groupement.catalogue.routes.documents_du_marche import bp as documents_du_marche
from groupement.catalogue.routes.favoris import bp as favoris
from groupement.catalogue.routes.fournisseurs import bp as fournisseurs
from groupement.catalogue.routes.illustrations import bp as illustrations
from groupement.catalogue.routes.lectures import bp as lectures
from groupement.catalogue.routes.lots import bp as lots
from groupement.catalogue.routes.marches import bp as marches
from groupement.catalogue.routes.prix_des_titulaires import bp as prix_des_titulaires
from groupement.catalogue.routes.reconductions import bp as reconductions
from groupement.catalogue.routes.revisions import bp as revisions
from groupement.catalogue.routes.titulaires import bp as titulaires

BLUEPRINTS = (
    articles,
    favoris,
    comparaison,
    illustrations,
    marches,
    lots,
    bordereaux,
    lectures,
    fournisseurs,
    clauses,
    titulaires,
    prix_des_titulaires,
    reconductions,
    revisions,
    documents_du_marche,
    decp,
    conventions,
)
