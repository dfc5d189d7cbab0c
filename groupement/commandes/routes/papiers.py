"""The order as a file: PDF to keep or sign, XLSX for people, CSV for programs."""

import io
from typing import Any

from flask import Blueprint, g, redirect, send_file, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE
from groupement.commandes.documents import nom_de_commande, pdf_de_commande, tableau_de_commande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.documents.tableur import MIME_CSV, MIME_XLSX
from groupement.socle.calendrier import aujourdhui

bp = Blueprint("papiers_de_commande", __name__, url_prefix="/commandes")
LECTEURS = ROLES_COLLECTIVITE | ROLES_CDG
MIMES = {"csv": MIME_CSV, "xlsx": MIME_XLSX}


@bp.get("/<int:commande_id>/pdf")
@role_requis(*LECTEURS)
def show_pdf(commande_id: int) -> Any:
    """The order on paper; a draft says so."""
    commande = commande_visible(commande_id, g.contexte)
    if commande.urgente:  # served at the cost of the stock, with a slip of its own
        return redirect(url_for("depannages.show_fiche", commande_id=commande_id))
    octets = pdf_de_commande(vue_commande(commande, aujourdhui()), aujourdhui())
    return send_file(io.BytesIO(octets), "application/pdf", download_name=nom_de_commande(commande, "pdf"))


@bp.get("/<int:commande_id>/lignes.<any(csv, xlsx):format_>")
@role_requis(*LECTEURS)
def show_tableau(commande_id: int, format_: str) -> Any:
    """The order as a table."""
    commande = commande_visible(commande_id, g.contexte)
    if commande.urgente:
        return redirect(url_for("depannages.show_fiche", commande_id=commande_id))
    octets = tableau_de_commande(vue_commande(commande, aujourdhui()), aujourdhui(), format_)
    nom = nom_de_commande(commande, format_)
    return send_file(io.BytesIO(octets), MIMES[format_], as_attachment=True, download_name=nom)
