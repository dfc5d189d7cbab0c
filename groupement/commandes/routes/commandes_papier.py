"""Orders received on paper: the buyer types the sheet, reads the preview, writes it in the body's name."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.routes.reponses import piece
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.commandes.actions.commandes_papier import Papier, saisir
from groupement.commandes.forms.commandes import identifiant_lu
from groupement.commandes.forms.commandes_papier import CommandePapierForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import campagne_visible
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.commandes_papier import (
    est_tardive,
    membre_designe,
    membres_proposes,
    vue_commande_papier,
)
from groupement.commandes.routes.lettres import lire_la_lettre
from groupement.commandes.rules.papier_tardif import motif_de_ne_pas_saisir, phrase_du_rang
from groupement.commandes.states import ModeDeRemise
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("commandes_papier", __name__)


@bp.get("/campagnes/<int:campagne_id>/commandes-papier/nouvelle")
@role_requis(Role.ACHETEUR)
def new(campagne_id: int) -> Any:
    """Where to type what the sheet says; once the window is over, the day it arrived is for a person to say."""
    campagne = _recevable(campagne_visible(campagne_id, g.contexte))
    recu_le = None if est_tardive(campagne, aujourdhui()) else aujourdhui()
    return _page(campagne, CommandePapierForm(formdata=None, data={"recu_le": recu_le}))


@bp.post("/campagnes/<int:campagne_id>/commandes-papier/apercu")
@role_requis(Role.ACHETEUR)
def create_apercu(campagne_id: int) -> Any:
    """What it would make of the body's order; nothing is written."""
    campagne, form = _recevable(campagne_visible(campagne_id, g.contexte)), CommandePapierForm()
    collectivite = _lue(form, campagne)
    if collectivite is None:
        return _page(campagne, form, 422)
    return _apercu(campagne, collectivite, form)


@bp.post("/campagnes/<int:campagne_id>/commandes-papier")
@role_requis(Role.ACHETEUR)
def create(campagne_id: int) -> Any:
    """Write the order as its preview showed it."""
    campagne, form = campagne_visible(campagne_id, g.contexte, verrou=True), CommandePapierForm()
    collectivite = _lue(form, campagne)
    if collectivite is None or not lire_la_lettre(form):
        return _page(campagne, form, 422)
    try:
        commande_id = _ecrire(campagne, collectivite, form)
    except RegleRefusee as refus:
        db.session.rollback()
        return _apercu(campagne_visible(campagne_id, g.contexte), collectivite, form, 409, refus=str(refus))
    flash(f"Commande enregistrée au nom de {collectivite.nom}\u00a0: elle l’apprend par courriel.", "succes")
    return redirect(url_for("commandes.show", commande_id=commande_id), 303)


@bp.get("/commandes/<int:commande_id>/papier")
@role_requis(*(ROLES_COLLECTIVITE | ROLES_CDG))
def show_papier(commande_id: int) -> Response:
    """The sheet itself, as it was scanned."""
    papier = commande_visible(commande_id, g.contexte).papier
    if papier is None:
        raise RegleRefusee("Aucun papier n’a été joint à cette commande.")
    return piece(papier, f"commande-{commande_id}-papier")


def _recevable(campagne: Campagne) -> Campagne:
    """The campagne, where a paper can still be entered. Raises RegleRefusee."""
    if motif := motif_de_ne_pas_saisir(campagne.etat):
        raise RegleRefusee(motif)
    return campagne


def _lue(form: CommandePapierForm, campagne: Campagne) -> Collectivite | None:
    """The body the form names; None, with a message by the field, when something is missing."""
    valide = form.validate() and form.exiger_la_date(campagne.du, campagne.au, aujourdhui())
    collectivite = membre_designe(form.siren) if form.siren else None
    if collectivite is None and not form.collectivite.errors:
        form.collectivite.errors = ["Choisissez une collectivité de la liste, ou tapez son SIREN (9 chiffres)."]
    return collectivite if valide and form.lire() else None


def _ecrire(campagne: Campagne, collectivite: Collectivite, form: CommandePapierForm) -> int:
    """Write and commit; the order's id."""
    vue = vue_commande_papier(campagne, collectivite, form.lire(), aujourdhui())
    recu_le = form.recu_le.data
    assert recu_le is not None
    papier = Papier(
        recu_le=recu_le,
        signe_par=(form.signe_par.data or "").strip(),
        mode=ModeDeRemise(form.mode.data),
        engagement=(form.engagement.data or "").strip(),
        code_service=(form.code_service.data or "").strip(),
        scan=form.lettre_lue,
        motif=(form.motif.data or "").strip(),
    )
    version = identifiant_lu(form.version.data)
    commande = saisir(campagne, collectivite, vue.apercu, papier, version, par=g.contexte, le=maintenant())
    db.session.commit()
    return commande.id


def _page(campagne: Campagne, form: CommandePapierForm, statut: int = 200) -> Any:
    """The page to type in."""
    valeurs = {"membres": membres_proposes(campagne), "tardive": est_tardive(campagne, aujourdhui())}
    valeurs["rang"] = phrase_du_rang(campagne.regle_reliquat)
    return render_template("commandes/papier_new.html", campagne=campagne, form=form, **valeurs), statut


def _apercu(
    campagne: Campagne, collectivite: Collectivite, form: CommandePapierForm, statut: int = 200, **valeurs: Any
) -> Any:
    """The preview."""
    vue = vue_commande_papier(campagne, collectivite, form.lire(), aujourdhui())
    valeurs |= {"vue": vue, "tardive": vue.tardive, "rang": phrase_du_rang(campagne.regle_reliquat)}
    return render_template("commandes/papier_apercu.html", campagne=campagne, form=form, **valeurs), statut
