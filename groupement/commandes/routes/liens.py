"""The bon behind the signed link of its mail: no account, no sign-in; whoever holds the link acts for the supplier."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from groupement.adherents.acces import publique
from groupement.adherents.securite.liens import proteger
from groupement.commandes.forms.echanges import ObservationForm, PropositionForm
from groupement.commandes.queries.liens import LienRefuse
from groupement.commandes.routes import cote_fournisseur as pages
from groupement.commandes.routes.portes import page_du_lien_refuse, par_lien

bp = Blueprint("bon_par_lien", __name__, url_prefix="/bon-recu/<jeton>")
bp.register_error_handler(LienRefuse, page_du_lien_refuse)


@bp.get("")
@publique
def show(jeton: str) -> str:
    """The bon, its clocks, what was said."""
    return pages.page_du_bon(par_lien(jeton))


@bp.post("/ouverture")
@publique
def create_ouverture(jeton: str) -> Any:
    """Open it: noted as received."""
    return pages.ouvrir(par_lien(jeton, verrou=True))


@bp.get("/bon.pdf")
@publique
def show_pdf(jeton: str) -> Response:
    """The paper."""
    return pages.papier(par_lien(jeton))


@bp.get("/revisions/<int:revision>.pdf")
@publique
def show_version(jeton: str, revision: int) -> Response:
    """The paper as it was before a revision or the cancellation."""
    return pages.papier(par_lien(jeton), revision)


@bp.get("/lieux.<any(csv, xlsx):format_>")
@publique
def show_lieux(jeton: str, format_: str) -> Response:
    """The list of deliveries, for the supplier's own software."""
    return pages.lieux(par_lien(jeton), format_)


@bp.post("/accuse")
@publique
def create_accuse(jeton: str) -> Any:
    """Confirm that the bon was received."""
    return pages.confirmer(par_lien(jeton, verrou=True))


@bp.get("/proposition")
@publique
def new_proposition(jeton: str) -> Any:
    """Ask for another date."""
    porte = par_lien(jeton)
    return pages.page_pour_ecrire(porte, "proposition", pages.vierge(PropositionForm, porte))


@bp.post("/proposition")
@publique
def create_proposition(jeton: str) -> Any:
    """Send it."""
    return pages.proposer(par_lien(jeton, verrou=True))


@bp.get("/observation")
@publique
def new_observation(jeton: str) -> Any:
    """Make an observation."""
    porte = par_lien(jeton)
    return pages.page_pour_ecrire(porte, "observation", pages.vierge(ObservationForm, porte))


@bp.post("/observation")
@publique
def create_observation(jeton: str) -> Any:
    """Send it."""
    return pages.observer(par_lien(jeton, verrou=True))


proteger(bp)
