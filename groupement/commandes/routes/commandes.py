"""An order once it has left the basket: where it stands, and what its valideur decides."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries.membres import services_actifs
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.commandes.actions import commandes as actions
from groupement.commandes.forms.commandes import RenvoiForm, ValidationForm, ValidationParServiceForm, VersionForm
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.budgets import usage_du_budget
from groupement.commandes.queries.commandes import commande_visible, commandes_de
from groupement.commandes.queries.paniers import motif_de_ne_pas_commander
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.commandes.rules.fenetre import est_en_complement
from groupement.commandes.states import EtatCommande
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("commandes", __name__, url_prefix="/commandes")
LECTEURS = ROLES_COLLECTIVITE | ROLES_CDG
COLONNES = (
    Colonne("campagne", "Campagne", tri=Campagne.du, valeur=lambda c: c.campagne.intitule),
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda c: c.collectivite.nom),
    Colonne("siren", "SIREN", valeur=lambda c: c.collectivite.siren, affichee=False),
    Colonne("etat", "État", tri=Commande.etat, valeur=lambda c: c.etat_lu()),
    Colonne("soumise_le", "Envoyée le", "date", tri=Commande.soumise_le),
    Colonne("validee_le", "Validée le", "date", tri=Commande.validee_le),
    Colonne("engagement", "Engagement"),
    Colonne("total_ht", "Montant HT estimé", "montant", tri=Commande.total_ht),
)

# What the journal's verbs read like to the body.
VERBES = {
    "commencer": "Panier commencé",
    "remplir": "Quantité changée",
    "retirer": "Article retiré",
    "choisir la livraison": "Lieu de livraison choisi",
    "soumettre": "Envoyée au valideur",
    "reprendre": "Reprise pour être modifiée",
    "renvoyer": "Renvoyée à l’agent",
    "valider": "Validée",
    "rouvrir": "Rouverte",
    "annuler": "Annulée",
    "importer": "Complétée par le Centre de gestion",
    "saisir d’après papier": "Saisie d’après un bon papier",
    "saisir après la clôture": "Saisie d’après un bon papier, après la clôture",
    "regrouper": "Commandée au fournisseur",
    "servir": "Livrée",
    "solder": "Facturée",
    "compléter des colis": "Complétée pour remplir des colis",
    "proposer un complément": "Complément proposé au valideur",
}


@bp.get("")
@role_requis(*LECTEURS)
def index() -> Any:
    """The orders of the body over the years; of every body, for the Centre de gestion."""
    colonnes = COLONNES if g.contexte.est_cdg else tuple(c for c in COLONNES if c.cle not in ("collectivite", "siren"))
    recherche = request.args.get("q", "").strip()[:100] if g.contexte.est_cdg else ""
    liste = listes.preparer(commandes_de(g.contexte, recherche), colonnes, nom="commandes", cle=Commande.id)
    if liste.export:
        return liste.export
    return render_template("commandes/commandes.html", liste=liste, de_tous=g.contexte.est_cdg, recherche=recherche)


@bp.get("/<int:commande_id>")
@role_requis(*LECTEURS)
def show(commande_id: int) -> Any:
    """Where an order stands, line by line."""
    return _page(commande_visible(commande_id, g.contexte), "commandes/commande.html")


@bp.get("/<int:commande_id>/validation")
@role_requis(Role.VALIDEUR)
def new_validation(commande_id: int) -> Any:
    """What the valideur reads before committing the money."""
    commande = commande_visible(commande_id, g.contexte)
    if commande.etat is not EtatCommande.SOUMISE:
        return redirect(url_for(".show", commande_id=commande_id))
    renvoi = RenvoiForm(formdata=None, version=commande.version)
    return _page(commande, "commandes/validation.html", form=_validation(commande), renvoi=renvoi)


@bp.post("/<int:commande_id>/validation")
@role_requis(Role.VALIDEUR)
def create_validation(commande_id: int) -> Any:
    """Commit the money."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    form = _validation(commande)
    if not form.validate():
        return _decision_refusee(commande_id, form, None)
    numeros = {"engagement": form.engagement.data or "", "code_service": form.code_service.data or ""}
    try:
        actions.valider(commande, form.version_vue, **numeros, par=g.contexte, le=maintenant())
    except ConflitDeVersion as conflit:
        return _decision_refusee(commande_id, form, conflit)
    return _decision_prise(commande, "Commande validée. Elle partira avec le regroupement, à la fin de la campagne.")


@bp.post("/<int:commande_id>/renvoi")
@role_requis(Role.VALIDEUR)
def create_renvoi(commande_id: int) -> Any:
    """Send the order back to its agent, with the reason."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    form = RenvoiForm()
    if not form.validate():
        return _decision_refusee(commande_id, form, None)
    try:
        actions.renvoyer(commande, form.motif.data.strip(), form.version_vue, par=g.contexte, le=maintenant())
    except ConflitDeVersion as conflit:
        return _decision_refusee(commande_id, form, conflit)
    return _decision_prise(commande, "Commande renvoyée à l’agent, avec votre message.")


@bp.post("/<int:commande_id>/reprise")
@role_requis(*ROLES_COLLECTIVITE)
def create_reprise(commande_id: int) -> Any:
    """Take the order back from the valideur."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    actions.reprendre(commande, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Votre commande est de nouveau un panier. Pensez à la renvoyer au valideur.", "succes")
    return redirect(url_for("paniers.show", campagne=commande.campagne_id), 303)


@bp.post("/<int:commande_id>/reouverture")
@role_requis(Role.VALIDEUR)
def create_reouverture(commande_id: int) -> Any:
    """Take the commitment back while the campagne is open."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    actions.rouvrir(commande, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Commande rouverte\u00a0: elle n’est plus validée. Complétez-la, puis renvoyez-la.", "attention")
    return redirect(url_for("paniers.show", campagne=commande.campagne_id), 303)


@bp.post("/<int:commande_id>/annulation")
@role_requis(*ROLES_COLLECTIVITE)
def create_annulation(commande_id: int) -> Any:
    """Give the order up."""
    commande = commande_visible(commande_id, g.contexte, verrou=True)
    if commande.etat is EtatCommande.VALIDEE and not g.contexte.a_role(Role.VALIDEUR):
        raise RegleRefusee("Cette commande est validée\u00a0: seul un valideur peut l’annuler.")
    actions.annuler(commande, VersionForm().version_vue, par=g.contexte, le=maintenant())
    return _decision_prise(
        commande, "Commande annulée. Vous pouvez en commencer une autre tant que la campagne est ouverte."
    )


def _page(commande: Commande, gabarit: str, statut: int = 200, **valeurs: Any) -> Any:
    """A page of the order, with what may still be done to it; an urgent one has its own."""
    if commande.urgente:
        return redirect(url_for("depannages.show", commande_id=commande.id))
    campagne = commande.campagne
    motif = motif_de_ne_pas_commander(campagne, commande.collectivite_id, aujourdhui())
    vue = vue_commande(commande, aujourdhui())
    valeurs |= {"vue": vue, "commande": commande, "motif_de_fermeture": motif}
    if commande.etat is EtatCommande.SOUMISE and vue.estimation:
        valeurs["budget"] = usage_du_budget(campagne.id, commande.collectivite_id, vue.estimation.total_ttc)
    valeurs["en_complement"] = est_en_complement(campagne.etat, campagne.complement_au, aujourdhui())
    valeurs |= {
        "VERBES": VERBES,
        "est_valideur": g.contexte.a_role(Role.VALIDEUR),
        "est_acheteur": g.contexte.a_role(Role.ACHETEUR),
        "est_membre": g.contexte.a_role(*ROLES_COLLECTIVITE),
    }
    return render_template(gabarit, **valeurs), statut


def _validation(commande: Commande) -> ValidationForm:
    """The form, asking what the body's invoices need."""
    corps = commande.collectivite
    services = [(service.code, service.nom) for service in services_actifs(corps.id)]
    vue = {"version": commande.version} if request.method == "GET" else {}
    form = ValidationParServiceForm(services, **vue) if services else ValidationForm(**vue)
    return form.exiger(engagement=corps.chorus_engagement_requis, code_service=corps.chorus_service_requis)


def _decision_refusee(commande_id: int, form: Any, conflit: ConflitDeVersion | None) -> Any:
    """The page again, as the order stands now; what was typed is kept, the version is the present one."""
    db.session.rollback()
    commande = commande_visible(commande_id, g.contexte)
    if commande.etat is not EtatCommande.SOUMISE:
        raise conflit or RegleRefusee(
            "Cette commande n’attend plus de validation\u00a0: ouvrez-la pour voir où elle en est."
        )
    form.version.data = commande.version
    validation = form if isinstance(form, ValidationForm) else _validation(commande)
    renvoi = form if isinstance(form, RenvoiForm) else RenvoiForm(formdata=None)
    validation.version.data = renvoi.version.data = commande.version
    valeurs = {"form": validation, "renvoi": renvoi, "conflit": str(conflit or "")}
    return _page(commande, "commandes/validation.html", 409 if conflit else 422, **valeurs)


def _decision_prise(commande: Commande, phrase: str) -> Any:
    """Commit, say so, and show the order."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for(".show", commande_id=commande.id), 303)
