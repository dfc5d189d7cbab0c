"""Sending somebody to the sign-in page and back to where they were, with nothing lost."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_security import current_user
from flask_security.utils import validate_redirect_url
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import CHAMP_POUR, CLE_DE_SESSION
from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from groupement.socle.calendrier import aujourdhui


def page_du_formulaire() -> str:
    """Where the person was: the page asked for, or the page that held the form that was sent. Always on this site."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    origine = urlsplit(request.referrer or "")
    if origine.netloc != request.host:
        return "/"
    return origine.path + (f"?{origine.query}" if origine.query else "")


def vers_la_connexion(mechanisms: Any = None, headers: Any = None) -> Response:
    """A visitor where one must be signed in: the sign-in page, then back. htmx is told to leave the page."""
    suite = page_du_formulaire()
    if request.method == "GET":
        flash("Connectez-vous pour voir cette page.", "info")
    else:
        session[CLE_DE_SESSION] = request.form.get(CHAMP_POUR, "")[:50]
        flash("Votre session était terminée. Reconnectez-vous\u00a0: ce que vous aviez saisi sera remis.", "attention")
    adresse = url_for("security.login", next=suite if suite != "/" else None)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": adresse})
    return redirect(adresse, 303 if request.method == "POST" else 302)


def sur_jeton_perdu(erreur: CSRFError) -> Any:
    """A form of an ended session: sign in again. A form of another session of the same person: the page says so."""
    if current_user.is_authenticated:
        return render_template("erreurs/400.html", retour=page_du_formulaire()), 400
    if (request.endpoint or "").startswith(("security.", "declarations.")):
        flash("Cette page était ouverte depuis longtemps. Recommencez.", "attention")
        return redirect(page_du_formulaire(), 303)
    return vers_la_connexion()


def suite_sure(adresse: str) -> str:
    """Where to go after signing in: a page of this site, or the home page."""
    if not adresse or not adresse.startswith("/") or not validate_redirect_url(adresse):
        return "/"
    return adresse


@dataclass(frozen=True, slots=True)
class Porte:
    """One fictitious person, and for whom they act."""

    id: int
    nom: str
    pour: str


@dataclass(frozen=True, slots=True)
class Groupe:
    """The fictitious people of one role."""

    role: Role
    personnes: list[Porte]


def portes_de_demonstration() -> dict[str, Any]:
    """What the sign-in page lists in a demonstration: each person once, under the first of their roles."""
    if not current_app.config["DEMO"]:
        return {"portes": []}
    premiers: dict[int, Role] = {}
    noms: dict[int, tuple[str, list[str]]] = {}
    habilitations = queries.personnes_du_domaine(DOMAINE_DEMONSTRATION, aujourdhui())
    for habilitation in sorted(habilitations, key=lambda h: list(Role).index(h.role)):
        role = premiers.setdefault(habilitation.utilisateur_id, habilitation.role)
        _, pour = noms.setdefault(habilitation.utilisateur_id, (habilitation.utilisateur.nom, []))
        if habilitation.collectivite is not None and role is habilitation.role:
            pour.append(habilitation.collectivite.nom)
    groupes = [
        Groupe(role, [Porte(n, nom, ", ".join(pour)) for n, (nom, pour) in noms.items() if premiers[n] is role])
        for role in Role
    ]
    return {"portes": [groupe for groupe in groupes if groupe.personnes]}
