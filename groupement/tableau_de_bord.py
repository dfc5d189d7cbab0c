"""The home pages: what each role has to do today, read from every package's queries; and the switch of context."""

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for

from groupement.adherents.acces import CLE_DE_SESSION, publique, role_requis
from groupement.adherents.states import TOUS

bp = Blueprint("tableau_de_bord", __name__)
BLUEPRINTS = (bp,)


@bp.get("/")
@publique
def index():  # type: ignore[no-untyped-def]
    """The to-do list of whoever is signed in; the sign-in page for a visitor."""
    if g.contexte is None:
        return redirect(url_for("security.login"))
    return render_template("tableau_de_bord/index.html", taches=[])


@bp.post("/contexte")
@role_requis(*TOUS)
def changer_de_contexte():  # type: ignore[no-untyped-def]
    """Act for another body from now on."""
    choisi = request.form.get("contexte", "")
    if choisi not in {contexte.id for contexte in g.contextes}:
        abort(404)
    session[CLE_DE_SESSION] = choisi
    return redirect(url_for(".index"), 303)
