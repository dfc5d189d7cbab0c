"""Pages of the re-billing: runs, services, factures, avoirs, card payments, refunds, one module per noun."""

from groupement.refacturation.routes.avoirs import bp as avoirs
from groupement.refacturation.routes.factures import bp as factures
from groupement.refacturation.routes.paiements import bp as paiements
from groupement.refacturation.routes.prestations import bp as refacturations
from groupement.refacturation.routes.remboursements import bp as remboursements

BLUEPRINTS = (refacturations, factures, avoirs, paiements, remboursements)
