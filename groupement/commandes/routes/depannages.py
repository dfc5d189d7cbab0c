"""An urgent order seen by its body: ask the depot, follow, change, have it committed."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.queries import point_visible, points_actifs
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.commandes.actions import commandes_urgentes as actions
from groupement.commandes.actions.commandes_urgentes import DemandeDeDepannage, QuantitesRefusees
from groupement.commandes.forms.commandes import DEPOT, VersionForm
from groupement.commandes.forms.depannages import AbandonForm, DepannageForm, RemiseForm
from groupement.commandes.models import Commande
from groupement.commandes.queries import depannages as queries
from groupement.commandes.queries.depannages import Guichet
from groupement.commandes.queries.vue_depannage import vue_depannage
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion, numero_demande

bp = Blueprint("depannages", __name__, url_prefix="/depannage")
LECTEURS = ROLES_COLLECTIVITE | ROLES_CDG
# What the journal's verbs read like here.
VERBES = {
    "commencer": "Demande commencée",
    "soumettre": "Envoyée au valideur",
    "reprendre": "Reprise pour être modifiée",
    "renvoyer": "Renvoyée à l’agent",
    "valider": "Validée",
    "sortir_du_stock": "Sortie du stock, mise de côté",
    "servir": "Remise",
    "servir_en_partie": "Remise en partie",
    "solder": "Facturée",
    "annuler": "Annulée",
    "remettre_en_stock": "Annulée, articles remis en stock",
}


@bp.get("")
@role_requis(*ROLES_COLLECTIVITE)
def new() -> Any:
    """What the depot holds today of what the body may order."""
    guichets = queries.guichets(g.contexte.collectivite_id, aujourdhui())
    guichet = _choisi(guichets, numero_demande("campagne"))
    if guichet is None or guichet.motif:
        return render_template("commandes/depannage_ferme.html", guichets=guichets, guichet=guichet)
    return _feuille(guichet, guichets, None, None)


@bp.post("/<int:campagne_id>/demandes")
@role_requis(*ROLES_COLLECTIVITE)
def create(campagne_id: int) -> Any:
    """Ask the depot, and take it to the valideur."""
    guichets = queries.guichets(g.contexte.collectivite_id, aujourdhui())
    guichet = _choisi(guichets, campagne_id)
    if guichet is None:
        abort(404)

    def demander(demande: DemandeDeDepannage, _: DepannageForm) -> tuple[Commande, Sequence[Any]]:
        return actions.demander(guichet, g.contexte.collectivite_id, demande, par=g.contexte, le=maintenant())

    return _envoyer(guichet, guichets, None, demander)


@bp.get("/<int:commande_id>")
@role_requis(*LECTEURS)
def show(commande_id: int) -> Any:
    """Where the order stands, line by line; the buyer hands it over from here."""
    return page(commande_id)


@bp.get("/<int:commande_id>/fiche")
@role_requis(*LECTEURS)
def show_fiche(commande_id: int) -> Any:
    """The slip to sign when the articles are handed over."""
    return page(commande_id, gabarit="commandes/depannage_fiche.html")


@bp.route("/<int:commande_id>/modification", methods=["GET", "POST"])
@role_requis(*ROLES_COLLECTIVITE)
def edit(commande_id: int) -> Any:
    """Change an order taken back, or sent back by the valideur, then send it again."""
    commande, depannage = queries.depannage_visible(commande_id, g.contexte, verrou=request.method == "POST")
    if commande.etat is not EtatCommande.BROUILLON:
        return redirect(url_for(".show", commande_id=commande_id), 303)
    guichet = actions.exiger_guichet(commande.campagne, commande.collectivite_id, maintenant())
    if request.method == "GET":
        return _feuille(guichet, [], commande, depannage.motif)

    def demander(demande: DemandeDeDepannage, form: DepannageForm) -> tuple[Commande, Sequence[Any]]:
        quand = {"par": g.contexte, "le": maintenant()}
        return commande, actions.demander_de_nouveau(commande, depannage, demande, form.version_vue, **quand)

    return _envoyer(guichet, [], commande, demander)


@bp.post("/<int:commande_id>/reprise")
@role_requis(*ROLES_COLLECTIVITE)
def create_reprise(commande_id: int) -> Any:
    """Take the order back from the valideur."""
    commande, _ = queries.depannage_visible(commande_id, g.contexte, verrou=True)
    actions.reprendre(commande, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Vous pouvez la modifier. Pensez à la renvoyer au valideur.", "succes")
    return redirect(url_for(".edit", commande_id=commande_id), 303)


@bp.post("/<int:commande_id>/annulation")
@role_requis(*ROLES_COLLECTIVITE)
def create_annulation(commande_id: int) -> Any:
    """Give the order up before it is committed."""
    commande, _ = queries.depannage_visible(commande_id, g.contexte, verrou=True)
    actions.annuler(commande, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Demande annulée.", "succes")
    return redirect(url_for(".show", commande_id=commande_id), 303)


def page(commande_id: int, statut: int = 200, *, gabarit: str = "commandes/depannage.html", **formulaires: Any) -> Any:
    """A page of the order, with what may still be done to it."""
    commande, depannage = queries.depannage_visible(commande_id, g.contexte)
    roles = {role.value: g.contexte.a_role(role) for role in (Role.VALIDEUR, Role.ACHETEUR)}
    formulaires.setdefault("remise", RemiseForm(formdata=None, version=commande.version))
    formulaires.setdefault("abandon", AbandonForm(formdata=None, version=commande.version))
    vue = vue_depannage(commande, depannage, aujourdhui())
    formulaires["remise"].completer(vue.a_remettre)
    est_membre = g.contexte.a_role(*ROLES_COLLECTIVITE)
    valeurs = {"vue": vue, "commande": commande, "est_membre": est_membre, "VERBES": VERBES}
    return render_template(gabarit, **valeurs, **roles, **formulaires), statut


def _choisi(guichets: Sequence[Guichet], campagne_id: int | None) -> Guichet | None:
    """The one asked for, else the first, which serves the body if any does."""
    return next((guichet for guichet in guichets if campagne_id in (None, guichet.campagne.id)), None)


def _choix_du_lieu(guichet: Guichet) -> list[tuple[str, str]]:
    """Come and fetch, or one of the body's places when the depot delivers."""
    depot = guichet.campagne.depot
    points = points_actifs(g.contexte.collectivite_id) if depot.livre else ()
    livres = [(str(p.id), f"Livraison à {p.libelle}\u00a0: {p.adresse}, {p.code_postal} {p.ville}") for p in points]
    return [(DEPOT, f"Je viens chercher au dépôt\u00a0: {depot.nom}, {depot.adresse}, {depot.ville}"), *livres]


def _feuille(
    guichet: Guichet,
    guichets: Sequence[Guichet],
    commande: Commande | None,
    motif: str | None,
    form: DepannageForm | None = None,
    refus: str = "",
    statut: int = 200,
) -> Any:
    """The list of articles to fill; `form`: as it was sent, with what is wrong."""
    offerts = queries.articles_offerts(guichet.fenetre)
    if form is None:
        deja = {ligne.article_id: ligne.unites for ligne in commande.lignes} if commande else {}
        lignes = [{"article_id": o.article.id, "unites": deja.get(o.article.id)} for o in offerts]
        lieu = str(commande.point_de_livraison_id or DEPOT) if commande else DEPOT
        valeurs = {"lignes": lignes, "motif": motif, "lieu": lieu, "version": commande.version if commande else 0}
        form = DepannageForm(_choix_du_lieu(guichet), formdata=None, **valeurs)
    form.nommer({offert.article.id: offert.article.designation for offert in offerts})
    vue = {"guichet": guichet, "guichets": guichets, "commande": commande, "form": form, "refus": refus}
    return render_template(
        "commandes/depannage_new.html", offerts={str(o.article.id): o for o in offerts}, **vue
    ), statut


def _envoyer(
    guichet: Guichet,
    guichets: Sequence[Guichet],
    commande: Commande | None,
    demander: Callable[[DemandeDeDepannage, DepannageForm], tuple[Commande, Sequence[Any]]],
) -> Any:
    """Send what was typed; else the list again, with what is wrong beside each article."""
    form = DepannageForm(_choix_du_lieu(guichet))
    if not form.validate():
        return _feuille(guichet, guichets, commande, None, form, statut=422)
    try:
        envoyee, valideurs = demander(_demande(form), form)
        db.session.commit()
    except ConflitDeVersion:
        raise
    except QuantitesRefusees as refus:
        db.session.rollback()
        form.refuser(refus.articles)
        return _feuille(guichet, guichets, commande, None, form, statut=422)
    except RegleRefusee as refus:
        db.session.rollback()
        return _feuille(guichet, guichets, commande, None, form, str(refus), 422)
    return _apres_l_envoi(envoyee, valideurs)


def _demande(form: DepannageForm) -> DemandeDeDepannage:
    """What the form asks for. A place of somebody else is a 404."""
    point = point_visible(form.point_id, g.contexte) if form.point_id else None
    mode = ModeDeRemise.LIVRAISON if point else ModeDeRemise.DEPOT
    return DemandeDeDepannage(form.unites, form.motif.data.strip(), mode, point)


def _apres_l_envoi(commande: Commande, valideurs: Sequence[Any]) -> Any:
    """Who has to commit it; somebody who may is taken straight there."""
    if g.contexte.a_role(Role.VALIDEUR):
        flash("Demande envoyée. Vous êtes valideur\u00a0: relisez-la et validez-la.", "succes")
        return redirect(url_for("engagements.new", commande_id=commande.id), 303)
    noms = " et ".join(personne.nom for personne in valideurs)
    if noms:
        flash(f"Demande envoyée à {noms}, qui doit la valider. Rien n’est mis de côté d’ici là.", "succes")
    else:
        flash(
            "Demande envoyée, mais votre collectivité n’a pas de valideur\u00a0: appelez le Centre de gestion.",
            "attention",
        )
    return redirect(url_for(".show", commande_id=commande.id), 303)
