"""Counting a depot: the sheet to fill, and the differences it writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.socle.affichage import pluriel
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.stock import actions, queries
from groupement.stock.forms import InventaireForm
from groupement.stock.models import Depot

bp = Blueprint("inventaires", __name__, url_prefix="/stock/<int:depot_id>/inventaires")


@bp.get("/nouveau")
@role_requis(Role.ACHETEUR)
def new(depot_id: int) -> str:
    """The count sheet: every article the books have, and room for one they do not."""
    depot = queries.depot_visible(depot_id, g.contexte)
    contenu = _contenu(depot)
    lignes = [{"article_id": ligne.Article.id, "attendu": int(ligne.unites)} for ligne in contenu if ligne.unites]
    return _feuille(depot, contenu, InventaireForm(lignes=lignes))


@bp.post("/")
@role_requis(Role.ACHETEUR)
def create(depot_id: int) -> Response | tuple[str, int]:
    """Write the differences, unless something typed is wrong or moved since the sheet was shown."""
    verrouiller_ecriture()
    depot = queries.depot_visible(depot_id, g.contexte, verrou=True)
    form: Any = InventaireForm()
    contenu = _contenu(depot)
    trouve = _article_trouve(form)
    if not form.validate() or _fautes(form, contenu, trouve):
        db.session.rollback()
        return _feuille(depot, contenu, form), 422
    return _inventorier(depot, form, trouve)


def _inventorier(depot: Depot, form: Any, trouve: int | None) -> Response:
    """Write, and say what was found."""
    comptes = {article_id: compte for article_id, (compte, _) in form.comptes.items()}
    valeurs = {}
    if trouve is not None:
        comptes[trouve] = form.unites.data
        valeurs = {trouve: form.valeur_ht.data} if form.valeur_ht.data is not None else {}
    ecarts = actions.inventorier(
        depot, comptes, motif=form.motif.data, par=g.contexte, le=maintenant(), valeurs_ht=valeurs
    )
    db.session.commit()
    dit = pluriel(len(ecarts), "écart est enregistré", "écarts sont enregistrés") if ecarts else "Aucun écart"
    flash(f"{pluriel(len(comptes), 'article compté', 'articles comptés')}\u00a0: {dit}.", "succes")
    return redirect(url_for("stock.index", depot=depot.id), 303)


def _contenu(depot: Depot) -> Sequence[Any]:
    """All that ever came to the depot, by name, with what the books say is left."""
    return db.session.execute(queries.contenu_du_depot(depot.id, presents=False)).unique().all()


def _article_trouve(form: Any) -> int | None:
    """The article of the reference typed, if there is one."""
    article = queries.article_par_reference(form.reference.data) if form.reference.data else None
    return article.id if article else None


def _fautes(form: Any, contenu: Sequence[Any], trouve: int | None) -> bool:
    """Put beside each field what cannot be written; whether there was any."""
    livres = {ligne.Article.id: int(ligne.unites) for ligne in contenu}
    fautes = [_recompter(ligne.form, livres) for ligne in form.lignes if ligne.form.compte.data is not None]
    fautes += _fautes_du_trouve(form, livres, trouve)
    if not any(fautes) and not form.comptes and trouve is None:
        form.motif.errors = ["Comptez au moins un article."]
        return True
    return any(fautes)


def _recompter(ligne: Any, livres: Mapping[int, int]) -> bool:
    """The books moved since the sheet was shown: what was counted tells nothing any more."""
    article_id, attendu = int(ligne.article_id.data), int(ligne.attendu.data)
    if article_id not in livres:
        abort(404)
    if livres[article_id] == attendu:
        return False
    phrase = f"Le stock a bougé depuis l’affichage ({attendu}, puis {livres[article_id]})\u00a0: recomptez."
    ligne.compte.errors, ligne.attendu.data = [phrase], str(livres[article_id])
    return True


def _fautes_du_trouve(form: Any, livres: Mapping[int, int], trouve: int | None) -> list[bool]:
    """The article found besides: it exists, is not on the sheet, and somebody knows what it cost."""
    if not form.reference.data:
        return []
    if trouve is None:
        form.reference.errors = ["Aucun article ne porte cette référence."]
    elif livres.get(trouve):
        form.reference.errors = ["Cet article est dans la liste\u00a0: comptez-le sur sa ligne."]
    elif form.valeur_ht.data is None:
        form.valeur_ht.errors = ["Indiquez ce qu’ils ont coûté en tout, ou 0."]
    else:
        return []
    return [True]


def _feuille(depot: Depot, contenu: Sequence[Any], form: Any) -> str:
    """The count sheet."""
    articles = {str(ligne.Article.id): ligne.Article for ligne in contenu}
    return render_template("stock/inventaire.html", depot=depot, form=form, articles=articles)
