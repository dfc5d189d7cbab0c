"""The basket of a body: what it orders, where it goes, and the way out to the valideur."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.actions.collectivites import ajouter_point
from groupement.adherents.forms.collectivites import PointForm
from groupement.adherents.queries import point_visible
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.commandes.actions import commandes as actions
from groupement.commandes.actions import paniers
from groupement.commandes.forms.commandes import DEPOT, EnvoiForm, identifiant_lu
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.complement import commandes_a_completer
from groupement.commandes.queries.paniers import fenetre
from groupement.commandes.queries.vue_panier import vue_panier
from groupement.commandes.routes.page_du_panier import fragment, htmx, page, phrase_du_remplissage, vue_du_panier
from groupement.commandes.states import ModeDeRemise
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import numero_demande

bp = Blueprint("paniers", __name__)


@bp.get("/panier")
@role_requis(*ROLES_COLLECTIVITE)
def show() -> Any:
    """The basket in the open window; the order itself once it has left."""
    vue = vue_panier(g.contexte.collectivite_id, aujourdhui(), numero_demande("campagne"))
    if vue.commande is not None and vue.est_partie:
        return redirect(url_for("commandes.show", commande_id=vue.commande.id))
    if vue.fenetre is None and (a_completer := _a_completer()) is not None:
        return redirect(url_for("complements.show", campagne=a_completer))
    return page(vue)


def _a_completer() -> int | None:
    """The campagne the basket was asked for, or the first, when all that is left to do there is to fill packs."""
    voulue = numero_demande("campagne")
    commandes = commandes_a_completer(g.contexte.collectivite_id, aujourdhui())
    return next((c.campagne_id for c in commandes if voulue in (None, c.campagne_id)), None)


@bp.post("/panier/<int:campagne_id>/besoins")
@role_requis(*ROLES_COLLECTIVITE)
def create_besoins(campagne_id: int) -> Any:
    """Fill the basket with what the archiviste found is needed."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    posees = paniers.remplir_des_besoins(campagne, g.contexte.collectivite_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase_du_remplissage(posees), "succes" if posees else "info")
    return redirect(url_for(".show", campagne=campagne_id), 303)


@bp.post("/panier/<int:campagne_id>/reprises")
@role_requis(*ROLES_COLLECTIVITE)
def create_reprise(campagne_id: int) -> Any:
    """Fill the basket with an older order of the body."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    ancienne = commande_visible(identifiant_lu(request.form.get("commande")), g.contexte)
    posees, absents = paniers.reprendre_une_commande(campagne, ancienne, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase_du_remplissage(posees), "succes" if posees else "info")
    if absents:
        flash(
            f"Ces articles ne vous sont plus proposés\u00a0: {', '.join(absents)}.",
            "attention",
        )
    return redirect(url_for(".show", campagne=campagne_id), 303)


@bp.post("/commandes/<int:commande_id>/livraison")
@role_requis(*ROLES_COLLECTIVITE)
def create_livraison(commande_id: int) -> Any:
    """Choose where the order goes."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    form = EnvoiForm([])
    try:
        _livrer(commande, form)
    except RegleRefusee as refus:
        return _envoi_refuse(commande.campagne_id, form, refus)
    db.session.commit()
    return _envoi_enregistre(commande.campagne_id)


@bp.post("/commandes/<int:commande_id>/soumission")
@role_requis(*ROLES_COLLECTIVITE)
def create_soumission(commande_id: int) -> Any:
    """Send the order to the valideur, going where the page says."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    form = EnvoiForm([])
    try:
        _livrer(commande, form)
        valideurs = actions.soumettre(commande, commande.version, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _envoi_refuse(commande.campagne_id, form, refus)
    db.session.commit()
    return _apres_l_envoi(commande, [personne.nom for personne in valideurs])


@bp.route("/panier/<int:campagne_id>/lieux/nouveau", methods=["GET", "POST"])
@role_requis(*ROLES_COLLECTIVITE)
def create_lieu(campagne_id: int) -> Any:
    """Add a delivery place and come back: the basket is kept, the new place is chosen."""
    ou = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui())
    form = PointForm(code_postal=g.contexte.collectivite.code_postal, ville=g.contexte.collectivite.ville)
    if not form.validate_on_submit() or not _lieu_ajoute(ou.campagne.id, form):
        return render_template(
            "commandes/panier_lieu.html", form=form, campagne=ou.campagne
        ), 422 if form.errors else 200
    db.session.commit()
    flash("Lieu ajouté\u00a0: votre commande y sera livrée.", "succes")
    return redirect(url_for(".show", campagne=campagne_id), 303)


def _lieu_ajoute(campagne_id: int, form: PointForm) -> bool:
    """Write the place and choose it for the basket, if there is one; False with a message by the name it takes."""
    vue = vue_panier(g.contexte.collectivite_id, aujourdhui(), campagne_id)
    try:
        point = ajouter_point(g.contexte.collectivite, form.valeurs(), par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        form.libelle.errors = [*form.libelle.errors, str(refus)]
        return False
    if vue.commande is not None and not vue.est_partie:
        commande = commande_visible(vue.commande.id, g.contexte, verrou=True)
        livraison = (ModeDeRemise.LIVRAISON, point, commande.version)
        try:
            actions.choisir_livraison(commande, *livraison, par=g.contexte, le=maintenant())
        except actions.FractionsALivrer as refus:
            flash(f"Votre commande reste au dépôt. {refus}", "attention")
    return True


def _livrer(commande: Commande, form: EnvoiForm) -> None:
    """Choose the place of the form. A place of somebody else is a 404, no place at all is asked for later."""
    point = point_visible(form.point_id, g.contexte) if form.point_id else None
    if point is not None and (point.collectivite_id != commande.collectivite_id or not point.actif):
        point = None
    mode = ModeDeRemise.DEPOT if form.lieu.data == DEPOT else ModeDeRemise.LIVRAISON
    choix: dict[str, Any] = {"arrondir": form.arrondir_voulu, "par": g.contexte, "le": maintenant()}
    actions.choisir_livraison(commande, mode, point, form.version_vue, **choix)


def _envoi_refuse(campagne_id: int, form: EnvoiForm, refus: RegleRefusee) -> Any:
    """The basket as it stands now, with the reason; the place that was chosen stays chosen."""
    db.session.rollback()
    vue = vue_du_panier(campagne_id)
    if vue.fenetre is None or vue.est_partie:
        raise refus
    manques, fractions = getattr(refus, "manques", None), getattr(refus, "fractions", ())
    erreurs = {"refus": "" if manques else str(refus), "manques_vus": bool(manques), "fractions": fractions}
    lieu = str(form.lieu.data or "")
    if htmx():
        return fragment("_panier_envoi", vue, 409, lieu=lieu, **erreurs)
    return page(vue, 422 if manques else 409, lieu=lieu, **erreurs)


def _envoi_enregistre(campagne_id: int) -> Any:
    """The right column with the lines (the depot opens packs, a delivery does not), or the whole page again."""
    if htmx():
        return fragment("_panier_livre", vue_du_panier(campagne_id))
    flash("Lieu de livraison enregistré.", "succes")
    return redirect(url_for(".show", campagne=campagne_id), 303)


def _apres_l_envoi(commande: Commande, valideurs: list[str]) -> Any:
    """Say who has to validate; somebody who may do it is taken straight there."""
    if g.contexte.a_role(Role.VALIDEUR):
        flash("Commande envoyée. Vous êtes valideur\u00a0: relisez-la et validez-la.", "succes")
        return redirect(url_for("commandes.new_validation", commande_id=commande.id), 303)
    if valideurs:
        flash(f"Commande envoyée à {' et '.join(valideurs)}, qui doit la valider.", "succes")
    else:
        flash(
            "Commande envoyée, mais votre collectivité n’a pas de valideur\u00a0: demandez au Centre de gestion "
            "d’en déclarer un.",
            "attention",
        )
    return redirect(url_for("commandes.show", commande_id=commande.id), 303)
