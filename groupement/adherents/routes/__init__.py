"""The pages of the members, one module a noun."""

from groupement.adherents.routes import (
    adhesions,
    collectivites,
    compte,
    comptes,
    connexion,
    conventions,
    courriels,
    importation,
    journal,
    personnes,
    points_de_livraison,
)

BLUEPRINTS = (
    connexion.bp,
    compte.bp,
    collectivites.bp,
    points_de_livraison.bp,
    adhesions.bp,
    conventions.bp,
    importation.bp,
    personnes.bp,
    comptes.bp,
    journal.bp,
    courriels.bp,
)
