"""What lies at a depot, and how it came and went."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue.models import Article
from groupement.catalogue.queries import article_visible
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.stock import actions, queries
from groupement.stock.actions import Lieu
from groupement.stock.forms import DepotForm, ReserveForm
from groupement.stock.models import Depot
from groupement.stock.rules.valeur import Stock, cout_moyen, cumuler

bp = Blueprint("stock", __name__, url_prefix="/stock")
EDITION = "stock/edit.html"


def _cout(ligne: Any) -> Any:
    """What a piece of the row costs on average."""
    return cout_moyen(Stock(int(ligne.unites), ligne.valeur_ht))


COLONNES = (
    Colonne("reference", "Référence", affichee=False, valeur=lambda ligne: ligne.Article.reference),
    Colonne("article", "Article", tri=Article.designation, valeur=lambda ligne: ligne.Article.designation),
    Colonne("unites", "Unités", "entier"),
    Colonne("cout", "Coût moyen HT", "montant", valeur=_cout),
    Colonne("valeur_ht", "Valeur HT", "montant"),
    Colonne("dernier_le", "Dernier mouvement", "date"),
)


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Response | str:
    """What lies at the depot of the address (`?depot=`), else at the first; its value and latest movements."""
    depots = queries.depots()
    voulu = request.args.get("depot", 0, int)
    depot = next((depot for depot in depots if depot.id == voulu), depots[0] if depots else None)
    if depot is None:
        return render_template("stock/vide.html")
    liste = listes.preparer(queries.contenu_du_depot(depot.id), COLONNES, nom="stock", defaut="article")
    return liste.export or _page(depot, depots, liste)


def _page(depot: Depot, depots: Any, liste: listes.Liste) -> str:
    """The page of a depot."""
    presents, valeur_ht = queries.valeur_du_depot(depot.id)
    return render_template(
        "stock/index.html",
        **{"depot": depot, "depots": depots, "liste": liste, "presents": presents, "valeur_ht": valeur_ht},
        mouvements=queries.derniers_mouvements(depot.id),
        cout=_cout,
    )


@bp.get("/<int:depot_id>/articles/<int:article_id>")
@role_requis(*ROLES_CDG)
def show(depot_id: int, article_id: int) -> str:
    """Every movement of an article at a depot, with what was left after each."""
    return _article(depot_id, article_id, None)


@bp.post("/<int:depot_id>/articles/<int:article_id>/reserve")
@role_requis(Role.ACHETEUR)
def create_reserve(depot_id: int, article_id: int) -> Any:
    """Say how many pieces the depot keeps for itself."""
    depot, article = queries.depot_visible(depot_id, g.contexte), article_visible(article_id, g.contexte)
    form: Any = ReserveForm()
    if not form.validate():
        return _article(depot_id, article_id, form), 422
    actions.reserver_au_depot(depot.id, article.id, form.unites.data, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Réserve enregistrée.", "succes")
    return redirect(url_for(".show", depot_id=depot_id, article_id=article_id), 303)


def _article(depot_id: int, article_id: int, form: Any) -> str:
    """The page of an article at a depot."""
    depot = queries.depot_visible(depot_id, g.contexte)
    article = article_visible(article_id, g.contexte)
    suite = queries.suite_des_mouvements(depot.id, article.id)
    apres = cumuler((mouvement.unites, mouvement.valeur_ht) for mouvement in suite)
    lignes = list(zip(suite, apres, strict=True))[::-1]
    stock = apres[-1] if apres else Stock()
    reserve = queries.reserve_de(depot.id, article.id)
    page = {"depot": depot, "article": article, "lignes": lignes, "stock": stock, "cout": cout_moyen(stock)}
    form = form or ReserveForm(formdata=None, unites=reserve)
    acheteur = g.contexte.a_role(Role.ACHETEUR)
    return render_template("stock/show.html", **page, reserve=reserve, form=form, acheteur=acheteur)


@bp.route("/depots/nouveau", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new() -> Reponse | str | tuple[str, int]:
    """Open a depot."""
    form = DepotForm()
    if not form.is_submitted():
        return render_template(EDITION, form=form, depot=None)
    return _enregistrer(form, None, lambda lieu: actions.creer_depot(lieu, par=g.contexte, le=maintenant()))


@bp.route("/depots/<int:depot_id>/modification", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(depot_id: int) -> Reponse | str | tuple[str, int]:
    """Correct a depot."""
    depot = queries.depot_visible(depot_id, g.contexte)
    form = DepotForm(obj=depot)
    if not form.is_submitted():
        return render_template(EDITION, form=form, depot=depot)
    return _enregistrer(form, depot, lambda lieu: actions.modifier_depot(depot, lieu, par=g.contexte, le=maintenant()))


def _enregistrer(form: Any, depot: Depot | None, faire: Callable[[Lieu], Any]) -> Reponse | tuple[str, int]:
    """Do it when what was typed is right; else the page again, with what is wrong beside the field."""
    try:
        if form.validate():
            faire(Lieu(**{champ: form[champ].data for champ in Lieu.__dataclass_fields__}))
            db.session.commit()
            flash(f"{form.nom.data} est enregistré.", "succes")
            return redirect(url_for(".index"), 303)
    except RegleRefusee as refus:
        db.session.rollback()
        form.nom.errors = [str(refus)]
    return render_template(EDITION, form=form, depot=depot), 422
