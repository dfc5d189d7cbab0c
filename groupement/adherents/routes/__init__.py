"""The pages of the members, one module a noun."""

from groupement.adherents.routes import compte, connexion

BLUEPRINTS = (connexion.bp, compte.bp)
