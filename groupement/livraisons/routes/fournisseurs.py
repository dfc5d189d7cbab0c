"""The supplier's side, with an account: where its bons go, and the shipments it announces."""

from typing import Any

from flask import Blueprint

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.routes.portes import par_compte
from groupement.livraisons.routes import cote_fournisseur as pages

bp = Blueprint("livraisons_du_fournisseur", __name__, url_prefix="/fournisseur/bons/<int:bon_id>/livraisons")


@bp.get("")
@role_requis(Role.FOURNISSEUR)
def index(bon_id: int) -> Any:
    """The places of a bon, to tick and announce."""
    return pages.page_des_lieux(par_compte(bon_id))


@bp.post("")
@role_requis(Role.FOURNISSEUR)
def create_annonce(bon_id: int) -> Any:
    """Announce a shipment to the deliveries ticked."""
    return pages.annoncer(par_compte(bon_id, verrou=True))


@bp.get("/<int:livraison_id>")
@role_requis(Role.FOURNISSEUR)
def new_partie(bon_id: int, livraison_id: int) -> Any:
    """One place, to announce a part of it."""
    return pages.page_d_un_lieu(par_compte(bon_id), livraison_id)


@bp.post("/<int:livraison_id>")
@role_requis(Role.FOURNISSEUR)
def create_partie(bon_id: int, livraison_id: int) -> Any:
    """Announce it."""
    return pages.annoncer_une_partie(par_compte(bon_id, verrou=True), livraison_id)
