"""Pages of the catalogue, of the marchés and of the suppliers.

An article page has a place for buying, which this floor knows nothing of: the template calls the Jinja global
`bloc_achat(article_id)`, which returns Markup, or '' (the default below). The package above sets it:
`bp.record(lambda etat: etat.app.jinja_env.globals.update(bloc_achat=…))`; the order of registration does not matter.
"""

from groupement.catalogue.routes.articles import bp as articles
from groupement.catalogue.routes.bordereaux import bp as bordereaux
from groupement.catalogue.routes.fournisseurs import bp as fournisseurs
from groupement.catalogue.routes.lots import bp as lots
from groupement.catalogue.routes.marches import bp as marches

BLUEPRINTS = (articles, marches, lots, bordereaux, fournisseurs)
