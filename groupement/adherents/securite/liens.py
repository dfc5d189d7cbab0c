"""Pages anybody opens with a signed link: few an hour, and kept out of search engines.

The token is in the address. It leaves with no page: `Referrer-Policy: same-origin` (socle.web) tells other sites
nothing, and nothing of these pages is kept by a cache.
"""

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

LIMITES = "60 per minute; 600 per hour"  # by address of the caller: a whole firm may share one


def proteger(bp: Blueprint) -> None:
    """Limit every page of the blueprint, forged links included; to be called after its last route."""

    def limiter(etat: BlueprintSetupState) -> None:
        limiteur = etat.app.extensions["limiteur"]
        for nom, vue in etat.app.view_functions.items():
            if nom.startswith(f"{bp.name}."):
                etat.app.view_functions[nom] = limiteur.limit(LIMITES)(vue)

    bp.record(limiter)
    bp.after_request(_hors_des_moteurs)


def _hors_des_moteurs(reponse: Response) -> Response:
    """No search engine keeps what a link shows."""
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return reponse
