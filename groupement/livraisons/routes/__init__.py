"""Pages of the deliveries, one module per noun."""

from groupement.livraisons.routes.decisions import bp as decisions
from groupement.livraisons.routes.fournisseurs import bp as fournisseurs
from groupement.livraisons.routes.liens import bp as liens
from groupement.livraisons.routes.livraisons import bp as livraisons
from groupement.livraisons.routes.receptions import bp as receptions
from groupement.livraisons.routes.repartitions import bp as repartitions
from groupement.livraisons.routes.retraits import bp as retraits

BLUEPRINTS = (livraisons, receptions, decisions, repartitions, retraits, fournisseurs, liens)
