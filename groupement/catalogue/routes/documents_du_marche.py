"""The signed papers of a marché: listed, opened by those who may, kept by the buyer."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import contrats
from groupement.catalogue.actions.contrats import Depot
from groupement.catalogue.forms import choix
from groupement.catalogue.forms.contrats import DocumentForm
from groupement.catalogue.models import Lot, Marche
from groupement.catalogue.queries import actes
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules.recherche import normaliser
from groupement.catalogue.states import NatureDocument, VisibiliteDocument
from groupement.documents.pieces import MIME_PDF, PieceRefusee, lire_piece
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("documents_du_marche", __name__, url_prefix="/marches")
LECTEURS = (*ROLES_CDG, Role.AGENT, Role.VALIDEUR, Role.FOURNISSEUR)
SAISIE = "catalogue/marches/document_new.html"


@bp.get("/<int:marche_id>/documents")
@role_requis(*LECTEURS)
def index(marche_id: int) -> str:
    """The papers this person may open."""
    marche = actes.marche_lisible(marche_id, g.contexte)
    liste = actes.documents(marche.id, g.contexte)
    return render_template("catalogue/marches/documents.html", marche=marche, documents=liste)


@bp.route("/<int:marche_id>/documents/nouveau", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new(marche_id: int) -> Reponse | str | tuple[str, int]:
    """One more paper."""
    marche = queries.marche_visible(marche_id, g.contexte)
    lots, form = queries.lots_du_marche(marche.id), DocumentForm()
    form.lot.choices = choix([("", "Tout le marché"), *((str(lot.id), f"Lot {lot.numero}") for lot in lots)])
    if not form.is_submitted():
        return render_template(SAISIE, marche=marche, form=form)
    return _deposer(marche, {str(lot.id): lot for lot in lots}, form)


@bp.get("/documents/<int:document_id>")
@role_requis(*LECTEURS)
def show(document_id: int) -> Response:
    """The file itself; a PDF opens in the browser, a workbook is saved."""
    document = actes.document_visible(document_id, g.contexte)
    est_pdf = document.fichier.type_mime == MIME_PDF
    extension, disposition = ("pdf", "inline") if est_pdf else ("xlsx", "attachment")
    nom = f"{normaliser(document.intitule).replace(' ', '-') or 'document'}.{extension}"
    entetes = {"Content-Disposition": f'{disposition}; filename="{nom}"'}
    return Response(document.fichier.octets, content_type=document.fichier.type_mime, headers=entetes)


@bp.post("/documents/<int:document_id>/retrait")
@role_requis(Role.ACHETEUR)
def create_retrait(document_id: int) -> Reponse:
    """Off the list; the archives keep it."""
    document = actes.document_visible(document_id, g.contexte, verrou=True)
    contrats.retirer_document(document, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"«\u00a0{document.intitule}\u00a0» n’est plus dans la liste.", "succes")
    return redirect(url_for(".index", marche_id=document.marche_id), 303)


def _deposer(marche: Marche, lots: dict[str, Lot], form: Any) -> Reponse | tuple[str, int]:
    """Keep the file when it is what it should be; else the page again, with the reason by the field."""
    try:
        if form.validate():
            piece = lire_piece(form.fichier.data.read())
            depot = Depot(
                NatureDocument(form.nature.data), form.intitule.data, lots.get(form.lot.data), form.signe_le.data,
                VisibiliteDocument(form.visibilite.data),
            )  # fmt: skip
            nom = form.fichier.data.filename or "document"
            contrats.deposer_document(marche, depot, nom, piece, par=g.contexte, le=maintenant())
            db.session.commit()
            flash(f"«\u00a0{depot.intitule}\u00a0» est enregistré.", "succes")
            return redirect(url_for(".index", marche_id=marche.id), 303)
    except RegleRefusee as refus:
        poser_les_fautes(form, {"fichier" if isinstance(refus, PieceRefusee) else "signe_le": str(refus)})
    return render_template(SAISIE, marche=marche, form=form), 422
