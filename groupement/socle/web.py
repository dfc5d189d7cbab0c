"""The web floor: security headers, error pages, templates, CSRF."""

import re
import secrets
from typing import Any

from flask import Flask, Response, abort, current_app, g, render_template, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from groupement.socle import affichage
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

csrf = CSRFProtect()
bootstrap = Bootstrap5()

ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' https://checkout.stripe.com"
)


CHEMIN_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
BASE_OCCUPEE = ("database is locked", "lock timeout")  # as SQLite and PostgreSQL say it
NUMERO_MAX = 2**31 - 1  # what a 32-bit column takes


class Identifiant(IntegerConverter):
    """`<int:…>` in an address: a number the database may hold. A longer one names nothing: 404, never an overflow."""

    def __init__(self, plan: Map, **limites: Any) -> None:
        """Up to what a 32-bit column takes, unless the address says less."""
        super().__init__(plan, **{"max": NUMERO_MAX, **limites})


def numero_demande(nom: str) -> int | None:
    """The number of a row asked after the address (`?campagne=3`); None without one, or beyond what a column takes."""
    numero = request.args.get(nom, type=int)
    return numero if numero is not None and 0 < numero <= NUMERO_MAX else None


def chemin_local(chemin: str) -> str:
    """The path to go back to, if it stays on this site; empty otherwise."""
    return chemin if CHEMIN_LOCAL.fullmatch(chemin) and len(chemin) < 2000 else ""


class ConflitDeVersion(RegleRefusee):
    """Somebody changed the object since the page was shown; nothing is overwritten."""


def _poser_les_entetes(reponse: Response) -> Response:
    """Strict headers on every answer; pages of a person are never kept by a shared cache."""
    for nom, valeur in ENTETES.items():
        reponse.headers.setdefault(nom, valeur)
    reponse.headers.setdefault("Content-Security-Policy", CSP)
    if request.is_secure:
        reponse.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in {"static", "bootstrap.static"}:
        reponse.headers.setdefault("Cache-Control", "no-store")
    return reponse


def _refuser_le_caractere_nul() -> None:
    """No keyboard types it, and PostgreSQL keeps no text that holds it."""
    listes = (*request.args.listvalues(), *request.form.listvalues(), [request.path])
    if any("\0" in texte for liste in listes for texte in liste):
        abort(400)


def _page_d_erreur(code: int, **valeurs: Any) -> tuple[str, int]:
    """The page of templates/erreurs; whatever was being written is undone first."""
    db.session.rollback()
    return render_template(f"erreurs/{code}.html", **valeurs), code


def _sur_http(erreur: HTTPException) -> Any:
    """Our own pages for the errors a person can meet, the nearest one for the others."""
    code = erreur.code or 500
    if code < 400:
        return erreur
    pages = {400: 400, 401: 403, 403: 403, 404: 404, 405: 404, 409: 409, 413: 413, 429: 429}
    return _page_d_erreur(pages.get(code, 400 if code < 500 else 500), message=None)


class SessionDesPages(SecureCookieSessionInterface):
    """A file never gives the session back: arriving late, it would undo what a page has just written in it."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """As Flask does, but for files."""
        return request.endpoint not in {"static", "bootstrap.static"} and super().should_set_cookie(app, session)


def installer(app: Flask) -> None:
    """Plug the floor into the application."""
    app.session_interface = SessionDesPages()
    if app.config["PROXYS"]:
        sauts = app.config["PROXYS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=sauts, x_proto=sauts, x_host=sauts)  # type: ignore[method-assign]
    app.url_map.converters["int"] = Identifiant
    csrf.init_app(app)
    bootstrap.init_app(app)
    affichage.installer(app)
    app.before_request(lambda: setattr(g, "requete", secrets.token_hex(8)))
    app.before_request(_refuser_le_caractere_nul)
    app.after_request(_poser_les_entetes)
    app.register_error_handler(HTTPException, _sur_http)
    app.register_error_handler(CSRFError, lambda e: _page_d_erreur(400, message="session"))
    app.register_error_handler(RegleRefusee, lambda e: _page_d_erreur(409, message=str(e)))
    app.register_error_handler(StaleDataError, lambda e: _page_d_erreur(409, message=None))
    app.register_error_handler(OperationalError, _sur_attente)
    app.register_error_handler(Exception, _sur_panne)


def _sur_attente(erreur: OperationalError) -> tuple[str, int]:
    """The write lock was not had in time: nothing is broken and nothing is written. Any other fault is a fault."""
    if not any(signe in str(erreur.orig) for signe in BASE_OCCUPEE):
        return _sur_panne(erreur)
    current_app.logger.warning("base occupée %s", g.get("requete", "?"))
    return _page_d_erreur(503, message=None)


def _sur_panne(erreur: Exception) -> tuple[str, int]:
    """An unforeseen fault: logged whole, shown as a sentence with a reference to quote."""
    current_app.logger.exception("panne %s", g.get("requete", "?"), exc_info=erreur)
    return _page_d_erreur(500, message=None, reference=g.get("requete", ""))
