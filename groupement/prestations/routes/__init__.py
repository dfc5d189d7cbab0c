"""Pages of the services: missions, SESAM, the rates voted."""

from groupement.prestations.routes.adhesions import bp as adhesions
from groupement.prestations.routes.etapes import bp as etapes
from groupement.prestations.routes.journees import bp as journees
from groupement.prestations.routes.missions import bp as missions
from groupement.prestations.routes.prestations import bp as prestations
from groupement.prestations.routes.sesam import bp as sesam
from groupement.prestations.routes.tarifs import bp as tarifs

BLUEPRINTS = (missions, journees, etapes, prestations, sesam, adhesions, tarifs)
