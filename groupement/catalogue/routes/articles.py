"""The catalogue of the present marché, for everybody signed in, and the page of an article."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import TOUS, Role
from groupement.catalogue import actions, queries
from groupement.catalogue.documents import articles as documents
from groupement.catalogue.routes import fiche_article, recherche
from groupement.catalogue.routes.affinage import groupes_de_filtres, puces
from groupement.catalogue.rules.conditionnement import phrase_conditionnement
from groupement.catalogue.rules.dimensions import dimensions_lisibles, en_centimetres, en_kilogrammes
from groupement.catalogue.rules.familles import famille
from groupement.catalogue.rules.normes import normes
from groupement.catalogue.rules.unites import l_unite, phrase_de_vente, unite_lisible
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

TRIS_LISIBLES = [
    ("pertinence", "Le plus proche de vos mots"),
    ("bordereau", "Lot et famille"),
    ("nom", "Nom, de A à Z"),
    ("prix", "Prix, le moins cher d’abord"),
    ("-prix", "Prix, le plus cher d’abord"),
]
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
    etat.app.jinja_env.globals.setdefault("bloc_achat", lambda article_id, **_: "")
    etat.app.jinja_env.globals.setdefault("bloc_deja_commande", lambda article: "")


@bp.get("/")
@role_requis(*TOUS)
def index() -> Response | str:
    """The catalogue; only its results when htmx asks while somebody types; the whole list as a file with ?format=."""
    if request.args.get("format") in documents.FORMATS:
        return _fichier()
    page = recherche.page_demandee(request.args, g.contexte, aujourdhui())
    if page is None:
        return render_template("catalogue/vide.html")
    gabarit = "_resultats" if request.headers.get("HX-Request") else "index"
    return render_template(f"catalogue/{gabarit}.html", page=page, args=request.args, **_filtres(page))


@bp.get("/articles/<int:article_id>")
@role_requis(*TOUS)
def show(article_id: int) -> str:
    """An article: prices, packs, norms, what it is for; with a quantity in the address, what it would cost."""
    article = queries.article_visible(article_id, g.contexte)
    page = fiche_article.page_de(article, request.args, g.contexte, aujourdhui())
    return render_template("catalogue/show.html", page=page, article=article)


def _filtres(page: recherche.PageCatalogue) -> dict[str, Any]:
    """The filters set and those offered, as links."""
    trouve = page.trouve
    return {
        "puces": puces(request.args, trouve.affinage, trouve.lots),
        "groupes": groupes_de_filtres(request.args, trouve.affinage.filtres, trouve.facettes, trouve.lots),
        "tris": TRIS_LISIBLES if trouve.termes else TRIS_LISIBLES[1:],
    }


def _fichier() -> Response:
    """What was found, all of it, as a spreadsheet."""
    trouve = recherche.chercher(request.args, g.contexte, aujourdhui())
    if trouve is None:
        return redirect(url_for(".index"), 303)
    fiches = [trouve.repertoire.par_id[article_id] for article_id in trouve.ids]
    prix = queries.prix_a_la_date(trouve.marche, aujourdhui(), queries.bordereaux_vus(g.contexte))
    octets, genre, nom = documents.exporter_articles(fiches, prix, request.args["format"])
    return Response(octets, content_type=genre, headers={"Content-Disposition": f'attachment; filename="{nom}"'})


@bp.post("/articles/<int:article_id>/fractionnement")
@role_requis(Role.ACHETEUR)
def update_fractionnement(article_id: int) -> Response:
    """Let members order less than a pack, or not any more."""
    article = queries.article_visible(article_id, g.contexte, verrou=True)
    actions.permettre_le_fractionnement(article, request.form.get("permis") == "oui", par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La règle de conditionnement de cet article est enregistrée.", "succes")
    return redirect(url_for(".show", article_id=article.id), 303)
