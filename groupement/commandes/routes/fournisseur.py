"""The supplier's space: its own bons, to read, to take away, to confirm."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import bons as actions
from groupement.commandes.queries import bons as queries
from groupement.commandes.routes.bons import COLONNES, en_pdf, en_tableau, filtres, vue_du_bon
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("bons_recus", __name__, url_prefix="/fournisseur/bons")


@bp.get("")
@role_requis(Role.FOURNISSEUR)
def index() -> Any:
    """The bons received, the latest first."""
    colonnes = tuple(colonne for colonne in COLONNES if colonne.cle not in ("fournisseur", "etat"))
    liste = listes.preparer(queries.bons(g.contexte, **filtres()), colonnes, nom="bons-de-commande")
    return liste.export or render_template("commandes/fournisseur_bons.html", liste=liste, le=aujourdhui())


@bp.get("/<int:bon_id>")
@role_requis(Role.FOURNISSEUR)
def show(bon_id: int) -> str:
    """A bon received: what to deliver, for when, where."""
    return render_template("commandes/fournisseur_bon.html", **vue_du_bon(queries.bon_visible(bon_id, g.contexte)))


@bp.get("/<int:bon_id>.pdf")
@role_requis(Role.FOURNISSEUR)
def show_pdf(bon_id: int) -> Response:
    """The paper."""
    return en_pdf(queries.bon_visible(bon_id, g.contexte))


@bp.get("/<int:bon_id>/revisions/<int:revision>.pdf")
@role_requis(Role.FOURNISSEUR)
def show_version(bon_id: int, revision: int) -> Response:
    """The paper as it was before a revision or the cancellation."""
    return en_pdf(queries.bon_visible(bon_id, g.contexte), revision)


@bp.get("/<int:bon_id>/lieux.<any(csv, xlsx):format_>")
@role_requis(Role.FOURNISSEUR)
def show_lieux(bon_id: int, format_: str) -> Response:
    """The list of deliveries, for the supplier's own software."""
    return en_tableau(queries.bon_visible(bon_id, g.contexte), format_)


@bp.post("/<int:bon_id>/accuse")
@role_requis(Role.FOURNISSEUR)
def create_accuse(bon_id: int) -> Any:
    """Confirm that the bon was received."""
    bon = queries.bon_visible(bon_id, g.contexte, verrou=True)
    actions.accuser(bon, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Merci. Le Centre de gestion sait que vous avez le bon {bon.numero}.", "succes")
    return redirect(url_for(".show", bon_id=bon.id), 303)
