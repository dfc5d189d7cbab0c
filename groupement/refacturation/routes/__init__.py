"""Pages of the re-billing: runs, services, factures, deposits, avoirs, card payments, refunds, one module per noun."""

from groupement.refacturation.routes.avoirs import bp as avoirs
from groupement.refacturation.routes.depots import bp as depots
from groupement.refacturation.routes.factures import bp as factures
from groupement.refacturation.routes.paiements import bp as paiements
from groupement.refacturation.routes.prestations import bp as refacturations
from groupement.refacturation.routes.remboursements import bp as remboursements
from groupement.refacturation.routes.transmissions import bp as transmissions

BLUEPRINTS = (refacturations, factures, depots, transmissions, avoirs, paiements, remboursements)
