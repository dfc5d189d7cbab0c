"""Pages of the stock, for the Centre de gestion."""

from groupement.stock.routes.depots import bp as depots
from groupement.stock.routes.inventaires import bp as inventaires

BLUEPRINTS = (depots, inventaires)
