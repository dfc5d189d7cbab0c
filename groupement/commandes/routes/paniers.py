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
from groupement.commandes.forms.commandes import DEPOT, EnvoiForm, QuantiteForm, identifiant_lu
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes import commande_visible, ligne_visible
from groupement.commandes.queries.paniers import fenetre
from groupement.commandes.queries.vue_panier import VuePanier, vue_panier
from groupement.commandes.routes.achats import quantite_saisie
from groupement.commandes.rules.estimation import phrase_du_palier_suivant, phrases_de_la_ligne
from groupement.commandes.rules.quantites import phrase_du_surplus
from groupement.commandes.states import ModeDeRemise
from groupement.socle.calendrier import aujourdhui, maintenant, temps_restant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde
from groupement.socle.web import numero_demande

bp = Blueprint("paniers", __name__)
PHRASES = {regle.__name__: regle for regle in (phrases_de_la_ligne, phrase_du_palier_suivant, phrase_du_surplus)}


@bp.get("/panier")
@role_requis(*ROLES_COLLECTIVITE)
def show() -> Any:
    """The basket in the open window; the order itself once it has left."""
    vue = vue_panier(g.contexte.collectivite_id, aujourdhui(), numero_demande("campagne"))
    if vue.commande is not None and vue.est_partie:
        return redirect(url_for("commandes.show", commande_id=vue.commande.id))
    return _page(vue)


@bp.post("/panier/lignes/<int:ligne_id>")
@role_requis(*ROLES_COLLECTIVITE)
def update_ligne(ligne_id: int) -> Any:
    """Set the quantity of a line."""
    form = QuantiteForm()
    ligne = ligne_visible(ligne_id, g.contexte, verrou=True)
    campagne_id = ligne.commande.campagne_id
    try:
        unites = quantite_saisie(form)
        paniers.modifier_ligne(ligne, unites, form.en_plus, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _ligne_refusee(ligne_id, campagne_id, form, refus)
    db.session.commit()
    return _ligne_enregistree(ligne_id, campagne_id)


@bp.post("/panier/lignes/<int:ligne_id>/retrait")
@role_requis(*ROLES_COLLECTIVITE)
def create_retrait(ligne_id: int) -> Any:
    """Take an article out of the basket."""
    ligne = ligne_visible(ligne_id, g.contexte, verrou=True)
    paniers.retirer_ligne(ligne, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Retiré du panier\u00a0: {ligne.article.designation}.", "succes")
    return redirect(url_for(".show", campagne=ligne.commande.campagne_id), 303)


@bp.post("/panier/<int:campagne_id>/besoins")
@role_requis(*ROLES_COLLECTIVITE)
def create_besoins(campagne_id: int) -> Any:
    """Fill the basket with what the archiviste found is needed."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    posees = paniers.remplir_des_besoins(campagne, g.contexte.collectivite_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(_phrase_du_remplissage(posees), "succes" if posees else "info")
    return redirect(url_for(".show", campagne=campagne_id), 303)


@bp.post("/panier/<int:campagne_id>/reprises")
@role_requis(*ROLES_COLLECTIVITE)
def create_reprise(campagne_id: int) -> Any:
    """Fill the basket with an older order of the body."""
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    ancienne = commande_visible(identifiant_lu(request.form.get("commande")), g.contexte)
    posees, absents = paniers.reprendre_une_commande(campagne, ancienne, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(_phrase_du_remplissage(posees), "succes" if posees else "info")
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
        actions.choisir_livraison(commande, *livraison, par=g.contexte, le=maintenant())
    return True


def _livrer(commande: Commande, form: EnvoiForm) -> None:
    """Choose the place of the form. A place of somebody else is a 404, no place at all is asked for later."""
    point = point_visible(form.point_id, g.contexte) if form.point_id else None
    if point is not None and (point.collectivite_id != commande.collectivite_id or not point.actif):
        point = None
    mode = ModeDeRemise.DEPOT if form.lieu.data == DEPOT else ModeDeRemise.LIVRAISON
    actions.choisir_livraison(commande, mode, point, form.version_vue, par=g.contexte, le=maintenant())


def _vue(campagne_id: int) -> VuePanier:
    """The basket as it stands."""
    return vue_panier(g.contexte.collectivite_id, aujourdhui(), campagne_id)


def _contexte_de_page(vue: VuePanier, lieu: str | None = None) -> dict[str, Any]:
    """What the basket's templates show."""
    choix = [(str(p.id), f"{p.libelle}\u00a0: {p.adresse}, {p.code_postal} {p.ville}") for p in vue.points]
    envoi, restant = None, ""
    if vue.fenetre is not None:
        depot = vue.fenetre.campagne.depot
        choix.append((DEPOT, f"Je viens chercher au dépôt\u00a0: {depot.nom}, {depot.adresse}, {depot.ville}"))
        envoi = EnvoiForm(choix, formdata=None, lieu=vue.lieu_choisi if lieu is None else lieu)
        restant = temps_restant(vue.fenetre.campagne.au, maintenant())
    return {
        "vue": vue,
        "envoi": envoi,
        "restant": restant,
        "valide_soi_meme": g.contexte.a_role(Role.VALIDEUR),
        **PHRASES,
    }


def _page(vue: VuePanier, statut: int = 200, *, lieu: str | None = None, **erreurs: Any) -> Any:
    """The basket page."""
    return render_template("commandes/panier.html", **_contexte_de_page(vue, lieu), **erreurs), statut


def _ligne_refusee(ligne_id: int, campagne_id: int, form: QuantiteForm, refus: RegleRefusee) -> Any:
    """The line again, with the reason, the nearest quantities and what was typed."""
    db.session.rollback()
    erreur = {
        "ligne_id": ligne_id,
        "motif": str(refus),
        "champ": getattr(refus, "champ", "unites"),
        "propositions": getattr(refus, "propositions", ()),
        "unites": request.form.get("unites", ""),
        "en_plus": request.form.get("unites_acceptees_en_plus", ""),
    }
    vue = _vue(campagne_id)
    if vue.fenetre is None or vue.est_partie:
        raise refus
    if not _htmx():
        return _page(vue, 422, erreur=erreur)
    return render_template(
        "commandes/_panier_ligne_seule.html", ligne_id=ligne_id, erreur=erreur, **_contexte_de_page(vue)
    ), 422


def _ligne_enregistree(ligne_id: int, campagne_id: int) -> Any:
    """The line and the totals, or the whole page again."""
    if not _htmx():
        flash("Quantité enregistrée.", "succes")
        return redirect(url_for(".show", campagne=campagne_id) + f"#ligne-{ligne_id}", 303)
    vue = _vue(campagne_id)
    return render_template("commandes/_panier_ligne_seule.html", ligne_id=ligne_id, **_contexte_de_page(vue))


def _envoi_refuse(campagne_id: int, form: EnvoiForm, refus: RegleRefusee) -> Any:
    """The basket as it stands now, with the reason; the place that was chosen stays chosen."""
    db.session.rollback()
    vue = _vue(campagne_id)
    if vue.fenetre is None or vue.est_partie:
        raise refus
    manques = getattr(refus, "manques", None)
    erreurs = {"refus": "" if manques else str(refus), "manques_vus": bool(manques)}
    lieu = str(form.lieu.data or "")
    if _htmx():
        return render_template("commandes/_panier_envoi.html", **_contexte_de_page(vue, lieu), **erreurs), 409
    return _page(vue, 422 if manques else 409, lieu=lieu, **erreurs)


def _envoi_enregistre(campagne_id: int) -> Any:
    """The right column, or the whole page again."""
    if _htmx():
        return render_template("commandes/_panier_envoi.html", **_contexte_de_page(_vue(campagne_id)))
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


def _phrase_du_remplissage(posees: list[str]) -> str:
    """What went in the basket."""
    if not posees:
        return "Votre panier contient déjà tout cela."
    return f"{accorde(len(posees), 'article')} dans votre panier\u00a0: {', '.join(posees)}. Relisez les quantités."


def _htmx() -> bool:
    """The request waits for a fragment, not for a page."""
    return request.headers.get("HX-Request") == "true"
