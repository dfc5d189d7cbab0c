"""The terms of a lot."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.catalogue import actions, queries
from groupement.catalogue.forms import LotForm
from groupement.catalogue.models import Lot
from groupement.catalogue.routes.saisies import formulaire_du_lot, poser_les_fautes, termes_saisis
from groupement.catalogue.rules.termes import fautes_du_lot
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import derniere_modification

bp = Blueprint("lots", __name__, url_prefix="/lots")
PAGE = "catalogue/lots/edit.html"


@bp.get("/<int:lot_id>/conditions")
@role_requis(Role.ACHETEUR)
def edit(lot_id: int) -> str:
    """The terms of a lot, to change."""
    lot = queries.lot_visible(lot_id, g.contexte)
    return render_template(PAGE, lot=lot, form=_formulaire(lot), conflit=None)


@bp.post("/<int:lot_id>/conditions")
@role_requis(Role.ACHETEUR)
def update(lot_id: int) -> Response | tuple[str, int]:
    """Save the terms, unless they are impossible or somebody changed them meanwhile."""
    verrouiller_ecriture()
    lot = queries.lot_visible(lot_id, g.contexte, verrou=True)
    form = _formulaire(lot)
    if not form.validate() or poser_les_fautes(form, fautes_du_lot(termes_saisis(form, lot))):
        return render_template(PAGE, lot=lot, form=form, conflit=None), 422
    if form.empreinte.data != actions.empreinte_du_lot(lot):
        return _conflit(lot, form)
    actions.modifier_lot(lot, termes_saisis(form, lot), par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Les conditions du lot {lot.numero} sont enregistrées.", "succes")
    return redirect(url_for("marches.show", marche_id=lot.marche_id), 303)


def _formulaire(lot: Lot) -> LotForm:
    """The form, with the suppliers to choose in."""
    fournisseurs = [(str(f.id), f.nom) for f in db.session.scalars(queries.fournisseurs())]
    notifie = actions.est_notifie(lot.marche, aujourdhui())
    return formulaire_du_lot(lot, fournisseurs, actions.empreinte_du_lot(lot), est_notifie=notifie)


def _conflit(lot: Lot, form: LotForm) -> tuple[str, int]:
    """What was typed is shown again, with who changed what meanwhile; the next sending replaces it knowingly."""
    form.empreinte.data = actions.empreinte_du_lot(lot)
    return render_template(PAGE, lot=lot, form=form, conflit=derniere_modification("lot", lot.id)), 409
