"""The home page, the switch of context, the public pages."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for

from groupement.adherents.acces import CLE_DE_SESSION, publique, role_requis
from groupement.adherents.states import TOUS
from groupement.socle import vitrine
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.tableau_de_bord import centre_de_gestion, collectivite, membre

bp = Blueprint("tableau_de_bord", __name__)
BLUEPRINTS = (bp, membre.bp)


@bp.get("/")
@publique
def index() -> Any:
    """The to-do list of whoever is signed in; the sign-in page for a visitor."""
    if g.contexte is None:
        return redirect(url_for("security.login"))
    le = aujourdhui()
    if g.contexte.collectivite is None:
        taches, sinon = centre_de_gestion.taches(g.contexte, le, maintenant()), ""
    else:
        taches = collectivite.taches(g.contexte, le)
        sinon = "" if taches else collectivite.annonce(g.contexte, le)
    return render_template("tableau_de_bord/index.html", taches=taches, sinon=sinon)


@bp.post("/contexte")
@role_requis(*TOUS)
def create_contexte() -> Any:
    """Act for another body from now on."""
    choisi = request.form.get("contexte", "")
    if choisi not in {contexte.id for contexte in g.contextes}:
        abort(404)
    session[CLE_DE_SESSION] = choisi
    return redirect(url_for(".index"), 303)


@bp.get("/accessibilite")
@publique
def accessibilite() -> str:
    """The declaration the law asks for."""
    return render_template("tableau_de_bord/accessibilite.html")


@bp.get("/mentions-legales")
@publique
def mentions_legales() -> str:
    """Who runs the service and what it keeps."""
    return render_template("tableau_de_bord/mentions_legales.html")


@bp.get("/composants")
@role_requis(*TOUS)
def composants() -> str:
    """Every component once, for those who build pages."""
    return render_template("socle/composants.html", **vitrine.valeurs(request.args))


@bp.get("/sante")
@publique
def sante() -> Any:
    """Whether the application answers, for whoever watches over it."""
    return {"etat": "ok"}
