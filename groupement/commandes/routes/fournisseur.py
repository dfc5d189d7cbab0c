"""The supplier's space: its own bons, to read, to take away, to confirm, to answer."""

from typing import Any

from flask import Blueprint, g, render_template
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.forms.echanges import ObservationForm, PropositionForm
from groupement.commandes.queries import bons as queries
from groupement.commandes.routes import cote_fournisseur as pages
from groupement.commandes.routes.bons import COLONNES, filtres
from groupement.commandes.routes.portes import par_compte
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui

bp = Blueprint("bons_recus", __name__, url_prefix="/fournisseur/bons")
INTERNES = ("fournisseur", "etat", "a_repondre")  # columns that mean nothing to a supplier


@bp.get("")
@role_requis(Role.FOURNISSEUR)
def index() -> Any:
    """The bons received, the latest first."""
    colonnes = tuple(colonne for colonne in COLONNES if colonne.cle not in INTERNES)
    liste = listes.preparer(queries.bons(g.contexte, **filtres()), colonnes, nom="bons-de-commande")
    return liste.export or render_template("commandes/fournisseur_bons.html", liste=liste, le=aujourdhui())


@bp.get("/<int:bon_id>")
@role_requis(Role.FOURNISSEUR)
def show(bon_id: int) -> str:
    """A bon received: what to deliver, for when, where."""
    return pages.page_du_bon(par_compte(bon_id))


@bp.post("/<int:bon_id>/ouverture")
@role_requis(Role.FOURNISSEUR)
def create_ouverture(bon_id: int) -> Any:
    """Open it: noted as received."""
    return pages.ouvrir(par_compte(bon_id, verrou=True))


@bp.get("/<int:bon_id>.pdf")
@role_requis(Role.FOURNISSEUR)
def show_pdf(bon_id: int) -> Response:
    """The paper."""
    return pages.papier(par_compte(bon_id))


@bp.get("/<int:bon_id>/revisions/<int:revision>.pdf")
@role_requis(Role.FOURNISSEUR)
def show_version(bon_id: int, revision: int) -> Response:
    """The paper as it was before a revision or the cancellation."""
    return pages.papier(par_compte(bon_id), revision)


@bp.get("/<int:bon_id>/lieux.<any(csv, xlsx):format_>")
@role_requis(Role.FOURNISSEUR)
def show_lieux(bon_id: int, format_: str) -> Response:
    """The list of deliveries, for the supplier's own software."""
    return pages.lieux(par_compte(bon_id), format_)


@bp.post("/<int:bon_id>/accuse")
@role_requis(Role.FOURNISSEUR)
def create_accuse(bon_id: int) -> Any:
    """Confirm that the bon was received."""
    return pages.confirmer(par_compte(bon_id, verrou=True))


@bp.get("/<int:bon_id>/proposition")
@role_requis(Role.FOURNISSEUR)
def new_proposition(bon_id: int) -> Any:
    """Ask for another date."""
    porte = par_compte(bon_id)
    return pages.page_pour_ecrire(porte, "proposition", pages.vierge(PropositionForm, porte))


@bp.post("/<int:bon_id>/proposition")
@role_requis(Role.FOURNISSEUR)
def create_proposition(bon_id: int) -> Any:
    """Send it."""
    return pages.proposer(par_compte(bon_id, verrou=True))


@bp.get("/<int:bon_id>/observation")
@role_requis(Role.FOURNISSEUR)
def new_observation(bon_id: int) -> Any:
    """Make an observation."""
    porte = par_compte(bon_id)
    return pages.page_pour_ecrire(porte, "observation", pages.vierge(ObservationForm, porte))


@bp.post("/<int:bon_id>/observation")
@role_requis(Role.FOURNISSEUR)
def create_observation(bon_id: int) -> Any:
    """Send it."""
    return pages.observer(par_compte(bon_id, verrou=True))
