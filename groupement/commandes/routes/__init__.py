"""Pages of the members (basket, orders) and of the buyer (campagnes, regroupement, bons): one module per noun."""

from groupement.commandes.routes.achats import bp as achats
from groupement.commandes.routes.commandes import bp as commandes
from groupement.commandes.routes.paniers import bp as paniers

BLUEPRINTS = (
    achats,
    paniers,
    commandes,
)
