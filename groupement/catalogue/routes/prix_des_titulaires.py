"""What is a titulaire's own: its delivery terms, and its prices beside those of the others of the lot."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy import select

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import titulaires as actions
from groupement.catalogue.forms.titulaires import ConditionsForm
from groupement.catalogue.models import Article, Lot, Titulaire
from groupement.catalogue.queries.actes import titulaire_visible
from groupement.catalogue.rules.cascade import TermesPropres
from groupement.catalogue.rules.prix import Palier
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("prix_des_titulaires", __name__)
Prix = dict[int, dict[int, tuple[Palier, ...]]]


@bp.get("/lots/<int:lot_id>/prix")
@role_requis(*ROLES_CDG)
def index(lot_id: int) -> Any:
    """Every article sold of a lot, one column a titulaire."""
    lot = queries.lot_visible(lot_id, g.contexte)
    prix = queries.prix_de_chacun(lot, aujourdhui())
    voulus = select(Article).where(Article.lot_id == lot.id, Article.actif).order_by(Article.reference)
    liste = listes.preparer(voulus, _colonnes(lot, prix), nom=f"prix-du-lot-{lot.numero}", par_page=50)
    if liste.export:
        return liste.export
    vendus = db.session.scalars(select(Article.id).where(Article.lot_id == lot.id, Article.actif)).all()
    manquants = {t.id: sum(numero not in prix.get(t.bordereau, {}) for numero in vendus) for t in lot.titulaires}
    return render_template(
        "catalogue/lots/prix.html",
        **{"lot": lot, "liste": liste, "prix": prix, "manquants": manquants, "le": aujourdhui()},
    )


@bp.route("/titulaires/<int:titulaire_id>/conditions", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(titulaire_id: int) -> Any:
    """The delivery terms of a titulaire, where they are not the lot's."""
    form = ConditionsForm()
    if form.is_submitted():
        verrouiller_ecriture()
    titulaire = titulaire_visible(titulaire_id, g.contexte, verrou=form.is_submitted())
    if not form.validate_on_submit():
        form = form if form.is_submitted() else ConditionsForm(obj=titulaire)
        page = render_template("catalogue/lots/conditions.html", titulaire=titulaire, lot=titulaire.lot, form=form)
        return page, 422 if form.is_submitted() else 200
    actions.fixer_les_conditions(titulaire, _termes(form), par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Les conditions de {titulaire.fournisseur.nom} sont enregistrées.", "succes")
    return redirect(url_for("titulaires.index", lot_id=titulaire.lot_id), 303)


def _termes(form: Any) -> TermesPropres:
    """What was typed; a box left empty is as the lot says."""
    champs = ("delai_livraison_jours", "franco_ht", "port_ht", "minimum_commande_ht")
    return TermesPropres(**{champ: form[champ].data for champ in champs})


def _colonnes(lot: Lot, prix: Prix) -> tuple[Colonne, ...]:
    """The article, then the base price of each titulaire."""
    return (
        Colonne("reference", "Référence", tri=Article.reference),
        Colonne("designation", "Désignation", tri=Article.designation),
        *(_colonne(titulaire, prix) for titulaire in lot.titulaires),
    )


def _colonne(titulaire: Titulaire, prix: Prix) -> Colonne:
    """The price from the first piece on, for the file; the page shows every tier."""
    siens = prix.get(titulaire.bordereau, {})

    def lire(article: Article) -> Any:
        paliers = siens.get(article.id, ())
        return paliers[0].prix_unitaire_ht if paliers else None

    return Colonne(
        f"rang-{titulaire.rang}", f"{titulaire.fournisseur.nom} (rang {titulaire.rang})", "prix", valeur=lire
    )
