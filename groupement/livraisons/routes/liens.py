"""The same behind the signed link of the bon: no account. `commandes` says which bon the link opens."""

from typing import Any

from flask import Blueprint, Response, current_app

from groupement.adherents.acces import publique
from groupement.adherents.securite.liens import proteger
from groupement.commandes.queries.liens import LienRefuse
from groupement.commandes.routes.portes import page_du_lien_refuse, par_lien
from groupement.livraisons.documents import bon_de_livraison
from groupement.livraisons.queries.envois import annonces_de
from groupement.livraisons.queries.fournisseurs import livraison_du_bon
from groupement.livraisons.queries.livraisons import articles_de
from groupement.livraisons.routes import cote_fournisseur as pages
from groupement.livraisons.routes.livraisons import fichier

bp = Blueprint("livraisons_par_lien", __name__, url_prefix="/bon-recu/<jeton>/livraisons")
bp.register_error_handler(LienRefuse, page_du_lien_refuse)


@bp.get("")
@publique
def index(jeton: str) -> Any:
    """The places of the bon, to tick and announce."""
    return pages.page_des_lieux(par_lien(jeton))


@bp.post("")
@publique
def create_annonce(jeton: str) -> Any:
    """Announce a shipment to the deliveries ticked."""
    return pages.annoncer(par_lien(jeton, verrou=True))


@bp.get("/<int:livraison_id>")
@publique
def new_partie(jeton: str, livraison_id: int) -> Any:
    """One place, to announce a part of it."""
    return pages.page_d_un_lieu(par_lien(jeton), livraison_id)


@bp.post("/<int:livraison_id>")
@publique
def create_partie(jeton: str, livraison_id: int) -> Any:
    """Announce it."""
    return pages.annoncer_une_partie(par_lien(jeton, verrou=True), livraison_id)


@bp.get("/<int:livraison_id>.pdf")
@publique
def show_pdf(jeton: str, livraison_id: int) -> Response:
    """The slip of one place, to tick and sign."""
    livraison = livraison_du_bon(par_lien(jeton).bon.id, livraison_id)
    octets = bon_de_livraison(livraison, articles_de(livraison.id), annonces_de(livraison.id), current_app.config)
    return fichier(octets, "application/pdf", f"bon-de-livraison-{livraison.bon.numero}-{livraison.id}.pdf")


proteger(bp)
