"""Up to four articles side by side: /catalogue/comparaison?a=12&a=15."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, g, render_template, request

from groupement.adherents.acces import role_requis
from groupement.adherents.states import TOUS
from groupement.catalogue import queries
from groupement.catalogue.models import Article
from groupement.catalogue.routes.affinage import entier_lu
from groupement.catalogue.rules.comparatif import AU_PLUS, Compare, comparatif
from groupement.catalogue.rules.fiches import FicheArticle
from groupement.socle.calendrier import aujourdhui

bp = Blueprint("comparaison", __name__, url_prefix="/catalogue")
DE_L_ARTICLE = tuple(nom for nom in FicheArticle.__dataclass_fields__ if nom not in ("lot", "prix"))


@bp.get("/comparaison")
@role_requis(*TOUS)
def show() -> str:
    """The characteristics of the articles asked, those that differ marked; said when more than four were asked."""
    demandes = list(dict.fromkeys(filter(None, map(entier_lu, request.args.getlist("a")))))
    lignes = queries.articles_illustres([a.id for a in queries.articles_par_id(demandes[:AU_PLUS], g.contexte)])
    articles = [ligne.Article for ligne in lignes]
    g.articles_montres = frozenset(article.id for article in articles)
    tableau = comparatif(_a_comparer(articles, aujourdhui()))
    seulement = request.args.get("seulement") == "differences"
    compte = {"trop": len(demandes) > AU_PLUS, "perdus": min(len(demandes), AU_PLUS) - len(articles)}
    return render_template("catalogue/comparaison.html", lignes=lignes, tableau=tableau, seulement=seulement, **compte)


def _a_comparer(articles: Sequence[Article], le: date) -> list[Compare]:
    """The articles as the rule wants them, at the prices of the day. One statement."""
    prix = queries.prix_a_la_date([article.id for article in articles], le, queries.bordereaux_vus(g.contexte))
    return [
        Compare(_fiche(article), prix.get(article.id, ()), article.unite, article.feuillets_max) for article in articles
    ]


def _fiche(article: Article) -> FicheArticle:
    """An article read from its row."""
    valeurs = {nom: getattr(article, nom) for nom in DE_L_ARTICLE}
    return FicheArticle(**valeurs, lot=article.lot.numero, prix=None)
