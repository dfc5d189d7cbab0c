"""One line of the basket, saved alone; and what other people of the body have changed meanwhile."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.actions import paniers
from groupement.commandes.forms.commandes import LigneForm
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.lignes_changees import (
    EtatDuPanier,
    derniere_main,
    etat_du_panier,
    ligne_encore_la,
)
from groupement.commandes.queries.paniers import article_de
from groupement.commandes.routes.achats import quantite_saisie
from groupement.commandes.routes.page_du_panier import fragment, htmx, page, vue_du_panier
from groupement.commandes.rules.lignes_vues import Main, Quantites, phrase_de_retrait
from groupement.socle.calendrier import heure_ou_jour, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("lignes_du_panier", __name__)


@bp.post("/panier/lignes/<int:ligne_id>")
@role_requis(*ROLES_COLLECTIVITE)
def update(ligne_id: int) -> Any:
    """Set the quantity of a line, unless somebody changed it since it was shown."""
    form = LigneForm()
    ligne = ligne_encore_la(ligne_id, form.commande_id, form.article_id, g.contexte)
    if ligne is None:
        return _retiree(ligne_id, form)
    avant = _nouvelles(ligne.commande, form)
    try:
        unites = quantite_saisie(form)
        paniers.modifier_ligne(ligne, unites, form.en_plus, vue=form.quantites_vues, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _refusee(ligne_id, ligne.commande.campagne_id, form, refus)
    db.session.commit()
    return _enregistree(ligne_id, ligne.commande, avant)


@bp.post("/panier/lignes/<int:ligne_id>/retrait")
@role_requis(*ROLES_COLLECTIVITE)
def create_retrait(ligne_id: int) -> Any:
    """Take an article out of the basket, unless somebody changed it since it was shown."""
    form = LigneForm()
    ligne = ligne_encore_la(ligne_id, form.commande_id, form.article_id, g.contexte)
    if ligne is None:
        return _deja_retiree(form)
    try:
        paniers.retirer_ligne(ligne, vue=form.quantites_vues, par=g.contexte, le=maintenant())
    except paniers.LigneChangee as refus:
        return _refusee(ligne_id, ligne.commande.campagne_id, form, refus)
    db.session.commit()
    flash(f"Retiré du panier\u00a0: {ligne.article.designation}.", "succes")
    return redirect(url_for("paniers.show", campagne=ligne.commande.campagne_id), 303)


@bp.get("/commandes/<int:commande_id>/nouvelles")
@role_requis(*ROLES_COLLECTIVITE)
def show_nouvelles(commande_id: int) -> Any:
    """Who changed the basket since the page was shown; nothing (204) when nobody did, or when it was said already."""
    etat = etat_du_panier(commande_id, g.contexte)
    deja = {request.args.get("vue", ""), request.args.get("dite", "")}
    if str(etat.version) in deja:
        return Response(status=204)
    version_vue = request.args.get("vue", "")
    valeurs = {"etat": etat, "version_vue": version_vue, "le": maintenant(), "heure_ou_jour": heure_ou_jour}
    return render_template("commandes/_panier_nouvelles.html", **valeurs)


def _nouvelles(commande: Commande, form: LigneForm) -> dict[str, Any]:
    """What the page must be told once its line is saved: who changed others; nothing, if it showed them as they are."""
    if form.version_vue in (0, commande.version):
        return {}
    return {"version_vue": form.version_vue, "main": Main(commande.modifiee_par, commande.modifiee_le)}


def _enregistree(ligne_id: int, commande: Commande, nouvelles: dict[str, Any]) -> Any:
    """The line and the totals, or the whole page again."""
    if not htmx():
        flash("Quantité enregistrée.", "succes")
        return redirect(url_for("paniers.show", campagne=commande.campagne_id) + f"#ligne-{ligne_id}", 303)
    if nouvelles:
        suivi = (commande.id, commande.campagne_id, commande.version, commande.etat)
        nouvelles["etat"] = EtatDuPanier(*suivi, nouvelles.pop("main"))
    return fragment("_panier_ligne_seule", vue_du_panier(commande.campagne_id), ligne_id=ligne_id, **nouvelles)


def _refusee(ligne_id: int, campagne_id: int, form: LigneForm, refus: RegleRefusee) -> Any:
    """The line again, with the reason, what may be chosen instead, and what was typed."""
    db.session.rollback()
    erreur = _erreur(ligne_id, form, refus)
    vue = vue_du_panier(campagne_id)
    if vue.fenetre is None or vue.fenetre.motif or vue.est_partie:
        if not htmx():
            raise refus
        return fragment("_panier_ligne_perdue", vue, 409, ligne_id=ligne_id, motif=str(refus), voulu=erreur["unites"])
    statut = 409 if erreur["actuelle"] else 422
    if not htmx():
        return page(vue, statut, erreur=erreur)
    suite: dict[str, Any] = {"version_vue": form.version_vue} if form.version_vue else {}
    return fragment("_panier_ligne_seule", vue, statut, ligne_id=ligne_id, erreur=erreur, **suite)


def _erreur(ligne_id: int, form: LigneForm, refus: RegleRefusee) -> dict[str, Any]:
    """What the line says of a refusal."""
    voulue = getattr(refus, "voulue", None)
    return {
        "ligne_id": ligne_id,
        "motif": str(refus),
        "champ": getattr(refus, "champ", "unites"),
        "propositions": getattr(refus, "propositions", ()),
        "actuelle": getattr(refus, "actuelle", None),
        "voulue": voulue,
        "unites": voulue.unites if voulue else request.form.get("unites", ""),
        "en_plus": voulue.en_plus if voulue else request.form.get("unites_acceptees_en_plus", ""),
    }


def _retiree(ligne_id: int, form: LigneForm) -> Any:
    """Somebody took the article out: who, when, and whether to put it back."""
    commande = commande_visible(form.commande_id, g.contexte)
    article = article_de(commande.campagne, form.article_id)
    voulue = Quantites(form.quantite, form.en_plus or 0)
    motif = phrase_de_retrait(derniere_main(commande, article.id), article.reference, voulue, maintenant())
    valeurs: dict[str, Any] = {"ligne_id": ligne_id, "motif": motif, "retiree": article, "voulu": voulue.unites}
    vue = vue_du_panier(commande.campagne_id)
    return fragment("_panier_ligne_perdue", vue, 409, **valeurs) if htmx() else page(vue, 409, **valeurs)


def _deja_retiree(form: LigneForm) -> Any:
    """Both wanted it out: it is."""
    commande = commande_visible(form.commande_id, g.contexte)
    flash("Cet article était déjà retiré du panier.", "info")
    return redirect(url_for("paniers.show", campagne=commande.campagne_id), 303)
