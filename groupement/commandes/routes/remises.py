"""Urgent orders seen by the buyer: the years open, what is to be prepared, the hand-over."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue.queries import marche_visible
from groupement.commandes.actions import depannages as actions
from groupement.commandes.actions.remises import RemiseRefusee, remettre, remettre_en_stock
from groupement.commandes.forms.commandes import identifiant_lu
from groupement.commandes.forms.depannages import AbandonForm, RemiseForm
from groupement.commandes.models import Commande, Depannage
from groupement.commandes.queries import depannages as queries
from groupement.commandes.routes.depannages import page
from groupement.commandes.rules.remises import LigneRemise
from groupement.commandes.states import EtatCommande
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.nombres import accorde
from groupement.stock.queries import depot_visible, depots

bp = Blueprint("remises", __name__, url_prefix="/depannages")
COLONNES = (
    Colonne(
        "collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda r: r.Commande.collectivite.nom
    ),
    Colonne("siren", "SIREN", valeur=lambda r: r.Commande.collectivite.siren, affichee=False),
    Colonne("annee", "Dépannages", valeur=lambda r: r.Commande.campagne.intitule, affichee=False),
    Colonne("motif", "Urgence", valeur=lambda r: r.Depannage.motif),
    Colonne("mode", "Remise", valeur=lambda r: r.Commande.mode.libelle(), affichee=False),
    Colonne("etat", "État", tri=Commande.etat, valeur=lambda r: r.Commande.etat_lu(coordonnateur=True)),
    Colonne("validee_le", "Validée le", "date", tri=Commande.validee_le, valeur=lambda r: r.Commande.validee_le),
    Colonne("remis_le", "Remise le", "date", tri=Depannage.remis_le, valeur=lambda r: r.Depannage.remis_le),
    Colonne("remis_a", "Remise à", valeur=lambda r: r.Depannage.remis_a or "", affichee=False),
    Colonne("unites", "Unités", "entier"),
    Colonne("non_remises", "Non remises", "entier", affichee=False),
    Colonne(
        *("total_ht", "Montant HT", "montant"),
        tri=Commande.total_ht,
        valeur=lambda r: r.Commande.total_ht - r.rendu_ht,
    ),
)
FILTRES = {
    "a_remettre": ("À remettre", queries.A_REMETTRE),
    "soumises": ("Attendent leur valideur", (EtatCommande.SOUMISE,)),
    "remises": ("Remises", (EtatCommande.SERVIE, EtatCommande.SOLDEE)),
    "annulees": ("Annulées", (EtatCommande.ANNULEE,)),
    "toutes": ("Toutes", ()),
}


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Any:
    """The urgent orders, those to hand over first; the marchés the depot serves this year."""
    etat = request.args.get("etat", "a_remettre")
    etat = etat if etat in FILTRES else "toutes"
    recherche = request.args.get("q", "").strip()[:100]
    requete = queries.depannages(g.contexte, etats=FILTRES[etat][1], recherche=recherche)
    liste = listes.preparer(requete, COLONNES, nom="depannages", cle=Commande.id)
    if liste.export:
        return liste.export
    choix = [(cle, libelle) for cle, (libelle, _) in FILTRES.items()]
    ouverts = {"annees": queries.annees(aujourdhui()), "depots": depots(), "acheteur": g.contexte.a_role(Role.ACHETEUR)}
    filtres = {"choix": choix, "lesquels": etat, "recherche": recherche}
    return render_template("commandes/depannages.html", liste=liste, annee=aujourdhui().year, **ouverts, **filtres)


@bp.post("/ouvertures")
@role_requis(Role.ACHETEUR)
def create_ouverture() -> Any:
    """Let the members of a marché be served by a depot this year."""
    marche = marche_visible(identifiant_lu(request.form.get("marche")), g.contexte)
    depot = depot_visible(identifiant_lu(request.form.get("depot")), g.contexte)
    campagne = actions.ouvrir(marche, depot, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(
        f"{campagne.intitule}\u00a0: ouvert. Entre deux campagnes, les membres peuvent demander ce qui est au dépôt.",
        "succes",
    )
    return redirect(url_for(".index"), 303)


@bp.post("/<int:campagne_id>/cloture")
@role_requis(Role.ACHETEUR)
def create_cloture(campagne_id: int) -> Any:
    """The depot serves nobody any more."""
    campagne = queries.campagne_de_depannage(campagne_id, g.contexte)
    actions.clore(campagne.id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"{campagne.intitule}\u00a0: clos. Ce qui est déjà validé reste à remettre.", "succes")
    return redirect(url_for(".index"), 303)


@bp.post("/<int:commande_id>/remise")
@role_requis(Role.ACHETEUR)
def create(commande_id: int) -> Any:
    """The body has its articles, or some of them."""
    commande, depannage = queries.depannage_visible(commande_id, g.contexte, verrou=True)
    form = RemiseForm()
    if not form.validate():
        db.session.rollback()
        return page(commande_id, 422, remise=form)
    try:
        lignes = remettre(commande, depannage, form.remis_a.data.strip(), form.remis, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _refuser(commande_id, form, refus)
    db.session.commit()
    flash(_phrase(lignes), "succes")
    return redirect(url_for(".index"), 303)


def _refuser(commande_id: int, form: RemiseForm, refus: RegleRefusee) -> Any:
    """The page again, with what is wrong beside each line and nothing written; raised when it is done already."""
    if isinstance(refus, TransitionInterdite):
        raise refus
    db.session.rollback()
    if isinstance(refus, RemiseRefusee):
        form.refuser(refus.lignes)
        return page(commande_id, 422, remise=form)
    return page(commande_id, 422, remise=form, refus_de_remise=str(refus))


def _phrase(lignes: Sequence[LigneRemise]) -> str:
    """What was recorded."""
    manquantes = sum(ligne.manquantes for ligne in lignes)
    if not manquantes:
        return "Remise enregistrée\u00a0: ces articles peuvent être facturés."
    return (
        f"Remise en partie enregistrée\u00a0: {accorde(sum(ligne.remises for ligne in lignes), 'unité')} à facturer, "
        f"{accorde(manquantes, 'non remise')}. La collectivité est prévenue\u00a0; le stock est à jour."
    )


@bp.post("/<int:commande_id>/annulation")
@role_requis(Role.ACHETEUR)
def create_annulation(commande_id: int) -> Any:
    """Give the order up: its articles go back to the depot."""
    commande, _ = queries.depannage_visible(commande_id, g.contexte, verrou=True)
    form = AbandonForm()
    if not form.validate():
        db.session.rollback()
        return page(commande_id, 422, abandon=form)
    remettre_en_stock(commande, form.motif_abandon.data.strip(), par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Dépannage annulé\u00a0: les articles sont de nouveau au dépôt, la collectivité est prévenue.", "succes")
    return redirect(url_for("depannages.show", commande_id=commande_id), 303)
