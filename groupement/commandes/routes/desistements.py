"""A titulaire declines: what it changes is shown, then it is recorded, and withdrawn as long as no bon left."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.routes.reponses import piece
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue.models import Lot
from groupement.catalogue.queries import lot_visible
from groupement.commandes.actions import desistements as actions
from groupement.commandes.actions import regroupement
from groupement.commandes.actions.desistements import Annonce
from groupement.commandes.forms.desistements import DesistementForm, RetraitDefinitifForm
from groupement.commandes.models import Campagne, Desistement
from groupement.commandes.queries import desistements as queries
from groupement.commandes.queries.campagnes import campagne_verrouillee, campagne_visible
from groupement.commandes.queries.chez_un_autre import chez_le_suivant
from groupement.commandes.routes.lettres import lire_la_lettre
from groupement.commandes.rules.changement_de_titulaire import comparer, offre_du_lot
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("desistements", __name__)


@bp.get("/campagnes/<int:campagne_id>/desistements/<int:lot_id>/nouveau")
@role_requis(Role.ACHETEUR)
def new(campagne_id: int, lot_id: int) -> Any:
    """Who declines, who comes next, and what that changes, line by line."""
    campagne = campagne_visible(campagne_id, g.contexte)
    return _page(campagne, lot_id, None)


@bp.post("/campagnes/<int:campagne_id>/desistements/<int:lot_id>")
@role_requis(Role.ACHETEUR)
def create(campagne_id: int, lot_id: int) -> Any:
    """Record it; the preview then shows the next titulaire."""
    campagne = campagne_visible(campagne_id, g.contexte, verrou=True)
    lot, form = queries.lot_de_la_campagne(campagne, lot_id), DesistementForm()
    annonce = _annonce(form)
    if annonce is None:
        return _page(campagne, lot_id, form), 422
    try:
        actions.decliner_la_campagne(campagne, lot, _vu(form), annonce, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        return _page(campagne_visible(campagne_id, g.contexte), lot_id, None, str(refus)), 409
    apercu = url_for("regroupements.show", campagne_id=campagne_id, _anchor=f"titulaire-{lot.numero}")
    return _fait("Le désistement est enregistré\u00a0: l’aperçu est maintenant aux prix du titulaire suivant.", apercu)


@bp.get("/lots/<int:lot_id>/desistements")
@role_requis(*ROLES_CDG)
def index(lot_id: int) -> Any:
    """Everything declined on a lot, and the form to say that its titulaire takes no bon any more."""
    return _page_du_lot(lot_visible(lot_id, g.contexte), None)


@bp.post("/lots/<int:lot_id>/desistements")
@role_requis(Role.ACHETEUR)
def create_definitif(lot_id: int) -> Any:
    """For good, from a day on."""
    verrouiller_ecriture()
    lot, form = lot_visible(lot_id, g.contexte, verrou=True), RetraitDefinitifForm()
    annonce = _annonce(form)
    if annonce is None:
        return _page_du_lot(lot, form), 422
    try:
        actions.decliner_pour_de_bon(lot, _vu(form), annonce, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        return _page_du_lot(lot_visible(lot_id, g.contexte), form, str(refus)), 409
    suite = "C’est enregistré\u00a0: à partir de ce jour, les bons vont au titulaire suivant, à ses prix."
    return _fait(suite, url_for(".index", lot_id=lot_id))


@bp.post("/desistements/<int:desistement_id>/levee")
@role_requis(Role.ACHETEUR)
def create_levee(desistement_id: int) -> Any:
    """The titulaire takes bons again."""
    verrouiller_ecriture()
    vu = queries.desistement_visible(desistement_id, g.contexte)
    if vu.campagne_id:
        campagne_verrouillee(vu.campagne_id)
    desistement = queries.desistement_visible(desistement_id, g.contexte, verrou=True)
    actions.lever(desistement, par=g.contexte, le=maintenant())
    return _fait(f"{desistement.fournisseur.nom} est de nouveau sollicitée à son rang.", _retour(desistement))


@bp.get("/desistements/<int:desistement_id>/lettre")
@role_requis(*ROLES_CDG)
def show_lettre(desistement_id: int) -> Response:
    """The letter itself."""
    desistement = queries.desistement_visible(desistement_id, g.contexte)
    if desistement.lettre is None:
        raise RegleRefusee("Aucune lettre n’accompagne ce désistement.")
    return piece(desistement.lettre, f"desistement-{desistement.id}")


def _fait(phrase: str, ou: str) -> Any:
    """Commit, say it, go there."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(ou, 303)


def _retour(desistement: Desistement) -> str:
    """Where withdrawing brings back."""
    if desistement.campagne_id:
        return url_for("regroupements.show", campagne_id=desistement.campagne_id)
    return url_for(".index", lot_id=desistement.lot_id)


def _annonce(form: Any) -> Annonce | None:
    """What was typed; None with the reason by the field."""
    if form.validate() and lire_la_lettre(form):
        return Annonce(form.motif.data.strip(), form.du.data, form.lettre_lue)
    return None


def _vu(form: Any) -> int:
    """The titulaire the page showed."""
    return int(form.fournisseur_id.data) if str(form.fournisseur_id.data or "").isdecimal() else 0


def _page(campagne: Campagne, lot_id: int, form: Any, refus: str = "") -> str:
    """The lot at the titulaire in force and at the next, side by side."""
    lue = regroupement.lire(campagne, aujourdhui())
    lot = next((lot for lot in lue.lots.values() if lot.id == lot_id), None) or abort(404)
    titulaire, suite = lue.titulaires[lot.numero], chez_le_suivant(campagne, lue, lot.numero, aujourdhui())
    changement = None
    if suite:
        avant, apres = (regroupement.calculer(entree, False).resultat for entree in (lue, suite[1]))
        changement = comparer(offre_du_lot(avant, lot.numero), offre_du_lot(apres, lot.numero))
    form = form or DesistementForm(formdata=None, data={"du": aujourdhui()})
    form.fournisseur_id.data = titulaire.fournisseur_id
    return render_template(
        "commandes/desistement_new.html",
        **{"campagne": campagne, "lot": lot, "form": form, "refus": refus, "titulaire": titulaire},
        **{"suivant": suite[0] if suite else None, "changement": changement},
    )


def _page_du_lot(lot: Lot, form: Any, refus: str = "") -> str:
    """The list, and the form for who is in force."""
    titulaire = lot.titulaire_le(aujourdhui())
    suivant = lot.titulaire_le(aujourdhui(), {titulaire.fournisseur_id}) if titulaire else None
    form = form or RetraitDefinitifForm(formdata=None, data={"du": aujourdhui()})
    form.fournisseur_id.data = titulaire.fournisseur_id if titulaire else ""
    return render_template(
        "commandes/desistements.html",
        **{"lot": lot, "form": form, "refus": refus, "titulaire": titulaire, "suivant": suivant},
        **{"desistements": queries.desistements_du_lot(lot.id), "acheteur": g.contexte.a_role(Role.ACHETEUR)},
    )
