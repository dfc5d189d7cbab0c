"""Who holds a lot, by rank; with whom; what changes after the notification."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import titulaires as actions
from groupement.catalogue.actions.avenants import DateRefusee, EnTete
from groupement.catalogue.actions.marches import est_notifie
from groupement.catalogue.actions.titulaires import Groupement
from groupement.catalogue.forms import choix
from groupement.catalogue.forms.contrats import ChangementForm, GroupementForm, TitulaireForm
from groupement.catalogue.models import Fournisseur, Lot, Titulaire
from groupement.catalogue.queries.actes import titulaire_visible, titulaires_du_lot
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.states import FondementAvenant, MotifDeChangement, TypeGroupement
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("titulaires", __name__)
PAGE = "catalogue/lots/titulaires.html"


@bp.get("/lots/<int:lot_id>/titulaires")
@role_requis(*ROLES_CDG)
def index(lot_id: int) -> str:
    """The titulaires of a lot."""
    return _page(queries.lot_visible(lot_id, g.contexte), _formulaire())


@bp.post("/lots/<int:lot_id>/titulaires")
@role_requis(Role.ACHETEUR)
def create(lot_id: int) -> Response | tuple[str, int]:
    """One more, before the notification."""
    verrouiller_ecriture()
    lot, form = queries.lot_visible(lot_id, g.contexte, verrou=True), _formulaire()
    try:
        if form.validate():
            return _ajouter(lot, form)
    except RegleRefusee as refus:
        poser_les_fautes(form, {"fournisseur": str(refus)})
    return _page(lot, form), 422


@bp.post("/titulaires/<int:titulaire_id>/retrait")
@role_requis(Role.ACHETEUR)
def create_retrait(titulaire_id: int) -> Response:
    """Off the list, before the notification."""
    titulaire = _titulaire(titulaire_id)
    lot, nom = titulaire.lot, titulaire.fournisseur.nom
    actions.retirer_titulaire(titulaire, par=g.contexte, le=maintenant())
    return _fait(lot, f"{nom} n’est plus titulaire du lot.")


@bp.post("/titulaires/<int:titulaire_id>/rang")
@role_requis(Role.ACHETEUR)
def create_rang(titulaire_id: int) -> Response:
    """One rank up, before the notification."""
    titulaire = _titulaire(titulaire_id)
    actions.monter_titulaire(titulaire, par=g.contexte, le=maintenant())
    return _fait(titulaire.lot, f"{titulaire.fournisseur.nom} passe au rang {titulaire.rang}.")


@bp.route("/titulaires/<int:titulaire_id>/groupement", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit_groupement(titulaire_id: int) -> Response | str | tuple[str, int]:
    """With whom a titulaire answered."""
    titulaire = _titulaire(titulaire_id)
    lignes = "\n".join(f"{c.siret} {c.nom}" for c in titulaire.cotraitants)
    form = GroupementForm(groupement=titulaire.groupement.value, cotraitants=lignes)
    if not form.validate_on_submit():
        code = 422 if form.is_submitted() else 200
        return render_template(
            "catalogue/lots/groupement.html", titulaire=titulaire, lot=titulaire.lot, form=form
        ), code
    actions.preciser_groupement(titulaire, _groupement(form), par=g.contexte, le=maintenant())
    return _fait(titulaire.lot, "Le groupement est enregistré.")


@bp.route("/titulaires/<int:titulaire_id>/changement", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def create_changement(titulaire_id: int) -> Response | str | tuple[str, int]:
    """After the notification: a dated act."""
    titulaire = _titulaire(titulaire_id)
    form = ChangementForm()
    form.remplacant.choices = _fournisseurs("Personne\u00a0: le rang suivant prend la place")
    if form.is_submitted() and form.validate() and (reponse := _changer(titulaire, form)):
        return reponse
    code = 422 if form.is_submitted() else 200
    return render_template("catalogue/lots/changement.html", titulaire=titulaire, lot=titulaire.lot, form=form), code


def _titulaire(titulaire_id: int) -> Titulaire:
    """The titulaire; when it is about to change, nobody else changing it."""
    if request.method == "POST":
        verrouiller_ecriture()
    return titulaire_visible(titulaire_id, g.contexte, verrou=request.method == "POST")


def _fait(lot: Lot, phrase: str) -> Response:
    """Commit, say it, back to the list."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for(".index", lot_id=lot.id), 303)


def _fournisseurs(aucun: str) -> Any:
    """The suppliers to choose in, none first."""
    return choix([("", aucun), *((str(f.id), f.nom) for f in db.session.scalars(queries.fournisseurs()))])


def _page(lot: Lot, form: TitulaireForm) -> str:
    """The list and, when it may grow, the form."""
    notifie = est_notifie(lot.marche, aujourdhui())
    titulaires = titulaires_du_lot(lot.id)
    return render_template(PAGE, lot=lot, titulaires=titulaires, form=form, notifie=notifie, le=aujourdhui())


def _groupement(form: Any) -> Groupement:
    """The group that was typed."""
    return Groupement(TypeGroupement(form.groupement.data), form.entreprises())


def _formulaire() -> TitulaireForm:
    """The form of one more titulaire."""
    form = TitulaireForm()
    form.fournisseur.choices = _fournisseurs("Choisissez…")
    return form


def _ajouter(lot: Lot, form: TitulaireForm) -> Response:
    """One more titulaire."""
    fournisseur = db.session.get_one(Fournisseur, int(form.fournisseur.data))
    actions.ajouter_titulaire(lot, fournisseur, _groupement(form), par=g.contexte, le=maintenant())
    return _fait(lot, f"{fournisseur.nom} est titulaire du lot, au dernier rang.")


def _changer(titulaire: Titulaire, form: Any) -> Response | None:
    """The act, or None with the reason beside its field."""
    motif = MotifDeChangement(form.motif_du_changement.data)
    lot, objet = titulaire.lot, f"Lot {titulaire.lot.numero}\u00a0: {titulaire.fournisseur.nom} n’est plus titulaire"
    repreneur = db.session.get(Fournisseur, int(form.remplacant.data)) if form.remplacant.data else None
    entete = EnTete(
        form.numero.data, objet[:300], FondementAvenant.TITULAIRE, form.motif.data.strip(), form.notifie_le.data
    )
    try:
        actions.changer_titulaire(titulaire, motif, repreneur, entete, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        poser_les_fautes(form, {"notifie_le" if isinstance(refus, DateRefusee) else "remplacant": str(refus)})
        return None
    return _fait(lot, f"Le changement est enregistré\u00a0: avenant {entete.numero}.")
