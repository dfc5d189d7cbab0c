"""The articles a person keeps at hand: the star beside each, and their list."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import TOUS
from groupement.catalogue import queries
from groupement.catalogue.actions import favoris
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.web import chemin_local

bp = Blueprint("favoris", __name__, url_prefix="/catalogue")


@bp.get("/favoris")
@role_requis(*TOUS)
def index() -> str:
    """« Mes favoris »: to buy again in two clicks."""
    lignes = queries.articles_favoris(g.contexte)
    ids = [ligne.Article.id for ligne in lignes]
    g.articles_montres = frozenset(ids)
    illustres = {ligne.Article.id: ligne for ligne in queries.articles_illustres(ids)} if ids else {}
    prix = queries.prix_a_la_date(ids, aujourdhui(), queries.bordereaux_vus(g.contexte))
    return render_template("catalogue/favoris.html", lignes=lignes, illustres=illustres, prix=prix)


@bp.post("/articles/<int:article_id>/favori")
@role_requis(*TOUS)
def update(article_id: int) -> Any:
    """Keep the article at hand, or no longer."""
    article, garde = queries.article_visible(article_id, g.contexte), request.form.get("garder") == "oui"
    if garde:
        favoris.garder(article, g.contexte.utilisateur_id, le=maintenant())
    else:
        favoris.oublier(article, g.contexte.utilisateur_id)
    db.session.commit()
    return _etoile(article_id, article.designation, garde)


def _etoile(article_id: int, designation: str, garde: bool) -> Any:
    """The star as it is now, or back to the page it was on."""
    if request.headers.get("HX-Request"):
        return render_template("catalogue/_etoile.html", article_id=article_id, designation=designation, garde=garde)
    flash(f"{designation}\u00a0: {'gardé dans vos favoris' if garde else 'retiré de vos favoris'}.", "succes")
    return redirect(chemin_local(request.form.get("retour", "")) or url_for(".index"), 303)
