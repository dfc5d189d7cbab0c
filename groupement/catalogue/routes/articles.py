"""The catalogue of the present marché, for everybody signed in, and the page of an article."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import TOUS, Role
from groupement.catalogue import actions, queries
from groupement.catalogue.models import Article
from groupement.catalogue.routes import recherche
from groupement.catalogue.rules.conditionnement import phrase_conditionnement
from groupement.catalogue.rules.dimensions import dimensions_lisibles, en_centimetres, en_kilogrammes
from groupement.catalogue.rules.familles import famille
from groupement.catalogue.rules.normes import normes
from groupement.catalogue.rules.prix import AchatsConseilles, Palier, achats_conseilles
from groupement.catalogue.rules.unites import exemple_de_quantite, l_unite, phrase_de_vente, unite_lisible
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")
FILTRES = {
    "famille": famille,
    "normes": normes,
    "unite": unite_lisible,
    "l_unite": l_unite,
    "dimensions": dimensions_lisibles,
    "en_cm": en_centimetres,
    "en_kg": en_kilogrammes,
}


@bp.record
def _preparer_les_gabarits(etat: Any) -> None:
    """Filters on articles, for every template; nothing to buy with, unless a package above said how."""
    etat.app.jinja_env.filters.update(FILTRES)
    etat.app.jinja_env.globals.update(phrase_de_vente=phrase_de_vente, phrase_conditionnement=phrase_conditionnement)
    etat.app.jinja_env.globals.setdefault("bloc_achat", lambda article_id: "")


@bp.get("/")
@role_requis(*TOUS)
def index() -> str:
    """The catalogue; only its results when htmx asks while somebody types."""
    page = recherche.page_demandee(request.args, g.contexte, aujourdhui())
    if page is None:
        return render_template("catalogue/vide.html")
    gabarit = "_resultats" if request.headers.get("HX-Request") else "index"
    return render_template(f"catalogue/{gabarit}.html", page=page, args=request.args)


@bp.get("/articles/<int:article_id>")
@role_requis(*TOUS)
def show(article_id: int) -> str:
    """An article: prices, packs, norms, what it is for; with a quantity in the address, what it would cost."""
    article = queries.article_visible(article_id, g.contexte)
    paliers = queries.prix_a_la_date([article.id], aujourdhui()).get(article.id, ())
    unites = recherche.quantite_demandee(request.args)
    return render_template(
        "catalogue/show.html",
        **{"article": article, "paliers": paliers, "unites": unites, "le": aujourdhui()},
        historique=queries.historique_des_prix(article.id),
        conseil=_conseil(article, paliers, unites) if unites and paliers else None,
        exemple=exemple_de_quantite(article.unites_par_colis) if article.unites_par_colis > 1 else None,
    )


def _conseil(article: Article, paliers: tuple[Palier, ...], unites: int) -> AchatsConseilles:
    """What buying that many would cost: in whole packs, unless the groupement completes them."""
    return achats_conseilles(paliers, 1 if article.fractionnable else article.unites_par_colis, unites)


@bp.post("/articles/<int:article_id>/fractionnement")
@role_requis(Role.ACHETEUR)
def update_fractionnement(article_id: int) -> Response:
    """Let members order less than a pack, or not any more."""
    article = queries.article_visible(article_id, g.contexte, verrou=True)
    actions.permettre_le_fractionnement(article, request.form.get("permis") == "oui", par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La règle de conditionnement de cet article est enregistrée.", "succes")
    return redirect(url_for(".show", article_id=article.id), 303)
