"""Pages of the audits: an archivist in a cellar writes them, the Centre de gestion and the body read them."""

from groupement.etats_des_lieux.routes.besoins import bp as besoins
from groupement.etats_des_lieux.routes.etats_des_lieux import bp as etats_des_lieux
from groupement.etats_des_lieux.routes.locaux import bp as locaux
from groupement.etats_des_lieux.routes.mesures import bp as mesures
from groupement.etats_des_lieux.routes.plans import bp as plans
from groupement.etats_des_lieux.routes.recensement import bp as recensement
from groupement.etats_des_lieux.routes.reglages import bp as reglages
from groupement.etats_des_lieux.routes.reliures import bp as reliures

BLUEPRINTS = (etats_des_lieux, locaux, mesures, reglages, reliures, besoins, plans, recensement)
