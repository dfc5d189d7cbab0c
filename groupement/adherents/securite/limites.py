"""Rate limits of the sign-in pages, by address of the caller; and a quarter of an hour's rest for unknown addresses.

An address nobody has is refused after as many failures as a known one: what the page says tells them apart by nothing.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerMinute

from groupement.adherents.rules.verrouillage import ESSAIS_PERMIS, REPOS

PAR_PAGE = {
    "security.login": "30 per minute; 200 per hour",
    "security.us_signin": "20 per minute; 100 per hour",
    "security.us_signin_send_code": "6 per minute; 30 per hour",
    "security.forgot_password": "6 per minute; 30 per hour",
    "security.reset_password": "20 per minute",
    "security.two_factor_token_validation": "20 per minute; 100 per hour",
    "security.mf_recovery": "10 per minute; 30 per hour",
    "security.us_verify": "20 per minute",
    "security.us_verify_send_code": "6 per minute; 30 per hour",
}
_INCONNUE = RateLimitItemPerMinute(ESSAIS_PERMIS, int(REPOS.total_seconds()) // 60)


def installer(app: Flask) -> None:
    """Limit the POSTs of each page."""
    actif, app.config["RATELIMIT_ENABLED"] = app.config.get("RATELIMIT_ENABLED", True), True
    limiteur = Limiter(get_remote_address, app=app, storage_uri="memory://", strategy="fixed-window")
    limiteur.enabled = actif
    app.extensions["limiteur"] = limiteur
    for page, limite in PAR_PAGE.items():
        limitee: Any = limiteur.limit(limite, methods=["POST"])(app.view_functions[page])
        app.view_functions[page] = limitee


def _cle(adresse: str) -> str:
    """The address typed, as a key that keeps nothing of it."""
    return hashlib.sha256(adresse.strip().lower().encode()).hexdigest()


def repos_d_une_inconnue(adresse: str) -> datetime | None:
    """Until when an address nobody has is refused; counts one failure when it is not yet. None: it may try."""
    limiteur: Limiter = current_app.extensions["limiteur"]
    if not limiteur.enabled or limiteur.limiter.hit(_INCONNUE, "inconnue", _cle(adresse)):
        return None
    fin = limiteur.limiter.get_window_stats(_INCONNUE, "inconnue", _cle(adresse)).reset_time
    return datetime.fromtimestamp(fin, UTC)
