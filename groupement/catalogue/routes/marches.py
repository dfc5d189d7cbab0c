"""The marchés, for the Centre de gestion."""

from typing import Literal

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import actions, documents, queries
from groupement.catalogue.forms import MarcheForm
from groupement.catalogue.models import Marche
from groupement.catalogue.routes.saisies import lots_saisis, marche_saisi, poser_les_fautes
from groupement.catalogue.rules.recherche import normaliser
from groupement.catalogue.rules.termes import fautes_du_marche
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("marches", __name__, url_prefix="/marches")
COLONNES = (
    Colonne("numero", "Marché", tri=Marche.numero),
    Colonne("objet", "Objet"),
    Colonne("du", "Du", "date", tri=Marche.du),
    Colonne("au", "Au", "date", tri=Marche.au),
    Colonne("lots", "Lots", "entier", valeur=lambda marche: len(marche.lots)),
)


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Response | str:
    """Every marché, the latest first."""
    liste = listes.preparer(queries.marches(), COLONNES, nom="marches")
    return liste.export or render_template("catalogue/marches/index.html", liste=liste, le=aujourdhui())


@bp.get("/<int:marche_id>")
@role_requis(*ROLES_CDG)
def show(marche_id: int) -> str:
    """A marché: its lots, their titulaires and their terms, each explained."""
    marche = queries.marche_visible(marche_id, g.contexte)
    return render_template(
        "catalogue/marches/show.html",
        marche=marche,
        lots=queries.lots_du_marche(marche.id),
        articles=queries.articles_par_lot(marche.id),
        le=aujourdhui(),
    )


@bp.get("/<int:marche_id>/bordereau")
@role_requis(*ROLES_CDG)
def bordereau(marche_id: int) -> Response:
    """The BPU as it stands today, in the columns it is loaded with: ?format=csv or xlsx."""
    marche = queries.marche_visible(marche_id, g.contexte)
    extension: Literal["csv", "xlsx"] = "xlsx" if request.args.get("format") == "xlsx" else "csv"
    octets, genre = documents.exporter_bordereau(marche, extension, aujourdhui())
    nom = f"bordereau-{normaliser(marche.numero).replace(' ', '-')}.{extension}"
    return Response(octets, content_type=genre, headers={"Content-Disposition": f'attachment; filename="{nom}"'})


@bp.route("/nouveau", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new() -> Reponse | str | tuple[str, int]:
    """A new marché and its lots; « Ajouter un lot » shows the same page with one more."""
    form = MarcheForm()
    if "ajouter_un_lot" in request.form and len(form.lots) < form.lots.max_entries:
        form.lots.append_entry()
    form.proposer(_conventions(), _fournisseurs())
    if "ajouter_un_lot" in request.form or not form.is_submitted():
        return render_template("catalogue/marches/new.html", form=form)
    return _creer(form) if form.validate() else (render_template("catalogue/marches/new.html", form=form), 422)


def _creer(form: MarcheForm) -> Reponse | tuple[str, int]:
    """Create what was typed, or say by the field what cannot be."""
    termes = marche_saisi(form)
    try:
        if not poser_les_fautes(form, fautes_du_marche(termes)):
            marche = actions.creer_marche(termes, lots_saisis(form), par=g.contexte, le=maintenant())
            db.session.commit()
            flash(f"Le marché {marche.numero} est créé. Chargez maintenant son bordereau des prix.", "succes")
            return redirect(url_for(".show", marche_id=marche.id), 303)
    except RegleRefusee as refus:
        poser_les_fautes(form, {"numero": str(refus)})
    return render_template("catalogue/marches/new.html", form=form), 422


def _conventions() -> list[tuple[str, str]]:
    """The conventions to choose in."""
    return [
        (str(convention.id), f"{convention.intitule} ({convention.version})") for convention in queries.conventions()
    ]


def _fournisseurs() -> list[tuple[str, str]]:
    """The suppliers to choose in."""
    return [(str(fournisseur.id), fournisseur.nom) for fournisseur in db.session.scalars(queries.fournisseurs())]
